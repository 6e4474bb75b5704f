import type { Draft, Finding, Severity } from '../../model/finding.ts';
import type { RangeCommit } from '../../git/refs/range.ts';
import type { RuleId } from '../../rules/ids.ts';
import {
  aroundCure,
  splitOverCommits,
  type NamedCommit,
  type Place,
  type SplitOverCommits,
} from '../../rules/text/split-over-commits.ts';
import type { Judged } from '../../judge/project.ts';
import type { Verdict } from '../../judge/tree.ts';
import { severityTold, tell, type Severities } from '../../judge/new-findings.ts';
import type { Fresh } from '../../judge/one-cause.ts';
import { MENDABLE } from '../../judge/split-commit.ts';

export interface JudgedCommit {
  readonly commit: RangeCommit;
  readonly verdict: Verdict;
}

export interface ToldCommit {
  readonly findings: readonly Finding[];
  readonly entities: readonly ToldEntity[];
}

/** What a finding is about (see `causeKey`), and how grave it was said to be. */
export type ToldEntity = readonly [key: string, severity: Severity];

export interface CommitNames {
  /** The whole range. */
  readonly commits: readonly RangeCommit[];
  /** The first lines of the commits' messages, by full oid. */
  readonly subjects: ReadonlyMap<string, string>;
  readonly nets: readonly { readonly tip: string; readonly branch: string }[];
  /** Full oid of what is checked out. */
  readonly head?: string;
}

/**
 * The findings of each commit, with its name. What a later commit of the range brings or takes back was recorded in two
 * halves: that is told as one finding, which names both and joins them.
 */
export function tellCommits(
  judged: readonly JudgedCommit[],
  names: CommitNames,
): readonly ToldCommit[] {
  return judged.map((one) => {
    if (
      one.verdict.findings.length === 0 &&
      one.verdict.judged.every(({ held = [] }) => held.length === 0)
    )
      return { findings: [], entities: [] };
    const on = madeOn(one.commit.oid, names.commits);
    const later = judged.filter(({ commit: { oid } }) => oid !== one.commit.oid && on.has(oid));
    const told = one.verdict.judged.map((project) =>
      tellProject(one, project, later, placeOf(one.commit, on, names), names),
    );
    return {
      findings: told.flatMap(({ findings }) => findings),
      entities: told.flatMap(({ entities }) => entities),
    };
  });
}

function tellProject(
  { commit, verdict }: JudgedCommit,
  judged: Judged,
  later: readonly JudgedCommit[],
  place: Place,
  names: CommitNames,
): ToldCommit {
  const { project, held = [] } = judged;
  const { config } = project;
  const self = nameOf(commit, names);
  const mendable =
    verdict.severityOf('split-commit') === 'error'
      ? held.filter(
          (one) =>
            MENDABLE.has(one.draft.rule) && severityTold(one, verdict.severityOf) === 'error',
        )
      : [];
  const second =
    mendable.length === 0
      ? undefined
      : later.find((other) => other.commit.parents.length < 2 && mends(other, judged, mendable));
  const split =
    second === undefined
      ? undefined
      : splitOverCommits(
          splitOf(judged, commit, nameOf(second.commit, names), mendable, {
            self,
            place,
            names,
            second: second.commit,
          }),
        );
  const rest = split === undefined ? held : held.filter((one) => !mendable.includes(one));
  const all = split === undefined ? rest : [...rest, { draft: split, entities: split.entities }];
  const said = judged.held === undefined ? judged.findings : tell(all, config, verdict.severityOf);
  return {
    findings: said.map((finding) => ({
      ...finding,
      commit: commit.oid,
      subject: self.subject,
      fix: cureAt(self, place, finding),
    })),
    entities: entitiesTold(judged, verdict.severityOf),
  };
}

/** What the findings of a project are about; a rule that is off says nothing. */
export function entitiesTold(
  { project: { config }, held, findings }: Judged,
  severityOf: Severities,
): readonly ToldEntity[] {
  if (held === undefined)
    return findings.map(({ rule, severity }) => [causeKey(config, rule, ''), severity]);
  return held.flatMap((one) => {
    const severity = severityTold(one, severityOf);
    return severity === 'off'
      ? []
      : one.entities.map((entity): ToldEntity => [
          causeKey(config, one.draft.rule, entity),
          severity,
        ]);
  });
}

function cureAt(self: NamedCommit, place: Place, { rule, severity, fix }: Finding): Finding['fix'] {
  if (rule === 'split-commit' || severity !== 'error') return fix;
  const { before, after } = aroundCure(
    self,
    place,
    rule === 'migration-edited' || rule === 'migration-removed',
  );
  return [...before, ...fix, after];
}

function splitOf(
  judged: Judged,
  { oid, changed }: RangeCommit,
  second: NamedCommit,
  mendable: readonly Fresh[],
  {
    self,
    place: { branch, merges },
    names,
    second: later,
  }: {
    readonly self: NamedCommit;
    readonly place: Place;
    readonly names: CommitNames;
    readonly second: RangeCommit;
  },
): SplitOverCommits {
  const inOut = (commit: Pick<RangeCommit, 'changed'>): boolean =>
    commit.changed.some(({ path }) => path.startsWith(`${judged.project.out}/`));
  const half =
    inOut({ changed }) === inOut(later) ? 'neither' : inOut(later) ? 'schema' : 'migration';
  const drift = mendable.find(({ draft }) => draft.rule === 'schema-drift') ?? mendable[0];
  const told = drift?.draft.tell(drift.entities);
  return {
    first: self,
    second,
    half,
    about: told?.message ?? '',
    path: told?.path ?? judged.project.config,
    entities: mendable.flatMap(({ draft, entities }) =>
      entities.map((one) => `${draft.rule}: ${one}`),
    ),
    join: {
      branch,
      merges,
      atTip: later.oid === names.head && later.parents.length === 1 && later.parents[0] === oid,
    },
  };
}

/** Whether the project's state in a later commit has none of these faults any more, nor others of their kind in their place. */
function mends(
  { verdict }: JudgedCommit,
  { project: { config }, drafts = [] }: Judged,
  faults: readonly Fresh[],
): boolean {
  const state = verdict.judged.find(({ project }) => project.config === config)?.drafts;
  if (state === undefined) return false;
  const keysOf = (some: readonly Pick<Draft, 'rule' | 'entities'>[]): ReadonlySet<string> =>
    new Set(
      some.flatMap(({ rule, entities }) => entities.map((one) => entityKey(config, rule, one))),
    );
  const [before, mended] = [
    keysOf(drafts),
    keysOf(faults.map(({ draft: { rule }, entities }) => ({ rule, entities }))),
  ];
  const rules = new Set(faults.map(({ draft }) => draft.rule));
  return [...keysOf(state.filter(({ rule }) => rules.has(rule)))].every(
    (one) => before.has(one) && !mended.has(one),
  );
}

/** A commit, and all of the range that are made on it. @param commits parents before children */
function madeOn(oid: string, commits: readonly RangeCommit[]): ReadonlySet<string> {
  const on = new Set([oid]);
  for (const { oid: other, parents } of commits)
    if (parents.some((parent) => on.has(parent))) on.add(other);
  return on;
}

function placeOf(
  { oid, parents }: RangeCommit,
  on: ReadonlySet<string>,
  { commits, nets, head }: CommitNames,
): Place {
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

/**
 * What is said of one cause in other words: of what became of a published migration a commit and the whole range may say
 * different things. The entity is '' for whatever is said of a whole project.
 */
export function causeKey(config: string, rule: RuleId, entity: string): string {
  return entityKey(
    config,
    rule,
    rule === 'migration-edited' || rule === 'migration-removed'
      ? (entity.split(': ')[0] ?? '')
      : entity,
  );
}

function entityKey(config: string, rule: RuleId, entity: string): string {
  return `${config}\0${rule}\0${entity}`;
}

/**
 * The same fault in several commits of a range is told of the first that has it, and the others are named there: a
 * migration that is renamed at each merge is one thing to mend. Advice is not even counted.
 */
export function toldOnce(findings: readonly Finding[]): readonly Finding[] {
  const first = new Map<string, Finding>();
  const others = new Map<string, string[]>();
  for (const finding of findings) {
    const { fingerprint, severity, commit, subject } = finding;
    const same = `${severity}\0${fingerprint}`;
    if (!first.has(same)) first.set(same, finding);
    else if (severity === 'error' && commit !== undefined)
      others.set(same, [
        ...(others.get(same) ?? []),
        `${commit.slice(0, 8)} ${JSON.stringify(subject ?? '')}`,
      ]);
  }
  return [...first].map(([same, finding]) => {
    const also = others.get(same);
    if (also === undefined) return finding;
    return {
      ...finding,
      detail: [
        ...(finding.detail === undefined ? [] : [finding.detail, '']),
        `The same in ${also.length === 1 ? 'commit' : 'commits'} ${also.join(', ')}.`,
      ].join('\n'),
    };
  });
}
