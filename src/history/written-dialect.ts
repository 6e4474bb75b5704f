import type { Dialect } from '../model/dialect.ts';
import type { Layout } from './history.ts';

/**
 * What drizzle-kit writes as `dialect` into journals and snapshots, today's first:
 * `prepareMigrationFolder` is called with `sqlite` for turso too, and kits before 0.21 wrote `pg`.
 */
const WRITTEN = {
  postgresql: ['postgresql', 'pg'],
  mysql: ['mysql'],
  sqlite: ['sqlite'],
  turso: ['sqlite', 'turso'],
  singlestore: ['singlestore'],
  gel: ['gel'],
  mssql: ['mssql'],
  cockroach: ['cockroach'],
} satisfies Record<Dialect, readonly [string, ...string[]]>;

/** Whether files of this dialect belong to a project of that one. */
export function isWritten(written: string, project: Dialect, layout: Layout = 'journal'): boolean {
  const names: readonly string[] =
    layout === 'folders' && project === 'postgresql' ? ['postgres'] : WRITTEN[project];
  return names.includes(written);
}

/** The name that drizzle-kit writes today. */
export function writtenAs(project: Dialect): string {
  return WRITTEN[project][0];
}
