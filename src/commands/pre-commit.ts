import { affects, mayAffect } from '../relevance/affects.ts';
import { readClosure } from '../relevance/closure-file.ts';
import { mergeUnderWay, plainGitFolder } from '../git/git-folder.ts';
import { isUnfinished } from '../git/rewrite/record.ts';
import { stagedPaths } from '../git/worktree/staged.ts';
import type { CliContext } from '../cli-context.ts';

/**
 * The entry of the hooks pre-commit and pre-merge-commit: passes at once and silently when no
 * staged path can matter; otherwise checks the index. A repository without a Drizzle project passes
 * with one line.
 */
export async function preCommit(
  context: CliContext,
  { cache = true }: { readonly cache?: boolean } = {},
): Promise<number> {
  if (await plainlyIrrelevant(context)) return 0;
  const { warmUp } = await import('../schema/warm-up.ts');
  const endWarmUp = warmUp({ cwd: context.cwd, env: context.env, cache });
  const [{ check }, { inHook }] = await Promise.all([
    import('../check/check.ts'),
    import('./in-hook.ts'),
  ]);
  return inHook(context, {
    activity: 'reading the schema',
    run: () =>
      check({
        cwd: context.cwd,
        env: context.env,
        what: 'index',
        cache,
      }),
    bypass: 'To commit anyway: git commit --no-verify.',
  }).finally(endWarmUp);
}

/**
 * Whether the names alone show that nothing staged can affect a project: no name can matter at all,
 * or neither the staged files nor those that changed since the known closure was recorded belong to
 * that closure.
 */
async function plainlyIrrelevant({ cwd, env }: CliContext): Promise<boolean> {
  if (mergeUnderWay({ cwd, env })) return false;
  const gitFolder = plainGitFolder({ cwd, env });
  if (gitFolder !== undefined && isUnfinished(gitFolder)) return false;
  const known = gitFolder === undefined ? undefined : readClosure(gitFolder);
  // In parallel: a second git process beside the first costs almost nothing; after it, the same
  // again.
  const [staged, since] = await Promise.all([
    stagedPaths({ cwd, env }),
    known === undefined ? undefined : stagedPaths({ cwd, env }, known.commit),
  ]);
  if (staged === undefined) return false;
  if (!mayAffect(staged, () => [known])) return true;
  return (
    known !== undefined && since !== undefined && !affects(known, staged) && !affects(known, since)
  );
}
