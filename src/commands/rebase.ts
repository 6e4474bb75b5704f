import type { CliContext } from '../cli-context.ts';
import { openRepository } from '../git/repository.ts';
import { createGit } from '../git/git.ts';
import { goOn } from '../git/worktree/joining.ts';
import { undo } from '../git/rewrite/rewrite.ts';
import { exclusively } from '../git/rewrite/exclusive.ts';
import { literally } from '../git/trees/listing.ts';
import { shellWord } from '../model/shell-quote.ts';
import { counted } from '../model/words.ts';
import type { RebaseReport } from '../rebase/outcome.ts';
import { rebase } from '../rebase/rebase.ts';
import { coloursFor } from '../report/colours.ts';
import { rebaseText } from '../report/rebase.ts';
import { showProgress } from './progress.ts';

/** The options of `guard rebase`, as commander passes them. */
export interface RebaseFlags {
  readonly onto?: string;
  readonly continue?: boolean;
  readonly dryRun?: boolean;
  readonly undo?: boolean;
  readonly renamed?: readonly string[];
  readonly new?: readonly string[];
  readonly takeBack?: boolean;
  readonly drop?: readonly string[];
  readonly keep?: readonly string[];
  readonly project?: readonly string[];
  readonly format: 'text' | 'json';
}

/**
 * `guard rebase`: puts the branch's own migrations on top of the base's and says what became of
 * each; with `--continue` it lets git go on, stop after stop.
 * @returns 0 done or nothing to do, 1 stopped: a person has to decide.
 */
export async function rebaseCommand(context: CliContext, flags: RebaseFlags): Promise<number> {
  if (flags.undo === true) return undoLast(context);
  for (;;) {
    const report = await rebaseOnce(context, flags);
    if (report.outcome === 'stopped') return 1;
    if (flags.continue !== true || flags.dryRun === true) return 0;
    if (!(await gitGoesOn(context, report))) return 0;
  }
}

async function undoLast({ cwd, env, stdout }: CliContext): Promise<number> {
  const repository = await openRepository({ cwd, env });
  const paths = await exclusively(repository, () => undo(repository));
  stdout.write(`drizzle-guard: put ${counted(paths.length, 'file')} back.\n`);
  return 0;
}

async function rebaseOnce(context: CliContext, flags: RebaseFlags): Promise<RebaseReport> {
  const { cwd, env, stdout } = context;
  const started = performance.now();
  const progress = showProgress(context, 'putting migrations in order');
  const report = await rebase({
    cwd,
    env,
    answers: {
      renamed: flags.renamed ?? [],
      fresh: flags.new ?? [],
      takeBack: flags.takeBack ?? false,
      drop: flags.drop ?? [],
      keep: flags.keep ?? [],
    },
    dryRun: flags.dryRun ?? false,
    projects: flags.project ?? [],
    ...(flags.onto === undefined ? {} : { onto: flags.onto }),
  }).finally(progress.done);
  stdout.write(
    flags.format === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : rebaseText(report, {
          colours: coloursFor(stdout, env),
          took: performance.now() - started,
          again: commandOf(flags),
          goesOn: flags.continue === true && report.during !== undefined,
        }),
  );
  return report;
}

/** The command with what was given to it, as a person would paste it. */
function commandOf(flags: RebaseFlags): string {
  const { onto, renamed = [], new: fresh = [], drop = [], keep = [], project = [] } = flags;
  const words = [
    ...(onto === undefined ? [] : ['--onto', onto]),
    ...(flags.continue === true ? ['--continue'] : []),
    ...project.flatMap((one) => ['--project', one]),
    ...renamed.flatMap((one) => ['--renamed', one]),
    ...fresh.flatMap((one) => ['--new', one]),
    ...(flags.takeBack === true ? ['--take-back'] : []),
    ...drop.flatMap((one) => ['--drop', one]),
    ...keep.flatMap((one) => ['--keep', one]),
  ];
  return ['npx drizzle-guard rebase', ...words.map(shellWord)].join(' ');
}

/** @returns whether git has stopped again. */
async function gitGoesOn(
  { cwd, env, stdout }: CliContext,
  { during, toStage }: RebaseReport,
): Promise<boolean> {
  if (during === undefined) return false;
  const repository = await openRepository({ cwd, env });
  const caller = { cwd: repository.topLevel, env };
  if (toStage.length > 0)
    await createGit({ ...caller, asCaller: true }).run(['add', '--', ...toStage.map(literally)]);
  const { left, said } = await goOn(repository, caller, during);
  stdout.write(said);
  return left !== undefined;
}
