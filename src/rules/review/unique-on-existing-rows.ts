import type { Table, Unique } from '../../facts/review/picture.ts';
import { differs } from '../../facts/review/differs.ts';
import { fillings } from '../../facts/review/filled.ts';
import { hasRows, isDeduplicated, statementOn } from '../../facts/review/find.ts';
import { lex } from '../../sql/tokens/lexer.ts';
import type { Review } from '../../facts/review/review.ts';
import { distinguishes, isNewAndEmpty, tableBefore, uniquesOf } from '../../facts/review/before.ts';
import { columnAfter, textAfter } from '../../facts/review/renamed.ts';
import { listed } from '../../model/words.ts';
import type { Notice, ReviewRule } from '../rule.ts';
import { quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'unique-on-existing-rows',
  severity: 'warning',
  title: 'a unique constraint or index is made over rows that are there',
  why: 'Two rows with the same values make the migration fail.',
  details:
    'Exempt are columns that the same change adds and leaves empty (NULLs are all different, but with NULLS NOT ' +
    'DISTINCT), or fills with what differs in each row, as gen_random_uuid() or the key, and ' +
    'what a key that was there already guarantees, under whatever name, and a table whose twins the ' +
    'same change changes or deletes first. EXCLUDE of PostgreSQL counts likewise.',
  fix:
    'Look for rows that are the same, and merge or change them in a custom migration before ' +
    'this one.',
  examples: {
    refused: 'CREATE UNIQUE INDEX "users_email_idx" ON "users" ("email");',
    passes: 'a unique index over a column that the same migration adds, nullable',
  },
  judges: 'migration',
  point: 'keys',
  *check(review) {
    const q = quoting(review.dialect);
    for (const { table, name, after } of review.changes.uniques) {
      if (after === undefined || isGuaranteed(review, table, after)) continue;
      const at = statementOn(review, ['create index', 'add constraint'], table, [name]);
      const plain = after.columns.flatMap((one) => one.match(/[a-z_]\w*/gi) ?? []);
      if (isDeduplicated(review, table, plain, at)) continue;
      const columns = listed(after.columns);
      const parts = after.columns.map((one) => (after.expression ? one : q(one)));
      const nulls =
        after.expression || after.nullsEqual === true
          ? []
          : parts.map((one) => `${one} IS NOT NULL`);
      const conditions = [...(after.where === undefined ? [] : [after.where]), ...nulls];
      const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
      yield {
        about: `${table}.${name}`,
        at,
        message:
          `${name} makes ${columns} of ${table} unique, which ` +
          // MariaDB; tried with 10.11.
          (/^ALTER IGNORE/i.test(at?.source ?? '')
            ? 'deletes all but one of the rows that have the same'
            : 'fails if two rows have the same'),
        safe: [
          {
            text: 'Look for rows that are the same; there must be none:',
            sql:
              `SELECT ${parts.join(', ')}, count(*) FROM ${q(table)}${where} GROUP BY ` +
              `${parts.join(', ')} HAVING count(*) > 1;`,
          },
          {
            text: 'Merge or change them in a migration made with --custom, before this one.',
          },
        ],
      };
    }
    yield* excluding(review);
  },
} as const satisfies ReviewRule;

/** `ADD CONSTRAINT ... EXCLUDE`, which only SQL by hand has. */
function* excluding(review: Review): Iterable<Notice> {
  const q = quoting(review.dialect);
  for (const at of review.statements)
    for (const action of at.actions) {
      if (action.kind !== 'add constraint' || action.constraint?.of !== 'exclude') continue;
      const { table, name, constraint } = action;
      const { columns, operators, where } = constraint;
      const plain = columns.flatMap((one) => one.match(/[a-z_]\w*/gi) ?? []);
      if (!hasRows(review, table) || isDeduplicated(review, table, plain, at)) continue;
      if (plain.some((column) => isNewAndEmpty(review, table, column))) continue;
      const parts = columns.map((one, index) => `(${one}) AS "part${index + 1}"`).join(', ');
      const conflicts = operators
        .map((one, index) => `AND "a"."part${index + 1}" ${one} "b"."part${index + 1}"`)
        .join(' ');
      yield {
        about: `${table}.${name}`,
        at,
        message: `${name} lets no two rows of ${table} meet in ${listed(columns)}, which fails if two do`,
        safe: [
          {
            text: 'Look for rows that do; there must be none:',
            sql:
              `WITH "rows" AS (SELECT ctid AS "place", ${parts}, * FROM ${q(table)}` +
              `${where === undefined ? '' : ` WHERE ${where}`}) SELECT * FROM "rows" "a" ` +
              `JOIN "rows" "b" ON "a"."place" < "b"."place" ${conflicts};`,
          },
          {
            text:
              'Change them in a migration made with --custom, before this one. Nobody reads or writes ' +
              `${table} until its index is built and the migration has run.`,
          },
        ],
      };
    }
}

/** Whether the rows are known to differ: nothing is stricter than before. */
function isGuaranteed(review: Review, table: string, now: Unique): boolean {
  const { renames, dialect } = review;
  const old = tableBefore(review, table);
  if (old === undefined) return true;
  if (now.columns.some((column) => areApart(review, old, table, column, now))) return true;
  const renamed = (text: string): string => textAfter(text, old, renames);
  return uniquesOf(old).some(({ columns, where, ...rest }) =>
    distinguishes(
      {
        ...rest,
        columns: columns.map((part) =>
          old.columns.has(part) ? columnAfter(old.name, part, renames) : renamed(part),
        ),
        ...(where === undefined ? {} : { where: renamed(where) }),
      },
      now,
      table,
      dialect,
    ),
  );
}

/** Whether a column is new, and the migration leaves it empty or gives each row a value of its own. */
function areApart(
  review: Review,
  old: Table,
  table: string,
  column: string,
  { nullsEqual }: Unique,
): boolean {
  const { dialect, earlier, statements } = review;
  const added = review.changes.columns.find((one) => one.table === table && one.name === column);
  if (added?.before !== undefined || added?.after === undefined) return false;
  const { default: value, generated, counts, notNull } = added.after;
  if (generated !== undefined) return false;
  if (nullsEqual === true && value === undefined && !counts) return false;
  const key = old.primaryKey.length === 1 ? old.primaryKey[0] : undefined;
  const given = value === undefined ? [] : [lex(value, dialect)];
  const values = [
    ...given,
    ...fillings([...earlier, ...statements], table, column)
      .map((one) => one.value)
      .filter(([first, ...more]) => more.length > 0 || !/^null$/i.test(first?.text ?? '')),
  ];
  // MySQL fills one that must have a value with the same in every row.
  if (values.length === 0) return counts || !notNull;
  const kinds = values.map((one) => differs(one, table, key, dialect));
  // What is counted in two ways can meet.
  const isCounted = !counts && kinds.length === 1 && kinds[0] === 'counted';
  return isCounted || (!counts && kinds.every((kind) => kind === 'random'));
}
