import type { Dialect } from '../model/dialect.ts';
import type { Project } from '../project/project.ts';

/** What decides who runs a migration. */
export type Target = Pick<Project, 'dialect' | 'driver' | 'breakpoints'>;

/** What drivers make of a piece that is not one statement; undefined where each of them runs it. */
export interface Answers {
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
 * libsql, sql.js, PGlite, and MariaDB by mysql2. From their sources and manuals: better-sqlite3, D1
 * and Durable Objects (workerd), Expo, the Data API. All other drivers of postgresql send a piece
 * as a simple query, which may hold several statements.
 */
export function answersOf({ dialect, driver = '', breakpoints }: Target): Answers {
  const answers = BY_DRIVER[driver] ?? BY_DIALECT[dialect];
  if (breakpoints) return answers;
  // Such a project has a driver that takes all of a file at once, or nothing of it would run.
  const { secondStatement: _, ...rest } = answers;
  return rest;
}
