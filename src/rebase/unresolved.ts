import { GuardError } from '../model/errors.ts';
import type { Repository } from '../git/repository.ts';
import { sqlProblems } from '../history/conflict-markers.ts';
import { isInOut } from '../history/layout.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { pathspec } from '../model/shell-quote.ts';
import type { Situation } from './situation.ts';

/**
 * Conflicts outside the migrations folders come first: the merged schema has the last word. A file
 * that git has merged by text is resolved when its markers are gone; any other when it is staged.
 * @throws GuardError `index-unmerged` with the files that are left, or, of a merge ahead, will be.
 */
export async function assertResolved({
  repository,
  joined: { merged },
  unmerged,
  doing,
  outs,
}: Pick<Situation, 'repository' | 'joined' | 'unmerged' | 'doing'> & {
  readonly outs: readonly RepoPath[];
}): Promise<void> {
  const others = [...unmerged].filter(([path]) => !outs.some((out) => isInOut(out, path)));
  if (others.length === 0) return;
  const [bytes, files] = await Promise.all([
    merged.read(others.map(([path]) => path)),
    merged.entries(),
  ]);
  const asOurs = others.flatMap(([path, stages]) =>
    files.get(path)?.oid === stages[2]?.oid ? [path] : [],
  );
  const unmarked = await withoutMarkers(repository, asOurs, bytes);
  const left = others.flatMap(([path, stages]) => {
    const [problem] = sqlProblems(bytes.get(path) ?? new Uint8Array());
    if (problem !== undefined && !isBinary(bytes.get(path)))
      return [`${path}:${problem.line ?? 1}`];
    const isFile = [stages[2], stages[3]].every((stage) => stage?.mode.startsWith('100') === true);
    return isFile && !unmarked.has(path) ? [] : [path];
  });
  if (left.length === 0) return;
  const some = `${left.slice(0, 5).join(', ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}`;
  if (doing === 'ahead')
    throw new GuardError('index-unmerged', `the merge will have other conflicts: ${some}`, {
      help: [
        'How they are resolved decides what your migrations have to do.',
        'Begin the merge and resolve them. Then: npx drizzle-guard rebase',
      ],
    });
  throw new GuardError('index-unmerged', `resolve the other conflicts first: ${some}`, {
    help: [
      'The merged schema decides what your migrations have to do.',
      ...left.slice(0, 5).map((path) => `git add ${pathspec(path.replace(/:\d+$/, ''))}`),
      'Then: npx drizzle-guard rebase',
    ],
  });
}

/**
 * Files that git leaves as HEAD has them in a conflict, without markers: binary ones, and those that
 * an attribute gives to another driver or to none (gitattributes: `merge`).
 */
async function withoutMarkers(
  { git }: Pick<Repository, 'git'>,
  paths: readonly RepoPath[],
  bytes: ReadonlyMap<RepoPath, Uint8Array>,
): Promise<ReadonlySet<RepoPath>> {
  if (paths.length === 0) return new Set();
  const { stdout } = await git.run(['check-attr', '-z', '--stdin', 'merge'], {
    input: `${paths.join('\0')}\0`,
  });
  const fields = stdout.toString('utf8').split('\0');
  return new Set(
    paths.filter(
      (path, at) =>
        !['unspecified', 'set', 'text'].includes(fields[at * 3 + 2] ?? '') ||
        isBinary(bytes.get(path)),
    ),
  );
}

/** As git judges it (xdiff-interface.c: `buffer_is_binary`). */
function isBinary(bytes: Uint8Array | undefined): boolean {
  return bytes?.subarray(0, 8000).includes(0) === true;
}
