import { GuardError } from '../model/errors.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { Stages } from '../git/worktree/joining.ts';
import { sqlProblems } from '../history/conflict-markers.ts';
import { isInOut } from '../history/layout.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { pathspec } from '../model/shell-quote.ts';

/**
 * Conflicts outside the migrations folders come first: the merged schema has the last word. A file
 * that git has merged by text is resolved when its markers are gone; any other when it is staged.
 * @throws GuardError `index-unmerged` with the files that are left.
 */
export async function assertResolved(
  merged: Tree,
  unmerged: ReadonlyMap<RepoPath, Stages>,
  outs: readonly RepoPath[],
): Promise<void> {
  const others = [...unmerged].filter(([path]) => !outs.some((out) => isInOut(out, path)));
  const bytes = await merged.read(others.map(([path]) => path));
  const left = others.flatMap(([path, stages]) => {
    const marker = sqlProblems(bytes.get(path) ?? new Uint8Array())[0];
    if (marker !== undefined) return [`${path}:${marker.line ?? 1}`];
    return stages[2] === undefined || stages[3] === undefined ? [path] : [];
  });
  if (left.length === 0) return;
  throw new GuardError(
    'index-unmerged',
    `resolve the other conflicts first: ${left.slice(0, 5).join(', ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}`,
    {
      help: [
        'The merged schema decides what your migrations have to do.',
        ...left.slice(0, 5).map((path) => `git add ${pathspec(path.replace(/:\d+$/, ''))}`),
        'Then: npx drizzle-guard rebase',
      ],
    },
  );
}
