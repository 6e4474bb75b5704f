import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GuardError } from '../model/errors.ts';
import { Blobs } from './blobs.ts';
import { Objects } from './objects.ts';
import { createGit, type GitOptions, linesOfGit } from './git.ts';
import { currentBranch, type RemoteBranches } from './refs/remote-branches.ts';
import { emptyTreeOf, type Repository } from './repository.ts';

const QUESTIONS = [
  '--is-shallow-repository',
  '--show-object-format',
  '--absolute-git-dir',
  '--git-common-dir',
];

/**
 * Opens a repository without its working tree: a bare one, or the git folder of another. `topLevel`
 * is the git folder itself. In a hook, the objects of a push are in quarantine, which git's
 * variables name. There is no `head`: what is checked out here means nothing to the person who
 * pushes.
 * @throws GuardError `not-a-repository`, `git-missing`, `git-failed`.
 */
export async function openWithoutWorkingTree(options: GitOptions): Promise<Repository> {
  const called = createGit(options);
  const { stdout, stderr, exitCode } = await called.run(['rev-parse', ...QUESTIONS], {
    ok: [0, 128],
  });
  const [shallow, format, gitDir, commonDir, ...more] = stdout
    .toString('utf8')
    .split('\n')
    .slice(0, -1);
  if (exitCode !== 0) {
    throw new GuardError('not-a-repository', `git finds no repository at ${called.cwd}`, {
      help: [
        ...linesOfGit(stderr),
        'git runs its hooks in the git folder: do not leave it before the guard is called.',
      ],
    });
  }
  if (format === undefined || gitDir === undefined || commonDir === undefined || more.length > 0) {
    throw new GuardError('git-failed', 'git rev-parse did not answer as expected', {
      help: [
        'A folder name with a line break is not supported; otherwise install git 2.30 or newer.',
      ],
    });
  }
  const [own, common] = await Promise.all([
    realpath(gitDir),
    realpath(resolve(called.cwd, commonDir)),
  ]);
  // From the caller's folder: a hook's variables may be relative to it.
  const git = called.with({
    env: {
      GIT_DIR: own,
      GIT_INDEX_FILE: undefined,
      ...(called.env['GIT_COMMON_DIR'] === undefined ? {} : { GIT_COMMON_DIR: common }),
    },
  });
  const objects = new Objects(git);
  return {
    git,
    objects,
    blobs: new Blobs(git, objects, common),
    topLevel: own,
    gitDir: own,
    commonDir: common,
    prefix: '',
    emptyTree: emptyTreeOf(format),
    shallow: shallow === 'true',
  };
}

/**
 * The repository's own branches, as a clone that calls this repository `remote` knows them. The
 * default branch is the one that HEAD names, whether it exists yet or not. In a namespace
 * (gitnamespaces(7)), the branches of the namespace.
 */
export async function branchesAsRemote(
  repository: Repository,
  remote: string,
): Promise<RemoteBranches> {
  const heads = `${namespaceOf(repository)}refs/heads/`;
  const [{ stdout }, current] = await Promise.all([
    repository.git.run(['for-each-ref', '--format=%(objectname) %(refname)', heads]),
    currentBranch(repository),
  ]);
  const seenAs = (branch: string): string => `refs/remotes/${remote}/${branch}`;
  const branches = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const at = line.indexOf(' ');
      return { ref: seenAs(line.slice(at + 1 + heads.length)), oid: line.slice(0, at) };
    });
  const defaults = new Set(current === undefined ? [] : [seenAs(current)]);
  return { branches, defaults, trunks: [] };
}

function namespaceOf({ git }: Repository): string {
  const names = (git.env['GIT_NAMESPACE'] ?? '').split('/').filter((name) => name !== '');
  return names.map((name) => `refs/namespaces/${name}/`).join('');
}
