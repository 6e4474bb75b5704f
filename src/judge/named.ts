import type { ProjectChange, Published } from '../facts/change.ts';
import { historyOf, writtenHistory } from '../facts/history-of.ts';
import { readReviews } from '../facts/review/read-reviews.ts';
import { parentOf, readOrigin } from '../facts/sql-origin/read-origin.ts';
import type { SqlOrigin } from '../facts/sql-origin/origin.ts';
import { readState } from '../facts/state.ts';
import type { Tree } from '../git/trees/tree.ts';
import { isJournal, type History, type Migration } from '../history/history.ts';
import { GuardError } from '../model/errors.ts';
import type { Finding } from '../model/finding.ts';
import type { Project } from '../project/project.ts';
import { rule as sqlEdited } from '../rules/sql-edited.ts';
import { RULES, type RuleId } from '../rules/index.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { RunContext } from './context.ts';
import { applyExceptions } from './exceptions.ts';
import { openWithoutEvaluation } from './without-evaluation.ts';
import { findingsOf, levelsOf, severities, violationsOfChange } from './new-findings.ts';

export interface NamedReview {
  readonly migrations: readonly string[];
  readonly findings: readonly Finding<RuleId>[];
}

/** The migrations of a project that are reviewed. */
export interface ToReview {
  readonly project: Project;
  readonly isNamed: (migration: Migration) => boolean;
  /**
   * False: whether the SQL is what drizzle-kit generates is not asked. It need not run then, unless
   * 1.x alone knows the state of the schema.
   */
  readonly compares: boolean;
}

/**
 * Reviews single migrations of a project, published or not, as if each was the only new one: what
 * its SQL does to rows, and whether it is what drizzle-kit generates. Only their snapshots are read,
 * and those that they were made from.
 * @throws GuardError `usage` where a named one has no SQL or no snapshot.
 */
export async function reviewNamed(
  { repository, evaluator, now }: RunContext,
  guardConfig: GuardConfig,
  tree: Tree,
  { project, isNamed, compares }: ToReview,
): Promise<NamedReview> {
  const asked = compares ? evaluator : openWithoutEvaluation();
  const where = { tree, project, evaluator };
  const { migrations } = await writtenHistory(where);
  const changed = new Set(
    migrations.filter(isNamed).flatMap(({ sqlPath, snapshotPath }) => [sqlPath, snapshotPath]),
  );
  if (changed.size === 0) return { migrations: [], findings: [] };
  const history = await (compares ? historyOf : writtenHistory)({ ...where, changed });
  const named = history.migrations.filter(isNamed);
  const after = await readState({
    tree,
    project,
    evaluator: asked,
    changed,
    all: false,
    ignored: [],
    now,
    evaluate: false,
    history: Promise.resolve(history),
  });
  const origins = new Map<string, SqlOrigin>();
  for (const migration of named) {
    const request = { tree, after, evaluator: asked, excusedAs: sqlEdited.id, isFirst: false };
    const origin = await readOrigin(migration, request, await parentOf(migration, history, tree));
    // Without it no rule says anything, which would read as if nothing was wrong.
    if (origin === undefined) throw incomplete(migration);
    origins.set(migration.name, origin);
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
  const rules = RULES.filter(({ judges, id }) => judges === 'migration' || id === sqlEdited.id);
  const violations = violationsOfChange(change, rules);
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

function incomplete({ name, sql, sqlPath, snapshotPath }: Migration): GuardError {
  return new GuardError(
    'usage',
    `${name} cannot be reviewed: ${sql === undefined ? sqlPath : snapshotPath} is missing`,
    { help: ['See what to do about it: npx drizzle-guard check --worktree --all'] },
  );
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
