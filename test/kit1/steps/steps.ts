import * as mysqlCore from 'drizzle-orm/mysql-core';
import * as pgCore from 'drizzle-orm/pg-core';
import * as singlestoreCore from 'drizzle-orm/singlestore-core';
import * as sqliteCore from 'drizzle-orm/sqlite-core';
import { CORPUS } from '../../corpus/every.ts';
import { schemaText } from '../../corpus/schema-text.ts';
import type { Dialect1 } from '../../support/kit1.ts';
import { COCKROACH_NAMES, everydaySteps, MSSQL_NAMES } from './everyday.ts';
import { mergeSteps } from './merges.ts';
import { POSTGRESQL_1, SQLITE_1 } from './new-in-1.ts';
import type { Step } from './step.ts';

const RELATIONS = "import { relations } from 'drizzle-orm/_relations';";

/** How schema files of a dialect are written: `number` is its integer. */
export const TEXTS = {
  postgresql: { core: 'pg', number: 'integer', text: schemaText('pg', Object.keys(pgCore)) },
  mysql: { core: 'mysql', number: 'int', text: schemaText('mysql', Object.keys(mysqlCore)) },
  sqlite: {
    core: 'sqlite',
    number: 'integer',
    text: schemaText('sqlite', Object.keys(sqliteCore)),
  },
  turso: { core: 'sqlite', number: 'integer', text: schemaText('sqlite', Object.keys(sqliteCore)) },
  singlestore: {
    core: 'singlestore',
    number: 'int',
    text: schemaText('singlestore', Object.keys(singlestoreCore)),
  },
  mssql: { core: 'mssql', number: 'int', text: schemaText('mssql', MSSQL_NAMES) },
  cockroach: { core: 'cockroach', number: 'int4', text: schemaText('cockroach', COCKROACH_NAMES) },
} satisfies Record<Dialect1, unknown>;

const OWN: Readonly<Record<Dialect1, readonly Step[]>> = {
  ...CORPUS,
  postgresql: [...CORPUS.postgresql, ...POSTGRESQL_1],
  sqlite: [...CORPUS.sqlite, ...SQLITE_1],
  turso: [...CORPUS.turso, ...SQLITE_1],
  mssql: everydaySteps(TEXTS.mssql.text, 'mssql'),
  cockroach: everydaySteps(TEXTS.cockroach.text, 'cockroach'),
};

const stepsOf = (dialect: Dialect1): readonly Step[] => [
  ...OWN[dialect].map(forDrizzle1),
  // For SingleStore one of them changes nothing: it ignores NOT NULL.
  ...mergeSteps(TEXTS[dialect].text).filter(
    ({ name }) => dialect !== 'singlestore' || !name.endsWith('what the other changes'),
  ),
];

/** The steps of every dialect: the corpus of 0.31, whose texts 1.x takes as well, and more. */
export const STEPS: Readonly<Record<Dialect1, readonly Step[]>> = {
  postgresql: stepsOf('postgresql'),
  mysql: stepsOf('mysql'),
  sqlite: stepsOf('sqlite'),
  turso: stepsOf('turso'),
  singlestore: stepsOf('singlestore'),
  mssql: stepsOf('mssql'),
  cockroach: stepsOf('cockroach'),
};

/** `relations` has another module in drizzle-orm 1.x, and arrays have no length. */
function forDrizzle1(step: Step): Step {
  const said = (text: string): string =>
    text
      .replace(
        /^(import \{.*?), relations \} from 'drizzle-orm';$/m,
        `$1 } from 'drizzle-orm';\n${RELATIONS}`,
      )
      .replace("import { relations } from 'drizzle-orm';", RELATIONS)
      .replaceAll(/\.array\(\d*\)\.array\(\)/g, ".array('[][]')")
      .replaceAll(/\.array\(\d+\)/g, '.array()');
  const { before } = step;
  return {
    ...step,
    before: before === undefined ? undefined : said(before),
    after: said(step.after),
  };
}
