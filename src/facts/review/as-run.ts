import type { Action, Constraint } from './action.ts';
import { altered, type Pair } from './altered.ts';
import { sameName } from './names.ts';
import type { Picture, Table } from './picture.ts';
import { tableAfter, type Rename } from './renamed.ts';
import {
  asMade,
  columnIn,
  hasConstraint,
  isSameConstraint,
  without,
  withoutConstraint,
  withoutKeysOf,
  withOne,
} from './table-parts.ts';

/** What a migration starts from, and what it leaves. */
interface Pictures {
  readonly before: Picture;
  readonly after: Picture;
}

/**
 * The pictures with what the SQL does to published tables and no snapshot says, as a custom
 * migration does. Of what drizzle-kit generates between the two they are what they were. What is
 * dropped or renamed so stays in them: that is read off the statements.
 * @param earlier what the unpublished migrations before it do
 */
export function asRun(
  { before, after }: Pictures,
  actions: readonly Action[],
  earlier: readonly Action[],
  renames: readonly Rename[],
): Pictures {
  const old = new Map(before.tables);
  const now = new Map(after.tables);
  const byName = new Map(
    [
      ...[...old.keys()].map((name) => [name, name] as const),
      ...[...old.keys()].map((name) => [tableAfter(name, renames), name] as const),
    ].map(([one, name]) => [one.toLowerCase(), name]),
  );
  const run = (name: string | undefined, action: Action): void => {
    const table = name === undefined ? undefined : old.get(name);
    if (name === undefined || table === undefined) return;
    const own = now.get(tableAfter(name, renames));
    const origin = after.tables.get(tableAfter(name, renames));
    if (own === undefined || origin === undefined) return;
    const ran = runOn({ old: table, now: own }, action, {
      origin,
      after,
      actions,
      earlier,
      renames,
    });
    old.set(name, ran.old);
    now.set(origin.name, ran.now);
  };
  for (const action of actions)
    if ('table' in action && action.table !== undefined)
      run(byName.get(action.table.toLowerCase()), action);
    else if (action.kind === 'drop index') for (const name of old.keys()) run(name, action);
  const { schemas, enums } = named({ before, after }, actions, earlier);
  return {
    before: { ...before, tables: old, schemas: schemas.old },
    after: { ...after, tables: now, enums, schemas: schemas.now },
  };
}

interface Known {
  /** The table as the snapshot behind the migration has it. */
  readonly origin: Table;
  readonly after: Picture;
  readonly actions: readonly Action[];
  readonly earlier: readonly Action[];
  readonly renames: readonly Rename[];
}

function runOn(pair: Pair, action: Action, known: Known): Pair {
  const { old, now } = pair;
  const { origin } = known;
  const leaving = (change: Partial<Table>): Pair => ({ old, now: { ...now, ...change } });
  switch (action.kind) {
    case 'add column': {
      const { definition } = action;
      const [name, own] = columnIn(now, action.column) ?? [action.column, undefined];
      if (own === undefined) return leaving({ columns: withOne(now.columns, name, definition) });
      // What the snapshot says is said later, or by nobody.
      const isNullable = own.notNull && !own.counts && !definition.notNull && !definition.counts;
      return isNullable && columnIn(old, name) === undefined
        ? leaving({ columns: withOne(now.columns, name, { ...own, notNull: false }) })
        : pair;
    }
    case 'drop column': {
      if (columnIn(origin, action.column) === undefined)
        return leaving({ columns: without(now.columns, action.column) });
      const isReplaced = known.actions.some(
        (one) =>
          (one.kind === 'rename column' || one.kind === 'add column') &&
          sameName(one.table, action.table) &&
          sameName(one.kind === 'rename column' ? one.to : one.column, action.column),
      );
      return isReplaced ? leaving(withoutKeysOf(now, action.column)) : pair;
    }
    case 'set not null':
    case 'change type':
    case 'alter column': {
      const found = altered(pair, action, known);
      return action.dropsReference === true
        ? { ...found, now: withoutReference(found.now, action.column) }
        : found;
    }
    case 'add constraint':
      if (action.constraint === undefined) return pair;
      // Nobody adds what is there: databases do not have what the snapshot says.
      if (hasConstraint(action.name, old) && isSameConstraint(action.name, old, now))
        return { old: { ...old, ...withoutConstraint(old, action.name) }, now };
      return action.isNotValid && !hasConstraint(action.name, origin)
        ? pair
        : leaving(constrained(now, action.name, action.constraint, known));
    case 'drop constraint':
      return leaving({
        ...withoutConstraint(now, action.name),
        ...(isKey(action.name, pair) ? { primaryKey: [] } : {}),
      });
    case 'create index': {
      const { name, unique, kind: _, table: __, ...index } = action;
      if (index.columns.length === 0) return pair;
      const own = { name, ...index, constraint: false };
      return unique
        ? leaving({ uniques: withOne(now.uniques, name, asMade(origin.uniques.get(name), own)) })
        : leaving({ indexes: withOne(now.indexes, name, origin.indexes.get(name) ?? own) });
    }
    case 'drop index': {
      const [was, is] = [old.uniques.get(action.name), now.uniques.get(action.name)];
      // The name of the index that goes can be that of a constraint which comes in its place.
      const isOther = was?.constraint === false && is?.constraint === true;
      return leaving({
        ...(isOther ? {} : { uniques: without(now.uniques, action.name) }),
        indexes: without(now.indexes, action.name),
      });
    }
    case 'row security':
      return {
        old: action.on ? old : { ...old, rowSecurity: true },
        now: { ...now, rowSecurity: action.on },
      };
    case 'create policy': {
      const text = origin.policies.get(action.name) ?? old.policies.get(action.name) ?? '';
      return leaving({ policies: withOne(now.policies, action.name, text) });
    }
    case 'drop policy': {
      const isMade = known.earlier.some(
        (one) => one.kind === 'create policy' && sameName(one.name, action.name),
      );
      const had = old.policies.has(action.name) || isMade;
      return {
        old: had ? old : { ...old, policies: withOne(old.policies, action.name, '') },
        now: { ...now, policies: without(now.policies, action.name) },
      };
    }
    default:
      return pair;
  }
}

function withoutReference(table: Table, column: string): Table {
  const kept = [...table.foreignKeys].filter(
    ([, { columns }]) => columns.length > 1 || !sameName(columns[0] ?? '', column),
  );
  return kept.length === table.foreignKeys.size ? table : { ...table, foreignKeys: new Map(kept) };
}

/** Whether the primary key is dropped by a name that databases give it, and the snapshots keep it. */
function isKey(name: string, { old, now }: Pair): boolean {
  const others = [old.uniques, old.foreignKeys, old.checks];
  return (
    /(?:_pk|_pkey|^primary)$/i.test(name) &&
    old.primaryKey.join('\0') === now.primaryKey.join('\0') &&
    !others.some((all) => [...all.keys()].some((one) => sameName(one, name)))
  );
}

function constrained(
  now: Table,
  name: string,
  constraint: Constraint,
  { origin, after }: Known,
): Partial<Table> {
  if (constraint.of === 'check')
    return {
      checks: withOne(now.checks, name, origin.checks.get(name) ?? constraint.condition),
    };
  // No snapshot has them.
  if (constraint.of === 'exclude') return {};
  const { columns } = constraint;
  if (constraint.of === 'primary key') {
    const isSame =
      columns.length === now.primaryKey.length &&
      columns.every((one) => now.primaryKey.includes(one));
    return isSame ? {} : { primaryKey: columns };
  }
  if (!('target' in constraint)) {
    const { of: _, ...key } = constraint;
    const own = { name, ...key, concurrently: false, constraint: true, expression: false };
    return { uniques: withOne(now.uniques, name, asMade(origin.uniques.get(name), own)) };
  }
  const key = origin.foreignKeys.get(name);
  const target = [...after.tables.values()].find((one) => sameName(one.name, constraint.target));
  // Of a table that only custom SQL makes nothing is known.
  if (key === undefined && target === undefined) return {};
  const own = {
    name,
    columns,
    target: target?.name ?? constraint.target,
    targetColumns:
      constraint.targetColumns.length === 0 ? (target?.primaryKey ?? []) : constraint.targetColumns,
    onDelete: constraint.onDelete,
    onUpdate: 'no action',
  };
  return { foreignKeys: withOne(now.foreignKeys, name, key ?? own) };
}

/** Schemas and enums, which are of no table. */
function named(
  { before, after }: Pictures,
  actions: readonly Action[],
  earlier: readonly Action[],
): {
  readonly schemas: { readonly old: ReadonlySet<string>; readonly now: ReadonlySet<string> };
  readonly enums: Picture['enums'];
} {
  const schemas = { old: new Set(before.schemas), now: new Set(after.schemas) };
  const enums = new Map(after.enums);
  const made = new Set(
    [...earlier, ...actions].flatMap((one) => (one.kind === 'create schema' ? [one.name] : [])),
  );
  for (const action of actions) {
    if (action.kind === 'drop schema' && !made.has(action.name)) {
      schemas.old.add(action.name);
      schemas.now.delete(action.name);
    }
    if (action.kind === 'drop type') enums.delete(action.name);
    const labels = action.kind === 'create type' ? after.enums.get(action.name) : undefined;
    if (action.kind === 'create type' && labels !== undefined) enums.set(action.name, labels);
  }
  return { schemas, enums };
}
