import type { Dialect } from '../../model/dialect.ts';
import { flavourOf } from '../../sql/tokens/flavour.ts';
import { lex } from '../../sql/tokens/lexer.ts';
import { foldedTexts, type Token } from '../../sql/tokens/token.ts';

/** Whether a condition holds for every row, whatever is in it: `true`, `1 = 1`, `id = 1 OR 1 = 1`. */
export function alwaysHolds(condition: readonly Token[]): boolean {
  const bare = withoutParentheses(condition);
  const some = partsOf(bare, /^or$/i);
  if (some.length > 1) return some.some(alwaysHolds);
  const each = partsOf(bare, /^and$/i);
  if (each.length > 1) return each.every(alwaysHolds);
  const [first, operator, second, ...more] = bare;
  if (more.length > 0 || first === undefined) return false;
  if (operator === undefined) return /^(?:true|[1-9]\d*)$/i.test(first.text);
  if (second === undefined)
    return /^not$/i.test(first.text) && /^(?:false|0)$/i.test(operator.text);
  return /^(?:=|==|<=>|is)$/i.test(operator.text) && isLiteral(first) && first.text === second.text;
}

/** The column of `column IS NOT NULL`, where that is all. */
export function onlyNotNull(condition: readonly Token[]): Token | undefined {
  const [column, ...rest] = withoutParentheses(condition);
  return rest.map(({ text }) => text.toUpperCase()).join(' ') === 'IS NOT NULL'
    ? column
    : undefined;
}

/** The column of `id > 0`, `id >= 1`, `id <> 0`, where that is all: it holds for the numbers of a key. */
export function onlyPositive(condition: readonly Token[]): Token | undefined {
  const [column, operator, second, ...more] = withoutParentheses(condition);
  const compared = `${operator?.text} ${second?.text}`;
  return more.length === 0 && /^(?:(?:>|<>|!=) (?:0|-1)|>= [01])$/.test(compared)
    ? column
    : undefined;
}

/**
 * Whether rows that keep to some conditions keep to one more, as far as its words show: it lets
 * through what they do, or more behind OR or in IN (...). Likewise where a part is neither true nor
 * false, which a check lets through.
 */
export function isImplied(condition: string, held: readonly string[], dialect: Dialect): boolean {
  const read = (text: string): Condition => readCondition(lex(text, dialect), dialect);
  return implies({ of: 'and', parts: held.map(read) }, read(condition));
}

/** A part that is not divided is its text. */
type Condition = string | { readonly of: 'and' | 'or'; readonly parts: readonly Condition[] };

function implies(held: Condition, one: Condition): boolean {
  if (typeof one === 'object' && one.of === 'and')
    return one.parts.every((part) => implies(held, part));
  if (typeof held === 'object' && held.of === 'or')
    return held.parts.every((part) => implies(part, one));
  if (typeof held === 'object' && held.parts.some((part) => implies(part, one))) return true;
  return typeof one === 'object' ? one.parts.some((part) => implies(held, part)) : held === one;
}

/** Words and operators that divide a condition in another way: it counts as one part. */
const DIVIDES_OTHERWISE = /^(?:case|xor|\|\||&&)$/i;

function readCondition(tokens: readonly Token[], dialect: Dialect): Condition {
  const bare = withoutParentheses(tokens);
  const textOf = (some: readonly Token[]): string =>
    foldedTexts(some, flavourOf(dialect)).join(' ');
  if (bare.some(({ text }) => DIVIDES_OTHERWISE.test(text))) return textOf(bare);
  for (const of of ['or', 'and'] as const) {
    const parts = partsOf(bare, new RegExp(`^${of}$`, 'i'));
    if (parts.length > 1) return { of, parts: parts.map((part) => readCondition(part, dialect)) };
  }
  // `a IN (1, 2)` is `a = 1 OR a = 2`.
  const [operand = [], list = [], ...more] = partsOf(bare, /^in$/i);
  const isListed = list[0]?.text === '(' && withoutParentheses(list) !== list;
  const values = isListed ? partsOf(list.slice(1, -1), /^,$/) : [];
  if (more.length > 0 || !isOperand(operand) || !areLiterals(values)) return textOf(bare);
  return { of: 'or', parts: values.map((value) => `${textOf(operand)} = ${textOf(value)}`) };
}

/** Of one kind: IN compares anything else in other ways than `=`, as rows, columns and what has a collation. */
function areLiterals(values: readonly (readonly Token[])[]): boolean {
  const kinds = values.map(([first, ...more]) => {
    const [one, ...others] = first?.text === '-' ? more : [first, ...more];
    return others.length === 0 ? one?.kind : undefined;
  });
  return /^(?:number|string)$/.test(kinds[0] ?? '') && kinds.every((kind) => kind === kinds[0]);
}

/** `"t"."a"`, `lower(a)`: no operator and no word in front of IN is about more than it. */
function isOperand(tokens: readonly Token[]): boolean {
  return tokens.every((token, at) => {
    const next = tokens[at + 1];
    return isName(token) ? next === undefined || !isName(next) : /^[.(),]$/.test(token.text);
  });
}

function isName({ kind }: Token): boolean {
  return kind === 'word' || kind === 'quoted-name';
}

function isLiteral({ kind, text }: Token): boolean {
  return kind === 'number' || kind === 'string' || /^(?:true|false)$/i.test(text);
}

/** What is in the parentheses around all of it; the same tokens where there are none. */
export function withoutParentheses(tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  const end = tokens.findIndex(({ text }) => {
    depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    return depth === 0;
  });
  return end > 0 && end === tokens.length - 1 ? withoutParentheses(tokens.slice(1, -1)) : tokens;
}

/** What is between such words, outside of parentheses. */
export function partsOf(tokens: readonly Token[], word: RegExp): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  let isBetween = false;
  for (const token of tokens) {
    if (token.text === ')') depth--;
    // The AND of BETWEEN is none.
    const divides = depth === 0 && token.kind !== 'quoted-name' && word.test(token.text);
    if (divides && !(isBetween && /^and$/i.test(token.text))) parts.push([]);
    else parts.at(-1)?.push(token);
    if (depth === 0 && /^between$/i.test(token.text)) isBetween = true;
    else if (depth === 0 && /^and$/i.test(token.text)) isBetween = false;
    if (token.text === '(') depth++;
  }
  return parts;
}
