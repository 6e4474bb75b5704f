import type { Recorded } from '../check/recorded-as.ts';
import type { Status } from '../check/status.ts';
import type { Dialect } from '../model/dialect.ts';
import type { Fix } from '../model/finding.ts';
import type { Layout } from '../history/history.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { AppliedRow } from '../status/rows.ts';
import { migrationsTableOf } from '../status/select.ts';
import { isInStep, type MigrationState } from '../status/verdict.ts';
import { fixesOf } from './status-fixes.ts';

/** A commit that has the SQL that ran. */
export interface RecordedSql {
  /** Full object id; the oldest of those that are known here. */
  readonly commit: string;
  readonly subject: string;
  readonly path: RepoPath;
}

/** A row of the migrations table. */
export interface ReportedRow {
  readonly id: string | null;
  readonly hash: string;
  /** As the database has it: milliseconds since 1970. */
  readonly createdAt: string | null;
  /** Missing where the table has no such column. */
  readonly name?: string | null;
}

/** A migration of the history, and what the database has of it. */
export interface ReportedMigration {
  readonly name: string;
  readonly path: RepoPath;
  readonly state: MigrationState;
  /** Why, where the state alone does not say it; a clause without a full stop. */
  readonly why?: string;
  readonly rows: readonly ReportedRow[];
  /** Of one that was edited: where the SQL that ran is. */
  readonly ranAs?: RecordedSql;
}

/** A row of no migration of this history. */
export interface UnknownRow extends ReportedRow {
  /** Where git has its SQL. */
  readonly ranAs?: RecordedSql;
}

/**
 * A database beside a history. `guard status --format json` prints it unchanged: plain data,
 * described by `status.schema.json` in the package.
 */
export interface StatusReport {
  readonly version: 1;
  /** `passed`: what is there is applied, or will be. `refused`: something is not in step. */
  readonly outcome: 'passed' | 'refused';
  readonly project: string;
  readonly dialect: Dialect;
  readonly layout: Layout;
  /** The table that was read, with its schema where it has one. */
  readonly table: string;
  /** The history: "the working tree", "commit 1a2b3c4d". */
  readonly history: string;
  readonly migrations: readonly ReportedMigration[];
  readonly unknown: readonly UnknownRow[];
  /** Why the next run of the migrator throws before it applies anything. */
  readonly throws?: string;
  /** There is no such table: nothing was applied there, or it is another database. */
  readonly tableMissing?: true;
  readonly fix: readonly Fix[];
}

export function statusReport(status: Status): StatusReport {
  const { project, tree, history, verdict, recorded } = status;
  const { schema, table } = migrationsTableOf(project);
  const paths = new Map(history.migrations.map(({ name, sqlPath }) => [name, sqlPath]));
  return {
    version: 1,
    outcome: isInStep(verdict) ? 'passed' : 'refused',
    project: project.name,
    dialect: project.dialect,
    layout: history.layout,
    table: schema === undefined ? table : `${schema}.${table}`,
    history: tree,
    migrations: verdict.migrations.map(({ name, state, why, rows }) => ({
      name,
      path: paths.get(name) ?? '',
      state,
      ...(why === undefined ? {} : { why }),
      rows: rows.map(reportedRow),
      ...(state === 'edited' ? ranAs(rows[0], recorded) : {}),
    })),
    unknown: verdict.unknown.map((row) => ({ ...reportedRow(row), ...ranAs(row, recorded) })),
    ...(verdict.throws === undefined ? {} : { throws: verdict.throws }),
    ...(status.tableMissing ? { tableMissing: true as const } : {}),
    fix: fixesOf(status),
  };
}

function reportedRow({ id, hash, createdAt, name }: AppliedRow): ReportedRow {
  return { id, hash, createdAt, ...(name === undefined ? {} : { name }) };
}

function ranAs(row: AppliedRow | undefined, recorded: Recorded): { readonly ranAs?: RecordedSql } {
  const found = row === undefined ? undefined : recorded.get(row.hash);
  if (found === undefined) return {};
  const { commit, subject, path } = found;
  return { ranAs: { commit, subject, path } };
}
