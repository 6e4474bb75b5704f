import type { Entry } from './tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/** A path that differs between two listings. */
export interface ChangedPath {
  readonly path: RepoPath;
  /** Undefined: the path is new. */
  readonly before?: Entry;
  /** Undefined: the path is gone. */
  readonly after?: Entry;
}

/**
 * Parses `ls-tree -z` (`<mode> <type> <oid>\t<path>\0`). Folders, which only a listing without `-r`
 * has, are left out. Paths are UTF-8; bytes that are not become U+FFFD.
 */
export function parseLsTree(stdout: Buffer): Map<RepoPath, Entry> {
  const entries = new Map<RepoPath, Entry>();
  for (const line of stdout.toString('utf8').split('\0')) {
    const tab = line.indexOf('\t');
    if (tab === -1 || line.startsWith('040000')) continue;
    entries.set(line.slice(tab + 1), {
      mode: line.slice(0, 6),
      oid: line.slice(line.lastIndexOf(' ', tab) + 1, tab),
    });
  }
  return entries;
}

/** `unmerged`: paths that the index has in several stages. */
export interface RawDiff {
  readonly changed: readonly ChangedPath[];
  readonly unmerged: readonly RepoPath[];
}

/** Parses `--raw -z --no-renames --no-abbrev` (`:<mode> <mode> <oid> <oid> <status>\0<path>\0`). */
export function parseRawDiff(stdout: Buffer): RawDiff {
  return parseRawFields(stdout.toString('utf8').split('\0'));
}

/** The same, cut at the NULs already. */
export function parseRawFields(fields: readonly string[]): RawDiff {
  const changed: ChangedPath[] = [];
  const unmerged: RepoPath[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [modeBefore = '', modeAfter = '', oidBefore = '', oidAfter = '', status = ''] = (
      fields[at] ?? ''
    )
      .slice(1)
      .split(' ');
    const path = fields[at + 1] ?? '';
    if (status.startsWith('U')) unmerged.push(path);
    else
      changed.push({
        path,
        ...(modeBefore === ABSENT ? {} : { before: { mode: modeBefore, oid: oidBefore } }),
        ...(modeAfter === ABSENT ? {} : { after: { mode: modeAfter, oid: oidAfter } }),
      });
  }
  return { changed, unmerged };
}

const ABSENT = '000000';

/**
 * A pathspec for exactly this file, or folder with all in it: no globs, counted from the top; '' is
 * everything.
 */
export function literally(path: RepoPath): string {
  return path === '' ? ':(top)' : `:(top,literal)${path}`;
}
