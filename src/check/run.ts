import { GuardError } from '../model/errors.ts';
import type { Finding } from '../model/finding.ts';
import { keepAnswers } from '../git/refs/kept-answers.ts';
import type { Repository } from '../git/repository.ts';
import { noProjectIn } from '../model/words.ts';
import type { Report, ReportedNotEvaluated, ReportedProject } from '../model/report.ts';
import type { RuleId } from '../rules/index.ts';
import type { RunContext } from '../judge/context.ts';
import type { ProjectEvidence } from '../judge/evidence.ts';
import type { TreeVerdict } from '../judge/tree.ts';
import type { ChangedPath } from '../git/trees/listing.ts';
import { affectedBy, entryName, type Relevance } from '../relevance/affects.ts';
import { writeClosure } from '../relevance/closure-file.ts';
import type { CacheEvent } from '../schema/cache/evaluation-cache.ts';
import { openCachedEvaluator } from '../schema/cached-evaluator.ts';
import { openEvaluator, type Evaluator } from '../schema/evaluator.ts';

/** What to check, and where. */
export interface CheckOptions {
  /** Absolute path of any folder inside the repository. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * What is checked: what a commit would record now, the same as if everything were staged, one
   * commit against its parents (`commit`), every commit of `a..b` and their combined result
   * (`range`), or everything that HEAD has and a base does not, with the conflicts between the two
   * (`base`; of several revisions the first that is there). Revisions as git takes them.
   */
  readonly what:
    | 'index'
    | 'worktree'
    | { readonly commit: string }
    | { readonly range: string }
    | { readonly base: string | readonly string[] };
  /** Check every project completely, and report pre-existing findings too. */
  readonly all?: boolean;
  /** With `all`: a pre-existing error refuses too. */
  readonly strict?: boolean;
  /** Only these projects: paths of drizzle configs, relative to the top of the repository. */
  readonly projects?: readonly string[];
  /** Whether answers of earlier runs are used, and stored below the git folder; true by default. */
  readonly cache?: boolean;
  /** Milliseconds since 1970; the clock by default. */
  readonly now?: number;
  readonly signal?: AbortSignal;
  /** Called before each commit of a range that is checked, with its position and the total. */
  readonly onCommit?: (at: number, of: number) => void;
}

/** Receives what a verdict is based on, for `--verbose`. */
interface EvidenceListener {
  readonly onProject: (evidence: ProjectEvidence) => void;
  readonly onCache: (event: CacheEvent) => void;
}

/** The options of every check. */
export interface RunOptions extends Omit<CheckOptions, 'what'> {
  /** Replaces the one that evaluates with what is installed. */
  readonly evaluator?: Evaluator;
  /** False: probably nothing is evaluated, so that the process for it is not started beforehand. */
  readonly evaluates?: boolean;
  /** Called with what the verdict is based on. */
  readonly evidence?: EvidenceListener;
}

/** Whether projects are checked whether a change affects them or not. */
export function isWhole({ all, projects }: RunOptions): boolean {
  return all === true || (projects ?? []).length > 0;
}

export const NO_FILE_MATTERS = 'no changed file could belong to a Drizzle project';
const NO_PROJECT_AFFECTED = 'no Drizzle project is affected by this change';
const NOT_KNOWN = 'no changed file matters by its name, and a project could not be evaluated';

/**
 * Runs `judge` with what a run needs, and closes it afterwards.
 * @param meanwhile what needs no evaluation any more
 */
export async function withContext<T>(
  repository: Repository,
  options: RunOptions,
  judge: (context: RunContext) => Promise<T>,
  meanwhile?: (judged: T) => Promise<void>,
): Promise<T> {
  const { env, evidence, evaluates: startNow = true } = options;
  const evaluator =
    options.evaluator ??
    (options.cache === false
      ? openEvaluator({ repository, env }, { startNow })
      : openCachedEvaluator({
          repository,
          env,
          startNow,
          ...(evidence === undefined ? {} : { onCache: evidence.onCache }),
        }));
  if (evaluator.gitAnswers !== undefined) keepAnswers(repository, evaluator.gitAnswers);
  let judged: T;
  try {
    judged = await judge({
      repository,
      evaluator,
      all: options.all ?? false,
      only: options.projects ?? [],
      now: options.now ?? Date.now(),
      // Where nothing else is kept, to keep what configs say takes as long as to read them.
      memory: (startNow ? evaluator.literals : undefined) ?? new Map(),
      ...(evidence === undefined ? {} : { onEvidence: evidence.onProject }),
    });
  } catch (error) {
    await evaluator.close();
    throw error;
  }
  await Promise.all([evaluator.close(), meanwhile?.(judged)]);
  return judged;
}

/**
 * Records for later runs what the projects of HEAD read, or those of the tree that HEAD and what is
 * staged will be.
 */
export async function remember(
  { head, commonDir }: Repository,
  { closure }: Pick<TreeVerdict, 'closure'>,
  changed: readonly ChangedPath[] = [],
): Promise<void> {
  const known = head === undefined ? undefined : closure(head);
  if (known === undefined) return;
  const isAffected = affectedBy(known);
  const staged = changed
    .filter(({ path }) => isAffected(path))
    .map((one) => [one.path, entryName(one)] as const);
  await writeClosure(commonDir, {
    ...known,
    ...(staged.length === 0 ? {} : { staged: Object.fromEntries(staged) }),
  });
}

/**
 * The report on one tree.
 * @throws GuardError `no-project`, unless no name let expect one.
 */
export function reportOf(
  verdict: TreeVerdict,
  { tree, relevance }: { readonly tree: string; readonly relevance: Relevance },
): Report<RuleId> {
  const { noProject: looked, projects } = verdict;
  if (looked !== undefined)
    if (relevance === 'unknown') return nothing(NO_FILE_MATTERS);
    else throw noProject(tree, looked, verdict);
  return projects.some(({ checked }) => checked) ? report(verdict) : unaffected(verdict);
}

/** The report of what affects no project, as far as that is known. */
export function unaffected(verdict: Omit<Judgement, 'findings' | 'preexisting'>): Report<never> {
  const { projects, notEvaluated } = verdict;
  return {
    ...nothing(notEvaluated.length === 0 ? NO_PROJECT_AFFECTED : NOT_KNOWN),
    projects,
    ...notChecked(verdict),
  };
}

function notChecked({
  notEvaluated,
  unclaimed,
}: Pick<Judgement, 'notEvaluated' | 'unclaimed'>): Pick<Report, 'notEvaluated'> {
  const all = [...notEvaluated, ...unclaimed];
  return all.length === 0 ? {} : { notEvaluated: all };
}

interface Judgement {
  readonly projects: readonly ReportedProject[];
  readonly findings: readonly Finding<RuleId>[];
  readonly preexisting: number;
  readonly notEvaluated: readonly ReportedNotEvaluated[];
  readonly unclaimed: readonly ReportedNotEvaluated[];
}

/** The report of what was checked, and of what was not. */
export function report(judgement: Judgement): Report<RuleId> {
  const { projects, findings, preexisting } = judgement;
  const refused = findings.some(
    (finding) => finding.severity === 'error' && finding.preexisting !== true,
  );
  return {
    version: 1,
    outcome: refused ? 'refused' : 'passed',
    projects,
    findings,
    preexisting,
    ...notChecked(judgement),
  };
}

/** The same report, refused for pre-existing errors too: for an audit. */
export function strictly(whole: Report<RuleId>): Report<RuleId> {
  const hasErrors = whole.findings.some(({ severity }) => severity === 'error');
  return whole.outcome === 'passed' && hasErrors ? { ...whole, outcome: 'refused' } : whole;
}

/** The report if there is nothing to check, and why. */
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

/** The help has where was looked, and then what may be a project. */
export function noProject(
  tree: string,
  looked: string,
  { unclaimed }: Pick<TreeVerdict, 'unclaimed'>,
): GuardError {
  return new GuardError('no-project', noProjectIn(tree), {
    help: [looked, ...unclaimed.map(({ config, why }) => `${config} ${why}`)],
  });
}
