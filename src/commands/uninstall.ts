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
import { planTakingBack, type TakingBack } from './init/undo.ts';
import { carryOut } from './init/apply.ts';
import { openVoice, type Voice } from './init/ui.ts';
import { listed } from '../model/words.ts';

export interface UninstallFlags {
  readonly yes: boolean;
  readonly dryRun: boolean;
}

/**
 * `guard uninstall`: takes out exactly what `guard init` put in, and shows it first. What init did in this clone is
 * recorded below the git folder; in another clone it finds the hook lines and the unchanged CI files, and names the rest.
 * @returns 0 done, or nothing to do, or a dry run; 2 where nobody said yes, and where a step failed.
 * @throws GuardError where it could not look.
 */
export async function uninstall(context: CliContext, flags: UninstallFlags): Promise<number> {
  const voice = openVoice(context);
  const questions = flags.yes || flags.dryRun ? undefined : openQuestions(context);
  const repository = await openRepository({ cwd: context.cwd, env: context.env });
  const record = await readRecord(repository.commonDir);
  const tree = (await worktreeTree(repository, await indexTree(repository))).after;
  const worktree = await openWorktree(repository, record?.folder);
  const packages = await readPackages(tree, worktree.folder);
  const taking = await planTakingBack(
    { worktree, packages, record, ci: await ciSetup(tree, packages, worktree.guard) },
    HOOK_MANAGERS,
  );

  showPlan(voice, taking.plan);
  if (taking.restored.length > 0)
    voice.say(
      'will',
      `put ${listed(taking.restored.map(({ path }) => path))} back to what ${taking.restored.length === 1 ? 'it was' : 'they were'} before guard init`,
    );
  if (isEmpty(taking.plan) && taking.restored.length === 0) {
    voice.say('ok', 'nothing of guard init is here; nothing was changed');
    if (!flags.dryRun) await removeRecord(repository.commonDir);
    return 0;
  }
  if (flags.dryRun) return said(voice, 0, 'This was a dry run: nothing was changed.');
  if (!flags.yes) {
    if (questions === undefined)
      return said(
        voice,
        2,
        'Nothing was changed: not running in a terminal; use --yes: npx drizzle-guard uninstall --yes',
      );
    if ((await questions.confirm('Do this?')) !== true)
      return said(voice, 2, 'Nothing was changed.');
  }
  voice.line();
  const done = await takeBack(context, voice, worktree, taking);
  if (!done)
    return said(
      voice,
      2,
      'Not everything could be removed. Fix the error above and run npx drizzle-guard uninstall again.',
    );
  await removeRecord(repository.commonDir);
  return said(voice, 0, 'The guard no longer checks this project. Commit these changes.');
}

/**
 * The command that takes the guard out of node_modules takes this very program away: it is the last to be run, and
 * nothing is loaded after it.
 */
async function takeBack(
  context: CliContext,
  voice: Voice,
  worktree: Worktree,
  { plan, restored }: TakingBack,
): Promise<boolean> {
  if (!(await carryOut(context, voice, worktree, plan))) return false;
  const edits = await Promise.all(
    restored.map(async ({ path, text }): Promise<FileEdit> => ({
      path,
      before: await worktree.read(path),
      after: text,
    })),
  );
  return carryOut(context, voice, worktree, {
    edits: edits.filter(({ before, after }) => before !== after),
    commands: [],
    notes: [],
  });
}

function said<Code extends 0 | 2>(voice: Voice, exitCode: Code, text: string): Code {
  voice.line();
  voice.line(text);
  return exitCode;
}
