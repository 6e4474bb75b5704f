import { apply } from '../../hooks/apply.ts';
import { configOfClone } from '../../hooks/merge-driver.ts';
import { openWorktree } from '../../hooks/open-worktree.ts';
import { openRepository } from '../../git/repository.ts';
import { GuardError } from '../../model/errors.ts';
import type { CliContext } from '../../cli-context.ts';
import { isEmpty, showPlan } from './plans.ts';
import { openUi } from './ui.ts';

/**
 * `guard init --clone-only`, which the script of package.json calls at each install: writes what
 * git does not share, and no file of the working tree. Silent, also where there is no clone, as in
 * an image that is built from a copy of the sources.
 * @returns 0.
 * @throws GuardError `git-failed` where git does not write its config.
 */
export async function initClone(
  context: CliContext,
  { dryRun }: { readonly dryRun: boolean },
): Promise<0> {
  const repository = await openRepository({ cwd: context.cwd, env: context.env }).catch(isNoClone);
  if (repository === undefined) return 0;
  const worktree = await openWorktree(repository);
  const plan = configOfClone(worktree);
  if (dryRun) showPlan(openUi(context), plan);
  if (dryRun || isEmpty(plan)) return 0;
  const { failure } = await apply(worktree, plan, { env: context.env });
  if (failure === undefined) return 0;
  throw new GuardError('git-failed', failure.message, {
    help: (failure.output ?? '').split('\n').filter((line) => line !== ''),
  });
}

function isNoClone(error: unknown): undefined {
  const codes = ['not-a-repository', 'bare-repository', 'git-missing'];
  if (error instanceof GuardError && codes.includes(error.code)) return undefined;
  throw error;
}
