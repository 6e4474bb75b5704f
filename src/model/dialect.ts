/**
 * drizzle-kit's own lists (`dialects` in its schemaValidator): gel is of 0.31 alone, mssql and
 * cockroach are of 1.x alone.
 */
export const DIALECTS = [
  'postgresql',
  'mysql',
  'sqlite',
  'turso',
  'singlestore',
  'gel',
  'mssql',
  'cockroach',
] as const;
/** As a drizzle config names it. */
export type Dialect = (typeof DIALECTS)[number];
