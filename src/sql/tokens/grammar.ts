import { beginsWord, isDigit, wordEnd } from './characters.ts';
import { mysqlDirectives } from '../directives.ts';
import type { Flavour } from './flavour.ts';
import { mysqlOperator, postgresqlOperators, punctuation, sqliteOperator } from './operators.ts';
import {
  bracketed,
  dollarQuoted,
  postgresqlString,
  prefixed,
  quotedWith,
  unicodeName,
} from './quoted.ts';
import type { Reader } from './reader.ts';

/** The readers of a flavour's tokens, in the order in which they are tried; for one text. */
export function readersOf(flavour: Flavour): readonly Reader[] {
  const plain = [number(flavour), word(flavour)];
  switch (flavour) {
    case 'postgresql':
      return [
        postgresqlString,
        quotedWith('"', 'quoted-name'),
        unicodeName,
        dollarQuoted,
        numbered(/^\$\d/),
        ...plain,
        postgresqlOperators(),
        punctuation,
      ];
    case 'mysql':
      return [
        mysqlDirectives(),
        quotedWith("'", 'string', true),
        quotedWith('"', 'string', true),
        quotedWith('`', 'quoted-name'),
        prefixed('xbn', true),
        numbered(/^\?/),
        named(/^@{1,2}[\w$\u0080-\uFFFF]/),
        ...plain,
        mysqlOperator,
        punctuation,
      ];
    case 'sqlite':
      return [
        quotedWith("'", 'string'),
        quotedWith('"', 'quoted-name'),
        quotedWith('`', 'quoted-name'),
        bracketed,
        prefixed('x', false),
        numbered(/^\?/),
        named(/^[:@#$][\w$\u0080-\uFFFF]/),
        ...plain,
        sqliteOperator,
        punctuation,
      ];
  }
}

function word(flavour: Flavour): Reader {
  return (sql, at) =>
    beginsWord(sql[at], flavour) ? { kind: 'word', end: wordEnd(sql, at) } : undefined;
}

/** $1, ?, ?1: what `begin` matches, and digits. */
function numbered(begin: RegExp): Reader {
  return (sql, at) => {
    const first = begin.exec(sql.slice(at, at + 2));
    if (first === null) return undefined;
    let end = at + first[0].length;
    while (isDigit(sql[end])) end++;
    return { kind: 'parameter', end };
  };
}

/** :name, @name, @@name: what `begin` matches, and the rest of a word. */
function named(begin: RegExp): Reader {
  return (sql, at) => {
    const first = begin.exec(sql.slice(at, at + 3));
    return first === null
      ? undefined
      : { kind: 'parameter', end: wordEnd(sql, at + first[0].length) };
  };
}

/** 1, 1_000, 1.5, .5, 1e-5, 0xAB; letters right behind a number belong to it. */
function number(flavour: Flavour): Reader {
  return (sql, at) => {
    if (!isDigit(sql[at]) && !(sql[at] === '.' && isDigit(sql[at + 1]))) return undefined;
    let end = digitsEnd(sql, at);
    if (sql[end] === '.' && sql[end + 1] !== '.') end = digitsEnd(sql, end + 1);
    const exponent = /^[eE][+-]?\d/.exec(sql.slice(end, end + 3));
    if (exponent !== null) end = digitsEnd(sql, end + exponent[0].length);
    // A `$` may begin something else here: postgresql takes 1$$a$$ for two tokens.
    if (beginsWord(sql[end], flavour)) end = wordEnd(sql, end);
    return { kind: 'number', end };
  };
}

function digitsEnd(sql: string, at: number): number {
  let end = at;
  while (isDigit(sql[end]) || sql[end] === '_') end++;
  return end;
}
