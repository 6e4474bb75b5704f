import type { Change } from '../../facts/review/changes.ts';
import { Cursor } from '../../facts/review/cursor.ts';
import { tableBefore } from '../../facts/review/before.ts';
import { copiedInto } from '../../facts/review/copied-columns.ts';
import { isReplaced } from '../../facts/review/filled.ts';
import { statementOn } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Column } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import { columnIn } from '../../facts/review/table-parts.ts';
import type { ProjectState } from '../../facts/change.ts';
import { several } from '../../model/words.ts';
import type { Notice, ReviewRule } from '../rule.ts';
import { copyOf, inCustom, madeName, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'drop-column',
  severity: 'warning',
  title: 'a column of a table that has been published is dropped',
  why: 'Its values are gone for good, and code that still runs and names the column fails.',
  details:
    'Also where SQLite copies the table without it, or without its values. Drizzle names every ' +
    'column of the schema in a ' +
    'query, so that code from before the migration fails on the table until the new release runs ' +
    'everywhere. A column is exempt that only unpublished migrations made, or whose values an UPDATE of ' +
    'all rows copies into one that then gets its name; one that no snapshot has and the SQL drops is ' +
    'not. An attribute of a ' +
    'composite type of PostgreSQL goes likewise, in every column of the type.',
  fix:
    'Release code that does not use it first, and drop it with the release after that; copy ' +
    'the values if anybody may want them.',
  examples: {
    refused: 'ALTER TABLE "users" DROP COLUMN "email";',
    passes: 'the column stays in the schema, and is dropped by a later release',
  },
  judges: 'migration',
  point: 'drops',
  *check(review, state) {
    const gone = review.changes.columns.filter((one) => one.after === undefined);
    yield* leftOutOfCopy(review);
    yield* attributes(review, state);
    for (const { table, name, before } of [...gone, ...droppedBySql(review)]) {
      const key = tableBefore(review, table)?.primaryKey.filter((one) => one !== name) ?? [];
      const needed =
        before?.notNull === true && before.default === undefined && !before.counts
          ? ' It is NOT NULL without a default: make it nullable in that release.'
          : '';
      yield {
        about: `${table}.${name}`,
        at: statementOn(review, ['drop column'], table, [before?.name ?? name]),
        message: `${table}.${name} (${before?.type ?? 'in no snapshot'}) is dropped, with its values`,
        safe: [
          {
            text:
              'First release code that neither reads nor writes it, with the column still in the ' +
              `schema (name the columns in select() and returning()).${needed} Drop it in ` +
              'the release after that.',
          },
          inCustom('To keep the values, copy them in a migration before this one:', state, [
            copyOf(review, table, madeName(table, name, 'kept'), [...key, name]),
          ]),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** Those that a rebuilt table has too, and whose values are not copied, nor filled in behind it. */
function* leftOutOfCopy({ statements, rebuilt, before, after }: Review): Iterable<Notice> {
  for (const [table, at] of rebuilt) {
    const copied = copiedInto(statements, [`__new_${table}`, table]);
    if (copied.length === 0) continue;
    for (const { name, type, generated } of before.tables.get(table)?.columns.values() ?? []) {
      if (generated !== undefined || after.tables.get(table)?.columns.has(name) !== true) continue;
      const isFilled = statements.some(({ actions }) =>
        actions.some(
          (one) =>
            one.kind === 'update' &&
            sameName(one.table, table) &&
            one.columns.some((column) => sameName(column, name)),
        ),
      );
      if (isFilled || copied.some((one) => sameName(one.column, name) && !one.isNull)) continue;
      yield {
        about: `${table}.${name}`,
        at,
        message: `${table}.${name} (${type}) is left out where the rows of ${table} are copied, with its values`,
        safe: [{ text: `Add ${name} to both lists of the INSERT that copies the rows.` }],
      };
    }
  }
}

/** `ALTER TYPE address DROP ATTRIBUTE zip`: it goes in each column that has the type. */
function* attributes(review: Review, state: ProjectState): Iterable<Notice> {
  const { statements, earlier, before, dialect } = review;
  const q = quoting(dialect);
  for (const sql of statements) {
    const at = new Cursor(sql.tokens, dialect);
    if (!at.takes('ALTER TYPE')) continue;
    const type = at.name();
    const isNew = [...earlier, ...statements].some(({ actions }) =>
      actions.some((one) => one.kind === 'create type' && sameName(one.name, type)),
    );
    const columns = [...before.tables.values()].flatMap((table) =>
      [...table.columns.values()]
        .filter((column) => sameName(column.type.replace(/[[(].*/, ''), type))
        .map(({ name }) => ({ table: table.name, key: table.primaryKey, name })),
    );
    const named = columns.map(({ table, name }) => `${table}.${name}`);
    do {
      if (isNew || !at.takes('DROP ATTRIBUTE')) continue;
      const attribute = at.afterExists();
      yield {
        about: `${type}.${attribute}`,
        at: sql,
        message:
          `${attribute} of the type ${type} is dropped, with its values in ` +
          (named.length === 0 ? 'every column of the type' : several(named)),
        safe: [
          { text: 'First release code that neither reads nor writes it; drop it after that.' },
          ...(columns.length === 0
            ? []
            : [
                inCustom(
                  'To keep the values, copy them in a migration before this one:',
                  state,
                  columns.map(
                    ({ table, key, name }) =>
                      `CREATE TABLE ${q(madeName(table, name, 'kept'))} AS SELECT ` +
                      `${[...key.map(q), `${q(name)}::text`].join(', ')} FROM ${q(table)};`,
                  ),
                ),
              ]),
        ],
      };
    } while ((at.skipToComma(), at.takes(',')));
  }
}

/**
 * Those that the snapshots say stay, and that the SQL drops. What is computed is computed again, and
 * what an UPDATE of all rows copies into a column that then gets the name is there.
 */
function droppedBySql(
  review: Review,
): readonly Pick<Change<Column>, 'table' | 'name' | 'before'>[] {
  const { statements, after } = review;
  return statements.flatMap(({ actions }) =>
    actions.flatMap((one) => {
      if (one.kind !== 'drop column') return [];
      const { table, column } = one;
      const [then, now] = [tableBefore(review, table), after.tables.get(table)].map((at) =>
        at === undefined ? undefined : columnIn(at, column),
      );
      if (then === undefined && now === undefined) return unknown(review, table, column);
      if (then === undefined || now === undefined) return [];
      const [name, before] = then;
      const isAgain =
        now[1].generated !== undefined &&
        statements.some((at) =>
          at.actions.some((other) => other.kind === 'add column' && other.column === name),
        );
      return isAgain || isReplaced(statements, table, name) ? [] : [{ table, name, before }];
    }),
  );
}

/** Of a published table, what no snapshot has and nothing that is not published makes. */
function unknown(
  { before, recordedBefore, statements, earlier }: Review,
  table: string,
  name: string,
): ReturnType<typeof droppedBySql> {
  const isMade = [...earlier, ...statements].some(({ actions }) =>
    actions.some(
      (one) =>
        (one.kind === 'add column' && sameName(one.column, name)) ||
        (one.kind === 'rename column' && [one.column, one.to].some((own) => sameName(own, name))),
    ),
  );
  const [own, recorded] = [before, recordedBefore].map(({ tables }) =>
    [...tables.values()].find((one) => sameName(one.name, table)),
  );
  const isKnown = recorded !== undefined && columnIn(recorded, name) !== undefined;
  return own === undefined || isMade || isKnown ? [] : [{ table, name }];
}
