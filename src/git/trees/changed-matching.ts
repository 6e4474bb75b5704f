import { RAW } from './changed.ts';
import { createGit, type GitOptions } from '../git.ts';
import { parseRawDiff, type ChangedPath } from './listing.ts';

/**
 * How the files of these names differ between two commits, or between a commit and the index: one git
 * process, no listing, no content.
 * @param to a revision; undefined is the index.
 * @param names what a path ends with, in whatever folder: `meta/_journal.json`. Taken as globs.
 * @returns undefined where git has no answer: no repository, no such commit.
 */
export async function changedMatching(
  options: GitOptions,
  from: string,
  to: string | undefined,
  ...names: readonly string[]
): Promise<readonly ChangedPath[] | undefined> {
  const what =
    to === undefined
      ? ['diff-index', '--cached', ...RAW, from]
      : ['diff-tree', '-r', ...RAW, from, to];
  const { stdout, exitCode } = await createGit(options).run(
    [...what, '--', ...names.map((name) => `:(top,glob)**/${name}`)],
    { ok: [0, 128, 129] },
  );
  return exitCode === 0 ? parseRawDiff(stdout).changed : undefined;
}
