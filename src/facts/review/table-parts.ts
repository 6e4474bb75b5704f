import { sameName } from './names.ts';
import type { Column, Table } from './picture.ts';

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
