import { GuardError } from '../../model/errors.ts';
import { upwards, type RepoPath } from '../../model/repo-path.ts';
import { pathspec } from '../../model/shell-quote.ts';
import { SUBMODULE, type Entry } from './tree.ts';

export type Entries = ReadonlyMap<RepoPath, Entry>;

/** The submodules that the repository itself records. */
export function submodulesIn(entries: Entries): readonly RepoPath[] {
  return submoduleEntries(entries).flatMap(([path, { submodule }]) =>
    submodule === undefined ? [path] : [],
  );
}

/** The submodules whose recorded commits this clone does not have. */
export function missingIn(entries: Entries): readonly RepoPath[] {
  const found: RepoPath[] = [];
  for (const [path, { missing }] of entries) if (missing === true) found.push(path);
  return found;
}

/** The one of them that a path is, or is in. */
export function missingAbove(entries: Entries, path: RepoPath): RepoPath | undefined {
  return upwards(path).find((folder) => isMissing(entries, folder));
}

export function isInSubmodule(path: RepoPath, submodule: RepoPath): boolean {
  return path === submodule || path.startsWith(`${submodule}/`);
}

/** The error for what needs a submodule that this clone does not have. */
export function submoduleMissing(entries: Entries, submodule: RepoPath, tree: string): GuardError {
  const outermost = entries.get(submodule)?.submodule;
  const which =
    outermost === undefined ? `-- ${pathspec(submodule)}` : `--recursive -- ${pathspec(outermost)}`;
  return new GuardError(
    'object-missing',
    `${submodule} is a submodule, and this clone does not have the commit of it that ${tree} records`,
    {
      help: [
        `Fetch it: git submodule update --init ${which}`,
        'In CI, check out with submodules (`submodules: true` on GitHub, GIT_SUBMODULE_STRATEGY on GitLab).',
      ],
    },
  );
}

/** @throws GuardError `object-missing` where a path is in a submodule that this clone lacks. */
export function refuseMissing(entries: Entries, path: RepoPath, tree: string): void {
  const submodule = missingAbove(entries, path);
  if (submodule !== undefined) throw submoduleMissing(entries, submodule, tree);
}

/** The entries of submodules, nested ones too. */
export function submoduleEntries(entries: Entries): readonly (readonly [RepoPath, Entry])[] {
  const found: [RepoPath, Entry][] = [];
  for (const one of entries) if (isSubmodule(one[1])) found.push(one);
  return found;
}

export function isSubmodule(entry: Entry | undefined): boolean {
  return entry?.mode === SUBMODULE;
}

export function isMissing(entries: Entries | undefined, path: RepoPath): boolean {
  return entries?.get(path)?.missing === true;
}
