import { isHash, type AppliedRow } from './rows.ts';

/** What a row without a hash of drizzle-orm's leaves open; a clause. */
export function unhashed({ hash }: AppliedRow): string | undefined {
  // Bundled migrations (expo, Durable Objects) have none.
  return hash === '' || isHash(hash)
    ? undefined
    : `its row has ${JSON.stringify(hash)} for a hash, so that the SQL cannot be compared`;
}

/** Two migrators at once leave two rows of one migration. */
export function repeated(rows: readonly AppliedRow[]): string | undefined {
  return rows.length > 1 ? `there are ${rows.length} rows of it` : undefined;
}
