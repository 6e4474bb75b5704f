import { sameName } from './names.ts';
import type { Column, Table, Unique } from './picture.ts';

/** The column of a name, in whatever case. */
export function columnIn({ columns }: Table, name: string): readonly [string, Column] | undefined {
  const exact = columns.get(name);
  return exact === undefined ? [...columns].find(([key]) => sameName(key, name)) : [name, exact];
}

/** With one more; the same where it is the very one. */
export function withOne<T>(
  all: ReadonlyMap<string, T>,
  name: string,
  one: T,
): ReadonlyMap<string, T> {
  return all.get(name) === one ? all : new Map([...all, [name, one]]);
}

/** Without one, in whatever case its name is. */
export function without<T>(all: ReadonlyMap<string, T>, name: string): ReadonlyMap<string, T> {
  const own = all.has(name) ? name : [...all.keys()].find((key) => sameName(key, name));
  return own === undefined ? all : new Map([...all].filter(([key]) => key !== own));
}

/** What goes along with a column, also where another one gets its name: indexes, keys and checks that have it. */
export function withoutKeysOf(table: Table, column: string): Partial<Table> {
  // Expressions and conditions too.
  const isIn = (texts: readonly string[]): boolean =>
    texts.some((text) =>
      [text, ...(text.match(/\w+/g) ?? [])].some((one) => sameName(one, column)),
    );
  const kept = <T extends { readonly columns: readonly string[]; readonly where?: string }>(
    all: ReadonlyMap<string, T>,
  ): ReadonlyMap<string, T> =>
    new Map([...all].filter(([, one]) => !isIn([...one.columns, one.where ?? ''])));
  return {
    primaryKey: isIn(table.primaryKey) ? [] : table.primaryKey,
    uniques: kept(table.uniques),
    indexes: kept(table.indexes),
    foreignKeys: kept(table.foreignKeys),
    checks: new Map([...table.checks].filter(([, check]) => !isIn([check]))),
  };
}

/** A unique constraint, a foreign key or a check of that name. */
export function hasConstraint(name: string, { uniques, foreignKeys, checks }: Table): boolean {
  return uniques.get(name)?.constraint === true || foreignKeys.has(name) || checks.has(name);
}

/** Whether two pictures of a table have the same under a name. */
export function isSameConstraint(name: string, a: Table, b: Table): boolean {
  const of = ({ uniques, foreignKeys, checks }: Table): string =>
    JSON.stringify([uniques.get(name), foreignKeys.get(name), checks.get(name)]);
  return of(a) === of(b);
}

export function withoutConstraint(table: Table, name: string): Partial<Table> {
  return {
    uniques: without(table.uniques, name),
    foreignKeys: without(table.foreignKeys, name),
    checks: without(table.checks, name),
  };
}

/** As the snapshot has it; it says nothing of NULLS NOT DISTINCT of an index. */
export function asMade(origin: Unique | undefined, own: Unique): Unique {
  const isMore = own.nullsEqual === true && origin?.constraint === false;
  return isMore ? { ...origin, nullsEqual: true } : (origin ?? own);
}
