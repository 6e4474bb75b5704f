import { GuardError } from '../../model/errors.ts';
import type { Repository } from '../repository.ts';
import type { RepoPath } from '../../model/repo-path.ts';

interface Batch {
  readonly paths: Set<RepoPath>;
  readonly answer: Promise<ReadonlySet<RepoPath>>;
}

/** What is asked in the same turn: the projects of a repository ask side by side. */
const next = new WeakMap<Repository, Batch>();

/**
 * The paths that git ignores, or would ignore if they existed and were not tracked. One git process
 * for all that is asked in one turn.
 * @param paths need not exist.
 */
export async function ignoredPaths(
  repository: Repository,
  paths: readonly RepoPath[],
): Promise<readonly RepoPath[]> {
  if (paths.length === 0) return [];
  const batch = next.get(repository) ?? openBatch(repository);
  for (const path of paths) batch.paths.add(path);
  const ignored = await batch.answer;
  return paths.filter((path) => ignored.has(path));
}

function openBatch(repository: Repository): Batch {
  const paths = new Set<RepoPath>();
  const ask = async (): Promise<ReadonlySet<RepoPath>> => {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    next.delete(repository);
    return new Set(await askAbout(repository, [...paths]));
  };
  const batch = { paths, answer: ask() };
  next.set(repository, batch);
  return batch;
}

async function askAbout(
  repository: Repository,
  paths: readonly RepoPath[],
): Promise<readonly RepoPath[]> {
  // `./` keeps a leading `:` from being read as pathspec magic; git prints the path as it was
  // given.
  const { stdout, exitCode, stderr } = await repository.git.run(
    ['check-ignore', '--no-index', '--stdin', '-z'],
    {
      input: paths.map((path) => `./${path}\0`).join(''),
      ok: [0, 1, 128],
    },
  );
  if (exitCode !== 128)
    return stdout
      .toString('utf8')
      .split('\0')
      .slice(0, -1)
      .map((path) => path.slice(2));
  // One path beyond a symlink or inside a submodule ends the whole command. Neither can be ignored
  // by this repository.
  if (paths.length === 1) {
    if (await works(repository)) return [];
    throw new GuardError('git-failed', 'git check-ignore ended with exit code 128', {
      help: [`git: ${stderr.trim()}`],
    });
  }
  const middle = Math.ceil(paths.length / 2);
  return (
    await Promise.all(
      [paths.slice(0, middle), paths.slice(middle)].map((half) => askAbout(repository, half)),
    )
  ).flat();
}

/** Whether the path was the cause: a plain one at the top is answered. */
async function works(repository: Repository): Promise<boolean> {
  const { exitCode } = await repository.git.run(['check-ignore', '--no-index', '--stdin', '-z'], {
    input: './.gitignore\0',
    ok: [0, 1, 128],
  });
  return exitCode !== 128;
}
