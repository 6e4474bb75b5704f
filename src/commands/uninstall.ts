import { indexTree } from '../git/trees/index-tree.ts';
import { openRepository } from '../git/repository.ts';
import { worktreeTree } from '../git/trees/worktree-tree.ts';
import { HOOK_MANAGERS } from '../hooks/managers.ts';
import { openWorktree } from '../hooks/open-worktree.ts';
import type { FileEdit, Worktree } from '../hooks/hook-manager.ts';
import type { CliContext } from '../cli-context.ts';
import { ciSetup } from './init/ci-plan.ts';
import { readPackages } from './init/packages.ts';
import { isEmpty, showPlan } from './init/plans.ts';
import { openQuestions } from './init/questions.ts';
import { readRecord, removeRecord } from './init/record.ts';
import { planUndo, type UndoPlan } from './init/undo.ts';
import { applyPlan } from './init/apply.ts';
import { finish, openUi, type Ui } from './init/ui.ts';
import { listed } from '../model/words.ts';

export interface UninstallFlags {
  readonly yes: boolean;
  readonly dryRun: boolean;
}

/**
 * `guard uninstall`: removes exactly what `guard init` added, and shows it first. The clone that
 * ran init has a record of it below the git folder; in another clone it removes the hook lines and
 * the unchanged CI files, and names the rest.
 * @returns 0 done, nothing to do, or a dry run; 2 not confirmed, or a step failed.
 * @throws GuardError no repository.
 */
export async function uninstall(context: CliContext, flags: UninstallFlags): Promise<number> {
  const ui = openUi(context);
  const questions = flags.yes || flags.dryRun ? undefined : openQuestions(context);
  const repository = await openRepository({ cwd: context.cwd, env: context.env });
  const record = await readRecord(repository.commonDir);
  const tree = (await worktreeTree(repository, await indexTree(repository))).after;
  const worktree = await openWorktree(repository, record?.folder);
  const packages = await readPackages(tree, worktree.folder);
  const undo = await planUndo(
    { worktree, packages, record, ci: await ciSetup(tree, packages, worktree.guard) },
    HOOK_MANAGERS,
  );

  showPlan(ui, undo.plan);
  if (undo.restored.length > 0)
    ui.say(
      'will',
      `put ${listed(undo.restored.map(({ path }) => path))} back to ` +
        `what ${undo.restored.length === 1 ? 'it was' : 'they were'} before guard init`,
    );
  if (isEmpty(undo.plan) && undo.restored.length === 0) {
    ui.say('ok', 'nothing of guard init is here; nothing was changed');
    if (!flags.dryRun) await removeRecord(repository.commonDir);
    return 0;
  }
  if (flags.dryRun) return finish(ui, 0, 'This was a dry run: nothing was changed.');
  if (!flags.yes) {
    if (questions === undefined)
      return finish(
        ui,
        2,
        'Nothing was changed: not running in a terminal; use --yes: npx drizzle-guard uninstall --yes',
      );
    if ((await questions.confirm('Do this?')) !== true)
      return finish(ui, 2, 'Nothing was changed.');
  }
  ui.line();
  const done = await applyUndo(context, ui, worktree, undo);
  if (!done)
    return finish(
      ui,
      2,
      'Not everything could be removed. Fix the error above and run npx drizzle-guard uninstall again.',
    );
  await removeRecord(repository.commonDir);
  return finish(ui, 0, 'The guard no longer checks this project. Commit these changes.');
}

/**
 * Removing the guard from node_modules removes this program: that command runs last, and nothing is
 * loaded after it.
 */
async function applyUndo(
  context: CliContext,
  ui: Ui,
  worktree: Worktree,
  { plan, restored }: UndoPlan,
): Promise<boolean> {
  if (!(await applyPlan(context, ui, worktree, plan))) return false;
  const edits = await Promise.all(
    restored.map(async ({ path, text }): Promise<FileEdit> => ({
      path,
      before: await worktree.read(path),
      after: text,
    })),
  );
  return applyPlan(context, ui, worktree, {
    edits: edits.filter(({ before, after }) => before !== after),
    commands: [],
    notes: [],
  });
}
