/** What a database does to the values of a column when its type changes. */
export type TypeChange =
  /** Nothing: the values stay as they are. */
  | 'free'
  /** Each value is written again, and fits. */
  | 'rewrites'
  /** A value may not fit, or loses something. */
  | 'may fail';

export interface Type {
  readonly base: string;
  readonly args: readonly number[];
  /** "[]" or "unsigned", as it is written. */
  readonly rest: string;
}

/** What PostgreSQL's ALTER COLUMN ... TYPE does, from its manual and tried with PGlite. */
export function typeChangeInPostgresql(from: string, to: string): TypeChange {
  const [a, b] = [parsed(from, POSTGRESQL), parsed(to, POSTGRESQL)];
  // What has no limit takes the words of every value.
  const takesAll = b.rest === '' && (b.base === 'text' || isBoundless(b));
  if (a.rest !== b.rest) return takesAll ? 'rewrites' : 'may fail';
  const known = ofText(a, b) ?? ofNumbers(a, b, INTEGERS) ?? ofTimes(a, b) ?? ofWords(a, b, WIDTHS);
  if (known !== undefined) return known;
  if (a.base === 'cidr' && b.base === 'inet') return 'free';
  if (/^jsonb?$/.test(a.base) && /^jsonb?$/.test(b.base)) return 'rewrites';
  return 'may fail';
}

/** What MySQL's MODIFY COLUMN does in strict mode, from its manual. */
export function typeChangeInMysql(from: string, to: string): TypeChange {
  const [a, b] = [inMysql(from), inMysql(to)];
  if (a.rest !== b.rest) return 'may fail';
  for (const all of [TEXTS, BLOBS]) {
    const [x, y] = [all.indexOf(a.base), all.indexOf(b.base)];
    // Of utf8mb4 a character has four bytes at most.
    const bytes = x === 0 ? (a.args[0] ?? 0) * (all === TEXTS ? 4 : 1) : 0;
    const fits = x < y && (y > 1 || bytes <= 255);
    if (x >= 0 && y >= 0 && x !== y) return fits ? 'rewrites' : 'may fail';
  }
  if (a.base === 'enum' && (b.base === 'varchar' || TEXTS.includes(b.base))) return 'rewrites';
  return (
    ofText(a, b) ?? ofNumbers(a, b, MYSQL_INTEGERS) ?? ofWords(a, b, MYSQL_WIDTHS) ?? 'may fail'
  );
}

/** DECIMAL alone is DECIMAL(10,0) there. */
function inMysql(type: string): Type {
  const one = parsed(type, MYSQL);
  return one.base === 'decimal' && one.args.length === 0 ? { ...one, args: [10, 0] } : one;
}

export const POSTGRESQL: Readonly<Record<string, string>> = {
  serial: 'integer',
  bigserial: 'bigint',
  smallserial: 'smallint',
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  int2: 'smallint',
  decimal: 'numeric',
  'character varying': 'varchar',
  character: 'char',
  'timestamp without time zone': 'timestamp',
  'time without time zone': 'time',
};
export const MYSQL: Readonly<Record<string, string>> = {
  boolean: 'tinyint',
  serial: 'bigint',
  numeric: 'decimal',
  integer: 'int',
};
const INTEGERS = ['smallint', 'integer', 'bigint'];
export const MYSQL_INTEGERS = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'];
const TEXTS = ['varchar', 'tinytext', 'text', 'mediumtext', 'longtext'];
const BLOBS = ['varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob'];
/** The most characters that a value has in words. */
const WIDTHS: Readonly<Record<string, number>> = { uuid: 36, boolean: 5 };
const MYSQL_WIDTHS: Readonly<Record<string, number>> = { date: 10, year: 4 };

export function parsed(type: string, names: Readonly<Record<string, string>>): Type {
  const [, word = '', list = '', rest = ''] =
    /^([a-z_][\w .]*?)\s*(?:\(([^)]*)\))?((?:\s*(?:\[\d*\]|unsigned|zerofill|with(?:out)? time zone))*)$/i.exec(
      type.trim(),
    ) ?? ['', type];
  const zone = /with time zone/i.test(rest) ? ' with time zone' : '';
  const base = `${word.toLowerCase()}${zone}`;
  return {
    base: names[base] ?? base,
    args:
      base === 'enum'
        ? []
        : list.split(',').flatMap((one) => (one.trim() === '' ? [] : [Number(one)])),
    rest: rest.replaceAll(/with(?:out)? time zone|\s/gi, '').toLowerCase(),
  };
}

function ofText(a: Type, b: Type): TypeChange | undefined {
  const isText = ({ base }: Type): boolean =>
    base === 'text' || base === 'varchar' || base === 'char';
  if (b.base === 'text') return a.base === 'text' || a.base === 'varchar' ? 'free' : 'rewrites';
  if (!isText(a) || !isText(b)) return undefined;
  const [most = Infinity] = a.base === 'text' ? [] : a.args;
  const [room = b.base === 'char' ? 1 : Infinity] = b.args;
  if (room < most) return 'may fail';
  return a.base === b.base && a.base !== 'char'
    ? 'free'
    : b.base === 'varchar' && a.base === 'text'
      ? 'free'
      : 'rewrites';
}

/** How many digits the greatest value has. */
const DIGITS: Readonly<Record<string, number>> = {
  tinyint: 3,
  smallint: 5,
  mediumint: 8,
  integer: 10,
  int: 10,
  bigint: 19,
};

function ofNumbers(a: Type, b: Type, integers: readonly string[]): TypeChange | undefined {
  const [x, y] = [integers.indexOf(a.base), integers.indexOf(b.base)];
  if (x >= 0 && y >= 0) return x === y ? 'free' : x < y ? 'rewrites' : 'may fail';
  const isExact = ({ base }: Type): boolean => base === 'numeric' || base === 'decimal';
  if (isExact(a) && isExact(b)) {
    if (b.args.length === 0) return 'free';
    const [p = Infinity, s = 0] = a.args;
    const [p2 = 0, s2 = 0] = b.args;
    if (s2 < s || p2 - s2 < p - s) return 'may fail';
    return s2 === s ? 'free' : 'rewrites';
  }
  if (x >= 0 && isExact(b)) {
    const [digits = Infinity, behind = 0] = b.args;
    return digits - behind >= (DIGITS[a.base] ?? Infinity) ? 'rewrites' : 'may fail';
  }
  const floats = ['real', 'float', 'double precision', 'double'];
  if (floats.includes(b.base) && (x >= 0 || a.base === 'real' || a.base === 'float'))
    return 'rewrites';
  return undefined;
}

function isBoundless({ base, args }: Type): boolean {
  return base === 'varchar' && args.length === 0;
}

/** What becomes a varchar. */
function ofWords(
  a: Type,
  b: Type,
  widths: Readonly<Record<string, number>>,
): TypeChange | undefined {
  if (b.base !== 'varchar') return undefined;
  const [digits = Infinity, behind = 0] =
    a.base === 'numeric' || a.base === 'decimal' ? a.args : [DIGITS[a.base]];
  // A sign, and a point, which has a digit in front of it.
  const digitsInFront = digits - Math.min(behind, 0);
  const written = 1 + Math.max(digitsInFront, behind + 1) + (behind > 0 ? 1 : 0);
  // PostgreSQL has NaN in each numeric.
  const width = widths[a.base] ?? Math.max(written, 3);
  return isBoundless(b) || (b.args[0] ?? 0) >= width ? 'rewrites' : 'may fail';
}

function ofTimes(a: Type, b: Type): TypeChange | undefined {
  const isTime = ({ base }: Type): boolean => base.startsWith('timestamp');
  if (a.base === 'date' && isTime(b)) return 'rewrites';
  if (!isTime(a) || !isTime(b)) return undefined;
  const [digits = 6] = a.args;
  const [room = 6] = b.args;
  return a.base === b.base && digits <= room ? 'free' : 'rewrites';
}
