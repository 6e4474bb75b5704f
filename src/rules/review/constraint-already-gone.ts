import { sameName } from '../../facts/review/names.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';
import { allowed, engineOf } from '../text/safe-sql.ts';

export const rule = {
  id: 'constraint-already-gone',
  severity: 'warning',
  title: 'a foreign key is dropped after the table that it points to, which took it along',
  why: 'DROP TABLE ... CASCADE drops the foreign keys of other tables, and the second time fails.',
  details:
    'For PostgreSQL and what speaks like it. drizzle-kit 0.31 writes it where a table and the ' +
    'foreign keys to it go in one migration; the migration fails on every database.',
  fix: 'Write IF EXISTS into the statement that drops the foreign key, or put it before the table.',
  examples: {
    refused: 'DROP TABLE "teams" CASCADE; ALTER TABLE "users" DROP CONSTRAINT "users_team_fk";',
    passes:
      'DROP TABLE "teams" CASCADE; ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_team_fk";',
  },
  judges: 'migration',
  point: 'keys',
  *check(review) {
    if (engineOf(review) !== 'postgresql') return;
    const gone: string[] = [];
    for (const at of review.statements) {
      for (const action of at.actions) {
        if (action.kind === 'drop table' && says(at, 'CASCADE')) gone.push(action.table);
        if (action.kind !== 'drop constraint' || says(at, 'EXISTS')) continue;
        const key = review.before.tables.get(action.table)?.foreignKeys.get(action.name);
        const target = gone.find((table) => key !== undefined && sameName(table, key.target));
        if (target === undefined) continue;
        yield {
          about: `${action.table}.${action.name}`,
          at,
          message: `${action.name} of ${action.table} went with the table ${target}, and dropping it again fails`,
          safe: [
            {
              text: 'Write it so that it runs:',
              sql: [
                allowed('sql-edited', `it goes with ${target}`),
                `${at.source.replaceAll(/\bDROP CONSTRAINT\b/gi, 'DROP CONSTRAINT IF EXISTS')};`,
              ].join('\n'),
            },
          ],
        };
      }
    }
  },
} as const satisfies ReviewRule;

function says({ tokens }: ReadStatement, word: string): boolean {
  return tokens.some(({ kind, text }) => kind === 'word' && text.toUpperCase() === word);
}
