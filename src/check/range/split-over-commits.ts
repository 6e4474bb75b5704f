import { isInOut } from '../../history/layout.ts';
import type { RangeCommit } from '../../git/refs/range.ts';
import type { Violation } from '../../judge/new-findings.ts';
import type { ProjectVerdict } from '../../judge/context.ts';
import type { TreeVerdict } from '../../judge/tree.ts';
import { entityKey } from '../../model/entity.ts';
import { rule as schemaDrift } from '../../rules/schema-drift.ts';
import { rule as splitCommit } from '../../rules/split-commit.ts';
import {
  splitOverCommits,
  type NamedCommit,
  type OnBranch,
} from '../../rules/text/split-over-commits.ts';

export interface JudgedCommit {
  readonly commit: RangeCommit;
  readonly verdict: TreeVerdict;
}

interface SplitOverCommitsRequest {
  readonly first: NamedCommit;
  readonly commit: RangeCommit;
  /** One project of the first commit. */
  readonly judged: ProjectVerdict;
  /** Its violations that the other half of a change could fix. */
  readonly halves: readonly Violation[];
  /** The judged commits that descend from the first. */
  readonly later: readonly JudgedCommit[];
  readonly nameOf: (commit: RangeCommit) => NamedCommit;
  readonly onBranch: OnBranch;
  /** Full oid of what is checked out. */
  readonly head: string | undefined;
}

/** The finding that names both commits, where a later one has the other half. */
export function findSplitOverCommits(request: SplitOverCommitsRequest): Violation | undefined {
  const { first, commit, judged, halves, later, nameOf, onBranch, head } = request;
  if (halves.length === 0) return undefined;
  const second = later.find(
    (other) => other.commit.parents.length < 2 && fixes(other, judged, halves),
  )?.commit;
  if (second === undefined) return undefined;
  const inOut = ({ changed }: RangeCommit): boolean =>
    changed.some(({ path }) => isInOut(judged.project.out, path));
  const shown = halves.find(({ rule }) => rule === schemaDrift) ?? halves[0];
  const description = shown?.describe(shown.entities);
  const draft = splitOverCommits({
    first,
    second: nameOf(second),
    half: inOut(commit) === inOut(second) ? 'neither' : inOut(second) ? 'schema' : 'migration',
    about: description?.message ?? '',
    path: description?.path ?? judged.project.config,
    entities: halves.flatMap(({ rule, entities }) =>
      entities.map((entity) => ({ kind: 'finding' as const, rule: rule.id, entity })),
    ),
    join: {
      branch: onBranch.branch,
      merges: onBranch.merges,
      atTip: second.oid === head && second.parents.length === 1 && second.parents[0] === commit.oid,
    },
  });
  return { ...draft, rule: splitCommit };
}

/**
 * Whether the project in a later commit has none of the violations left, and no new ones of the
 * same rules instead.
 */
function fixes(
  { verdict }: JudgedCommit,
  { project: { config }, violations = [] }: ProjectVerdict,
  halves: readonly Violation[],
): boolean {
  const later = verdict.judged.find(({ project }) => project.config === config)?.violations;
  if (later === undefined) return false;
  const [before, fixed] = [keysOf(violations), keysOf(halves)];
  const ofSameRules = later.filter(({ rule }) => halves.some((half) => half.rule === rule));
  return [...keysOf(ofSameRules)].every((key) => before.has(key) && !fixed.has(key));
}

function keysOf(violations: readonly Violation[]): ReadonlySet<string> {
  return new Set(
    violations.flatMap(({ rule, entities }) =>
      entities.map((entity) => `${rule.id}\0${entityKey(entity)}`),
    ),
  );
}
