/** drizzle-kit 0.31's own list (`dialects` in its schemaValidator). */
export const DIALECTS = ['postgresql', 'mysql', 'sqlite', 'turso', 'singlestore', 'gel'] as const;
/** As a drizzle config names it. */
export type Dialect = (typeof DIALECTS)[number];
