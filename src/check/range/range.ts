import type { GuardError } from '../../model/errors.ts';
import type { Finding } from '../../model/finding.ts';
import { changedBetween } from '../../git/trees/changed.ts';
import { CommitTrees } from '../../git/trees/commit-trees.ts';
import type { PublishedCommits } from '../../git/refs/published.ts';
import { subjectsOf, type RangeCommit } from '../../git/refs/range.ts';
import type { Tree } from '../../git/trees/tree.ts';
import type { ReportedNotEvaluated, ReportedProject } from '../../model/report.ts';
import { atCommit } from './name-commits.ts';
import { hasRead, readKnownClosure, touches, type KnownClosure } from '../../relevance/closure.ts';
import { judgeSubject, type Engine, type Verdict } from '../../judge/tree.ts';
import type { Against } from '../../facts/other-branches.ts';
import { dedupe } from './dedupe.ts';
import { reportEnds } from './ends.ts';
import { reportCommits } from './report-commits.ts';
import type { JudgedCommit } from './split-over-commits.ts';
import type { RuleId } from '../../rules/index.ts';
import { couldMatter } from '../../relevance/by-name.ts';
import { once } from '../../model/once.ts';
import { commitSubject } from '../targets.ts';
import type { Parent, Subject } from '../../judge/target.ts';

/** One end of a range: its tree against what it started from, whatever lay between. */
export interface Net {
  /** Full oid. */
  readonly tip: string;
  /** Full oid of the commit that it is compared with; undefined: with nothing. */
  readonly base?: string;
  /** Full oids of what else it comes from, as a merge does: what they have at fault is not this range's doing. */
  readonly also?: readonly string[];
  /** What the cures call the tip's branch. */
  readonly branch: string;
  /** To be judged even if no commit is new to the remote: what changes is what the branch there has of them. */
  readonly anyway?: true;
  /** The branches that it will meet. */
  readonly against?: readonly Against[];
}

export interface RangeRequest {
  /** Parents before children. */
  readonly commits: readonly RangeCommit[];
  readonly nets: readonly Net[];
  /** What others may have, for every commit of the range. */
  readonly published: PublishedCommits;
  /** Told before each commit that is looked at: the how manieth of how many. */
  readonly onCommit?: (at: number, of: number) => void;
}

export interface RangeVerdict {
  readonly findings: readonly Finding<RuleId>[];
  readonly preexisting: number;
  readonly projects: readonly ReportedProject[];
  /** What is not judged, as nothing can be evaluated. */
  readonly notEvaluated: readonly ReportedNotEvaluated[];
  /** How many commits could matter and were looked at. */
  readonly looked: number;
  /** Commits that could not be looked at: no verdict on them. */
  readonly unable: readonly GuardError[];
  /** Where no tip has a project. */
  readonly noProject?: string;
}

/** Judges every commit of a range against its parents, and then what the range comes to. */
export async function judgeRange(engine: Engine, request: RangeRequest): Promise<RangeVerdict> {
  const trees = new CommitTrees(engine.repository, request.commits);
  const range = { engine, trees, published: async () => request.published };
  const { judged, unable } = await judgeCommits(range, request);
  const ofNets: Verdict[] = [];
  for (const net of request.nets) {
    try {
      ofNets.push(await judgeSubject(engine, await netSubject(range, net)));
    } catch (error) {
      unable.push(atCommit(error, net.tip));
    }
  }
  const faulty = judged.some(({ verdict }) => verdict.findings.length > 0);
  const subjects = await subjectsOf(
    engine.repository,
    faulty ? judged.map(({ commit }) => commit.oid) : [],
  );
  const { head } = engine.repository;
  const ofCommits = reportCommits(judged, {
    commits: request.commits,
    subjects,
    nets: request.nets,
    ...(head === undefined ? {} : { head }),
  });
  const noProject = ofNets.find((verdict) => verdict.noProject !== undefined)?.noProject;
  return {
    findings: dedupe([
      ...ofCommits.flatMap(({ findings }) => findings),
      ...reportEnds(
        ofNets,
        ofCommits.flatMap(({ causes }) => causes),
      ),
    ]),
    preexisting: ofNets.reduce((sum, { preexisting }) => sum + preexisting, 0),
    projects: union([...judged.map(({ verdict }) => verdict), ...ofNets]),
    notEvaluated: onceEach([...ofNets, ...judged.map(({ verdict }) => verdict)]),
    looked: judged.length,
    unable,
    ...(noProject === undefined || ofNets.some((verdict) => verdict.noProject === undefined)
      ? {}
      : { noProject }),
  };
}

interface Range {
  readonly engine: Engine;
  readonly trees: CommitTrees;
  readonly published: () => Promise<PublishedCommits>;
}

/** A commit that touches nothing that the evaluation of its parent read, nor could have read, is as good as its parent. */
async function judgeCommits(
  { engine, trees, published }: Range,
  { commits, onCommit }: RangeRequest,
): Promise<{ judged: readonly JudgedCommit[]; unable: GuardError[] }> {
  const closures = new Map<string, KnownClosure>();
  const judged: JudgedCommit[] = [];
  const unable: GuardError[] = [];
  const remembered = await readKnownClosure(engine.repository.commonDir);
  const near = commits.filter((commit) => couldBeRelevant(commit, [remembered])).length;
  let at = 0;
  let newest = remembered;
  const begun = new Map<string, Promise<Verdict>>();
  const judge = (position: number): Promise<Verdict> => {
    const commit = commits[position];
    if (commit === undefined) throw new RangeError(`no commit ${position}`);
    const under = begun.get(commit.oid) ?? judgeCommit(commit, position);
    begun.set(commit.oid, under);
    return under;
  };
  const judgeCommit = async (commit: RangeCommit, position: number): Promise<Verdict> => {
    const subject = await commitSubject(engine.repository, commit, {
      treeOf: (oid) => trees.of(oid),
      published,
    });
    // While the thread has its hands full with one commit, all else about the next one that needs it is looked at.
    const coming = async (): Promise<Tree | undefined> => {
      const next = comingAfter(commits, position, closures.get(commit.parents[0] ?? '') ?? newest);
      const oid = next === undefined ? undefined : commits[next]?.oid;
      if (next === undefined || oid === undefined) return undefined;
      judge(next).catch(() => undefined);
      return trees.of(oid);
    };
    return judgeSubject({ ...engine, all: false, coming }, subject);
  };
  for (const [position, commit] of commits.entries()) {
    const closure = closures.get(commit.parents[0] ?? '');
    const relevant = couldBeRelevant(commit, [closure, remembered]);
    if (relevant) onCommit?.((at += 1), near);
    if (
      !relevant ||
      (commit.parents.length === 1 &&
        closure !== undefined &&
        !touches(
          closure,
          commit.changed.map(({ path }) => path),
        ))
    ) {
      if (closure !== undefined) closures.set(commit.oid, closure);
      continue;
    }
    try {
      const verdict = await judge(position);
      judged.push({ commit, verdict });
      const found = verdict.closure(commit.oid);
      if (found !== undefined) closures.set(commit.oid, (newest = found));
    } catch (error) {
      unable.push(atCommit(error, commit.oid));
    }
    begun.delete(commit.oid);
  }
  // What was begun and not asked for after all must not run on when the thread is ended.
  await Promise.allSettled(begun.values());
  return { judged, unable };
}

/** Where the commit stands that will probably be evaluated after one: told by what is known of an earlier closure. */
function comingAfter(
  commits: readonly RangeCommit[],
  position: number,
  known: KnownClosure | undefined,
): number | undefined {
  if (known === undefined) return undefined;
  const at = commits.findIndex(
    ({ parents, changed }, index) =>
      index > position &&
      parents.length === 1 &&
      touches(
        known,
        changed.map(({ path }) => path),
      ),
  );
  return at < 0 ? undefined : at;
}

/** Of a merge the first parent's side alone is known here, so every merge is looked at. */
function couldBeRelevant(
  { parents, changed }: RangeCommit,
  known: readonly (KnownClosure | undefined)[],
): boolean {
  if (parents.length > 1 || changed.some(({ path }) => couldMatter(path))) return true;
  return known.some(
    (closure) =>
      closure !== undefined &&
      hasRead(
        closure,
        changed.map(({ path }) => path),
      ),
  );
}

async function netSubject(
  { engine: { repository }, trees, published }: Range,
  { tip, base, also = [], against }: Net,
): Promise<Subject> {
  const from = base === undefined ? [] : [base, ...also];
  const [after, parents, [changed = [], ...aside]] = await Promise.all([
    trees.of(tip),
    Promise.all(
      from.map(async (oid): Promise<Parent> => ({
        tree: await trees.of(oid),
        rev: oid.slice(0, 12),
        oid,
      })),
    ),
    Promise.all(
      (from.length === 0 ? [repository.emptyTree] : from).map((oid) =>
        changedBetween(repository, oid, tip),
      ),
    ),
  ]);
  return {
    after,
    parents,
    changed,
    touched: new Set([...changed, ...aside.flat()].map(({ path }) => path)),
    published: once(published),
    recorded: true,
    ...(against === undefined ? {} : { meets: { head: tip, against } }),
  };
}

function union(verdicts: readonly Verdict[]): readonly ReportedProject[] {
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

/** Of each config what is said first. */
function onceEach(verdicts: readonly Verdict[]): readonly ReportedNotEvaluated[] {
  const all = verdicts.flatMap(({ notEvaluated }) => notEvaluated);
  return all.filter(({ config }, at) => all.findIndex((other) => other.config === config) === at);
}
