import type { Token } from '../../sql/tokens/token.ts';
import { sameName } from './names.ts';
import type { ReadStatement } from './statement.ts';

/** Where a copy of rows has the value of a column from. */
export interface CopiedColumn {
  readonly column: string;
  /** The column of the old table; undefined where it is anything else than its name. */
  readonly from: string | undefined;
  /** It is the word NULL. */
  readonly isNull: boolean;
}

/**
 * What `INSERT INTO table (a, b) SELECT x, y FROM ...` copies into each column; nothing of one
 * without a list, or whose lists do not go together.
 */
export function copiedInto(
  statements: readonly ReadStatement[],
  tables: readonly string[],
): readonly CopiedColumn[] {
  const copy = statements.find(({ actions }) =>
    actions.some(
      (one) => one.kind === 'insert' && tables.some((table) => sameName(one.table, table)),
    ),
  );
  if (copy === undefined) return [];
  const { tokens } = copy;
  const select = tokens.findIndex(({ text }) => /^select$/i.test(text));
  const open = tokens.findIndex(({ text }) => text === '(');
  if (open === -1 || select < open) return [];
  const columns = items(tokens.slice(open + 1, select)).map(([first]) => nameOf(first));
  const values = items(tokens.slice(select + 1));
  if (columns.length !== values.length) return [];
  return values.map((value, at) => ({
    column: columns[at] ?? '',
    from: value.length === 1 ? nameOf(value[0]) : undefined,
    isNull: value.length === 1 && /^null$/i.test(value[0]?.text ?? ''),
  }));
}

/** The parts between commas, up to FROM or the parenthesis that ends the list. */
function items(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const all: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const { text, kind } = token;
    if (depth === 0 && (text === ')' || (kind === 'word' && /^from$/i.test(text)))) break;
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (depth === 0 && text === ',') all.push([]);
    else all.at(-1)?.push(token);
  }
  return all;
}

function nameOf(token: Token | undefined): string | undefined {
  if (token?.kind === 'quoted-name') return token.text.slice(1, -1);
  return token?.kind === 'word' && !/^(?:null|true|false|current_\w+)$/i.test(token.text)
    ? token.text
    : undefined;
}
