import { hasRows } from '../../facts/review/find.ts';
import { bareOf, sameName } from '../../facts/review/names.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { Fix } from '../../model/finding.ts';
import type { ReviewRule } from '../rule.ts';
import { restartsIn, sequencesMadeIn, type Restart } from '../text/counters.ts';
import { engineOf, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'counter-set-back',
  severity: 'warning',
  title: 'a sequence or identity counts from a number that rows may have already',
  why: 'The next INSERTs fail, one for each number that is taken, or rows get the same number.',
  details:
    'ALTER SEQUENCE ... RESTART, setval() of a number, and RESTART of an identity; GENERATED AS IDENTITY ' +
    'that an old column gets, which drizzle-kit generates so, and nextval() of a new sequence: both ' +
    'begin with 1, whatever is there. Of SQL Server DBCC CHECKIDENT with RESEED. A note where it is given another ' +
    'number than the first. Exempt are what setval() of a query puts right behind it, tables that are new ' +
    'or emptied before, and sequences that unpublished migrations made. MySQL and SQLite look at the rows.',
  fix: 'Set it to the highest number that is there, in the same migration.',
  examples: {
    refused: 'ALTER TABLE "users" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY;',
    passes:
      'the same, with SELECT setval(pg_get_serial_sequence(\'"users"\', \'id\'), max("id")) FROM "users"; behind it',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    const engine = engineOf(review);
    if (engine !== 'postgresql' && engine !== 'mssql') return;
    const made = sequencesMadeIn([...review.earlier, ...review.statements], review.dialect);
    for (const at of review.statements)
      for (const restart of restartsIn(at, review.dialect)) {
        const { sequence, from } = restart;
        const isMade = sequence !== undefined && made.some((one) => sameName(one, sequence));
        // A default that takes the numbers of a new sequence, or a new sequence that is set.
        if (isMade !== restart.isDefault) continue;
        const owner = ownerOf(review, restart);
        if (owner === 'new' || (owner !== undefined && isEmptied(review, owner.table, at)))
          continue;
        const name = sequence ?? `${owner?.table}.${owner?.column ?? 'its identity'}`;
        if (isPutRight(review, restart.isDefault ? undefined : at, [sequence, owner?.table]))
          continue;
        yield {
          about: name,
          at,
          ...(from > 1 ? { severity: 'note' as const } : {}),
          message:
            owner === undefined
              ? `${name} counts from ${from}, however far it was: what it gives may be taken`
              : `${name} counts from ${from}: an INSERT into ${owner.table} gets numbers that rows may have`,
          safe: [countingOn(review, restart, owner)],
        };
      }
  },
} as const satisfies ReviewRule;

interface Owner {
  readonly table: string;
  readonly column?: string;
}

/** The published column that it counts; undefined: not known. */
function ownerOf(review: Review, restart: Restart): Owner | 'new' | undefined {
  const { table, column, sequence } = restart;
  const all = [...review.before.tables.values()];
  if (table !== undefined) {
    const own = all.find(({ name }) => sameName(name, table));
    if (own === undefined) return hasRows(review, table) ? { table } : 'new';
    if (column === undefined) {
      const counted = [...own.columns.values()].find(({ counts }) => counts);
      return { table: own.name, ...(counted === undefined ? {} : { column: counted.name }) };
    }
    const found = [...own.columns.values()].find(({ name }) => sameName(name, column));
    return found === undefined ? 'new' : { table: own.name, column: found.name };
  }
  const bare = bareOf(sequence ?? '');
  const isOf = (of: string, name: string): boolean => sameName(bare, `${bareOf(of)}_${name}_seq`);
  for (const { name, columns } of all)
    for (const own of columns.values())
      if (isOf(name, own.name) || own.default?.includes(`${bare}'`) === true)
        return { table: name, column: own.name };
  const isOfNew = [...review.earlier, ...review.statements].some(({ actions }) =>
    actions.some((one) => one.kind === 'create table' && bare.startsWith(`${bareOf(one.table)}_`)),
  );
  return isOfNew ? 'new' : undefined;
}

/** Whether the migration takes all rows away before. */
function isEmptied({ earlier, statements }: Review, table: string, at: ReadStatement): boolean {
  return [...earlier, ...statements.slice(0, statements.indexOf(at))].some(({ actions }) =>
    actions.some(
      (one) =>
        (one.kind === 'truncate table' || (one.kind === 'delete' && !one.hasWhere)) &&
        sameName(one.table, table),
    ),
  );
}

/** Whether a statement, behind this one, sets the counter by what it reads. */
function isPutRight(
  { statements, dialect }: Review,
  at: ReadStatement | undefined,
  names: readonly (string | undefined)[],
): boolean {
  const own = names.flatMap((name) => (name === undefined ? [] : [bareOf(name).toLowerCase()]));
  return statements
    .slice(at === undefined ? 0 : statements.indexOf(at) + 1)
    .some(
      (one) =>
        /\b(?:setval|restart|reseed)\b/i.test(one.source) &&
        restartsIn(one, dialect).length === 0 &&
        own.some((name) => one.source.toLowerCase().includes(name)),
    );
}

function countingOn(review: Review, restart: Restart, owner: Owner | undefined): Fix {
  const q = quoting(review.dialect);
  if (engineOf(review) === 'mssql')
    return {
      text: 'Let it go on behind the highest number that is there, with this in its place:',
      sql: `DBCC CHECKIDENT ('${owner?.table ?? restart.table}', RESEED);`,
    };
  const { sequence } = restart;
  if (owner?.column === undefined)
    return sequence === undefined
      ? { text: 'Look first which numbers there are.' }
      : { text: 'See how far it has counted:', sql: `SELECT last_value FROM ${q(sequence)};` };
  const counter =
    sequence === undefined
      ? `pg_get_serial_sequence(${literal(q(owner.table))}, ${literal(owner.column)})`
      : literal(q(sequence));
  return {
    text: 'Put this behind it, so that it goes on behind the highest number that is there:',
    sql:
      '--> statement-breakpoint\n' +
      `SELECT setval(${counter}, max(${q(owner.column)})) FROM ${q(owner.table)};`,
  };
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
