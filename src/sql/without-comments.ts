import type { Dialect } from '../model/dialect.ts';
import { lexText } from './tokens/lexer.ts';

/** A migration as a database reads it: without comments and what its literals say. */
export function withoutComments(sql: string, dialect: Dialect): string {
  const { tokens } = lexText(sql, dialect);
  let end = 0;
  return tokens
    .map((token) => {
      const gap = token.start > end ? ' ' : '';
      end = token.end;
      return `${gap}${token.kind === 'string' ? "''" : token.text}`;
    })
    .join('');
}
