/** Where the SQL of a migration comes from, decided by what drizzle-kit generates between its two snapshots. */
export type Provenance =
  /** Token for token what drizzle-kit generates. */
  | { readonly kind: 'generated'; readonly sql: string }
  /** drizzle-kit generates nothing between the two: `--custom`, the lawful place for SQL of one's own. */
  | { readonly kind: 'custom'; readonly sql: string }
  /** The first migration of `drizzle-kit pull`: its SQL is a comment. */
  | { readonly kind: 'introspected'; readonly sql: string }
  | { readonly kind: 'edited'; readonly sql: string; readonly expected: readonly string[] }
  | { readonly kind: 'unverifiable'; readonly sql: string; readonly why: string };
