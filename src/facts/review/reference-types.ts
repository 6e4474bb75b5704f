import { MYSQL, MYSQL_INTEGERS, parsed, POSTGRESQL } from './type-change.ts';

/**
 * Whether PostgreSQL compares a column with the one that it references: the two have an equality
 * operator in one family, or the value is cast implicitly. Undefined where a type is not known.
 * Tried with PGlite for each pair.
 */
export function comparedInPostgresql(from: string, to: string): boolean | undefined {
  const [a, b] = [parsed(from, POSTGRESQL), parsed(to, POSTGRESQL)];
  if (a.base === b.base && a.rest === b.rest) return true;
  const [child, parent] = [FAMILIES[a.base], FAMILIES[b.base]];
  if (child === undefined || parent === undefined || a.rest !== '' || b.rest !== '')
    return undefined;
  const [x, y] = [NUMBERS.indexOf(child), NUMBERS.indexOf(parent)];
  return child === parent || (x !== -1 && x <= y);
}

/** Each is cast to those behind it. */
const NUMBERS = ['integer', 'numeric', 'float'];
const FAMILIES: Readonly<Record<string, string>> = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'numeric',
  real: 'float',
  'double precision': 'float',
  text: 'text',
  varchar: 'text',
  char: 'text',
  date: 'date',
  timestamp: 'date',
  'timestamp with time zone': 'date',
  uuid: 'uuid',
  boolean: 'boolean',
  bytea: 'bytea',
  jsonb: 'jsonb',
  inet: 'inet',
  cidr: 'inet',
};

/** Whether InnoDB takes such a foreign key (3780): integers have to be of the same size and sign. */
export function comparedInMysql(from: string, to: string): boolean | undefined {
  const [a, b] = [mysqlKind(from), mysqlKind(to)];
  return a === undefined || b === undefined ? undefined : a === b;
}

function mysqlKind(type: string): string | undefined {
  const { base, rest } = parsed(type, MYSQL);
  if (/^serial$/i.test(type)) return 'bigint unsigned';
  if (MYSQL_INTEGERS.includes(base)) return `${base}${rest === '' ? '' : ' unsigned'}`;
  if (/^(?:varchar|char|(?:tiny|medium|long)?text)$/.test(base)) return 'text';
  if (/^(?:(?:var)?binary|(?:tiny|medium|long)?blob)$/.test(base)) return 'bytes';
  return /^(?:decimal|float|double|date|datetime|timestamp|time)$/.test(base) ? base : undefined;
}

/** Whether two columns of SQLite have the same affinity, as its manual derives it; all numbers are one. */
export function comparedInSqlite(from: string, to: string): boolean {
  return affinityOf(from) === affinityOf(to);
}

function affinityOf(type: string): 'text' | 'blob' | 'number' {
  if (/int/i.test(type)) return 'number';
  if (/char|clob|text/i.test(type)) return 'text';
  return type === '' || /blob/i.test(type) ? 'blob' : 'number';
}
