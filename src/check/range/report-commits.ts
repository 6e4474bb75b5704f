import type { RangeCommit } from '../../git/refs/range.ts';
import { effectiveSeverity, findingsOf } from '../../judge/new-findings.ts';
import type { ProjectVerdict } from '../../judge/context.ts';
import type { Finding } from '../../model/finding.ts';
import { RULES, type RuleId } from '../../rules/index.ts';
import { rule as splitCommit } from '../../rules/split-commit.ts';
import { restoresFrom } from '../../rules/text/fixes.ts';
import {
  fixesAround,
  type NamedCommit,
  type Position,
} from '../../rules/text/split-over-commits.ts';
import { causesOf, type ReportedCause } from './causes.ts';
import { findSplitOverCommits, type JudgedCommit } from './split-over-commits.ts';

interface CommitReport {
  readonly findings: readonly Finding<RuleId>[];
  readonly causes: readonly ReportedCause[];
}

interface CommitNames {
  /** The whole range. */
  readonly commits: readonly RangeCommit[];
  /** The first lines of the commits' messages, by full oid. */
  readonly subjects: ReadonlyMap<string, string>;
  readonly nets: readonly { readonly tip: string; readonly branch: string }[];
  /** Full oid of what is checked out. */
  readonly head?: string;
}

/**
 * The findings of each commit, with its name. What a later commit of the range adds or takes back
 * was committed in two halves: that is one finding, which names both commits and joins them.
 */
export function reportCommits(
  judged: readonly JudgedCommit[],
  names: CommitNames,
): readonly CommitReport[] {
  return judged.map((one) => {
    if (
      one.verdict.findings.length === 0 &&
      one.verdict.judged.every(({ introduced = [] }) => introduced.length === 0)
    )
      return { findings: [], causes: [] };
    const on = descendants(one.commit.oid, names.commits);
    const later = judged.filter(({ commit: { oid } }) => oid !== one.commit.oid && on.has(oid));
    const reports = one.verdict.judged.map((project) =>
      reportProject(one, project, later, positionOf(one.commit, on, names), names),
    );
    return {
      findings: reports.flatMap(({ findings }) => findings),
      causes: reports.flatMap(({ causes }) => causes),
    };
  });
}

function reportProject(
  one: JudgedCommit,
  judged: ProjectVerdict,
  later: readonly JudgedCommit[],
  position: Position,
  names: CommitNames,
): CommitReport {
  const { commit, verdict } = one;
  const { project, introduced = [], start } = judged;
  const { severityOf } = verdict;
  const self = nameOf(commit, names);
  const halves =
    severityOf(splitCommit) === 'error'
      ? introduced.filter(
          (violation) =>
            violation.rule.fixedByOtherHalf === true &&
            effectiveSeverity(violation, severityOf) === 'error',
        )
      : [];
  const split = findSplitOverCommits({
    first: self,
    commit,
    judged,
    halves,
    later,
    nameOf: (second) => nameOf(second, names),
    onBranch: position,
    head: names.head,
  });
  const reported =
    split === undefined
      ? introduced
      : [...introduced.filter((violation) => !halves.includes(violation)), split];
  const findings =
    judged.introduced === undefined
      ? judged.findings
      : findingsOf(reported, project.config, severityOf, start);
  return {
    findings: findings.map((finding) => ({
      ...finding,
      commit: commit.oid,
      subject: self.subject,
      fix: fixAt(self, position, finding, start?.rev),
    })),
    causes: causesOf(judged, severityOf),
  };
}

/** The findings of the commit that is checked out, whose fixes end in that commit. */
export function amending(
  { oid, parents }: Pick<RangeCommit, 'oid' | 'parents'>,
  findings: readonly Finding<RuleId>[],
): readonly Finding<RuleId>[] {
  const position = { at: 'tip', branch: '', merges: false, parents: parents.length } as const;
  return findings.map((one) => ({ ...one, fix: fixAt({ oid, subject: '' }, position, one) }));
}

/** @param start the revision that the fix goes back to: what later commits have does not go with it */
function fixAt(
  self: NamedCommit,
  position: Position,
  { rule, severity, fix }: Finding<RuleId>,
  start?: string,
): Finding['fix'] {
  if (rule === splitCommit.id || severity !== 'error') return fix;
  const restores = RULES.some(({ id, aboutPublished }) => id === rule && aboutPublished === true);
  const goesBack = fix.some((one) => restoresFrom(start, one));
  const at = position.at === 'below' && goesBack && !restores ? 'elsewhere' : position.at;
  const { before, after } = fixesAround(self, { ...position, at }, restores || goesBack);
  return [...before, ...fix, after];
}

/** A commit, and all of the range that descend from it. @param commits parents before children */
function descendants(oid: string, commits: readonly RangeCommit[]): ReadonlySet<string> {
  const on = new Set([oid]);
  for (const { oid: other, parents } of commits)
    if (parents.some((parent) => on.has(parent))) on.add(other);
  return on;
}

function positionOf(
  { oid, parents }: RangeCommit,
  on: ReadonlySet<string>,
  { commits, nets, head }: CommitNames,
): Position {
  const its = nets.filter(({ tip }) => on.has(tip));
  const net = its.find(({ tip }) => tip === head) ?? its[0] ?? nets[0];
  return {
    branch: net?.branch ?? '@{-1}',
    merges: commits.some((one) => one.oid !== oid && one.parents.length > 1 && on.has(one.oid)),
    at: head === oid ? 'tip' : head !== undefined && on.has(head) ? 'below' : 'elsewhere',
    parents: parents.length,
  };
}

function nameOf({ oid }: Pick<RangeCommit, 'oid'>, { subjects }: CommitNames): NamedCommit {
  return { oid, subject: subjects.get(oid) ?? '' };
}
