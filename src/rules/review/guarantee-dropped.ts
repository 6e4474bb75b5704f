import { hadForeignKey } from '../../facts/review/before.ts';
import { statementOn } from '../../facts/review/find.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReviewRule } from '../rule.ts';

export const rule = {
  id: 'guarantee-dropped',
  severity: 'note',
  title: 'a foreign key, unique constraint or check of a published table is dropped',
  why: 'Rows that break it can come from then on, and it cannot be made again once they have.',
  details: 'Not where the same columns keep such a guarantee under another name, or a column goes.',
  fix: 'Make sure that the code guarantees it now.',
  examples: {
    refused: 'ALTER TABLE "users" DROP CONSTRAINT "users_email_unique";',
    passes: 'a unique index over the same columns in the same migration',
  },
  judges: 'migration',
  point: 'keys',
  *check(review) {
    for (const { table, name, what } of dropped(review))
      yield {
        about: `${table}.${name}`,
        at: statementOn(review, ['drop constraint', 'drop index'], table, [name]),
        message: `${name} is dropped: ${what} of ${table} is no longer guaranteed`,
        safe: [{ text: 'Make sure that the code guarantees it now, or leave it.' }],
      };
  },
} as const satisfies ReviewRule;

function* dropped({
  changes,
  before,
  after,
  ...review
}: Review): Iterable<{ readonly table: string; readonly name: string; readonly what: string }> {
  const hasAll = (table: string, columns: readonly string[]): boolean =>
    columns.every((one) => after.tables.get(table)?.columns.has(one) === true);
  for (const { table, name, before: key, after: now } of changes.foreignKeys) {
    if (key === undefined || now !== undefined || !hasAll(table, key.columns)) continue;
    const keys = [...(after.tables.get(table)?.foreignKeys.values() ?? [])];
    if (keys.some((one) => hadForeignKey({ changes, before, after, ...review }, table, one)))
      continue;
    yield { table, name, what: `the reference of ${key.columns.join(', ')}` };
  }
  for (const { table, name, before: key, after: now } of changes.uniques) {
    if (key === undefined || now !== undefined || !hasAll(table, key.columns)) continue;
    const own = after.tables.get(table);
    const keys = [...(own?.uniques.values() ?? []), { columns: own?.primaryKey ?? [] }];
    if (keys.some(({ columns }) => columns.join('\0') === key.columns.join('\0'))) continue;
    yield { table, name, what: `uniqueness of ${key.columns.join(', ')}` };
  }
  for (const { table, name, before: check, after: now } of changes.checks) {
    if (check === undefined || now !== undefined) continue;
    if ([...(after.tables.get(table)?.checks.values() ?? [])].includes(check)) continue;
    yield { table, name, what: check };
  }
}
