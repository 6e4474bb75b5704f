import type { Finding, Severity } from '../finding.ts';
import type { RangeCommit } from '../git/range.ts';
import type { RuleId } from '../rules/ids.ts';
import { intoCommit, splitOverCommits, type NamedCommit, type SplitOverCommits } from '../rules/split-over-commits.ts';
import type { Judged } from './judge-project.ts';
import type { Verdict } from './judge-subject.ts';
import { severityTold, tell, type Severities } from './ratchet.ts';
import type { Fresh } from './refine.ts';
import { MENDABLE } from './split.ts';

export interface JudgedCommit {
  readonly commit: RangeCommit;
  readonly verdict: Verdict;
}

export interface ToldCommit {
  readonly findings: readonly Finding[];
  readonly entities: readonly ToldEntity[];
}

/** What a finding is about (see `entityKey`), and how grave it was said to be. */
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
export function tellCommits(judged: readonly JudgedCommit[], names: CommitNames): readonly ToldCommit[] {
  const parents = new Map(names.commits.map(({ oid, parents: of }) => [oid, of]));
  return judged.map((one, at) => {
    const later = judged.slice(at + 1).filter(({ commit }) => isMadeOn(commit.oid, one.commit.oid, parents));
    const told = one.verdict.judged.map((project) => tellProject(one, project, later, names));
    return { findings: told.flatMap(({ findings }) => findings), entities: told.flatMap(({ entities }) => entities) };
  });
}

function tellProject({ commit, verdict }: JudgedCommit, judged: Judged, later: readonly JudgedCommit[], names: CommitNames): ToldCommit {
  const { project, held = [] } = judged;
  const { config } = project;
  const self = nameOf(commit, names);
  const mendable = verdict.severityOf('split-commit') === 'error' ? held.filter((one) => MENDABLE.has(one.draft.rule) && severityTold(one, verdict.severityOf) === 'error') : [];
  const second = mendable.length === 0 ? undefined : later.find((other) => mends(other, config, mendable));
  const split = second === undefined ? undefined : splitOverCommits(splitOf(judged, commit, nameOf(second.commit, names), mendable, { self, names, second: second.commit }));
  const rest = split === undefined ? held : held.filter((one) => !mendable.includes(one));
  const all = split === undefined ? rest : [...rest, { draft: split, entities: split.entities }];
  const said = judged.held === undefined ? judged.findings : tell(all, config, verdict.severityOf);
  const tip = commit.oid === names.head;
  return {
    findings: said.map((finding) => ({
      ...finding,
      commit: commit.oid,
      subject: self.subject,
      fix: finding.rule === 'split-commit' || finding.severity !== 'error' ? finding.fix : [...finding.fix, intoCommit(self, tip)],
    })),
    entities: entitiesTold(judged, verdict.severityOf),
  };
}

/** What the findings of a project are about; a rule that is off says nothing. */
export function entitiesTold({ project: { config }, held, findings }: Judged, severityOf: Severities): readonly ToldEntity[] {
  if (held === undefined) return findings.map(({ rule, severity }) => [entityKey(config, rule, ''), severity]);
  return held.flatMap((one) => {
    const severity = severityTold(one, severityOf);
    return severity === 'off' ? [] : one.entities.map((entity): ToldEntity => [entityKey(config, one.draft.rule, entity), severity]);
  });
}

function splitOf(
  judged: Judged,
  { oid, changed }: RangeCommit,
  second: NamedCommit,
  mendable: readonly Fresh[],
  { self, names, second: later }: { readonly self: NamedCommit; readonly names: CommitNames; readonly second: RangeCommit },
): SplitOverCommits {
  const inOut = (commit: Pick<RangeCommit, 'changed'>): boolean => commit.changed.some(({ path }) => path.startsWith(`${judged.project.out}/`));
  const half = inOut({ changed }) === inOut(later) ? 'neither' : inOut(later) ? 'schema' : 'migration';
  const drift = mendable.find(({ draft }) => draft.rule === 'schema-drift') ?? mendable[0];
  const told = drift?.draft.tell(drift.entities);
  return {
    first: self,
    second,
    half,
    about: told?.message ?? '',
    path: told?.path ?? judged.project.config,
    entities: mendable.flatMap(({ draft, entities }) => entities.map((one) => `${draft.rule}: ${one}`)),
    join: { branch: names.nets[0]?.branch ?? '@{-1}', atTip: later.oid === names.head && later.parents.length === 1 && later.parents[0] === oid },
  };
}

/** Whether the project's state in a later commit has none of these faults any more. */
function mends({ verdict }: JudgedCommit, config: string, faults: readonly Fresh[]): boolean {
  const state = verdict.judged.find(({ project }) => project.config === config)?.drafts;
  if (state === undefined) return false;
  const still = new Set(state.flatMap(({ rule, entities }) => entities.map((one) => entityKey(config, rule, one))));
  return faults.every(({ draft, entities }) => entities.every((one) => !still.has(entityKey(config, draft.rule, one))));
}

/** Whether one commit has another among its forebears, as far as the range goes. */
function isMadeOn(oid: string, forebear: string, parents: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set([oid]);
  for (const at of seen) for (const parent of parents.get(at) ?? []) seen.add(parent);
  return seen.has(forebear);
}

function nameOf({ oid }: Pick<RangeCommit, 'oid'>, { subjects }: CommitNames): NamedCommit {
  return { oid, subject: subjects.get(oid) ?? '' };
}

/** The entity is '' for whatever is said of a whole project. */
export function entityKey(config: string, rule: RuleId, entity: string): string {
  return `${config}\0${rule}\0${entity}`;
}
