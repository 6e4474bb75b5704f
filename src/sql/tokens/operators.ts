import type { Reader } from './reader.ts';

const POSTGRESQL = '+-*/<>=~!@#%^&|`?';
/**
 * An operator of several characters may end in + or - only if it holds one of these (the manual,
 * 4.1.3).
 */
const LETS_SIGNS_END = /[~!@#%^&|`?]/;

/**
 * postgresql takes the longest run of operator characters for one operator, also a user-defined
 * one, up to a comment: `@>`, `->>`, `<=>` are one, `*-` are two. A reader for one text: it
 * remembers how far a run of signs goes.
 */
export function postgresqlOperators(): Reader {
  let signsUntil = 0;
  return (sql, at) => {
    if (at < signsUntil) return { kind: 'operator', end: at + 1 };
    if (sql.startsWith('::', at) || sql.startsWith(':=', at) || sql.startsWith('..', at))
      return { kind: 'operator', end: at + 2 };
    let end = at;
    while (
      end < sql.length &&
      POSTGRESQL.includes(sql[end] ?? '') &&
      (end === at || !(sql.startsWith('--', end) || sql.startsWith('/*', end)))
    )
      end++;
    if (end === at) return undefined;
    if (/[+-]/.test(sql[end - 1] ?? '') && !LETS_SIGNS_END.test(sql.slice(at, end))) {
      signsUntil = end;
      while (end > at + 1 && /[+-]/.test(sql[end - 1] ?? '')) end--;
    }
    return { kind: 'operator', end };
  };
}

/** Operators of a fixed list, longest first, and any single character of `singles`. */
function listed(long: readonly string[], singles: string): Reader {
  return (sql, at) => {
    const found = long.find((operator) => sql.startsWith(operator, at));
    if (found !== undefined) return { kind: 'operator', end: at + found.length };
    return singles.includes(sql[at] ?? '\0') ? { kind: 'operator', end: at + 1 } : undefined;
  };
}

export const mysqlOperator = listed(
  ['<=>', '->>', '<<', '>>', '<=', '>=', '<>', '!=', '||', '&&', ':=', '->'],
  '+-*/%=<>!&|^~@',
);
export const sqliteOperator = listed(
  ['->>', '||', '->', '<<', '>>', '<=', '>=', '==', '<>', '!='],
  '+-*/%=<>!&|~',
);

export const punctuation: Reader = (sql, at) =>
  '()[]{},;.:'.includes(sql[at] ?? '\0') ? { kind: 'punctuation', end: at + 1 } : undefined;
