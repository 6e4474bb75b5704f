import { check } from '../check/check.ts';
import type { CheckOptions } from '../check/run.ts';
import { GuardError } from '../model/errors.ts';
import { listed } from '../model/words.ts';
import type { CliContext } from '../cli-context.ts';
import type { ProjectEvidence } from '../judge/evidence.ts';
import type { CacheEvent } from '../schema/cache/evaluation-cache.ts';
import { baseHere } from './base-here.ts';
import { parseOutputs, writeReports } from './output.ts';
import { showProgress } from './progress.ts';

/** The options of `guard check`, as commander passes them. */
export interface CheckFlags {
  readonly worktree?: boolean;
  readonly commit?: string;
  readonly range?: string;
  /** `true` without a value: the base of the CI job. */
  readonly base?: string | true;
  readonly all?: boolean;
  readonly strict?: boolean;
  readonly project?: readonly string[];
  readonly format: string;
  readonly output?: readonly string[];
  /** False with `--no-cache`. */
  readonly cache: boolean;
  readonly verbose?: boolean;
}

/**
 * `guard check`: checks and prints the report.
 * @returns the exit code.
 */
export async function checkCommand(context: CliContext, flags: CheckFlags): Promise<number> {
  const outputs = parseOutputs(flags.format, flags.output ?? []);
  if (flags.strict === true && flags.all !== true)
    throw new GuardError('usage', '--strict counts what --all shows', {
      help: ['Use both: npx drizzle-guard check --all --strict'],
    });
  const what = await whatOf(context, flags);
  const started = performance.now();
  const progress = showProgress(context, 'reading the schema');
  const projects: ProjectEvidence[] = [];
  const cacheEvents: CacheEvent[] = [];
  const report = await check({
    cwd: context.cwd,
    env: context.env,
    what,
    all: flags.all ?? false,
    strict: flags.strict ?? false,
    projects: flags.project ?? [],
    cache: flags.cache,
    onCommit: progress.step,
    ...(flags.verbose === true
      ? {
          evidence: {
            onProject: (one) => projects.push(one),
            onCache: (one) => cacheEvents.push(one),
          },
        }
      : {}),
  }).finally(progress.done);
  if (flags.verbose === true) {
    const { evidenceText } = await import('../report/evidence.ts');
    context.stderr.write(evidenceText(projects, flags.cache ? cacheEvents : undefined));
  }
  return writeReports(context, report, outputs, {
    took: performance.now() - started,
    bypass: undefined,
  });
}

/** @throws GuardError `usage` where several of these options are given. */
async function whatOf(
  context: CliContext,
  { worktree, commit, range, base }: CheckFlags,
): Promise<CheckOptions['what']> {
  const named = [
    ...(worktree === true ? [{ option: '--worktree', what: 'worktree' as const }] : []),
    ...(commit === undefined ? [] : [{ option: '--commit', what: { commit } }]),
    ...(range === undefined ? [] : [{ option: '--range', what: { range } }]),
    ...(base === undefined
      ? []
      : [{ option: '--base', what: { base: base === true ? await baseHere(context) : base } }]),
  ];
  if (named.length > 1)
    throw new GuardError(
      'usage',
      `${listed(named.map(({ option }) => option))} cannot be combined`,
      { help: ['Use one of them.'] },
    );
  return named[0]?.what ?? 'index';
}
