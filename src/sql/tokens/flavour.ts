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
} satisfies Record<Dialect, Flavour>;

export function flavourOf(dialect: Dialect): Flavour {
  return FLAVOURS[dialect];
}
