import type { Change } from '../../facts/review/changes.ts';
import { isBackfilled } from '../../facts/review/filled.ts';
import { mentions, statementOn } from '../../facts/review/find.ts';
import type { Column, Picture, Table } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReviewRule } from '../rule.ts';
import { allowed, bareName, renameColumn, renameTable } from '../text/safe-sql.ts';

export const rule = {
  id: 'drop-and-create-looks-renamed',
  severity: 'warning',
  title: 'what is dropped looks as if it was meant to be renamed',
  why: 'drizzle-kit asks "created or renamed?", and the wrong answer throws the values away.',
  details:
    'Reported are a column that goes while one of the same type comes to its place or with a part ' +
    'of its name, and a table that goes while one comes that shares seven of ten columns; not ' +
    'where the migration copies the values itself, or where they refer to different tables. The ' +
    'answer is given once, in a terminal, and nobody sees it in the schema.',
  fix: 'Generate the migration again and answer "rename", or leave it if it is not the same thing.',
  examples: {
    refused:
      'ALTER TABLE "users" ADD COLUMN "full_name" text; ALTER TABLE "users" DROP COLUMN "name";',
    passes: 'ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";',
  },
  judges: 'migration',
  point: 'drops',
  *check(review, { how }) {
    const again = (from: string, to: string, sql: string) => [
      {
        text:
          'If it is the same thing: remove this migration, generate it again, and answer ' +
          `that ${from} was renamed to ${to}:`,
        run: how.generate,
      },
      {
        text: 'Or put this in the place of the two statements:',
        sql: `${allowed('sql-edited', `${from} is renamed to ${to}`)}\n${sql}`,
      },
    ];
    for (const [gone, come] of renamedColumns(review))
      yield {
        about: `${gone.table}.${gone.name} ${come.name}`,
        at: statementOn(review, ['drop column'], gone.table, [gone.name]),
        message:
          `${gone.table}.${gone.name} is dropped and ${come.name} is new, both ` +
          `${come.after?.type}: was it renamed?`,
        safe: again(gone.name, come.name, renameColumn(review, gone.table, gone.name, come.name)),
      };
    for (const [gone, come, shared] of renamedTables(review))
      yield {
        about: `${gone.name} ${come.name}`,
        at: statementOn(review, ['drop table'], gone.name),
        message:
          `the table ${gone.name} is dropped and ${come.name} is new, with ${shared} of its ` +
          'columns: was it renamed?',
        safe: again(gone.name, come.name, renameTable(review, gone.name, bareName(come.name))),
      };
  },
} as const satisfies ReviewRule;

type Pair<T> = readonly [gone: Change<T>, come: Change<T>];

/** Each column that goes with the first that comes and is like it. */
function renamedColumns(review: Review): readonly Pair<Column>[] {
  const { columns } = review.changes;
  const come = columns.filter(({ before }) => before === undefined);
  const used = new Set<Change<Column>>();
  return columns.flatMap((gone): Pair<Column>[] => {
    if (gone.after !== undefined) return [];
    const like = come.find(
      (one) =>
        one.table === gone.table &&
        !used.has(one) &&
        one.after?.type === gone.before?.type &&
        one.after?.notNull === gone.before?.notNull &&
        (sharesWord(gone.name, one.name) || inSamePlace(review, gone, one)) &&
        targetOf(review.before, gone) === targetOf(review.after, one) &&
        !isBackfilled(review, one.table, one.name),
    );
    if (like === undefined) return [];
    used.add(like);
    return [[gone, like]];
  });
}

/** "name" and "full_name", "web3Address" and "address". */
function sharesWord(a: string, b: string): boolean {
  const words = new Set(wordsOf(a));
  return wordsOf(b).some((word) => words.has(word));
}

function wordsOf(name: string): readonly string[] {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.filter((word) => word.length > 2);
}

/** Whether both follow the same column: who renames a column leaves it where it is. */
function inSamePlace(
  { before, after }: Review,
  gone: Change<Column>,
  come: Change<Column>,
): boolean {
  const then = placeOf(before.tables.get(gone.table), gone.name);
  return then !== undefined && then === placeOf(after.tables.get(come.table), come.name);
}

/** The column before it; '' for the first one. */
function placeOf(table: Table | undefined, name: string): string | undefined {
  const names = [...(table?.columns.keys() ?? [])];
  const at = names.indexOf(name);
  return at === -1 ? undefined : (names[at - 1] ?? '');
}

/** What a column refers to: a reference to something else is no other name. */
function targetOf(picture: Picture, { table, name }: Change<Column>): string | undefined {
  const keys = [...(picture.tables.get(table)?.foreignKeys.values() ?? [])];
  return keys.find(({ columns }) => columns.includes(name))?.target;
}

const ALIKE = 0.7;

function ownColumns({ columns }: Table): readonly Column[] {
  return [...columns.values()].filter(({ name }) => !ANYWHERE.test(name));
}

/** Every other table has these. */
const ANYWHERE = /^(?:id|created_?at|updated_?at|user_?id)$/i;

function renamedTables(review: Review): readonly (readonly [...Pair<Table>, shared: string])[] {
  const { changes, statements } = review;
  const isCopied = (from: string, to: string): boolean =>
    statements.some(
      (one) =>
        mentions(one, from) &&
        one.actions.some((action) => action.kind === 'insert' && action.table === to),
    );
  return changes.tables.flatMap((gone) => {
    if (gone.after !== undefined || gone.before === undefined) return [];
    const then = ownColumns(gone.before);
    for (const come of changes.tables) {
      if (come.before !== undefined || come.after === undefined) continue;
      if (isCopied(gone.name, come.name)) continue;
      const now = ownColumns(come.after);
      const shared = now.filter(({ name, type }) =>
        then.some((one) => one.name === name && one.type === type),
      ).length;
      if (shared > 0 && shared / Math.max(then.length, now.length) >= ALIKE)
        return [[gone, come, `${shared} of ${then.length}`] as const];
    }
    return [];
  });
}
