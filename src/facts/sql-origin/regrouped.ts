import type { Dialect } from '../../model/dialect.ts';
import { lex } from '../../sql/tokens/lexer.ts';
import { conditionWord, wordsOf } from './words-of.ts';

/** A condition by what AND, OR and NOT join; the rest of it by its words. */
type Condition =
  | { readonly joins: 'and' | 'or'; readonly all: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly atom: string };

/** Conditions with more parts than this are not compared. */
const MOST_ATOMS = 10;

/**
 * Whether two conditions of the same parts join them otherwise: `a AND (b OR c)` and `(a AND b) OR
 * c`. More parentheses, another order, and what comes to the same for each value of the parts, are
 * no difference. False where their parts are not the same, or not known.
 */
export function isRegrouped(one: string, other: string, dialect: Dialect): boolean {
  const [left, right] = [one, other].map((sql) => read(wordsIn(sql, dialect), dialect));
  if (left === undefined || right === undefined) return false;
  const [atoms, others] = [left, right].map((all) => [...new Set(atomsOf(all))].toSorted());
  if (atoms === undefined || atoms.length > MOST_ATOMS || atoms.join('\0') !== others?.join('\0'))
    return false;
  return Array.from({ length: 2 ** atoms.length }, (_, row) => {
    const isTrue = (atom: string): boolean => (row & (1 << atoms.indexOf(atom))) !== 0;
    return holds(left, isTrue) !== holds(right, isTrue);
  }).includes(true);
}

function wordsIn(sql: string, dialect: Dialect): readonly string[] {
  return lex(sql, dialect).map(({ kind, text }) =>
    kind === 'string' || kind === 'quoted-name' ? text : conditionWord(text.toLowerCase(), dialect),
  );
}

/** Undefined where it has a part whose words are not known. */
function read(words: readonly string[], dialect: Dialect): Condition | undefined {
  for (const joins of ['or', 'and'] as const) {
    const parts = splitAt(joins, words);
    if (parts.length > 1) {
      const all = parts.flatMap((part) => read(part, dialect) ?? []);
      return all.length === parts.length ? { joins, all } : undefined;
    }
  }
  const [first, ...rest] = words;
  // MySQL's `!` takes what is next to it alone.
  const isNext = rest.length === 1 || closes(rest) === rest.length - 1;
  if (first === 'not' || (first === '!' && isNext)) {
    const not = read(rest, dialect);
    return not && { not };
  }
  if (first === '(' && closes(words) === words.length - 1) return read(rest.slice(0, -1), dialect);
  const atom = words.length === 0 ? undefined : wordsOf(words.join(' '), dialect);
  return atom === undefined || words.includes('xor') ? undefined : { atom };
}

/** Outside parentheses and CASE; the AND of a BETWEEN is none. */
function splitAt(joint: 'and' | 'or', words: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  let depth = 0;
  let isBetween = false;
  for (const word of words) {
    depth += DEEPER[word] ?? 0;
    if (depth === 0 && word === 'between') isBetween = true;
    if (depth === 0 && word === joint && !(word === 'and' && isBetween)) parts.push([]);
    else parts.at(-1)?.push(word);
    if (depth === 0 && word === 'and') isBetween = false;
  }
  return parts;
}

const DEEPER: Readonly<Record<string, number>> = { '(': 1, ')': -1, case: 1, end: -1 };

/** Where the parenthesis that begins the words is closed. */
function closes(words: readonly string[]): number {
  let depth = 0;
  return words.findIndex((word) => (depth += DEEPER[word] ?? 0) === 0);
}

function atomsOf(condition: Condition): readonly string[] {
  if ('atom' in condition) return [condition.atom];
  return 'not' in condition ? atomsOf(condition.not) : condition.all.flatMap(atomsOf);
}

function holds(condition: Condition, isTrue: (atom: string) => boolean): boolean {
  if ('atom' in condition) return isTrue(condition.atom);
  if ('not' in condition) return !holds(condition.not, isTrue);
  return condition.joins === 'and'
    ? condition.all.every((one) => holds(one, isTrue))
    : condition.all.some((one) => holds(one, isTrue));
}
