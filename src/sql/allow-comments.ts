import type { Dialect } from '../model/dialect.ts';
import { lex } from './tokens/lexer.ts';

/** `-- guard-allow <rule>: <reason>`: an exception beside the statement that it excuses. */
export interface AllowComment {
  /** Of the `--`, from the start of the text. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  /** As written; need not be the id of a rule. */
  readonly rule: string;
  /** '' where none is given. */
  readonly reason: string;
}

const FORM = /--[ \t]*guard-allow\b[ \t]*:?[ \t]*([\w-]*)[ \t]*:?[ \t]*([^\r\n]*)/g;

/** Every such comment of a migration; text inside a literal is not a comment. */
export function allowComments(sql: string, dialect: Dialect): readonly AllowComment[] {
  if (!sql.includes('guard-allow')) return [];
  const tokens = lex(sql, dialect);
  return [...sql.matchAll(FORM)].flatMap(({ index, 1: rule = '', 2: reason = '' }) => {
    if (tokens.some(({ start, end }) => start <= index && index < end)) return [];
    return [
      {
        offset: index,
        line: sql.slice(0, index).split('\n').length,
        rule,
        reason: reason.replace(/\*\/\s*$/, '').trim(),
      },
    ];
  });
}
