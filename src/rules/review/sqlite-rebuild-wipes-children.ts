import type { ForeignKey } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import { several } from '../../model/words.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, madeName, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'sqlite-rebuild-wipes-children',
  severity: 'warning',
  title: 'SQLite deletes rows of other tables while a table is rebuilt',
  why: "DROP TABLE deletes like DELETE where foreign keys are on; the file's own PRAGMA does nothing.",
  details:
    'drizzle-kit alters a table of SQLite by a copy and DROP TABLE, which runs ON DELETE of every ' +
    'table that refers to it. The PRAGMA foreign_keys=OFF in the file has no effect inside of the ' +
    "transaction of the migrator. libsql's migrator turns foreign keys off itself (the dialect " +
    'turso is not reported); better-sqlite3, D1 and Durable Objects keep them on. `foreignKeys` of ' +
    'the configuration says that they are on, or off, in your databases.',
  fix:
    'Turn foreign keys off around migrate(), or save the rows of the other tables in the ' +
    'migration.',
  examples: {
    refused:
      'DROP TABLE `users`; in a rebuild, with posts.author referencing users ON DELETE cascade',
    passes: 'PRAGMA foreign_keys = OFF before migrate() is called, and ON after it',
  },
  judges: 'migration',
  point: 'drops',
  *check(review) {
    const { dialect, said } = review;
    if (engineOf(review) !== 'sqlite' || said.foreignKeys === 'off') return;
    if (dialect === 'turso' && said.foreignKeys !== 'on') return;
    if (review.statements.some(({ actions }) => actions.some((one) => one.kind === 'transaction')))
      return;
    const q = quoting(dialect);
    for (const [table, at] of review.rebuilt) {
      const children = childrenOf(review, table);
      if (children.length === 0) continue;
      const deleted = children.filter(([, { onDelete }]) => onDelete === 'cascade');
      const emptied = children.filter(([, { onDelete }]) => onDelete !== 'cascade');
      const effects = [
        ...(deleted.length === 0
          ? []
          : [`deletes the rows of ${several(deleted.map(([child]) => child))}`]),
        ...(emptied.length === 0
          ? []
          : [
              `empties ${several(emptied.map(([child, key]) => `${child}.${key.columns.join(', ')}`))}`,
            ]),
      ];
      const [saved] = children[0] ?? [''];
      const kept = madeName(saved, 'kept');
      yield {
        about: table,
        at,
        message:
          `${said.foreignKeys === 'on' ? '' : 'where foreign keys are on, '}rebuilding ` +
          `${table} ${effects.join(' and ')}`,
        safe: [
          {
            text:
              'Turn foreign keys off around migrate(), on the same connection, and look at ' +
              'the result:',
            sql:
              'PRAGMA foreign_keys = OFF;\n-- migrate()\nPRAGMA foreign_key_check;\nPRAGMA ' +
              'foreign_keys = ON;',
          },
          {
            text:
              'Or save the rows in the migration: the first statement at its top, the others ' +
              `at its end${children.length > 1 ? ', for each of these tables' : ''}.`,
            sql: [
              `CREATE TABLE ${q(kept)} AS SELECT * FROM ${q(saved)};`,
              '-- the rebuild',
              `DELETE FROM ${q(saved)};`,
              `INSERT INTO ${q(saved)} SELECT * FROM ${q(kept)};`,
              `DROP TABLE ${q(kept)};`,
            ].join('\n--> statement-breakpoint\n'),
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** What other tables lose; those whose rows the migration puts back itself lose nothing. */
function childrenOf(
  { before, statements }: Review,
  table: string,
): readonly (readonly [child: string, key: ForeignKey])[] {
  const restored = new Set(
    statements.flatMap(({ actions }) =>
      actions.flatMap((one) => (one.kind === 'insert' ? [one.table] : [])),
    ),
  );
  return [...before.tables].flatMap(([child, { foreignKeys }]) =>
    child === table || restored.has(child)
      ? []
      : [...foreignKeys.values()]
          .filter(
            ({ target, onDelete }) =>
              target === table && ['cascade', 'set null', 'set default'].includes(onDelete),
          )
          .map((key) => [child, key] as const),
  );
}
