import { qualified, type Column, type Picture } from '../facts/review/picture.ts';
import type { Dialect } from '../model/dialect.ts';

/** PostgreSQL's default schema. */
const HOME = 'public';
const NAME = String.raw`"((?:[^"]|"")+)"`;
const TABLE = String.raw`(?:${NAME}\.)?${NAME}`;
const DROPS_TABLE = new RegExp(String.raw`^\s*DROP TABLE ${TABLE} CASCADE\b`, 'i');
const DROPS_CONSTRAINT = new RegExp(
  String.raw`^(\s*ALTER TABLE ${TABLE} DROP CONSTRAINT )${NAME}`,
  'i',
);
const CHANGES_TYPE = new RegExp(
  String.raw`^\s*(ALTER TABLE ${TABLE} ALTER COLUMN ${NAME}) SET DATA TYPE ([^;]+?)\s*;?\s*$`,
  'i',
);

/** What is written in the place of a statement, and why. */
interface Instead {
  readonly statements: readonly string[];
  readonly reason: string;
}

/**
 * Where drizzle-kit's SQL fails on every database, the statement is written so that it runs, with
 * the reason above it. A way back has such statements more often than a way forward.
 * @param statements as drizzle-kit generates them; @param from what they start from
 */
export function madeToRun(
  statements: readonly string[],
  from: Picture,
  dialect: Dialect,
): readonly string[] {
  if (dialect === 'mysql') return withoutChecks(statements, from);
  const instead =
    dialect === 'postgresql'
      ? inPostgresql(statements, from)
      : dialect === 'sqlite' || dialect === 'turso'
        ? inSqlite(statements, from)
        : () => undefined;
  let wasAsGenerated = true;
  return statements.flatMap((statement) => {
    const other = instead(statement);
    // Up to the next statement that is as generated, one comment does for all.
    const isFirst = wasAsGenerated;
    wasAsGenerated = other === undefined;
    if (other === undefined) return statement;
    const [first = '', ...more] = other.statements;
    return isFirst ? [because(other.reason, first), ...more] : other.statements;
  });
}

function because(reason: string, statement: string): string {
  return `-- guard-allow sql-edited: ${reason}\n${statement}`;
}

function inPostgresql(
  statements: readonly string[],
  from: Picture,
): (statement: string) => Instead | undefined {
  const gone = new Set<string>();
  return (statement) => {
    const [, schema, table = ''] = DROPS_TABLE.exec(statement) ?? [];
    if (table !== '') gone.add(qualified(schema, table, HOME));
    return behindCascade(statement, from, gone) ?? withUsing(statement, from, statements);
  };
}

const COPIES =
  /^(\s*INSERT INTO `__new_(?:[^`]|``)+`)\((.*)\) SELECT (.*) FROM `((?:[^`]|``)+)`(;?\s*)$/i;
const RENAMES = /RENAME COLUMN ["`](.+)["`] TO ["`](.+)["`]/gi;

/**
 * A table that is built again is filled from the old one, also where that lacks a column: the values
 * of those are left to their defaults (drizzle-kit 0.31: `_prepareSqliteRecreateTable`).
 */
function inSqlite(
  statements: readonly string[],
  { tables }: Picture,
): (statement: string) => Instead | undefined {
  const renamed = new Set(
    statements.flatMap((one) => [...one.matchAll(RENAMES)].map(([, , to]) => to)),
  );
  return (statement) => {
    const [, start = '', into = '', select = '', table = '', end = ''] =
      COPIES.exec(statement) ?? [];
    const columns = tables.get(table)?.columns;
    const [to, what] = [into, select].map((list) => list.match(/"(?:[^"]|"")+"/g) ?? []);
    if (columns === undefined || to === undefined || to.join() !== what?.join()) return undefined;
    const isThere = (quoted: string): boolean =>
      columns.has(quoted.slice(1, -1)) || renamed.has(quoted.slice(1, -1));
    const kept = to.filter(isThere);
    if (kept.length === 0 || kept.length === to.length) return undefined;
    const names = kept.join(', ');
    return {
      reason: `${table} has no ${to.filter((one) => !isThere(one)).join(', ')} yet`,
      statements: [`${start.trimStart()}(${names}) SELECT ${names} FROM \`${table}\`${end}`],
    };
  };
}

const DROPS = /^\s*DROP TABLE `((?:[^`]|``)+)`/i;

/** MySQL drops no table that a foreign key of another one still refers to. */
function withoutChecks(statements: readonly string[], { tables }: Picture): readonly string[] {
  const drops = statements.flatMap((statement, at) => {
    const [, table] = DROPS.exec(statement) ?? [];
    return table === undefined ? [] : [{ at, table }];
  });
  const isReferred = drops.some(({ table }) =>
    [...tables.values()].some(
      ({ name, foreignKeys }) =>
        name !== table && [...foreignKeys.values()].some(({ target }) => target === table),
    ),
  );
  const [first, last] = [drops[0]?.at, drops.at(-1)?.at];
  if (!isReferred || first === undefined || last === undefined) return statements;
  return [
    ...statements.slice(0, first),
    because('foreign keys still refer to what is dropped', 'SET FOREIGN_KEY_CHECKS = 0;'),
    ...statements.slice(first, last + 1),
    because('foreign keys are checked again', 'SET FOREIGN_KEY_CHECKS = 1;'),
    ...statements.slice(last + 1),
  ];
}

/**
 * A table is dropped with CASCADE, which takes the foreign keys of other tables to it along. Those
 * are dropped again behind it, and are not there any more (drizzle-kit 0.31: `applyPgSnapshotsDiff`
 * puts tables before constraints).
 */
function behindCascade(
  statement: string,
  { tables }: Picture,
  gone: ReadonlySet<string>,
): Instead | undefined {
  const [drop, start = '', , , name = ''] = DROPS_CONSTRAINT.exec(statement) ?? [];
  if (drop === undefined) return undefined;
  const key = [...tables.values()]
    .flatMap(({ foreignKeys }) => foreignKeys.get(name) ?? [])
    .find(({ target }) => gone.has(target));
  if (key === undefined) return undefined;
  const rest = statement.slice(drop.length);
  return {
    reason: `CASCADE took it along with ${key.target}`,
    statements: [`${start.trimStart()}IF EXISTS "${name}"${rest}`],
  };
}

/** PostgreSQL casts text to nothing else by itself, and the default of the column neither. */
function withUsing(
  statement: string,
  { tables }: Picture,
  all: readonly string[],
): Instead | undefined {
  const [, start = '', schema, table = '', name = '', type = ''] =
    CHANGES_TYPE.exec(statement) ?? [];
  const column = tables.get(qualified(schema, table, HOME))?.columns.get(name);
  if (column === undefined || !isText(column.type) || isText(type) || /\bUSING\b/i.test(type))
    return undefined;
  const cast = `${start} SET DATA TYPE ${type} USING "${name}"::${type};`;
  return isReplaced(column, all, `${start} SET DEFAULT `)
    ? {
        reason: `neither ${column.type} nor the default is cast to ${type} by itself`,
        statements: [`${start} DROP DEFAULT;`, cast],
      }
    : { reason: `${column.type} is not cast to ${type} by itself`, statements: [cast] };
}

function isReplaced(column: Column, all: readonly string[], sets: string): boolean {
  return column.default !== undefined && all.some((one) => one.trimStart().startsWith(sets));
}

function isText(type: string): boolean {
  return /^(?:text|(?:var)?char(?:acter)?(?: varying)?(?:\s*\(\d+\))?)$/i.test(type.trim());
}
