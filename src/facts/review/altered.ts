import type { Action } from './action.ts';
import type { Column, Table } from './picture.ts';
import { columnAfter, type Rename } from './renamed.ts';
import { columnIn, withOne } from './table-parts.ts';

/** A table of both. */
export interface Pair {
  readonly old: Table;
  readonly now: Table;
}

type Alteration = Extract<
  Action,
  { readonly kind: 'set not null' | 'change type' | 'alter column' }
>;

/** SET NOT NULL, types and what else makes a column what it is, of columns that stay. */
export function altered(
  pair: Pair,
  action: Alteration,
  { renames, origin }: { readonly renames: readonly Rename[]; readonly origin: Table },
): Pair {
  const { old, now } = pair;
  const own = columnIn(now, action.column);
  if (own === undefined) return pair;
  const [name, column] = own;
  const { type = column.type, notNull = column.notNull } = action;
  const isOtherType = plain(type) !== plain(column.type);
  const left = keeping(column, action, origin.columns.get(name) ?? column);
  if (isOtherType || notNull !== column.notNull || left !== column) {
    const changed = { ...left, type: isOtherType ? type : column.type, notNull };
    return { old, now: { ...now, columns: withOne(now.columns, name, changed) } };
  }
  // Nobody sets what is set: databases do not have what the snapshot says.
  const was = [...old.columns].find(([key]) => columnAfter(old.name, key, renames) === name);
  if (action.kind !== 'set not null' || was === undefined || !was[1].notNull) return pair;
  return {
    old: { ...old, columns: withOne(old.columns, was[0], { ...was[1], notNull: false }) },
    now,
  };
}

/**
 * What is left of a column's default, counter, expression, ON UPDATE and collation, or is there again;
 * the same object where nothing changes.
 * @param origin the column as the snapshot has it
 */
function keeping(column: Column, { definition, drops, sets }: Alteration, origin: Column): Column {
  const { default: value, generated, onUpdate: _, collation, ...bare } = column;
  const said = definition ?? column;
  const hasDefault = drops === 'default' ? false : sets === 'default' || said.default !== undefined;
  const isComputed = drops === 'expression' ? false : said.generated !== undefined;
  const counts =
    // That of a serial is a default.
    drops === 'counter' || (drops === 'default' && value === undefined)
      ? false
      : sets === 'counter' || said.counts;
  const isSame =
    hasDefault === (value !== undefined) &&
    isComputed === (generated !== undefined) &&
    counts === column.counts &&
    said.onUpdate === column.onUpdate &&
    (said.collation === undefined) === (collation === undefined);
  const [again, computed] = [value ?? origin.default, generated ?? origin.generated];
  return isSame
    ? column
    : {
        ...bare,
        counts,
        ...(hasDefault ? { default: again ?? definition?.default ?? 'DEFAULT' } : {}),
        ...(isComputed && computed !== undefined ? { generated: computed } : {}),
        ...(said.onUpdate === true ? { onUpdate: true } : {}),
        ...(said.collation === undefined ? {} : { collation: collation ?? said.collation }),
      };
}

function plain(type: string): string {
  return type.replaceAll(/["`\s]/g, '').toLowerCase();
}
