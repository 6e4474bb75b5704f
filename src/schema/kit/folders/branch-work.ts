import { isDeepStrictEqual } from 'node:util';
import type { Dialect } from '../../../model/dialect.ts';
import { isRecord } from '../../../model/unknown.ts';
import { ancestorsOf, type FolderSnapshot } from '../../folders.ts';
import { property } from '../foreign-module.ts';
import { isListed } from '../recorded-renames.ts';
import { around } from './around.ts';
import { compare } from './compare.ts';
import { inOrder, rowsOf } from './read-folder.ts';
import type { Functions } from './regions.ts';
import type { Answer } from './resolvers.ts';
import { folderDialect } from './sources.ts';

/** A row of a state: a table, a column, an index, a view ... */
export type Row = Readonly<Record<string, unknown>>;

/**
 * What the migrations of one branch did, in rows. Each step counts, also what a later one takes back:
 * those of the other branch may run in between.
 */
export interface BranchWork {
  /** Dropped or renamed, and there before the branch. */
  readonly gone: readonly Row[];
  /** As they were after a step that added or changed them. */
  readonly made: readonly Row[];
  /** Changed, as they were before and after a step. */
  readonly changed: readonly (readonly [before: Row, after: Row])[];
  /** Tables that SQLite makes again under another name, with the columns that the branch knows. */
  readonly rebuilt: ReadonlySet<unknown>;
}

/** @param side the folders of the branch, in order */
export async function workOf(
  kit: Functions,
  dialect: Dialect,
  all: readonly FolderSnapshot[],
  side: readonly FolderSnapshot[],
): Promise<BranchWork> {
  const own = new Set<string>();
  const [gone, made, changed]: [Row[], Row[], (readonly [Row, Row])[]] = [[], [], []];
  const rebuilt = new Set<unknown>();
  for (const { folder } of side) {
    const change = await around(kit, dialect, inOrder(ancestorsOf(all, folder)), folder);
    if (change.status !== 'ok') continue;
    const [from, to] = [byKey(rowsOf(change.before)), byKey(rowsOf(change.after))];
    for (const key of new Set([...from.keys(), ...to.keys()])) {
      const [then, now] = [from.get(key), to.get(key)];
      if (isDeepStrictEqual(then, now)) continue;
      if (then === undefined && !gone.some((row) => keyOf(row) === key)) own.add(key);
      if (now !== undefined) made.push(now);
      if (then !== undefined && now === undefined && !own.has(key)) gone.push(then);
      if (then !== undefined && now !== undefined) changed.push([then, now]);
    }
    if (dialect === 'sqlite' || dialect === 'turso')
      for (const table of await rebuiltTables(kit, dialect, change)) rebuilt.add(table);
  }
  return { gone, made, changed, rebuilt };
}

/** As drizzle-kit decides it (`setOfTablesToRecereate` in its dialects/sqlite/diff.ts). */
async function rebuiltTables(
  kit: Functions,
  dialect: Dialect,
  { before, after }: { readonly before: unknown; readonly after: unknown },
): Promise<readonly unknown[]> {
  if (before === undefined) return [];
  const renames = property(after, 'renames');
  const answer: Answer = ({ from, name, ...about }) =>
    from.find((old) => isListed(renames, '', about, old, name));
  const comparison = { prev: before, cur: after, answer };
  const { statements } = (await compare(kit, folderDialect(dialect), comparison)).result;
  return (Array.isArray(statements) ? statements : []).flatMap((one: unknown) =>
    property(one, 'type') === 'recreate_table' ? [property(property(one, 'to'), 'name')] : [],
  );
}

function byKey(rows: readonly unknown[]): Map<string, Row> {
  return new Map(rows.filter(isRecord).map((row) => [keyOf(row), row]));
}

export function keyOf({ entityType, schema, table, name }: Row): string {
  return JSON.stringify([entityType, schema, table, name]);
}
