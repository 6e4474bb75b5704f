import { isBackfilled } from '../../facts/review/filled.ts';
import { statementOn } from '../../facts/review/find.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import { listed } from '../../model/words.ts';
import type { ReviewRule } from '../rule.ts';
import { enumValues, literal } from '../text/enum-values.ts';
import { inCustom, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'enum-value-removed',
  severity: 'warning',
  title: 'a value is removed from an enum that columns have, or gets another name',
  why: 'A row that has the value makes the migration fail; code that still runs fails on a renamed one.',
  details:
    'drizzle-kit makes the type of PostgreSQL again and casts every column to it; MySQL in strict ' +
    'mode refuses the column ("Data truncated"), and without it empties the value. Exempt are ' +
    'columns that the same change updates first. ALTER TYPE ... RENAME VALUE keeps the rows.',
  fix: 'Give the rows that have the value another one first, in a custom migration.',
  examples: {
    refused: 'pgEnum("status", ["draft", "published"]), which was ["draft", "review", "published"]',
    passes:
      'UPDATE "posts" SET "status" = \'draft\' WHERE "status" = \'review\'; in a migration ' +
      'before it',
  },
  judges: 'migration',
  point: 'data',
  *check(review, state) {
    const q = quoting(review.dialect);
    for (const at of review.statements)
      for (const action of at.actions)
        if (action.kind === 'rename value' && review.before.enums.has(action.type))
          yield {
            about: `${action.type} ${action.value}`,
            at,
            message:
              `${literal(action.value)} of ${action.type} becomes ${literal(action.to)}, and code that ` +
              'still runs fails on the old value',
            safe: [
              {
                text:
                  'Add the new value in one release, update the rows in the next, and leave the ' +
                  'old value in the type:',
                sql: `ALTER TYPE ${q(action.type)} ADD VALUE ${literal(action.to)};`,
              },
            ],
          };
    for (const { about, removed, columns, at } of removals(review)) {
      const open = columns.filter(({ table, column }) => !isBackfilled(review, table, column, at));
      if (open.length === 0) continue;
      const values = removed.map(literal);
      const list = `${values.length === 1 ? '=' : 'IN ('}${values.length === 1 ? ` ${values[0]}` : `${values.join(', ')})`}`;
      const where = open.map(({ table, column }) => `${table}.${column}`);
      yield {
        about,
        at,
        message:
          `${listed(values)} ${values.length === 1 ? 'is' : 'are'} removed from ${about}, ` +
          `which fails if a row of ${listed(where)} has it`,
        safe: [
          inCustom(
            'Give those rows another value in a migration before this one:',
            state,
            open.flatMap(({ table, column }, index) => [
              ...(index === 0 ? [] : ['--> statement-breakpoint']),
              `UPDATE ${q(table)} SET ${q(column)} = <value> WHERE ${q(column)} ${list};`,
            ]),
          ),
        ],
      };
    }
  },
} as const satisfies ReviewRule;

interface Removal {
  readonly about: string;
  readonly removed: readonly string[];
  readonly columns: readonly { readonly table: string; readonly column: string }[];
  readonly at: ReadStatement | undefined;
}

function removals(review: Review): readonly Removal[] {
  const { changes, before } = review;
  const ofTypes = changes.enums.flatMap(({ name, before: then, after: now }): Removal[] => {
    const kept = [...(now ?? []), ...renamed(review, name)];
    const removed = then === undefined || now === undefined ? [] : without(then, kept);
    const columns = [...before.tables].flatMap(([table, { columns: all }]) =>
      [...all.values()]
        .filter(({ type }) => type.replace(/(?:\[\d*\])+$/, '') === name)
        .map((one) => ({ table, column: one.name })),
    );
    const at = statementOn(review, ['drop type', 'create type'], '', [name]);
    return removed.length === 0 ? [] : [{ about: name, removed, columns, at }];
  });
  const inColumns = changes.columns.flatMap(
    ({ table, name, before: old, after: now }): Removal[] => {
      const [a, b] = [enumValues(old?.type), enumValues(now?.type)];
      const removed = a === undefined || b === undefined ? [] : without(a, b);
      const at = statementOn(review, ['change type'], table, [name, old?.name ?? name]);
      const columns = [{ table, column: name }];
      return removed.length === 0 ? [] : [{ about: `${table}.${name}`, removed, columns, at }];
    },
  );
  return [...ofTypes, ...inColumns];
}

function renamed({ statements }: Review, type: string): readonly string[] {
  return statements.flatMap(({ actions }) =>
    actions.flatMap((one) => (one.kind === 'rename value' && one.type === type ? [one.value] : [])),
  );
}

function without(then: readonly string[], now: readonly string[]): readonly string[] {
  return then.filter((value) => !now.includes(value));
}
