import { refuseMissing } from '../git/trees/submodules.ts';
import { SUBMODULE, type Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type {
  FolderHistory,
  FolderMigration,
  MigrationFile,
  ReadHistory,
  Snapshot,
  SnapshotFile,
} from './history.ts';
import { readBundle, scanSql, symlink } from './journal-layout.ts';
import {
  folderSnapshotPath,
  folderSqlPath,
  inOut,
  isFolderFile,
  journalPath,
  stampOf,
} from './layout.ts';
import { parseFolderSnapshot } from './snapshot.ts';

/**
 * Reads the layout of drizzle-kit 1.x: a folder a migration, and no journal. drizzle-kit takes every
 * subfolder with a `snapshot.json` for a migration (`prepareOutFolder`), the migrator every one with
 * a `migration.sql` (drizzle-orm: `readMigrationFiles`), stamped or not. Every snapshot is read: the
 * ids of all say which of them are leaves.
 */
export async function readFolderLayout(
  tree: Tree,
  out: RepoPath,
  options: ReadHistory,
): Promise<FolderHistory> {
  const found = await foundIn(tree, out);
  const changed = options.changed ?? new Set();
  const snapshots = [...found.folders.values()].flatMap(({ snapshot }) => snapshot ?? []);
  const sql = [...found.folders.values()].flatMap((one) => one.sql ?? []).concat(found.orphanSql);
  const scanned = sql
    .filter(({ path }) => options.all === true || changed.has(path))
    .map(({ path }) => path);
  const bundle = found.bundle?.path;
  const bytes = await tree.read([
    ...snapshots.map(({ path }) => path),
    ...scanned,
    ...(bundle === undefined ? [] : [bundle]),
  ]);
  const migrations = [...found.folders]
    .sort(([a], [b]) => byName(a, b))
    .map(([name, files], position) => migrationOf(out, name, position, files, bytes));
  const newest = migrations.findLast(({ snapshot }) => snapshot !== undefined)?.snapshot;
  const bundled = bundle === undefined ? undefined : bytes.get(bundle);
  return {
    layout: 'folders',
    out,
    orderPath: out,
    migrations,
    leaves: leavesOf(migrations),
    orphanSql: found.orphanSql,
    orphanSnapshots: found.meta.map((file) => ({ ...file, snapshot: { status: 'unread' } })),
    otherLayout: found.journal === undefined ? [] : [found.journal],
    ...(newest === undefined ? {} : { newest }),
    sqlProblems: scanSql(scanned, bytes),
    texts: new Map([...bytes].filter(([path]) => changed.has(path) && path !== bundle)),
    ...(bundle === undefined || bundled === undefined
      ? {}
      : { bundle: await readBundle(bundle, bundled) }),
  };
}

/** How many migrations there are; nothing is read. */
export async function countFolders(tree: Tree, out: RepoPath): Promise<number> {
  return (await foundIn(tree, out)).folders.size;
}

/** Whether a tree has a migration of drizzle-kit 1.x directly below a folder. */
export async function hasFolders(tree: Tree, out: RepoPath): Promise<boolean> {
  const start = inOut(out, '');
  for (const path of (await tree.entries()).keys())
    if (path.startsWith(start) && isFolderFile(path.slice(start.length))) return true;
  return false;
}

interface Files {
  readonly sql?: MigrationFile;
  readonly snapshot?: MigrationFile;
}

interface Found {
  /** By the folder's name. */
  readonly folders: ReadonlyMap<string, Files>;
  readonly orphanSql: readonly MigrationFile[];
  /** What else is in `meta/`. */
  readonly meta: readonly MigrationFile[];
  readonly journal?: MigrationFile;
  readonly bundle?: MigrationFile;
}

/** @throws GuardError `object-missing` where it is in a submodule that this clone does not have. */
async function foundIn(tree: Tree, out: RepoPath): Promise<Found> {
  const entries = await tree.entries();
  refuseMissing(entries, out, tree.name);
  const start = inOut(out, '');
  const files: MigrationFile[] = [];
  for (const [path, entry] of entries)
    if (path.startsWith(start) && entry.mode !== SUBMODULE) files.push({ path, entry });
  return listFolders(files, out);
}

function listFolders(files: readonly MigrationFile[], out: RepoPath): Found {
  const start = inOut(out, '');
  const folders = new Map<string, Files>();
  const [orphanSql, meta]: [MigrationFile[], MigrationFile[]] = [[], []];
  const alone: { journal?: MigrationFile; bundle?: MigrationFile } = {};
  for (const file of files) {
    const name = file.path.slice(start.length);
    const [folder = '', inside, deeper] = name.split('/');
    if (file.path === journalPath(out)) alone.journal = file;
    else if (name === 'migrations.js') alone.bundle = file;
    else if (deeper === undefined && (inside === 'migration.sql' || inside === 'snapshot.json'))
      folders.set(folder, {
        ...folders.get(folder),
        [inside === 'migration.sql' ? 'sql' : 'snapshot']: file,
      });
    else if (folder === 'meta' && inside !== undefined) meta.push(file);
    // At the top of the repository everything else is below `out` too.
    else if (name.endsWith('.sql') && (out !== '' || inside === undefined)) orphanSql.push(file);
  }
  return { folders, orphanSql: orphanSql.sort(byPath), meta: meta.sort(byPath), ...alone };
}

function migrationOf(
  out: RepoPath,
  name: string,
  position: number,
  { sql, snapshot }: Files,
  bytes: ReadonlyMap<RepoPath, Uint8Array>,
): FolderMigration {
  return {
    name,
    position,
    stamp: stampOf(name),
    sqlPath: folderSqlPath(out, name),
    snapshotPath: folderSnapshotPath(out, name),
    ...(sql === undefined ? {} : { sql }),
    ...(snapshot === undefined ? {} : { snapshot: readSnapshot(snapshot, bytes) }),
  };
}

function readSnapshot(file: MigrationFile, bytes: ReadonlyMap<RepoPath, Uint8Array>): SnapshotFile {
  const content = bytes.get(file.path);
  const snapshot: Snapshot =
    file.entry.mode === '120000'
      ? { status: 'invalid', problems: [symlink] }
      : content === undefined
        ? { status: 'unread' }
        : parseFolderSnapshot(content);
  return { ...file, snapshot };
}

function leavesOf(migrations: readonly FolderMigration[]): readonly FolderMigration[] {
  const parents = new Set(
    migrations.flatMap(({ snapshot }) =>
      snapshot?.snapshot.status === 'ok' ? snapshot.snapshot.prevIds : [],
    ),
  );
  return migrations.filter(
    ({ snapshot }) => snapshot?.snapshot.status === 'ok' && !parents.has(snapshot.snapshot.id),
  );
}

/** As the migrator sorts (`localeCompare`); what is equal for it, as drizzle-kit does. */
function byName(a: string, b: string): number {
  return a.localeCompare(b) || (a < b ? -1 : 1);
}

function byPath(a: MigrationFile, b: MigrationFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
