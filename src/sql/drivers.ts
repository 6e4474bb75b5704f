import type { Dialect } from '../model/dialect.ts';
import type { Project } from '../project/project.ts';

/** What decides who runs a migration. */
export type Target = Pick<Project, 'dialect' | 'driver' | 'breakpoints'>;

/** What drivers make of a piece that is not one statement; undefined where each of them runs it. */
interface Answers {
  readonly secondStatement?: string;
  readonly nothing?: string;
  /** A piece of comments alone. */
  readonly comment?: string;
  readonly byteOrderMark?: string;
}

const FIRST_ALONE = 'runs only the first statement of a piece, without a word';

function onNothing(who: string): Answers {
  const answer = `${who} on a piece without a statement`;
  return { nothing: answer, comment: answer };
}

const POSTGRESQL: Answers = { byteOrderMark: 'for the server that is a syntax error' };
const MYSQL: Answers = {
  ...POSTGRESQL,
  secondStatement: 'mysql2 throws, unless its connection sets `multipleStatements`',
  nothing: 'the server answers "Query was empty"',
};

/** Where the config does not name the driver, any of the dialect may be used. */
const BY_DIALECT: Readonly<Record<Dialect, Answers>> = {
  postgresql: POSTGRESQL,
  mysql: MYSQL,
  singlestore: MYSQL,
  sqlite: {
    ...onNothing('libsql, better-sqlite3 and D1 throw'),
    secondStatement: `libsql ${FIRST_ALONE}; better-sqlite3 and D1 throw`,
  },
  turso: { ...onNothing('libsql throws'), secondStatement: `libsql ${FIRST_ALONE}` },
  gel: {},
  cockroach: POSTGRESQL,
  mssql: {},
};

const BY_DRIVER: Readonly<Record<string, Answers>> = {
  expo: { ...onNothing('expo-sqlite throws'), secondStatement: `expo-sqlite ${FIRST_ALONE}` },
  'durable-sqlite': onNothing('a Durable Object throws'),
  'd1-http': {
    ...onNothing('D1 throws'),
    secondStatement: 'D1 throws on a piece with more than one',
  },
  pglite: { ...POSTGRESQL, secondStatement: 'PGlite throws on a piece with more than one' },
  'aws-data-api': {
    ...POSTGRESQL,
    secondStatement: 'the Data API throws on a piece with more than one',
  },
};

/**
 * What the drivers that a project may use do with odd pieces. Run with drizzle-orm's migrators:
 * libsql, node:sqlite, PGlite, node-postgres, and MariaDB by mysql2. From their sources and
 * manuals: better-sqlite3, D1 and Durable Objects (workerd), Expo, postgres.js, the Data API.
 *
 * A piece with several statements in postgresql: node-postgres and postgres.js send it as a simple
 * query and run all of it. PGlite (the migrator calls `query`, which prepares, and not `exec`), Neon
 * by HTTP and the Data API throw, and nothing of the migration is applied. It is refused only where
 * the config names such a driver: nothing is skipped without a word, and most projects have one that
 * takes it.
 */
export function answersOf({ dialect, driver = '', breakpoints }: Target): Answers {
  const answers = BY_DRIVER[driver] ?? BY_DIALECT[dialect];
  if (breakpoints) return answers;
  // What drizzle-kit then generates has no breakpoints at all, and libsql and PGlite do not run it
  // by drizzle-orm's migrator. That is the config's doing, and no edit of a migration puts it right:
  // such a project has another way to run a file (`exec`, wrangler, a shell of the database).
  const { secondStatement: _, ...rest } = answers;
  return rest;
}
