import type { ReviewRule } from '../rule.ts';
import { engineOf, type Engine } from '../text/safe-sql.ts';

export const rule = {
  id: 'privileges-changed',
  severity: 'warning',
  title: 'a migration grants or revokes privileges',
  why:
    'The roles of each database differ: one that is missing makes it fail, one too many sees ' +
    'more.',
  details: 'GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.',
  fix: 'Keep them where the roles are made, or make sure that each database has the role.',
  examples: {
    refused: 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO anon;',
    passes: 'the grants in the set-up of the database, beside CREATE ROLE',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    for (const at of review.statements) {
      if (!at.actions.some(({ kind }) => kind === 'privileges')) continue;
      const line = at.source.replaceAll(/\s+/g, ' ');
      yield {
        about: line.slice(0, 80),
        at,
        message: `who may do what changes: ${line.length > 90 ? `${line.slice(0, 90)}...` : line}`,
        safe: [
          { text: 'See that every database has the role or user:', sql: ROLES[engineOf(review)] },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** Lists who there is. SQLite has nobody. */
const ROLES: Readonly<Record<Engine, string>> = {
  postgresql: 'SELECT rolname FROM pg_roles ORDER BY 1;',
  mysql: 'SELECT user, host FROM mysql.user ORDER BY 1;',
  mssql: 'SELECT name FROM sys.database_principals ORDER BY 1;',
  sqlite: '',
};
