import type { Dialect } from '../../model/dialect.ts';

/** The three ways of writing SQL. */
export type Flavour = 'postgresql' | 'mysql' | 'sqlite';

const FLAVOURS = {
  postgresql: 'postgresql',
  gel: 'postgresql',
  mysql: 'mysql',
  singlestore: 'mysql',
  sqlite: 'sqlite',
  turso: 'sqlite',
  cockroach: 'postgresql',
  // Names in square brackets are what both have.
  mssql: 'sqlite',
} satisfies Record<Dialect, Flavour>;

export function flavourOf(dialect: Dialect): Flavour {
  return FLAVOURS[dialect];
}
