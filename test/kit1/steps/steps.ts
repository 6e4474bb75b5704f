import * as mysqlCore from 'drizzle-orm/mysql-core';
import * as pgCore from 'drizzle-orm/pg-core';
import * as singlestoreCore from 'drizzle-orm/singlestore-core';
import * as sqliteCore from 'drizzle-orm/sqlite-core';
import { CORPUS } from '../../corpus/every.ts';
import { schemaText } from '../../corpus/schema-text.ts';
import type { Kit1Dialect } from '../kit.ts';
import { COCKROACH_NAMES, everydaySteps, MSSQL_NAMES } from './everyday.ts';
import { mergeSteps } from './merges.ts';
import { POSTGRESQL_1, SQLITE_1 } from './new-in-1.ts';
import type { Step } from './step.ts';

const TEXTS = {
  postgresql: schemaText('pg', Object.keys(pgCore)),
  mysql: schemaText('mysql', Object.keys(mysqlCore)),
  sqlite: schemaText('sqlite', Object.keys(sqliteCore)),
  turso: schemaText('sqlite', Object.keys(sqliteCore)),
  singlestore: schemaText('singlestore', Object.keys(singlestoreCore)),
  mssql: schemaText('mssql', MSSQL_NAMES),
  cockroach: schemaText('cockroach', COCKROACH_NAMES),
} satisfies Record<Kit1Dialect, unknown>;

const OWN: Readonly<Record<Kit1Dialect, readonly Step[]>> = {
  ...CORPUS,
  postgresql: [...CORPUS.postgresql, ...POSTGRESQL_1],
  sqlite: [...CORPUS.sqlite, ...SQLITE_1],
  turso: [...CORPUS.turso, ...SQLITE_1],
  mssql: everydaySteps(TEXTS.mssql, 'mssql'),
  cockroach: everydaySteps(TEXTS.cockroach, 'cockroach'),
};

const stepsOf = (dialect: Kit1Dialect): readonly Step[] => [
  ...OWN[dialect].map(forDrizzle1),
  // For SingleStore one of them changes nothing: it ignores NOT NULL.
  ...mergeSteps(TEXTS[dialect]).filter(
    ({ name }) => dialect !== 'singlestore' || !name.endsWith('what the other changes'),
  ),
];

/** The steps of every dialect: the corpus of 0.31, whose texts 1.x takes as well, and more. */
export const STEPS: Readonly<Record<Kit1Dialect, readonly Step[]>> = {
  postgresql: stepsOf('postgresql'),
  mysql: stepsOf('mysql'),
  sqlite: stepsOf('sqlite'),
  turso: stepsOf('turso'),
  singlestore: stepsOf('singlestore'),
  mssql: stepsOf('mssql'),
  cockroach: stepsOf('cockroach'),
};

/** `relations` has another module in drizzle-orm 1.x. */
function forDrizzle1(step: Step): Step {
  const moved = (text: string): string =>
    text
      .replace(
        /^import \{(.*?), relations \} from 'drizzle-orm';$/m,
        "import {$1 } from 'drizzle-orm';\nimport { relations } from 'drizzle-orm/_relations';",
      )
      .replace(
        /^import \{ relations \} from 'drizzle-orm';$/m,
        "import { relations } from 'drizzle-orm/_relations';",
      );
  return { ...step, after: moved(step.after) };
}
