import type { Token } from '../../sql/tokens/token.ts';
import type { Action } from './action.ts';
import { sameName } from './names.ts';
import { tableAfter } from './renamed.ts';
import type { Review } from './review.ts';
import type { ReadStatement } from './statement.ts';
import { temporary } from './temporary.ts';

/**
 * Where something is done to a table: the first statement of one of these kinds that names it and
 * one of the names (a column, a constraint, an index; the first of them that has one); where the
 * table is rebuilt, the CREATE TABLE of the copy; else the first statement of no known kind that
 * names both. Undefined: the SQL does not do what the snapshots say, which is another rule's.
 */
export function statementOn(
  { statements, rebuilt }: Pick<Review, 'statements' | 'rebuilt'>,
  kinds: readonly Action['kind'][],
  table: string,
  names: readonly string[] = [],
): ReadStatement | undefined {
  const isOn = (of: string): boolean => sameName(of, table);
  const naming = (name: string): ReadStatement | undefined =>
    statements.find(({ actions }) =>
      actions.some(
        (action) =>
          kinds.includes(action.kind) &&
          (!('table' in action) || isOn(action.table)) &&
          sameName(
            'column' in action ? action.column : 'name' in action ? action.name : table,
            name,
          ),
      ),
    );
  const own = first(names.length === 0 ? [table] : names, naming);
  const bare = table.slice(table.lastIndexOf('.') + 1);
  return (
    own ??
    rebuilt.get(table) ??
    statements.find(
      (one) =>
        one.actions.every(({ kind }) => UNKNOWN.has(kind)) &&
        mentions(one, bare) &&
        names.some((name) => mentions(one, name)),
    )
  );
}

/** What may do more than was read of it. */
const UNKNOWN: ReadonlySet<Action['kind']> = new Set([
  'other',
  'unread',
  'rename index',
  'alter column',
  'change type',
]);

function first<T>(names: readonly string[], of: (name: string) => T | undefined): T | undefined {
  for (const name of names) {
    const found = of(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a statement has a name as one of its tokens. */
export function mentions({ tokens }: ReadStatement, name: string): boolean {
  return tokens.some((token) => isNamed(token, name));
}

/** Whether a token is a name, in whatever quotes and case. */
export function isNamed({ kind, text }: Token, name: string): boolean {
  return (
    (kind === 'word' && sameName(text, name)) ||
    (kind === 'quoted-name' && sameName(text.slice(1, -1), name))
  );
}

/** Whether it adds a constraint for new rows alone. */
export function isNotValid(at: ReadStatement | undefined, name: string): boolean {
  return (
    at?.actions.some(
      (one) => one.kind === 'add constraint' && sameName(one.name, name) && one.isNotValid,
    ) === true
  );
}

/**
 * Whether a constraint of the table that databases have is validated before a statement: the rows
 * keep to it, or the migration has failed there.
 */
export function isValidated(
  { statements, earlier }: Review,
  table: string,
  until: ReadStatement | undefined,
): boolean {
  const end = until === undefined ? statements.length : statements.indexOf(until);
  const actions = [...earlier, ...statements.slice(0, end)].flatMap((one) => one.actions);
  return actions.some(
    (one) =>
      one.kind === 'validate constraint' &&
      sameName(one.table, table) &&
      !actions.some((other) => other.kind === 'add constraint' && sameName(other.name, one.name)),
  );
}

/**
 * Whether twins are looked for before a statement needs that there are none: an UPDATE or DELETE
 * that reads its table once more, and names one of these columns.
 */
export function isDeduplicated(
  { statements, earlier }: Review,
  table: string,
  columns: readonly string[],
  until: ReadStatement | undefined,
): boolean {
  const end = until === undefined ? statements.length : statements.indexOf(until);
  const bare = table.slice(table.lastIndexOf('.') + 1);
  return [...earlier, ...statements.slice(0, end)].some(
    (one) =>
      one.actions.some(
        (action) =>
          (action.kind === 'update' || action.kind === 'delete') && sameName(action.table, table),
      ) &&
      one.tokens.filter((token, at) => isNamed(token, bare) && one.tokens[at + 1]?.text !== '.')
        .length > 1 &&
      columns.some((column) => mentions(one, column)),
  );
}

/** Whether databases may have rows of it: it is no table that the unpublished migrations make. */
export function hasRows(
  { before, after, statements, earlier, renames, dialect }: Review,
  table: string,
): boolean {
  const published = [...before.tables.keys()];
  if (published.some((name) => sameName(name, table) || tableAfter(name, renames) === table))
    return true;
  if ([...after.tables.keys()].some((name) => sameName(name, table))) return false;
  const names = [table, temporary(table, dialect)];
  return ![...earlier, ...statements].some(({ actions }) =>
    actions.some(
      (action) =>
        action.kind === 'create table' && names.some((name) => sameName(action.table, name)),
    ),
  );
}
