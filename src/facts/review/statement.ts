import type { Dialect } from '../../model/dialect.ts';
import { splitStatements } from '../../sql/statements.ts';
import type { Token } from '../../sql/tokens/token.ts';
import type { Action } from './action.ts';
import { insideOf } from './inside.ts';
import { readActions } from './read-action.ts';
import { withoutTemporary } from './temporary.ts';

/** A statement of a migration, with what it does. */
export interface ReadStatement {
  /** 1-based, in the SQL file. */
  readonly line: number;
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly actions: readonly Action[];
}

type Unread = Pick<ReadStatement, 'source' | 'tokens'>;

/** The statements of an SQL text, and those that they run: see `insideOf`. */
export function readStatements(sql: string, dialect: Dialect): readonly ReadStatement[] {
  const all = splitStatements(sql, dialect).map(({ tokens, source, line }) => ({
    // What mysql executes of a comment is SQL.
    tokens: tokens.filter(({ kind }) => kind !== 'directive'),
    source,
    line,
  }));
  const withInside = (one: Unread, line: number): readonly ReadStatement[] => {
    const actions = readActions(one.tokens, dialect);
    const inside = insideOf(one, all, dialect);
    if (inside === 'unread') return [{ ...one, line, actions: [{ kind: 'unread' }] }];
    const own = { ...one, line, actions };
    if (inside === undefined) return [own];
    // Lines of the tokens count from the first one's in the text that they are in.
    const from = line + inside.line - (one.tokens[0]?.line ?? 1);
    return [
      own,
      ...inside.statements.flatMap((each) => {
        const begun = behindBegin(each);
        const [begin] = begun.tokens;
        if (begin === undefined) return [];
        const read = withInside(begun, from + begin.line - 1);
        // BEGIN and END are blocks there.
        return read.map((found) => ({
          ...found,
          actions: found.actions.filter(({ kind }) => kind !== 'transaction'),
        }));
      }),
    ];
  };
  const read = all.flatMap((one) => withInside(one, one.line));
  return withoutTemporary(read, dialect);
}

const BEFORE = /^(?:BEGIN|ATOMIC|THEN|ELSE|LOOP)$/i;

/** Behind the BEGIN, or the last THEN, that comes before it; those of a CASE are of its expression. */
function behindBegin({ tokens, source }: Unread): Unread {
  const found: (number | 'case')[] = [];
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'word') continue;
    if (/^case$/i.test(text) && !/^end$/i.test(tokens[at - 1]?.text ?? '')) found.push('case');
    else if (BEFORE.test(text)) found.push(at);
    else if (/^end$/i.test(text) && found.includes('case')) found.splice(found.lastIndexOf('case'));
  }
  const own = tokens.slice((found.findLast((one) => one !== 'case') ?? -1) + 1);
  return { tokens: own, source: source.slice((own[0]?.start ?? 0) - (tokens[0]?.start ?? 0)) };
}
