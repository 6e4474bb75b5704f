import {
  type RepoPath,
  belowTop,
  folderOf,
  inside,
  isAbsolute,
  slashed,
  under,
  upwards,
} from '../../model/repo-path.ts';
import type { DrizzleConfig } from '../config/validate.ts';
import type { Folders } from './folders.ts';
import { schemaFilesOf } from './schema-files.ts';

/** What a config's relative paths mean in a tree. */
export interface Placement {
  readonly base: RepoPath;
  readonly out: RepoPath;
  readonly schemaFiles: readonly RepoPath[];
  /** `<out>/meta/_journal.json` exists. */
  readonly hasHistory: boolean;
  /** Symlinks on the way to all these, and where they lead. */
  readonly linked: readonly RepoPath[];
  /** Why nothing can be in `out`: a symlink leaves the repository. */
  readonly problem?: string;
  /** A submodule that this clone does not have, and that `out` or the patterns lead into. */
  readonly missing?: Missing;
}

interface Missing {
  readonly submodule: RepoPath;
  /** What leads there. */
  readonly by: 'out' | 'schema';
}

/**
 * drizzle-kit reads `schema` and `out` relative to the folder it runs in, which no file records.
 * The folders of the scripts that run it are the best evidence, then the config's own folder, its
 * nearest package.json's folder, and the top. The first of them with both a schema and a history
 * wins; else the first with a schema; else the first with a history; else the first.
 * @param scriptFolders where the tree's scripts run drizzle-kit with this config
 * @param top absolute top of the repository, for absolute paths of an evaluated config
 * @returns undefined when `out` is outside the repository from each of them
 */
export async function placeConfig(
  path: RepoPath,
  config: DrizzleConfig,
  scriptFolders: readonly RepoPath[],
  folders: Folders,
  top: string,
): Promise<Placement | undefined> {
  const own = folderOf(path);
  const nearest = upwards(own).find((folder) => folders.isFile(inside(folder, 'package.json')));
  const candidates = [...new Set([...scriptFolders, own, nearest ?? '', ''])];
  let best: Omit<Placement, 'linked'> | undefined;
  let bestScore = -1;
  for (const base of candidates) {
    const named = outOf(config.out, base, top);
    if (named === undefined) continue;
    const out = folders.real(named);
    const problem = out === undefined ? folders.linkProblem(named) : undefined;
    const entered = new Set<RepoPath>();
    const schemaFiles = await schemaFilesOf(config.schema, base, noting(folders, entered), top);
    const [inSchema] = entered;
    const inOut = folders.missing(named);
    const missing: Missing | undefined =
      inOut !== undefined
        ? { submodule: inOut, by: 'out' }
        : inSchema === undefined
          ? undefined
          : { submodule: inSchema, by: 'schema' };
    const hasHistory = out !== undefined && folders.isFile(inside(out, 'meta/_journal.json'));
    const score = (schemaFiles.length > 0 ? 2 : 0) + (hasHistory ? 1 : 0);
    if (score > bestScore) {
      const reached = {
        out: out ?? named,
        ...(problem && { problem }),
        ...(missing && { missing }),
      };
      best = { base, schemaFiles, hasHistory, ...reached };
      bestScore = score;
    }
    if (score === 3) break;
  }
  return best === undefined ? undefined : { ...best, linked: folders.linked() };
}

/** Notes the missing submodules that are looked into. */
function noting(folders: Folders, entered: Set<RepoPath>): Folders {
  const note = (path: RepoPath): RepoPath => {
    const submodule = folders.missing(path);
    if (submodule !== undefined) entered.add(submodule);
    return path;
  };
  return {
    ...folders,
    isFile: (path) => folders.isFile(note(path)),
    names: (path) => folders.names(note(path)),
  };
}

function outOf(out: string, base: RepoPath, top: string): RepoPath | undefined {
  if (!isAbsolute(out)) return under(base, slashed(out));
  const below = belowTop(out, top);
  return below === undefined ? undefined : under('', below);
}
