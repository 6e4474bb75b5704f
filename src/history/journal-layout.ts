import type { MigrationsJs } from './migrations-js.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { sqlProblems } from './conflict-markers.ts';
import type {
  FileProblem,
  Journal,
  JournalEntry,
  JournalHistory,
  JournalMigration,
  MigrationFile,
  Snapshot,
  SnapshotFile,
  ReadHistory,
} from './history.ts';
import { parseJournal } from './journal.ts';
import { journalPath, snapshotPaths, sqlPath } from './layout.ts';
import { listOutFolder, type OutFolder } from './out-folder.ts';
import { parseSnapshot } from './snapshot.ts';

/**
 * Reads the layout with `meta/_journal.json`, in at most two reads: the journal with all files that
 * are certainly needed (the newest snapshot, changed files, their neighbours by name), then those
 * that only the journal names: the neighbours in its order, and the last migration's snapshot. With
 * an unreadable journal no file is an orphan.
 */
export async function readJournalLayout(
  tree: Tree,
  out: RepoPath,
  options: ReadHistory,
): Promise<JournalHistory> {
  const folder = await listOutFolder(tree, out);
  const changed = options.changed ?? new Set();
  const bytes = new Map<RepoPath, Uint8Array>();
  const read = async (paths: Iterable<RepoPath>): Promise<void> => {
    const missing = [...new Set(paths)].filter((path) => !bytes.has(path));
    if (missing.length === 0) return;
    for (const [path, content] of await tree.read(missing)) bytes.set(path, content);
  };

  const scanned = folder.sql
    .filter(({ path }) => options.all === true || changed.has(path))
    .map(({ path }) => path);
  const fixed = [folder.journal?.path, folder.bundle?.path].filter((path) => path !== undefined);
  await read([...fixed, ...scanned, ...likelySnapshots(folder, options)]);
  const journal = readJournal(folder, bytes);
  const placed = placeMigrations(folder, journal);
  const nestedSql = placed.flatMap(({ sql }) =>
    sql !== undefined && (options.all === true || changed.has(sql.path)) ? [sql.path] : [],
  );
  const last = placed.findLast(({ snapshot }) => snapshot !== undefined)?.snapshot;
  await read([
    ...neighbours(placed, changed),
    ...nestedSql,
    ...(last === undefined ? [] : [last.path]),
  ]);

  const parsed = new Map<RepoPath, Snapshot>();
  const snapshotOf = (file: MigrationFile): SnapshotFile => {
    const snapshot = parsed.get(file.path) ?? readSnapshot(file, bytes.get(file.path));
    parsed.set(file.path, snapshot);
    return { path: file.path, entry: file.entry, snapshot };
  };
  const claimed = new Set(placed.flatMap((one) => [one.sqlPath, one.snapshotPath]));
  const unclaimed = <T extends MigrationFile>(files: readonly T[]): readonly T[] =>
    journal.status === 'invalid' ? [] : files.filter(({ path }) => !claimed.has(path));
  const newest = folder.meta.findLast(({ seen }) => seen);
  const bundle = folder.bundle === undefined ? undefined : bytes.get(folder.bundle.path);
  return {
    layout: 'journal',
    out,
    orderPath: journalPath(out),
    journalPath: journalPath(out),
    ...(folder.journal === undefined ? {} : { journalFile: folder.journal }),
    journal,
    migrations: placed.map((one, position) => migrationAt(one, position, snapshotOf)),
    orphanSql: unclaimed(folder.sql),
    orphanSnapshots: unclaimed(folder.meta).map(snapshotOf),
    ...(newest === undefined ? {} : { newest: snapshotOf(newest) }),
    otherLayout: folder.folders,
    sqlProblems: scanSql([...scanned, ...nestedSql], bytes),
    texts: new Map(
      [...bytes].filter(
        ([path]) =>
          changed.has(path) && path !== folder.journal?.path && path !== folder.bundle?.path,
      ),
    ),
    ...(folder.bundle === undefined || bundle === undefined
      ? {}
      : { bundle: await readBundle(folder.bundle.path, bundle) }),
  };
}

/** How many migrations the journal lists; nothing else is read. */
export async function countEntries(tree: Tree, out: RepoPath): Promise<number> {
  const folder = await listOutFolder(tree, out);
  const path = folder.journal?.path;
  const journal = readJournal(folder, await tree.read(path === undefined ? [] : [path]));
  return journal.status === 'ok' ? journal.entries.length : 0;
}

/** The parser is loaded where there is such a file. */
export async function readBundle(path: RepoPath, bytes: Uint8Array): Promise<MigrationsJs> {
  const { parseMigrationsJs } = await import('./migrations-js.ts');
  return parseMigrationsJs(path, new TextDecoder().decode(bytes));
}

/**
 * The newest, the changed ones and, by name, the one before and after each: nearly always all that
 * is needed.
 */
function likelySnapshots(
  folder: OutFolder,
  { changed, all, also }: ReadHistory,
): readonly RepoPath[] {
  const paths = folder.meta.map(({ path }) => path);
  if (all === true) return paths;
  const wanted = new Set<RepoPath>(paths.filter((path) => also?.has(path) === true));
  const newest = folder.meta.findLast(({ seen }) => seen);
  if (newest !== undefined) wanted.add(newest.path);
  for (const path of changed ?? []) {
    if (
      !path.startsWith(`${folder.out === '' ? '' : `${folder.out}/`}meta/`) ||
      path === folder.journal?.path
    )
      continue;
    const after = paths.findIndex((other) => other > path);
    const at = after === -1 ? paths.length : after;
    for (const near of paths.slice(Math.max(0, at - 2), at + 1)) wanted.add(near);
  }
  return [...wanted];
}

interface Placed {
  readonly journal: JournalEntry;
  readonly sqlPath: RepoPath;
  readonly snapshotPath: RepoPath;
  readonly sql?: MigrationFile;
  readonly snapshot?: MigrationFile;
}

function migrationAt(
  { journal, snapshot, sql, ...paths }: Placed,
  position: number,
  snapshotOf: (file: MigrationFile) => SnapshotFile,
): JournalMigration {
  const found = {
    ...(sql === undefined ? {} : { sql }),
    ...(snapshot === undefined ? {} : { snapshot: snapshotOf(snapshot) }),
  };
  return { name: journal.tag, journal, position, ...paths, ...found };
}

function placeMigrations(folder: OutFolder, journal: Journal): readonly Placed[] {
  if (journal.status !== 'ok') return [];
  return journal.entries.map((entry) => {
    const sql = folder.find(sqlPath(folder.out, entry.tag));
    const candidates = snapshotPaths(folder.out, entry);
    const snapshot = candidates.map(folder.find).find((file) => file !== undefined);
    return {
      journal: entry,
      sqlPath: sqlPath(folder.out, entry.tag),
      snapshotPath: snapshot?.path ?? candidates[0],
      ...(sql === undefined ? {} : { sql }),
      ...(snapshot === undefined ? {} : { snapshot }),
    };
  });
}

/**
 * In journal order: the snapshots of touched migrations, and the nearest one that exists on either
 * side of each.
 */
function neighbours(
  placed: readonly Placed[],
  changed: ReadonlySet<RepoPath>,
): readonly RepoPath[] {
  const wanted: RepoPath[] = [];
  for (const [position, one] of placed.entries()) {
    if (!changed.has(one.sqlPath) && !changed.has(one.snapshotPath)) continue;
    const before = placed.slice(0, position).findLast(({ snapshot }) => snapshot !== undefined);
    const after = placed.slice(position + 1).find(({ snapshot }) => snapshot !== undefined);
    wanted.push(...[before, one, after].flatMap((near) => near?.snapshot?.path ?? []));
  }
  return wanted;
}

function readJournal(folder: OutFolder, bytes: ReadonlyMap<RepoPath, Uint8Array>): Journal {
  if (folder.journal === undefined) return { status: 'absent' };
  if (folder.journal.entry.mode === '120000') return { status: 'invalid', problems: [symlink] };
  const content = bytes.get(folder.journal.path);
  return content === undefined ? { status: 'absent' } : parseJournal(content);
}

function readSnapshot(file: MigrationFile, content: Uint8Array | undefined): Snapshot {
  if (file.entry.mode === '120000') return { status: 'invalid', problems: [symlink] };
  return content === undefined ? { status: 'unread' } : parseSnapshot(content);
}

/** git records a link's target, not the file behind it; that may differ on another machine. */
export const symlink: FileProblem = { message: 'is a symbolic link, not a file' };

/** What is wrong in these SQL files, of which the bytes are there. */
export function scanSql(
  paths: readonly RepoPath[],
  bytes: ReadonlyMap<RepoPath, Uint8Array>,
): ReadonlyMap<RepoPath, readonly FileProblem[]> {
  const withProblems = paths.flatMap((path) => {
    const content = bytes.get(path);
    const problems = content === undefined ? [] : sqlProblems(content);
    return problems.length === 0 ? [] : [[path, problems] as const];
  });
  return new Map(withProblems);
}
