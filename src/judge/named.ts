import type { ProjectChange, Published } from '../facts/change.ts';
import { historyOf } from '../facts/history-of.ts';
import { readReviews } from '../facts/review/read-reviews.ts';
import { parentOf, readOrigin } from '../facts/sql-origin/read-origin.ts';
import type { SqlOrigin } from '../facts/sql-origin/origin.ts';
import { readState } from '../facts/state.ts';
import type { Tree } from '../git/trees/tree.ts';
import { isJournal, type History, type Migration } from '../history/history.ts';
import type { Finding } from '../model/finding.ts';
import type { Project } from '../project/project.ts';
import { rule as sqlEdited } from '../rules/sql-edited.ts';
import type { RuleId } from '../rules/index.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { RunContext } from './context.ts';
import { applyExceptions } from './exceptions.ts';
import { findingsOf, levelsOf, severities, violationsOfChange } from './new-findings.ts';

export interface NamedReview {
  readonly migrations: readonly string[];
  readonly findings: readonly Finding<RuleId>[];
}

/**
 * Reviews single migrations of a project, published or not, as if each was the only new one: what
 * its SQL does to rows, and whether it is what drizzle-kit generates.
 * @param isNamed by the name of a migration, or the path of its SQL
 */
export async function reviewNamed(
  { repository, evaluator, now }: RunContext,
  guardConfig: GuardConfig,
  { tree, project }: { readonly tree: Tree; readonly project: Project },
  isNamed: (migration: Migration) => boolean,
): Promise<NamedReview> {
  const history = await historyOf({ tree, project, evaluator, all: true });
  const named = history.migrations.filter(isNamed);
  if (named.length === 0) return { migrations: [], findings: [] };
  const after = await readState({
    tree,
    project,
    evaluator,
    changed: new Set(),
    all: true,
    ignored: [],
    now,
    evaluate: false,
    history: Promise.resolve(history),
  });
  const origins = new Map<string, SqlOrigin>();
  for (const migration of named) {
    const request = { tree, after, evaluator, excusedAs: sqlEdited.id, isFirst: false };
    const origin = await readOrigin(migration, request, await parentOf(migration, history, tree));
    if (origin !== undefined) origins.set(migration.name, origin);
  }
  const published = allBut(history, named);
  const [said, top] = [guardConfig, repository.topLevel];
  const request = { tree, project, evaluator, history, published, origins, said, top };
  const change: ProjectChange = {
    after,
    before: [],
    published,
    sqlOrigins: origins,
    reviews: await readReviews(request),
  };
  const violations = violationsOfChange(change).filter(
    ({ rule }) => rule.judges === 'migration' || rule.id === sqlEdited.id,
  );
  const { kept } = applyExceptions(violations, { change, config: guardConfig, now });
  return {
    migrations: named.map(({ name }) => name),
    findings: findingsOf(
      kept.filter(({ rule }) => rule.judges === 'migration' || rule.id === sqlEdited.id),
      project.name,
      severities(levelsOf(guardConfig)),
    ),
  };
}

/** As if all others had been applied everywhere. */
function allBut(history: History, named: readonly Migration[]): Published {
  const others = isJournal(history)
    ? history.migrations.filter((one) => !named.some(({ name }) => name === one.name))
    : [];
  return {
    hasContent: () => false,
    firstContent: () => undefined,
    base: () => undefined,
    entries: new Map(others.map(({ name, journal }) => [name, [journal]])),
  };
}
