import type { Dialect } from '../../model/dialect.ts';
import type { Token } from '../../sql/tokens/token.ts';
import { Cursor } from './cursor.ts';

/**
 * The text that an expression gives, where that is plain: a literal, several with `||` between
 * them, or `format()` of literals. Undefined where it depends on anything else.
 */
export function builtText(tokens: readonly Token[], dialect: Dialect): string | undefined {
  const at = new Cursor(tokens, dialect);
  const parts: string[] = [];
  do {
    const part = at.takes('FORMAT') ? formatted(at) : at.text();
    if (part === undefined) return undefined;
    parts.push(part);
  } while (at.takes('||'));
  return at.isAtEnd ? parts.join('') : undefined;
}

/** `format('... %I ...', 'users')`. */
function formatted(at: Cursor): string | undefined {
  const list = at.takeInside();
  if (list === undefined) return undefined;
  const inside = at.over(list);
  const pattern = inside.text();
  const values: string[] = [];
  while (inside.takes(',')) {
    const value = inside.text();
    if (value === undefined) return undefined;
    values.push(value);
  }
  if (pattern === undefined || !inside.isAtEnd || /%(?![ILs%])/.test(pattern)) return undefined;
  return pattern.replaceAll(/%([ILs%])/g, (_, how: string) => {
    if (how === '%') return '%';
    const value = values.shift() ?? '';
    return how === 'I'
      ? `"${value.replaceAll('"', '""')}"`
      : how === 'L'
        ? `'${value.replaceAll("'", "''")}'`
        : value;
  });
}
