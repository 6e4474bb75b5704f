import { once } from '../../model/once.ts';
import type { GuardError } from '../../model/errors.ts';
import type { Finding } from '../../model/finding.ts';
import { publishedFor, type PublishedCommits } from '../../git/refs/published.ts';
import { subjectsOf, type RangeCommit } from '../../git/refs/range.ts';
import { CommitTrees } from '../../git/trees/commit-trees.ts';
import type { RunContext } from '../../judge/context.ts';
import { judgeTree, type TreeVerdict } from '../../judge/tree.ts';
import type { ReportedNotEvaluated, ReportedProject } from '../../model/report.ts';
import { affects, mayAffect } from '../../relevance/affects.ts';
import { readClosure } from '../../relevance/closure-file.ts';
import type { CommitClosure } from '../../relevance/closure.ts';
import type { RuleId } from '../../rules/index.ts';
import { commitTarget } from '../targets.ts';
import { dedupe } from './dedupe.ts';
import { endTarget, type RangeEnd } from './end-target.ts';
import { reportEnds } from './ends.ts';
import { atCommit } from './name-commits.ts';
import { reportCommits } from './report-commits.ts';
import type { JudgedCommit } from './split-over-commits.ts';

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
  /** How many commits could matter and were checked. */
  readonly checked: number;
  /** Commits that could not be checked. */
  readonly unable: readonly GuardError[];
  /** Why there is no project, if no end has one. */
  readonly noProject?: string;
}

/** Judges every commit of a range against its parents, and then the combined result at each end. */
export async function judgeRange(
  context: RunContext,
  request: RangeRequest,
): Promise<RangeVerdict> {
  const { repository } = context;
  const { commits, ends, published } = request;
  const trees = new CommitTrees(repository, commits);
  const { judged, unable } = await judgeCommits(context, trees, {
    ...request,
    // Of a history that was never checked, the state that it has come to counts.
    commits: ends.some(({ firstPush }) => firstPush === true) ? [] : commits,
  });
  const atEnds: TreeVerdict[] = [];
  for (const end of ends) {
    try {
      const target = await endTarget(repository, end, { trees, published });
      atEnds.push(await judgeTree(context, target));
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
  const noProject = atEnds.every((verdict) => verdict.noProject !== undefined)
    ? atEnds[0]?.noProject
    : undefined;
  return {
    findings: dedupe([
      ...ofCommits.flatMap(({ findings }) => findings),
      ...reportEnds(atEnds, causes),
    ]),
    preexisting: atEnds.reduce((sum, { preexisting }) => sum + preexisting, 0),
    projects: union(verdicts),
    notEvaluated: firstOfEach([...atEnds, ...judged.map(({ verdict }) => verdict)]),
    checked: judged.length,
    unable,
    ...(noProject === undefined ? {} : { noProject }),
  };
}

/**
 * A commit that changes nothing that the evaluation of its parent read, or could have read, needs
 * no check of its own.
 */
async function judgeCommits(
  context: RunContext,
  trees: CommitTrees,
  { commits, onCommit, published }: RangeRequest,
): Promise<{ judged: readonly JudgedCommit[]; unable: GuardError[] }> {
  const { repository, evaluator } = context;
  const closures = new Map<string, CommitClosure>();
  const judged: JudgedCommit[] = [];
  const unable: GuardError[] = [];
  const stored = readClosure(repository.commonDir);
  const total = commits.filter((commit) => couldMatter(commit, [stored])).length;
  const ofCommit = async (oid: string): Promise<PublishedCommits> =>
    commits.some(({ parents }) => parents.length > 1)
      ? publishedFor(repository, published, oid)
      : published;
  let newest = stored;
  let at = 0;
  for (const [position, commit] of commits.entries()) {
    const closure = closures.get(commit.parents[0] ?? '');
    const relevant = couldMatter(commit, [closure, stored]);
    if (relevant) onCommit?.((at += 1), total);
    if (!relevant || (closure !== undefined && !needsCheck(commit, closure))) {
      if (closure !== undefined) closures.set(commit.oid, closure);
      continue;
    }
    try {
      const target = await commitTarget(repository, commit, {
        treeOf: (oid) => trees.of(oid),
        published: once(() => ofCommit(commit.oid)),
      });
      const next = newest === undefined ? undefined : nextAffected(commits, position, newest);
      const evaluated = judged.at(-1)?.verdict.judged.flatMap((one) => one.evaluated ?? []) ?? [];
      if (next !== undefined)
        for (const { project } of evaluated) evaluator.hint(await trees.of(next.oid), project);
      const verdict = await judgeTree({ ...context, all: false }, target);
      judged.push({ commit, verdict });
      const found = verdict.closure(commit.oid);
      if (found !== undefined) closures.set(commit.oid, (newest = found));
    } catch (error) {
      unable.push(atCommit(error, commit.oid));
    }
  }
  return { judged, unable };
}

/** Of a merge only the first parent's side is known here, so every merge is checked. */
function couldMatter(
  { parents, changed }: RangeCommit,
  closures: readonly (CommitClosure | undefined)[],
): boolean {
  return parents.length > 1 || mayAffect(pathsOf(changed), () => closures);
}

function needsCheck({ parents, changed }: RangeCommit, closure: CommitClosure): boolean {
  return parents.length > 1 || affects(closure, pathsOf(changed));
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
function firstOfEach(verdicts: readonly TreeVerdict[]): readonly ReportedNotEvaluated[] {
  const all = verdicts.flatMap(({ notEvaluated }) => notEvaluated);
  return all.filter(({ config }, at) => all.findIndex((other) => other.config === config) === at);
}
