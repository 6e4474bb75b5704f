import { usualName } from '../../schema/diff/compare.ts';
import { listField, recordsIn, textField, type Json } from '../../schema/diff/snapshot-json.ts';
import type { How, ShownEdge, ShownTable } from './shown.ts';

/** The foreign keys of the tables that change, and those of others that point to them. */
export function edgesOf(
  changed: readonly ShownTable[],
  before: ReadonlyMap<string, Json>,
  after: ReadonlyMap<string, Json>,
): readonly ShownEdge[] {
  const shown = new Map(changed.map((table) => [table.name, table]));
  const own = changed.flatMap(({ name, parts }) =>
    parts
      .filter(({ kind }) => kind === 'foreign key')
      .flatMap(({ name: key, how }) => {
        const table = how === 'dropped' ? before.get(name) : after.get(name);
        const found = [...recordsIn(table ?? {}, 'foreignKeys')].find(([one]) => one === key);
        return found === undefined ? [] : [edge(name, table ?? {}, found, how)];
      }),
  );
  const others = [...after]
    .filter(([name]) => !shown.has(name))
    .flatMap(([name, table]) =>
      [...recordsIn(table, 'foreignKeys')]
        .map((found) => edge(name, table, found, 'same'))
        .filter(({ to }) => shown.has(to)),
    );
  return [...own, ...others];
}

function edge(
  from: string,
  table: Json,
  [name, key]: readonly [string, Json],
  how: How,
): ShownEdge {
  const columns = listField(key, 'columnsFrom').map(String);
  const all = recordsIn(table, 'columns');
  return {
    from,
    to: usualName(textField(key, 'schemaTo'), textField(key, 'tableTo')),
    name,
    columns,
    how,
    optional: columns.some((column) => {
      const { notNull, primaryKey } = all.get(column) ?? {};
      return notNull !== true && primaryKey !== true;
    }),
  };
}
