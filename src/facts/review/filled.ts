import type { Token } from '../../sql/tokens/token.ts';
import type { Action } from './action.ts';
import { copiedInto } from './copied-columns.ts';
import { isNamed, mentions } from './find.ts';
import { bareOf, sameName } from './names.ts';
import type { Review } from './review.ts';
import type { ReadStatement } from './statement.ts';
import { columnIn } from './table-parts.ts';

/**
 * Whether rows that were there get a value before a column must have one: an UPDATE of this or an
 * unpublished migration before it sets it, a DELETE takes those without one away, or the copy into a
 * rebuilt table has another value there.
 * @param until the statement that needs it; undefined: wherever it is
 */
export function isBackfilled(
  review: Review,
  table: string,
  column: string,
  until?: ReadStatement,
): boolean {
  const { statements, earlier, rebuilt, renames } = review;
  const at = until === undefined ? -1 : statements.indexOf(until);
  const before = [...earlier, ...(at === -1 ? statements : statements.slice(0, at))];
  const copied = rebuilt.has(table) ? copiedInto(statements, [`__new_${table}`, table]) : [];
  const own = copied.find((one) => sameName(one.column, column));
  // A column under another name may have NULLs as it had them.
  const isItself = (from: string): boolean =>
    sameName(from, column) || renames.some((one) => sameName(one.to, column));
  const isCopied =
    (own !== undefined && !own.isNull && (own.from === undefined || !isItself(own.from))) ||
    (copied.length === 0 && rebuilt.has(table) && statements.some(makesUpValues));
  return (
    isCopied ||
    isReplacedByFull(review, before, table, column) ||
    before.some((one) =>
      one.actions.some(
        (action) =>
          (action.kind === 'update' || action.kind === 'delete') &&
          sameName(action.table, table) &&
          (action.kind === 'update'
            ? action.columns.some((set) => sameName(set, column))
            : !action.hasWhere || mentions(one, column)),
      ),
    )
  );
}

/** The names of columns that these statements give the name of a column. */
function namedBefore(
  statements: readonly ReadStatement[],
  table: string,
  column: string,
): readonly string[] {
  return statements.flatMap(({ actions }) =>
    actions.flatMap((one) =>
      one.kind === 'rename column' && sameName(one.table, table) && sameName(one.to, column)
        ? [one.column]
        : [],
    ),
  );
}

/** An UPDATE that sets a column. */
export interface Filling {
  /** What it sets it to; nothing where that is not one value of its own. */
  readonly value: readonly Token[];
  /** It leaves out no row that has something in `of`, and none that has nothing in the column. */
  readonly leavesOut: (of: string) => boolean;
}

/** The UPDATEs of a table that set a column, in their order. */
export function fillings(
  statements: readonly ReadStatement[],
  table: string,
  column: string,
): readonly Filling[] {
  return statements.flatMap((one) =>
    one.actions.flatMap((action) =>
      action.kind === 'update' &&
      sameName(action.table, table) &&
      action.columns.some((set) => sameName(set, column))
        ? [{ value: valueOf(one, column), leavesOut: leavingOut(one, action, column) }]
        : [],
    ),
  );
}

function leavingOut(
  { tokens }: ReadStatement,
  { hasWhere, whereNotNull }: Extract<Action, { readonly kind: 'update' | 'delete' }>,
  column: string,
): Filling['leavesOut'] {
  const where = tokens.findLastIndex(({ text }) => /^where$/i.test(text));
  const [own, ...words] = tokens.slice(where + 1).filter(({ text }) => text !== ';');
  const isEmpty =
    own !== undefined &&
    isNamed(own, column) &&
    words.map(({ text }) => text.toUpperCase()).join(' ') === 'IS NULL';
  return (of) =>
    hasWhere && !isEmpty && (whereNotNull === undefined || !sameName(whereNotNull, of));
}

function valueOf({ tokens }: ReadStatement, column: string): readonly Token[] {
  const start = tokens.findIndex(
    (token, at) => isNamed(token, column) && tokens[at + 1]?.text === '=',
  );
  let depth = 0;
  const rest = start === -1 ? [] : tokens.slice(start + 2);
  const end = rest.findIndex(({ text }) => {
    if (text === '(') depth++;
    if (text === ')') depth--;
    return depth < 0 || (depth === 0 && /^(?:,|where|from|returning|;)$/i.test(text));
  });
  return end === -1 ? rest : rest.slice(0, end);
}

/** Whether a value is made of a column of its own row: not of a query, nor of another table. */
function isOf(value: readonly Token[], table: string, column: string): boolean {
  return (
    !value.some(({ text }) => /^select$/i.test(text)) &&
    value.some(
      (token, at) =>
        isNamed(token, column) &&
        (value[at - 1]?.text !== '.' ||
          value.slice(0, at).some((one) => isNamed(one, bareOf(table)))),
    )
  );
}

/** Whether all values of a column are copied into one that gets its name. */
export function isReplaced(
  statements: readonly ReadStatement[],
  table: string,
  column: string,
): boolean {
  return namedBefore(statements, table, column).some((other) =>
    fillings(statements, table, other).some(
      ({ value, leavesOut }) => isOf(value, table, column) && !leavesOut(column),
    ),
  );
}

/** Whether a column that gets another one's name has a value in each row before it does. */
function isReplacedByFull(
  { recordedBefore }: Review,
  statements: readonly ReadStatement[],
  table: string,
  column: string,
): boolean {
  const old = [...recordedBefore.tables.values()].find(({ name }) => sameName(name, table));
  const isFull = old !== undefined && columnIn(old, column)?.[1].notNull === true;
  return namedBefore(statements, table, column).some((other) =>
    fillings(statements, table, other).some(
      ({ value, leavesOut }) =>
        !leavesOut(isFull ? column : '') &&
        ((isFull && isOf(value, table, column)) || isNeverNull(value)),
    ),
  );
}

function isNeverNull([first, ...rest]: readonly Token[]): boolean {
  if (/^(?:coalesce|ifnull)$/i.test(first?.text ?? '')) return rest[0]?.text === '(';
  if (/^case$/i.test(first?.text ?? '')) return rest.some(({ text }) => /^else$/i.test(text));
  return rest.length === 0 && (first?.kind === 'string' || first?.kind === 'number');
}

/** Whether it copies rows, without a list of columns, and has values for those that have none. */
function makesUpValues({ actions, tokens }: ReadStatement): boolean {
  return (
    actions.some(({ kind }) => kind === 'insert') &&
    tokens.some(({ kind, text }) => kind === 'word' && /^(?:coalesce|ifnull|case)$/i.test(text))
  );
}
