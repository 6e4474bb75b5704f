import { GuardError } from '../../model/errors.ts';
import { parseRawDiff, type ChangedPath, type RawDiff } from './listing.ts';
import { withSubmoduleChanges } from './submodule-objects.ts';
import type { Repository } from '../repository.ts';

/**
 * Oids and modes only; no content is read. No renames (they would read blobs), submodules as
 * entries and paths from the top whatever the configuration says, and no intent-to-add entries: a
 * commit leaves them out, but plumbing shows them by default (git 2.39).
 */
export const RAW = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-relative',
  '--ignore-submodules=none',
  '--ita-invisible-in-index',
];

/**
 * How what would be committed differs from a commit or tree, in its submodules too.
 * @param from an oid, or the empty tree's.
 * @throws GuardError `index-unmerged`.
 */
export async function changedInIndex(
  repository: Repository,
  from: string,
): Promise<readonly ChangedPath[]> {
  const { changed, unmerged } = await rawChangesInIndex(repository, from);
  if (unmerged.length === 0) return changed;
  const shown = [...new Set(unmerged)];
  throw new GuardError(
    'index-unmerged',
    'the index has an unfinished ' +
      `merge: ${shown.slice(0, 5).join(', ')}${shown.length > 5 ? ` and ${shown.length - 5} more` : ''}`,
    {
      help: [
        ...(shown.some((path) => BOOKKEEPING.test(path))
          ? [
              'Resolve the conflicts in other files. Journal and snapshots, never by hand:',
              'npx drizzle-guard rebase',
            ]
          : ['Resolve the conflicts, then: git add <file>']),
        'Or abort the merge: git merge --abort',
      ],
    },
  );
}

/** drizzle-kit's own files, which nobody merges by hand. */
const BOOKKEEPING = /(?:^|\/)meta\/(?:_journal|[^/]*_snapshot)\.json$/;

/** The same, with the paths in conflict beside it. */
export async function rawChangesInIndex(repository: Repository, from: string): Promise<RawDiff> {
  const { stdout } = await repository.git.run(['diff-index', '--cached', ...RAW, from, '--']);
  const { changed, unmerged } = parseRawDiff(stdout);
  return { changed: await withSubmoduleChanges(repository, changed), unmerged };
}

/**
 * How two commits or trees differ, in their submodules too.
 * @param from an oid, or the empty tree's; @param to an oid.
 */
export async function changedBetween(
  repository: Repository,
  from: string,
  to: string,
): Promise<readonly ChangedPath[]> {
  const { stdout } = await repository.git.run(['diff-tree', '-r', ...RAW, from, to, '--']);
  return withSubmoduleChanges(repository, parseRawDiff(stdout).changed);
}
