import { GuardError } from '../model/errors.ts';
import type { Finding } from '../model/finding.ts';
import type { Repository } from '../git/repository.ts';
import type { Report, ReportedProject } from '../model/report.ts';
import type { RuleId } from '../rules/index.ts';
import type { EarlyStart } from '../schema/warm-up.ts';
import type { Engine } from '../judge/tree.ts';
import { openSession, type SchemaSession } from '../schema/evaluator.ts';

/** What to judge, and where. */
export interface CheckOptions {
  /** Absolute path of any folder inside the repository. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * What is judged: what a commit would record now, the same as if everything were staged, one commit against its
   * parents (`commit`), every commit of `a..b` and what they come to (`range`), or all that HEAD has and a base has not,
   * with the clashes between the two (`base`). Revisions as git takes them.
   */
  readonly what:
    | 'index'
    | 'worktree'
    | { readonly commit: string }
    | { readonly range: string }
    | { readonly base: string };
  /** Judge every project whole, and report what was there before the change too. */
  readonly all?: boolean;
  /** Only these projects: paths of drizzle configs, relative to the top of the repository. */
  readonly projects?: readonly string[];
  /** Whether evaluations of earlier runs are used and kept, below the git folder; they are by default. */
  readonly cache?: boolean;
  /** Milliseconds since 1970; the clock by default. */
  readonly now?: number;
  readonly signal?: AbortSignal;
  /** Told before each commit of a range that is looked at: the how manieth of how many. */
  readonly onCommit?: (at: number, of: number) => void;
}

/** What a run needs to know, whatever it judges. */
export interface RunOptions extends Omit<CheckOptions, 'what'> {
  /** Takes the place of one that evaluates with what is installed. */
  readonly session?: SchemaSession;
  /** A thread that runs already. */
  readonly early?: EarlyStart;
}

export const NO_FILE_MATTERS = 'no changed file could belong to a Drizzle project';
export const NOTHING_CONCERNS = 'nothing of this change concerns a Drizzle project';

/** Opens what a run needs, and closes it again whatever happens. */
export async function withEngine(
  repository: Repository,
  options: RunOptions,
  judge: (engine: Engine) => Promise<Report<RuleId>>,
): Promise<Report<RuleId>> {
  const { env, early } = options;
  const session =
    options.session ??
    openSession({
      repository,
      env,
      cache: options.cache === false ? 'off' : 'use',
      ...(early === undefined ? {} : { early }),
    });
  try {
    return await judge({
      repository,
      session,
      all: options.all ?? false,
      only: options.projects ?? [],
      now: options.now ?? Date.now(),
      memory: new Map(),
    });
  } finally {
    await session.close();
  }
}

export interface Judgement {
  readonly projects: readonly ReportedProject[];
  readonly findings: readonly Finding<RuleId>[];
  readonly preexisting: number;
}

/** A report of what was looked at and judged. */
export function report({ projects, findings, preexisting }: Judgement): Report<RuleId> {
  const refused = findings.some(
    (finding) => finding.severity === 'error' && finding.preexisting !== true,
  );
  return { version: 1, outcome: refused ? 'refused' : 'passed', projects, findings, preexisting };
}

/** A report of what held nothing to judge, and why. */
export function nothing(why: string): Report<never> {
  return {
    version: 1,
    outcome: 'passed',
    projects: [],
    findings: [],
    preexisting: 0,
    nothingToCheck: why,
  };
}

export function noProject(tree: string, looked: string): GuardError {
  return new GuardError('no-project', `there is no Drizzle project in ${tree}`, { help: [looked] });
}
