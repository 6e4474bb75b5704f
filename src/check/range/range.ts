import { once } from '../../model/once.ts';
import type { GuardError } from '../../model/errors.ts';
import type { Finding } from '../../model/finding.ts';
import { publishedFor, type PublishedCommits } from '../../git/refs/published.ts';
import { subjectsOf, type RangeCommit } from '../../git/refs/range.ts';
import { CommitTrees } from '../../git/trees/commit-trees.ts';
import type { RunContext } from '../../judge/context.ts';
import { judgeTree, type TreeVerdict } from '../../judge/tree.ts';
import { judgeUnseen } from '../../judge/unseen.ts';
import type { ReportedNotEvaluated, ReportedProject } from '../../model/report.ts';
import { affects, relevanceOf, type Relevance } from '../../relevance/affects.ts';
import type { CommitClosure } from '../../relevance/closure.ts';
import { closureAt } from '../../relevance/known.ts';
import type { RuleId } from '../../rules/index.ts';
import { commitTarget } from '../targets.ts';
import { dedupe } from './dedupe.ts';
import { endTarget, type RangeEnd } from './end-target.ts';
import { reportEnds } from './ends.ts';
import { atCommit } from './name-commits.ts';
import { reportCommits } from './report-commits.ts';
import type { JudgedCommit } from './split-over-commits.ts';
import { withoutReviews } from './without-reviews.ts';

export interface RangeRequest {
  /** Parents before children. */
  readonly commits: readonly RangeCommit[];
  readonly ends: readonly RangeEnd[];
  /** What others may have, for every commit of the range. */
  readonly published: PublishedCommits;
  /** Called before each commit that is checked, with its position and the total. */
  readonly onCommit?: (at: number, of: number) => void;
}

export interface RangeVerdict {
  readonly findings: readonly Finding<RuleId>[];
  readonly preexisting: number;
  readonly projects: readonly ReportedProject[];
  /** What is not judged, as nothing can be evaluated. */
  readonly notEvaluated: readonly ReportedNotEvaluated[];
  /** Migrations of no project. */
  readonly unclaimed: readonly ReportedNotEvaluated[];
  /** How many commits could matter and were checked. */
  readonly checked: number;
  /** Commits that could not be checked. */
  readonly unable: readonly GuardError[];
  /** Why there is no project, if no end has one and a name let expect one. */
  readonly noProject?: string;
  /** What the evaluations read, as far as it is known of a commit of the range. */
  readonly closure: (commit: string) => CommitClosure | undefined;
}

/** Judges every commit of a range against its parents, and then the combined result at each end. */
export async function judgeRange(
  context: RunContext,
  request: RangeRequest,
): Promise<RangeVerdict> {
  const { repository, evaluator, all } = context;
  const { commits, ends, published } = request;
  const trees = new CommitTrees(repository, commits);
  const { judged, unable, closures, unknown } = await judgeCommits(context, trees, {
    ...request,
    // Of a history that was never checked, the state that it has come to counts.
    commits: ends.some(({ firstPush }) => firstPush === true) ? [] : commits,
  });
  const atEnds: TreeVerdict[] = [];
  let named = judged.length > 0;
  for (const end of ends) {
    try {
      const target = await endTarget(repository, end, { trees, published });
      const seen = all || relevanceOf([...target.touched], undefined) === 'possible';
      named ||= seen;
      const verdict = await (seen ? judgeTree : judgeUnseen)(context, target);
      atEnds.push(verdict);
      const closure = verdict.closure(end.tip);
      if (closure !== undefined) closures.set(end.tip, closure);
    } catch (error) {
      unable.push(atCommit(error, end.tip));
    }
  }
  const refused = judged.some(({ verdict }) => verdict.findings.length > 0);
  const ofCommits = reportCommits(judged, {
    commits,
    subjects: await subjectsOf(repository, refused ? judged.map(({ commit }) => commit.oid) : []),
    nets: ends,
    ...(repository.head === undefined ? {} : { head: repository.head }),
  });
  const verdicts = [...judged.map(({ verdict }) => verdict), ...atEnds];
  const causes = ofCommits.flatMap((one) => one.causes);
  const noProject =
    named && atEnds.every((verdict) => verdict.noProject !== undefined)
      ? atEnds[0]?.noProject
      : undefined;
  return {
    findings: dedupe([
      ...ofCommits.flatMap(({ findings }) => findings),
      ...reportEnds(atEnds, causes),
    ]),
    preexisting: atEnds.reduce((sum, { preexisting }) => sum + preexisting, 0),
    projects: union(verdicts),
    notEvaluated: firstOfEach([...verdicts.flatMap((one) => one.notEvaluated), ...unknown]),
    unclaimed: firstOfEach(atEnds.flatMap((one) => one.unclaimed)),
    checked: judged.length,
    unable,
    ...(noProject === undefined ? {} : { noProject }),
    closure: (commit) => (evaluator.evaluates ? closures.get(commit) : undefined),
  };
}

interface JudgedCommits {
  readonly judged: readonly JudgedCommit[];
  readonly unable: GuardError[];
  /** By full oid. */
  readonly closures: Map<string, CommitClosure>;
  /** What could not be evaluated, to know what a commit without a name that matters changes. */
  readonly unknown: readonly ReportedNotEvaluated[];
}

/**
 * A commit that changes nothing that the evaluation of its parent read, or could have read, needs
 * no check of its own. Where that is not known, one that only has names that do not matter is
 * evaluated too: what it read is known of those that follow.
 */
async function judgeCommits(
  context: RunContext,
  trees: CommitTrees,
  { commits, onCommit, published }: RangeRequest,
): Promise<JudgedCommits> {
  const { repository, evaluator } = context;
  const closures = new Map<string, CommitClosure>();
  const judged: JudgedCommit[] = [];
  const unable: GuardError[] = [];
  let unknown: readonly ReportedNotEvaluated[] = [];
  let isBlind = !evaluator.evaluates;
  const total = commits.filter((commit) => byName(commit) === 'possible').length;
  const ofCommit = async (oid: string): Promise<PublishedCommits> =>
    commits.some(({ parents }) => parents.length > 1)
      ? publishedFor(repository, published, oid)
      : published;
  let newest: CommitClosure | undefined;
  let at = 0;
  for (const [position, commit] of commits.entries()) {
    if (byName(commit) === 'possible') onCommit?.((at += 1), total);
    const [parent = '', other] = commit.parents;
    const isMerge = other !== undefined;
    const closure = isMerge
      ? undefined
      : (closures.get(parent) ?? (await closureAt(repository, parent)));
    const relevance = relevanceTo(commit, closure);
    if (relevance === 'none' || (relevance === 'unknown' && isBlind)) {
      if (closure !== undefined) closures.set(commit.oid, closure);
      continue;
    }
    try {
      const target = await commitTarget(repository, commit, {
        treeOf: (oid) => trees.of(oid),
        published: once(() => ofCommit(commit.oid)),
      });
      const latest = newest ?? closure;
      const next = latest === undefined ? undefined : nextAffected(commits, position, latest);
      const evaluated = judged.at(-1)?.verdict.judged.flatMap((one) => one.evaluated ?? []) ?? [];
      if (next !== undefined)
        for (const { project } of evaluated) evaluator.hint(await trees.of(next.oid), project);
      const judge = relevance === 'unknown' ? judgeUnseen : judgeTree;
      const verdict = await judge({ ...context, all: false, withoutReviews: true }, target);
      if (relevance === 'possible' || verdict.projects.some(({ checked }) => checked))
        judged.push({ commit, verdict: withoutReviews(verdict) });
      const found = verdict.closure(commit.oid);
      if (found !== undefined) closures.set(commit.oid, (newest = found));
      if (relevance === 'unknown') {
        unknown = verdict.notEvaluated;
        // One evaluation that does not say what was read stands for those that follow.
        isBlind = found === undefined;
      }
    } catch (error) {
      unable.push(atCommit(error, commit.oid));
    }
  }
  return { judged, unable, closures, unknown };
}

/** Of a merge only the first parent's side is known here, so every merge is checked. */
function byName({ parents, changed }: RangeCommit): Relevance {
  return parents.length > 1 ? 'possible' : relevanceOf(pathsOf(changed), undefined);
}

/** @param closure of its only parent, if that is known */
function relevanceTo(commit: RangeCommit, closure: CommitClosure | undefined): Relevance {
  if (closure === undefined) return byName(commit);
  return affects(closure, pathsOf(commit.changed)) ? 'possible' : 'none';
}

/** The next commit that will probably be evaluated. */
function nextAffected(
  commits: readonly RangeCommit[],
  position: number,
  closure: CommitClosure,
): RangeCommit | undefined {
  return commits
    .slice(position + 1)
    .find(({ parents, changed }) => parents.length === 1 && affects(closure, pathsOf(changed)));
}

function pathsOf(changed: RangeCommit['changed']): readonly string[] {
  return changed.map(({ path }) => path);
}

function union(verdicts: readonly TreeVerdict[]): readonly ReportedProject[] {
  const all = new Map<string, ReportedProject>();
  for (const project of verdicts.flatMap(({ projects }) => projects)) {
    const known = all.get(project.config);
    all.set(
      project.config,
      known === undefined ? project : { ...project, checked: project.checked || known.checked },
    );
  }
  return [...all.values()];
}

/** The first entry of each config. */
function firstOfEach(all: readonly ReportedNotEvaluated[]): readonly ReportedNotEvaluated[] {
  return all.filter(({ config }, at) => all.findIndex((other) => other.config === config) === at);
}
