import { statementOn } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import { tableAfter } from '../../facts/review/renamed.ts';
import type { Review } from '../../facts/review/review.ts';
import { listed } from '../../model/words.ts';
import type { Notice, ReviewRule } from '../rule.ts';
import { ifForgotten } from '../text/own-tables.ts';
import { bareName, inCustom, madeName, quoting, renameTable } from '../text/safe-sql.ts';

export const rule = {
  id: 'drop-table',
  severity: 'warning',
  title: 'a published table is dropped',
  why: 'All its rows are gone for good, and code that still runs and uses the table fails.',
  details:
    'Dropped is what the new snapshot no longer has, what the SQL of a custom migration drops, and ' +
    'a table that is dropped and made again without its rows; also one that is renamed first. A ' +
    'table that is exported no more from the index file of the schema is dropped too, by mistake. ' +
    'Exempt are the copies that alter a table of SQLite, and tables that only unpublished ' +
    'migrations made.',
  fix: 'Rename it first, and drop it in a later release, when nothing has missed it.',
  examples: {
    refused: 'DROP TABLE "sessions" CASCADE;',
    passes:
      'ALTER TABLE "sessions" RENAME TO "sessions_unused"; and its DROP TABLE in a later release',
  },
  judges: 'migration',
  point: 'drops',
  *check(review, state) {
    const gone = review.changes.tables.filter(({ after }) => after === undefined);
    const names = [
      ...gone.map(({ name }) => name),
      ...review.emptied.keys(),
      ...droppedBySql(review),
    ];
    for (const table of names) {
      const drop = statementOn(review, ['drop table'], table);
      const aside = drop === undefined ? setAside(review, table) : undefined;
      if (aside !== undefined) {
        yield replaced(review, table, aside);
        continue;
      }
      const again = review.emptied.has(table) ? ' and made again' : '';
      const referring = [...review.before.tables.values()].flatMap(({ name, foreignKeys }) =>
        name !== table && [...foreignKeys.values()].some(({ target }) => target === table)
          ? [name]
          : [],
      );
      yield {
        about: table,
        at: drop ?? review.emptied.get(table),
        message:
          `the table ${table} is dropped${again}, with all its rows` +
          (referring.length === 0 ? '' : `; ${listed(referring)} referred to it`) +
          ifForgotten(table),
        safe: [
          inCustom(
            'First rename it by hand, leave it out of the schema, and drop it in a later release:',
            state,
            [renameTable(review, table, madeName(bareName(table), 'unused'))],
          ),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** The name under which the rows stay of a table that is made again without them. */
function setAside({ emptied, statements }: Review, table: string): string | undefined {
  if (!emptied.has(table)) return undefined;
  const renamed = statements
    .flatMap(({ actions }) => actions)
    .find((one) => one.kind === 'rename table' && sameName(one.table, table));
  return renamed?.kind === 'rename table' ? renamed.to : undefined;
}

function replaced(review: Review, table: string, aside: string): Notice {
  const q = quoting(review.dialect);
  const columns = [...(review.after.tables.get(table)?.columns.keys() ?? [])].map(q).join(', ');
  return {
    about: table,
    at: review.emptied.get(table),
    message: `an empty table takes the place of ${table}, whose rows stay in ${aside}`,
    safe: [
      {
        text: `Copy the rows at the end of the migration; leave out what ${aside} does not have:`,
        sql: `--> statement-breakpoint\nINSERT INTO ${q(table)} (${columns}) SELECT ${columns} FROM ${q(aside)};`,
      },
    ],
  };
}

/** Tables that no snapshot has, and those that only the SQL drops: the snapshots say that they stay. */
function droppedBySql(review: Review): readonly string[] {
  const { statements, earlier, before, after, emptied, rebuilt, renames } = review;
  const actions = [...earlier, ...statements].flatMap((one) => one.actions);
  const isKnown = (table: string): boolean =>
    [...before.tables.keys(), ...after.tables.keys(), ...emptied.keys()].some((name) =>
      sameName(name, table),
    ) ||
    actions.some(
      (one) =>
        (one.kind === 'create table' && sameName(one.table, table)) ||
        (one.kind === 'rename table' && sameName(one.to, table)),
    );
  const isMade = (table: string): boolean =>
    rebuilt.has(table) ||
    statements.some((one) =>
      one.actions.some(
        (action) =>
          (action.kind === 'create table' && sameName(action.table, table)) ||
          (action.kind === 'rename table' && sameName(action.to, table)),
      ),
    );
  const dropped = statements.flatMap((one) =>
    one.actions.flatMap((action) =>
      action.kind === 'drop table' &&
      (!isKnown(action.table) ||
        (before.tables.has(action.table) &&
          after.tables.has(tableAfter(action.table, renames)) &&
          !isMade(action.table)))
        ? [action.table]
        : [],
    ),
  );
  return [...new Set(dropped)];
}
