import type { Dialect } from '../../model/dialect.ts';
import { lex } from '../../sql/tokens/lexer.ts';

/** `character varying ( 9 ) [ ]` */
const TYPE = [
  String.raw`\S+(?: varying| precision|(?: with| without) time zone)?`,
  String.raw`(?: \( \d+(?: , \d+)? \))?(?: \[ (?:\d+ )?\])*`,
].join('');

/** What is written in one form or another, and says the same. Words are between spaces. */
const REWRITTEN: readonly (readonly [RegExp, string])[] = [
  [/ \S+ \.(?= )/g, ''],
  [new RegExp(String.raw`(?: ::|(?<= cast \(.*) as) ${TYPE}(?= )`, 'g'), ''],
  [/ (?:=|is) (?:true|1)(?= )/g, ''],
  [/ (?:=|is) (?:false|0)(?= )/g, ' not'],
  [/ not in | <> all | != /g, ' <> '],
  [/ in /g, ' = '],
  [/ between /g, ' >= <= '],
];
/** MySQL's own way to write what joins conditions; to others `||` joins texts, and `&&` is an overlap. */
const JOINTS: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or' };

/** A word of a condition, where a dialect has two ways to write it in the common one. */
export function conditionWord(word: string, dialect: Dialect): string {
  return dialect === 'mysql' || dialect === 'singlestore' ? (JOINTS[word] ?? word) : word;
}

const SAYS_NOTHING = new Set(['', '(', ')', ',', '[', ']', 'any', 'array', 'cast', 'or']);
const PLACEHOLDER = /^(?:\$\d+|\?|@p\d+)$/;

/**
 * The names, values and operators of an SQL expression, each once and in an order of their own.
 * Parentheses, casts, tables, quotes, OR and the order in which it has them are left out: two
 * expressions with other words say different things, two with the same may say the same.
 * Undefined where it has a placeholder, which drizzle-kit writes for a value that it was given.
 */
export function wordsOf(sql: string, dialect: Dialect): string | undefined {
  const tokens = lex(sql.replaceAll(/'(-?\d+(?:\.\d+)?)'/g, '$1'), dialect);
  const plain = tokens.map(({ kind, text }) =>
    kind === 'string'
      ? text.replaceAll(' ', '\u00A0')
      : conditionWord(bareName(kind, text).toLowerCase(), dialect),
  );
  let text = ` ${plain.join(' ')} `;
  for (const [from, to] of REWRITTEN) text = text.replaceAll(from, to);
  const words = text.split(' ').filter((word) => !SAYS_NOTHING.has(word));
  if (words.some((word) => PLACEHOLDER.test(word))) return undefined;
  return [...new Set(words)].toSorted().join(' ');
}

function bareName(kind: string, text: string): string {
  return kind === 'quoted-name' ? text.slice(1, -1) : text;
}
