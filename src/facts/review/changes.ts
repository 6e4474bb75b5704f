import type { Column, ForeignKey, Index, Picture, Table, Unique } from './picture.ts';
import { columnAfter, tableAfter, textAfter, type Rename } from './renamed.ts';

/** One thing that differs between two pictures: without `before` it is new, without `after` gone. */
export interface Change<T> {
  /** The table's name after the change; of one that is gone, before it. */
  readonly table: string;
  /** Its own name after the change; of what is gone, before it. */
  readonly name: string;
  readonly before?: T;
  readonly after?: T;
}

/** Of tables that both pictures have, under whatever name, all that differs; no order of columns. */
export interface Changes {
  readonly tables: readonly Change<Table>[];
  readonly columns: readonly Change<Column>[];
  readonly primaryKeys: readonly Change<readonly string[]>[];
  readonly uniques: readonly Change<Unique>[];
  readonly indexes: readonly Change<Index>[];
  readonly foreignKeys: readonly Change<ForeignKey>[];
  readonly checks: readonly Change<string>[];
  readonly policies: readonly Change<string>[];
  /** Row level security that is on or off. */
  readonly rowSecurity: readonly Change<boolean>[];
  readonly enums: readonly Change<readonly string[]>[];
  readonly schemas: readonly Change<true>[];
}

export const NO_CHANGES: Changes = {
  tables: [],
  columns: [],
  primaryKeys: [],
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  policies: [],
  rowSecurity: [],
  enums: [],
  schemas: [],
};

/** Compares two pictures; what was renamed counts as the same thing. */
export function changesOf(
  before: Picture,
  after: Picture,
  renames: readonly Rename[] = [],
): Changes {
  const all = [...before.tables].map(([name, table]) => {
    const now = tableAfter(name, renames);
    return { name, now: after.tables.has(now) ? now : name, table: renamedIn(table, renames) };
  });
  // Another table can have taken its name.
  const taken = new Set(all.flatMap(({ name, now }) => (name === now ? [] : [now])));
  const isLost = ({ name, now }: (typeof all)[number]): boolean => name === now && taken.has(name);
  const earlier = new Map(all.filter((one) => !isLost(one)).map(({ now, table }) => [now, table]));
  const tables: readonly Change<Table>[] = [
    ...all.filter(isLost).map(({ name, table }) => ({ table: name, name, before: table })),
    ...compared('', earlier, after.tables).map((one) => ({ ...one, table: one.name })),
  ];
  const kept = [...after.tables].flatMap(([name, now]) => {
    const then = earlier.get(name);
    return then === undefined ? [] : [{ name, old: then, now }];
  });
  const inEach = <T>(of: (table: Table) => ReadonlyMap<string, T>): readonly Change<T>[] =>
    kept.flatMap(({ name, old, now }) => compared(name, of(old), of(now)));
  const whole = <T>(of: (table: Table) => T): readonly Change<T>[] =>
    kept.flatMap(({ name, old, now }) =>
      equal(of(old), of(now)) ? [] : [{ table: name, name, before: of(old), after: of(now) }],
    );
  return {
    tables: [
      ...tables.filter((one) => one.before === undefined || one.after === undefined),
      ...kept
        .filter(({ old, now }) => old.name !== now.name)
        .map(({ name, old, now }) => ({ table: name, name, before: old, after: now })),
    ],
    columns: inEach(({ columns }) => columns),
    primaryKeys: whole(({ primaryKey }) => primaryKey),
    uniques: inEach(({ uniques }) => uniques),
    indexes: inEach(({ indexes }) => indexes),
    foreignKeys: inEach(({ foreignKeys }) => foreignKeys),
    checks: inEach(({ checks }) => checks),
    policies: inEach(({ policies }) => policies),
    rowSecurity: whole(({ rowSecurity }) => rowSecurity),
    enums: compared('', before.enums, after.enums),
    schemas: compared('', present(before.schemas), present(after.schemas)),
  };
}

/**
 * The table with its columns under their names after the renames, wherever they are named; its own
 * name and each column's stay what they were.
 */
function renamedIn(table: Table, renames: readonly Rename[]): Table {
  if (renames.length === 0) return table;
  const now = (column: string): string => columnAfter(table.name, column, renames);
  const inText = (text: string): string => textAfter(text, table, renames);
  const listed = <T extends { readonly columns: readonly string[]; readonly where?: string }>(
    all: ReadonlyMap<string, T>,
  ): ReadonlyMap<string, T> =>
    new Map(
      [...all].map(([name, one]) => [
        name,
        {
          ...one,
          columns: one.columns.map((part) => (table.columns.has(part) ? now(part) : inText(part))),
          ...(one.where === undefined ? {} : { where: inText(one.where) }),
        },
      ]),
    );
  return {
    ...table,
    columns: new Map([...table.columns].map(([name, column]) => [now(name), column])),
    primaryKey: table.primaryKey.map(now),
    uniques: listed(table.uniques),
    indexes: listed(table.indexes),
    foreignKeys: new Map(
      [...listed(table.foreignKeys)].map(([name, key]) => [
        name,
        {
          ...key,
          target: tableAfter(key.target, renames),
          targetColumns: key.targetColumns.map((one) => columnAfter(key.target, one, renames)),
        },
      ]),
    ),
    checks: new Map([...table.checks].map(([name, check]) => [name, inText(check)])),
  };
}

function present(names: ReadonlySet<string>): ReadonlyMap<string, true> {
  return new Map([...names].map((name) => [name, true]));
}

function compared<T>(
  table: string,
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): readonly Change<T>[] {
  const changes: Change<T>[] = [];
  for (const [name, now] of after) {
    const then = before.get(name);
    if (then === undefined) changes.push({ table, name, after: now });
    else if (!equal(then, now)) changes.push({ table, name, before: then, after: now });
  }
  for (const [name, then] of before)
    if (!after.has(name)) changes.push({ table, name, before: then });
  return changes;
}

function equal(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
