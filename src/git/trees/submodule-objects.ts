import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { RepoPath } from '../../model/repo-path.ts';
import { Blobs } from '../blobs.ts';
import { Objects } from '../objects.ts';
import { gitFolderAt } from '../git-folder.ts';
import { parseLsTree, type ChangedPath } from './listing.ts';
import type { Repository } from '../repository.ts';
import { isMissing, isSubmodule, submoduleEntries, type Entries } from './submodules.ts';
import { SUBMODULE, type Entry } from './tree.ts';

const recordedOf = new WeakMap<Entries, Entries>();

/** A listing as git records it: a submodule is one entry. */
export function recorded(entries: Entries): Entries {
  return recordedOf.get(entries) ?? entries;
}

/**
 * A listing with the files of its submodules, each at the commit that is recorded, behind its entry;
 * submodules of submodules too. The entry of one whose commit this clone does not have is `missing`.
 */
export async function withSubmodules(repository: Repository, plain: Entries): Promise<Entries> {
  const links = submoduleEntries(plain);
  if (links.length === 0) return plain;
  const entries = new Map(plain);
  const within = await Promise.all(
    links.map(([path, entry]) => filesOfSubmodule(repository, path, entry)),
  );
  for (const files of within) for (const [path, entry] of files) entries.set(path, entry);
  recordedOf.set(entries, plain);
  return entries;
}

/** What changed, and in each submodule that moved to another commit the files that differ. */
export async function withSubmoduleChanges(
  repository: Repository,
  changed: readonly ChangedPath[],
): Promise<readonly ChangedPath[]> {
  const moved = changed.filter(({ before, after }) => isSubmodule(before) || isSubmodule(after));
  if (moved.length === 0) return changed;
  const within = await Promise.all(
    moved.map(async ({ path, before, after }): Promise<readonly ChangedPath[]> => {
      const [then, now] = await Promise.all(
        [before, after].map(async (entry): Promise<Entries> =>
          entry !== undefined && isSubmodule(entry)
            ? filesOfSubmodule(repository, path, entry)
            : new Map(),
        ),
      );
      if (isMissing(then, path) || isMissing(now, path)) return [];
      return [...new Set([...(then?.keys() ?? []), ...(now?.keys() ?? [])])].flatMap((file) => {
        const [old, made] = [then?.get(file), now?.get(file)];
        if (file === path || (old?.oid === made?.oid && old?.mode === made?.mode)) return [];
        return { path: file, ...(old && { before: old }), ...(made && { after: made }) };
      });
    }),
  );
  return [...changed, ...within.flat()];
}

/**
 * The objects of the submodules, and the repository's own: git reads all of them in one process
 * (`GIT_ALTERNATE_OBJECT_DIRECTORIES`, git(1)). An object's name is its content, so that it does
 * not matter which of them has it.
 * @param paths the submodules that are looked for in the working tree
 */
export function submoduleObjects(
  repository: Repository,
  paths: Iterable<RepoPath> = [],
): Pick<Repository, 'git' | 'blobs'> & { readonly folders: readonly string[] } {
  const known = opened.get(repository);
  const folders = new Set(known?.folders ?? storesBelow(repository));
  for (const path of paths) {
    const own = gitFolderAt(join(repository.topLevel, path));
    if (own !== undefined) for (const store of storesOf(own)) folders.add(store);
  }
  if (known !== undefined && known.folders.length === folders.size) return known;
  const inherited = repository.git.env[ALTERNATES];
  const git = repository.git.with({
    env: { [ALTERNATES]: [...[...folders].map(quoted), inherited ?? []].flat().join(delimiter) },
  });
  const stores = Array.from(folders, (store) => dirname(store));
  const blobs = new Blobs(git, new Objects(git), repository.commonDir, ...stores);
  const made = { git, blobs, folders: [...folders] };
  opened.set(repository, made);
  return made;
}

const ALTERNATES = 'GIT_ALTERNATE_OBJECT_DIRECTORIES';
const opened = new WeakMap<Repository, ReturnType<typeof submoduleObjects>>();

const listed = new WeakMap<Repository, Map<string, Promise<Entries>>>();

/** The submodule's entry, and all files behind it. @param outermost the one that the top records */
export function filesOfSubmodule(
  repository: Repository,
  path: RepoPath,
  entry: Entry,
  outermost = path,
): Promise<Entries> {
  const known = listed.get(repository) ?? new Map<string, Promise<Entries>>();
  listed.set(repository, known);
  const name = `${entry.oid} ${path}`;
  const files = known.get(name) ?? list(repository, path, entry, outermost);
  known.set(name, files);
  return files;
}

async function list(
  repository: Repository,
  path: RepoPath,
  entry: Entry,
  outermost: RepoPath,
): Promise<Entries> {
  const { git } = submoduleObjects(repository, [path]);
  const { stdout, exitCode } = await git.run(['ls-tree', '-r', '-z', '--full-tree', entry.oid], {
    ok: [0, 128],
  });
  if (exitCode !== 0) return new Map([[path, { ...entry, missing: true }]]);
  const files = new Map([[path, entry]]);
  for (const [name, { mode, oid }] of parseLsTree(stdout)) {
    const below = `${path}/${name}`;
    const found: Entry = { mode, oid, submodule: outermost };
    if (mode !== SUBMODULE) files.set(below, found);
    else
      for (const one of await filesOfSubmodule(repository, below, found, outermost))
        files.set(...one);
  }
  return files;
}

/** Absorbed submodules: `modules/<name>`, where a name may have slashes and each its own modules. */
function storesBelow({ commonDir, gitDir }: Repository): readonly string[] {
  // In a linked worktree git puts them below the worktree's own folder.
  return [...new Set([commonDir, gitDir])].flatMap((folder) => storesIn(join(folder, 'modules')));
}

function storesIn(folder: string): readonly string[] {
  const own = storesOf(folder);
  if (own.length > 0) return [...own, ...storesIn(join(folder, 'modules'))];
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
      one.isDirectory() ? storesIn(join(folder, one.name)) : [],
    );
  } catch {
    return [];
  }
}

/** The object folder of a git folder; a linked worktree's `commondir` says whose it is. */
function storesOf(gitDir: string): readonly string[] {
  if (!existsSync(join(gitDir, 'HEAD'))) return [];
  const link = join(gitDir, 'commondir');
  const common = existsSync(link) ? resolve(gitDir, readFileSync(link, 'utf8').trim()) : gitDir;
  const store = join(common, 'objects');
  return existsSync(store) ? [store] : [];
}

/** As git unquotes a path of that variable (alternates: `parse_alt_odb_entry`, object-file.c). */
function quoted(path: string): string {
  return path.includes(delimiter) || path.startsWith('"')
    ? `"${path.replaceAll(/[\\"]/g, '\\$&')}"`
    : path;
}
