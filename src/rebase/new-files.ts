import type { JournalEntry, JournalMigration as Migration } from '../history/history.ts';
import { snapshotPath, sqlPath } from '../history/layout.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import { textField } from '../schema/diff/snapshot-json.ts';
import { idFrom, jsonBytes, sqlBytes } from './bytes.ts';
import type { NewFile, RebaseInput } from './input.ts';
import type { Renamed } from './renames.ts';
import type { Rename } from '../schema/worker/protocol.ts';
import { keysOf } from './shape.ts';

/** An own migration that stays, with its new entry. */
export interface Staying {
  readonly migration: Migration;
  readonly entry: JournalEntry;
  /** The SQL; undefined: the file's bytes. */
  readonly sql?: string;
  /** The schema after it; missing where it has no snapshot. */
  readonly after?: Json;
  readonly renames: readonly Renamed[];
  /** Whether these are the renames of its own snapshot, in the same words. */
  readonly sameRenames: boolean;
}

/** The SQL file in its new place. */
export function newSqlFile(
  { migration, entry, sql }: Staying,
  { own, project }: Pick<RebaseInput, 'own' | 'project'>,
): NewFile {
  const bytes = own.history.texts?.get(migration.sqlPath) ?? new Uint8Array();
  return {
    path: sqlPath(project.out, entry.tag),
    bytes: sql === undefined ? bytes : sqlBytes(sql, new TextDecoder().decode(bytes)),
  };
}

/**
 * The snapshot in its new place, as its file was formatted; its id follows from the old one and the
 * new parent's.
 */
export function newSnapshotFile(
  { migration, entry, after, renames, sameRenames }: Staying,
  prevId: string,
  { own, project }: Pick<RebaseInput, 'own' | 'project'>,
): (NewFile & { readonly id: string }) | undefined {
  const old = migration.snapshot?.snapshot;
  if (after === undefined || old?.status !== 'ok') return undefined;
  const id = idFrom(old.id, prevId);
  const { version, dialect } = old;
  const meta = sameRenames ? old.json['_meta'] : metaOf(renames, old.json['_meta']);
  const whole: Json = { ...after, id, prevId, version, dialect, _meta: meta };
  const keys = keysOf(old.json, whole).filter((key) => whole[key] !== undefined);
  return {
    id,
    path: snapshotPath(project.out, entry),
    bytes: jsonBytes(
      Object.fromEntries(keys.map((key) => [key, whole[key]])),
      own.history.texts?.get(migration.snapshotPath),
    ),
  };
}

/**
 * What drizzle-kit records about renames (`prepareMigrationMeta`); nothing on PostgreSQL, where it
 * does not pass it on.
 */
export function metaOf(renames: readonly Rename[], old: unknown): Json {
  const empty: Json = Object.fromEntries(
    Object.keys((old ?? { schemas: 0, tables: 0, columns: 0 }) as Json).map((key) => [key, {}]),
  );
  const tables = renames.filter(({ kind }) => kind === 'table');
  const columns = renames.filter(({ kind }) => kind === 'column');
  return {
    ...empty,
    tables: Object.fromEntries(tables.map(({ from, to }) => [`"${from}"`, `"${to}"`])),
    columns: Object.fromEntries(
      columns.map(({ table, from, to }) => {
        const at = textField(table, 'table');
        return [`"${at}"."${from}"`, `"${at}"."${to}"`];
      }),
    ),
  };
}
