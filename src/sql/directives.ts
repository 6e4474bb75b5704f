import type { Reader } from './tokens/reader.ts';

/**
 * Comments that mysql obeys: of an executable one (`/*!50110 ... *\/`, MariaDB's `/*M!`) both ends
 * are tokens and the text between them is lexed as the SQL that it is; an optimizer hint (`/*+
 * ... *\/`) is one token. A reader for one text: it remembers whether an executable comment is
 * open.
 */
export function mysqlDirectives(): Reader {
  let open = false;
  return (sql, at) => {
    if (open && sql.startsWith('*/', at)) {
      open = false;
      return { kind: 'directive', end: at + 2 };
    }
    if (!sql.startsWith('/*', at)) return undefined;
    if (sql[at + 2] === '+') {
      const close = sql.indexOf('*/', at + 3);
      return close === -1
        ? { kind: 'unterminated', end: sql.length }
        : { kind: 'directive', end: close + 2 };
    }
    const begin = /^\/\*M?!\d*/.exec(sql.slice(at, at + 12));
    if (begin === null) return undefined;
    if (!open && sql.indexOf('*/', at + begin[0].length) === -1)
      return { kind: 'unterminated', end: sql.length };
    open = true;
    return { kind: 'directive', end: at + begin[0].length };
  };
}
