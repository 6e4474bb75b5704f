import type { CliContext } from '../cli-context.ts';
import { openRepository } from '../git/repository.ts';
import { exclusively } from '../git/rewrite/exclusive.ts';
import { undo } from '../git/rewrite/rewrite.ts';
import { GuardError } from '../model/errors.ts';
import { shellWord } from '../model/shell-quote.ts';
import { counted } from '../model/words.ts';
import { coloursFor } from '../report/colours.ts';
import { revertText } from '../report/revert.ts';
import { revert } from '../revert/revert.ts';
import { showProgress } from './progress.ts';

/** The options of `guard revert`, as commander passes them. */
export interface RevertFlags {
  readonly dryRun?: boolean;
  readonly undo?: boolean;
  readonly project?: readonly string[];
  readonly format: 'text' | 'json';
}

/**
 * `guard revert`: stages a change that takes a migration, or all of a commit, back.
 * @returns 0 done, 1 stopped: nothing was written.
 */
export async function revertCommand(
  context: CliContext,
  what: string | undefined,
  { dryRun = false, undo: undoes = false, project = [], format }: RevertFlags,
): Promise<number> {
  const { cwd, env, stdout } = context;
  if ((what === undefined) !== undoes)
    throw new GuardError(
      'usage',
      undoes ? '--undo takes no migration' : 'say which migration, or commit, goes back',
      { help: ['npx drizzle-guard revert <migration|commit>', 'npx drizzle-guard revert --undo'] },
    );
  if (what === undefined) {
    const repository = await openRepository({ cwd, env });
    const paths = await exclusively(repository, () => undo(repository));
    stdout.write(`drizzle-guard: put ${counted(paths.length, 'file')} back.\n`);
    return 0;
  }
  const started = performance.now();
  const progress = showProgress(context, 'going back');
  const report = await revert({ cwd, env, what, dryRun, projects: project }).finally(progress.done);
  stdout.write(
    format === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : revertText(report, {
          colours: coloursFor(stdout, env),
          took: performance.now() - started,
          again: [
            'npx drizzle-guard revert',
            shellWord(what),
            ...project.map((one) => `--project ${shellWord(one)}`),
          ].join(' '),
        }),
  );
  return report.outcome === 'stopped' ? 1 : 0;
}
