import type { Token } from '../../sql/tokens/token.ts';

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

function isLiteral({ kind, text }: Token): boolean {
  return kind === 'number' || kind === 'string' || /^(?:true|false)$/i.test(text);
}

function withoutParentheses(tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  const end = tokens.findIndex(({ text }) => {
    depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    return depth === 0;
  });
  return end > 0 && end === tokens.length - 1 ? withoutParentheses(tokens.slice(1, -1)) : tokens;
}

/** What is between such words, outside of parentheses. */
function partsOf(tokens: readonly Token[], word: RegExp): readonly (readonly Token[])[] {
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
