import type { ProjectState } from '../facts/change.ts';
import { rule as migrationsIgnored } from '../rules/migrations-ignored.ts';
import { rule as splitCommit } from '../rules/split-commit.ts';
import type { TargetContext } from './context.ts';
import type { Violation } from './new-findings.ts';
import { withoutConsequences } from './one-cause.ts';
import { findSplit } from './split-commit.ts';

/**
 * Replaces the violations that only a missing half of the change causes by the one that names that
 * half.
 */
export async function nameMissingHalf(
  { repository, evaluator, target: { index }, discover, severityOf }: TargetContext,
  after: ProjectState,
  introduced: readonly Violation[],
  before: readonly Violation[],
): Promise<readonly Violation[]> {
  if (index === undefined) return introduced;
  const { project } = after;
  const split = await findSplit({
    repository,
    index,
    project,
    after,
    introduced,
    before,
    evaluator,
    rediscover: async (tree) =>
      (await discover(tree)).projects.find(({ name }) => name === project.name),
  });
  if (split === undefined) return introduced;
  // Only a violation that refuses may replace others, as in `withoutConsequences`.
  const replaces =
    severityOf(split.status === 'split' ? splitCommit : migrationsIgnored) === 'error';
  // What follows from those that are replaced goes with them.
  const isLeft = (one: Violation): boolean =>
    !split.explains.includes(one) &&
    withoutConsequences([...split.explains, one], {
      severityOf,
      schemaTouched: true,
      excused: [],
    }).includes(one);
  const rest = replaces ? introduced.filter(isLeft) : introduced;
  if (split.status === 'split') return [...rest, split.violation];
  const ignored = [...migrationsIgnored.check({ ...after, ignored: split.paths })];
  return [
    ...rest.filter(({ rule }) => rule !== migrationsIgnored),
    ...ignored.map((draft) => ({ ...draft, rule: migrationsIgnored })),
  ];
}
