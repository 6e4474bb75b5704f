import { refuseMissing } from '../git/trees/submodules.ts';
import { SUBMODULE, type Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { MigrationFile } from './history.ts';
import { inOut, isFolderFile, journalPath } from './layout.ts';

/** The files of the journal layout in a tree, by path; nothing is read yet. */
export interface OutFolder {
  readonly out: RepoPath;
  readonly journal?: MigrationFile;
  readonly bundle?: MigrationFile;
  /** Any file of the tree: a hand-made tag may point into a folder. */
  readonly find: (path: RepoPath) => MigrationFile | undefined;
  /** `.sql` files directly in out, sorted by name. */
  readonly sql: readonly MigrationFile[];
  /**
   * Files directly in `meta/` that could be snapshots, sorted as drizzle-kit sorts them
   * (`prepareOutFolder`: plain string order). drizzle-kit takes ANY file there that does not begin
   * with `_` for one, README.md too; and `prefix: 'none'` makes `_snapshot.json`, which it then
   * ignores.
   */
  readonly meta: readonly MetaFile[];
  /** Files of migrations of the folder layout: see `isFolderFile`. */
  readonly folders: readonly MigrationFile[];
}

/** Whether there are migrations, in either layout: their order is known. */
export function hasMigrations({ journal, folders }: OutFolder): boolean {
  return journal !== undefined || folders.length > 0;
}

/** The files that the migrator runs, or that say what it runs. */
export function whatRuns({ sql, journal, folders }: OutFolder): readonly MigrationFile[] {
  return [...sql, ...folders, ...(journal === undefined ? [] : [journal])];
}

interface MetaFile extends MigrationFile {
  readonly name: string;
  /** Whether drizzle-kit reads it. */
  readonly seen: boolean;
}

/**
 * Lists the migrations folder of a tree. @param out repository path, '' for the top.
 * @throws GuardError `object-missing` where it is in a submodule that this clone does not have.
 */
export async function listOutFolder(tree: Tree, out: RepoPath): Promise<OutFolder> {
  const entries = await tree.entries();
  refuseMissing(entries, out, tree.name);
  const find = (path: RepoPath): MigrationFile | undefined => {
    const entry = entries.get(path);
    return entry === undefined || entry.mode === SUBMODULE ? undefined : { path, entry };
  };
  const start = inOut(out, '');
  const metaStart = inOut(out, 'meta/');
  const sql: MigrationFile[] = [];
  const meta: MetaFile[] = [];
  const folders: MigrationFile[] = [];
  for (const [path, entry] of entries) {
    if (!path.startsWith(start) || entry.mode === SUBMODULE) continue;
    if (path.startsWith(metaStart)) {
      const name = path.slice(metaStart.length);
      const seen = !name.startsWith('_');
      if (!name.includes('/') && (seen || name.endsWith('_snapshot.json')))
        meta.push({ path, entry, name, seen });
    } else if (path.endsWith('.sql') && !path.slice(start.length).includes('/'))
      sql.push({ path, entry });
    else if (isFolderFile(path.slice(start.length))) folders.push({ path, entry });
  }
  const journal = find(journalPath(out));
  const bundle = find(inOut(out, 'migrations.js'));
  return {
    out,
    ...(journal === undefined ? {} : { journal }),
    ...(bundle === undefined ? {} : { bundle }),
    find,
    sql: sql.sort(byPath),
    meta: meta.sort(byPath),
    folders: folders.sort(byPath),
  };
}

/** As `Array.prototype.sort` sorts strings, which is what drizzle-kit uses. */
function byPath(a: MigrationFile, b: MigrationFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
