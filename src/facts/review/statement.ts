import type { Dialect } from '../../model/dialect.ts';
import { splitStatements } from '../../sql/statements.ts';
import type { Token } from '../../sql/tokens/token.ts';
import type { Action } from './action.ts';
import { readActions } from './read-action.ts';

/** A statement of a migration, with what it does. */
export interface ReadStatement {
  /** 1-based, in the SQL file. */
  readonly line: number;
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly actions: readonly Action[];
}

/** The statements of an SQL text, those inside of PostgreSQL's `DO $$ ... $$` too. */
export function readStatements(sql: string, dialect: Dialect): readonly ReadStatement[] {
  return splitStatements(sql, dialect).flatMap(({ tokens, source, line }): ReadStatement[] => {
    const whole = { line, source, tokens, actions: readActions(tokens, dialect) };
    const [first, body] = tokens;
    if (dialect !== 'postgresql' || first?.text.toUpperCase() !== 'DO' || body?.kind !== 'string')
      return [whole];
    const [, quote = ''] = /^(\$\w*\$)/.exec(body.text) ?? [];
    const inner = splitStatements(
      body.text.slice(quote.length, -quote.length || undefined),
      dialect,
    );
    return [
      whole,
      ...inner.flatMap((one) => {
        const own = one.tokens.slice(beginOf(one.tokens));
        const begin = own[0];
        if (begin === undefined) return [];
        const at = line + begin.line - 1;
        const text = one.source.slice(begin.start - (one.tokens[0]?.start ?? 0));
        // BEGIN and END are blocks there.
        const actions = readActions(own, dialect).filter(({ kind }) => kind !== 'transaction');
        return [{ line: at, source: text, tokens: own, actions }];
      }),
    ];
  });
}

const BEFORE = /^(?:BEGIN|THEN|ELSE|LOOP)$/i;

/** Behind the BEGIN, or the last THEN, that comes before it. */
function beginOf(tokens: readonly Token[]): number {
  const at = tokens.findLastIndex(({ kind, text }) => kind === 'word' && BEFORE.test(text));
  return at + 1;
}
