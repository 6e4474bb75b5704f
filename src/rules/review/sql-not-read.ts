import type { Action } from '../../facts/review/action.ts';
import { listed } from '../../model/words.ts';
import type { Notice, ReviewRule } from '../rule.ts';
import { isCatalog } from '../text/own-tables.ts';
import { engineOf } from '../text/safe-sql.ts';

export const rule = {
  id: 'sql-not-read',
  severity: 'note',
  title: 'a migration runs SQL that the review cannot read',
  why: 'It can drop or change anything, and no other rule speaks of it.',
  details:
    'EXECUTE of text that is put together when it runs, PREPARE from a variable, and CALL of a ' +
    'procedure that the migration does not make. A literal is read as SQL, and so is the body of a ' +
    'DO block, and of a function that the same migration makes and calls; what other functions do ' +
    'is not looked at. A warning is a statement that writes to sqlite_schema, pg_catalog or another catalog itself.',
  fix: 'Write the statements out, one for each table; or read by hand what it runs.',
  examples: {
    refused: "DO $$ BEGIN EXECUTE 'DROP TABLE ' || quote_ident(current_user); END $$;",
    passes: 'DROP TABLE "reports";',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    for (const at of review.statements) {
      const line = at.source.replaceAll(/\s+/g, ' ');
      const about = line.slice(0, 80);
      if (at.actions.some(({ kind }) => kind === 'unread'))
        yield {
          about,
          at,
          message: `what this runs was not read: ${shortened(line)}`,
          safe: UNREAD,
        };
      const written = at.actions.flatMap((one) =>
        WRITES.has(one.kind) && 'table' in one && isCatalog(review, one.table ?? '')
          ? [one.table ?? '']
          : [],
      );
      if (written.length === 0) continue;
      const isLite = engineOf(review) === 'sqlite';
      yield {
        about,
        at,
        severity: 'warning',
        message: isLite
          ? 'sqlite_schema is written by hand: SQLite reads the rows of a table by what it says'
          : `${listed(written)} is written by hand: the database checks nothing there, and can lose what rests on it`,
        safe: isLite ? BY_HAND : [{ text: 'Use the ALTER, DROP or GRANT that does the same.' }],
      };
    }
  },
} as const satisfies ReviewRule;

function shortened(line: string): string {
  return line.length > 90 ? `${line.slice(0, 90)}...` : line;
}

const WRITES: ReadonlySet<Action['kind']> = new Set([
  'insert',
  'update',
  'delete',
  'truncate table',
]);

const UNREAD: Notice['safe'] = [
  { text: 'Read by hand what it runs, or write the statements out, one for each table.' },
];

const BY_HAND: Notice['safe'] = [
  {
    text: 'Use ALTER TABLE, or copy the rows into a new table. Else look at the database afterwards:',
    sql: 'PRAGMA integrity_check;',
  },
];
