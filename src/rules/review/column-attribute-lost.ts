import { sameName } from '../../facts/review/names.ts';
import type { Column } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { Fix } from '../../model/finding.ts';
import { listed } from '../../model/words.ts';
import type { ReviewRule } from '../rule.ts';
import { ON_UPDATE, restated } from '../text/restated-column.ts';
import { engineOf, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'column-attribute-lost',
  severity: 'warning',
  title: 'a column loses its default, counter or expression, or a NOT NULL that the schema has',
  why: 'Code that still runs does not give the value: its INSERTs fail or leave the column empty.',
  details:
    'DEFAULT of a NOT NULL column, identity, AUTO_INCREMENT, a serial, ON UPDATE CURRENT_TIMESTAMP, a ' +
    'COLLATE or CHARACTER SET of its own, and GENERATED AS, whose values nothing computes any more. ' +
    'MODIFY and CHANGE of MySQL and the ALTER COLUMN of libSQL define a column again: what they do not ' +
    'say is gone, also where the schema still has it. ALTER COLUMN of SQL Server does so with NOT NULL. ' +
    'A COMMENT is not seen: no snapshot has it.',
  fix: 'Say all of the column that stays; release code that gives the value before it goes.',
  examples: {
    refused: 'ALTER TABLE `users` MODIFY `id` bigint; which was an int with AUTO_INCREMENT',
    passes: 'ALTER TABLE `users` MODIFY `id` bigint NOT NULL AUTO_INCREMENT;',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    for (const { table, name, before, after } of review.changes.columns) {
      if (before === undefined || after === undefined) continue;
      const at = alterationOf(review, table, [before.name, name]);
      if (at === undefined) continue;
      const wanted = review.recorded.tables.get(table)?.columns.get(name);
      const lost = lostBetween(review, { table, before, after, wanted, at });
      if (lost.length === 0) continue;
      yield {
        about: `${table}.${name}`,
        at,
        message: `${table}.${name} loses ${listed(lost)}: ${effectOf(lost, after)}`,
        safe:
          wanted !== undefined && isMissed(wanted, after) && isRedefined(at, table, name)
            ? sayingAll(review, table, { ...wanted, type: after.type })
            : keepingIt(review, { table, before, after }, lost),
      };
    }
  },
} as const satisfies ReviewRule;

/** What makes the column another one; a rebuild of SQLite likewise. */
function alterationOf(
  { statements, rebuilt }: Review,
  table: string,
  names: readonly string[],
): ReadStatement | undefined {
  return (
    statements.findLast(({ actions }) =>
      actions.some(
        (one) =>
          (one.kind === 'change type' || one.kind === 'alter column') &&
          (one.drops !== undefined || one.redefined === true) &&
          sameName(one.table, table) &&
          names.some((name) => sameName(one.column, name)),
      ),
    ) ?? rebuilt.get(table)
  );
}

function isRedefined({ actions }: ReadStatement, table: string, name: string): boolean {
  return actions.some(
    (one) =>
      (one.kind === 'change type' || one.kind === 'alter column') &&
      one.redefined === true &&
      sameName(one.table, table) &&
      sameName(one.column, name),
  );
}

interface Lost {
  readonly table: string;
  readonly before: Column;
  readonly after: Column;
  /** As the snapshot behind the migration has it. */
  readonly wanted: Column | undefined;
  readonly at: ReadStatement;
}

function lostBetween(
  review: Review,
  { table, before, after, wanted, at }: Lost,
): readonly string[] {
  const isLite = engineOf(review) === 'sqlite';
  const key = review.after.tables.get(table)?.primaryKey ?? [];
  const given = after.default !== undefined || after.counts || after.generated !== undefined;
  return [
    // SQLite counts the rows of every integer key.
    ...(before.counts && !given && !isLite ? [counterOf(review)] : []),
    ...(before.default !== undefined && !given && (after.notNull || wanted?.default !== undefined)
      ? [`DEFAULT ${before.default}`]
      : []),
    ...(before.generated !== undefined && after.generated === undefined ? ['its expression'] : []),
    ...(before.notNull &&
    !after.notNull &&
    !after.counts &&
    wanted?.notNull === true &&
    !key.includes(after.name) &&
    isRedefined(at, table, after.name)
      ? ['NOT NULL']
      : []),
    ...(before.onUpdate === true && after.onUpdate !== true ? [ON_UPDATE] : []),
    ...(before.collation !== undefined && after.collation === undefined && isText(after)
      ? [before.collation]
      : []),
  ];
}

function isCollation(text: string): boolean {
  return /^(?:CHARACTER SET|CHARSET|COLLATE)\s/i.test(text);
}

function isText({ type }: Column): boolean {
  return /char|text|enum|set\b/i.test(type);
}

/** Whether the schema still has what the column loses. */
function isMissed(wanted: Column, after: Column): boolean {
  return (
    (wanted.notNull && !after.notNull) ||
    (wanted.counts && !after.counts) ||
    (wanted.default !== undefined && after.default === undefined) ||
    (wanted.generated !== undefined && after.generated === undefined) ||
    (wanted.onUpdate === true && after.onUpdate !== true) ||
    (wanted.collation !== undefined && after.collation === undefined)
  );
}

function counterOf(review: Review): string {
  return engineOf(review) === 'mysql' ? 'AUTO_INCREMENT' : 'its own numbers';
}

function effectOf(lost: readonly string[], after: Column): string {
  if (lost.includes('its expression')) return 'nothing computes it any more';
  const [first = ''] = lost;
  if (first === 'NOT NULL') return 'the schema says that no row has NULL there';
  if (first === ON_UPDATE) return 'an UPDATE leaves the old time there';
  if (isCollation(first))
    return 'its text compares as the default of the table does, and a unique key may fail';
  return `an INSERT without it ${after.notNull ? 'fails' : 'leaves NULL'}`;
}

/** The statement with all that the snapshots know of the column. */
function sayingAll(review: Review, table: string, column: Column): readonly Fix[] {
  const more =
    engineOf(review) === 'mysql' ? ', with its COMMENT, as SHOW CREATE TABLE has it' : '';
  return column.generated === undefined
    ? [{ text: `Say all that stays${more}:`, sql: restated(review, table, column) }]
    : [{ text: 'Say all that stays, with its GENERATED ALWAYS AS.' }];
}

function keepingIt(
  review: Review,
  { table, before, after }: Pick<Lost, 'table' | 'before' | 'after'>,
  lost: readonly string[],
): readonly Fix[] {
  if (lost.includes('its expression'))
    return [{ text: 'Release code first that writes it in each INSERT and UPDATE.' }];
  const [first = ''] = lost;
  const sql = kept(review, { table, before, after }, lost);
  const verb = first === ON_UPDATE ? 'UPDATE' : 'INSERT';
  return [
    isCollation(first)
      ? { text: 'Look first for values of a unique key that are then the same.' }
      : {
          text:
            `First release code that gives a value in each ${verb}; take this away in the release ` +
            'after that.',
        },
    ...(sql === undefined ? [] : [{ text: 'Or keep it, in the schema too:', sql }]),
  ];
}

function kept(
  review: Review,
  { table, before, after }: Pick<Lost, 'table' | 'before' | 'after'>,
  lost: readonly string[],
): string | undefined {
  const engine = engineOf(review);
  const q = quoting(review.dialect);
  const [own, name] = [q(table), q(after.name)];
  const alter = `ALTER TABLE ${own} ALTER COLUMN ${name}`;
  const isDefaultAlone = before.default !== undefined && lost.length === 1;
  if (engine === 'mysql' && (!isDefaultAlone || /^current_/i.test(before.default ?? ''))) {
    return restated(review, table, { ...before, ...after, counts: before.counts });
  }
  if (before.default !== undefined)
    return engine === 'postgresql' || engine === 'mysql'
      ? `${alter} SET DEFAULT ${before.default};`
      : undefined;
  if (engine !== 'postgresql') return undefined;
  const sequence = `pg_get_serial_sequence(${quotedText(own)}, ${quotedText(after.name)})`;
  return before.type.endsWith('serial')
    ? `${alter} SET DEFAULT nextval(${sequence});`
    : `${alter} ADD GENERATED BY DEFAULT AS IDENTITY;\n--> statement-breakpoint\n` +
        `SELECT setval(${sequence}, max(${name})) FROM ${own};`;
}

function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
