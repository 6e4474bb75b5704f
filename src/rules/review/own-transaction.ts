import type { ReviewRule } from '../rule.ts';
import { engineOf } from '../text/safe-sql.ts';

export const rule = {
  id: 'own-transaction',
  severity: 'warning',
  title: 'a migration begins or ends a transaction itself',
  why: "It ends the migrator's own: what fails after it is not rolled back, and runs a second time.",
  details:
    'BEGIN, COMMIT and ROLLBACK in the file. The migrator records a migration in the same ' +
    'transaction, so that a COMMIT in the middle separates what has run from the record of it. ' +
    'SQLite has one transaction at a time: a BEGIN in it fails; libsql takes none of these, ' +
    'better-sqlite3 a COMMIT with a BEGIN behind it.',
  fix: 'Leave them out: the migrator opens one transaction for all that is pending.',
  examples: {
    refused: 'BEGIN; UPDATE "users" SET "plan" = \'free\'; COMMIT;',
    passes: 'UPDATE "users" SET "plan" = \'free\';',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    const engine = engineOf(review);
    if (engine !== 'postgresql' && engine !== 'sqlite') return;
    const at = review.statements.find(({ actions }) =>
      actions.some(({ kind }) => kind === 'transaction'),
    );
    if (at === undefined) return;
    const word = at.source.split(/\s/)[0]?.toUpperCase();
    const fails = engine === 'sqlite' && word === 'BEGIN';
    yield {
      about: 'transaction',
      at,
      message:
        `${word} works on the transaction of the migrator, which has one open` +
        (fails ? ': the migration fails' : ''),
      safe: [{ text: 'Leave BEGIN, COMMIT and ROLLBACK out of the file.' }],
    };
  },
} as const satisfies ReviewRule;
