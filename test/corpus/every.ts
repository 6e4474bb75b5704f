import { MYSQL } from './mysql.ts';
import { POSTGRESQL } from './postgresql.ts';
import { SINGLESTORE } from './singlestore.ts';
import { SQLITE } from './sqlite.ts';
import type { Corpus } from './transition.ts';

/** The transitions of every dialect. */
export const CORPUS: Corpus = {
  postgresql: POSTGRESQL,
  mysql: MYSQL,
  sqlite: SQLITE,
  turso: SQLITE,
  singlestore: SINGLESTORE,
};
