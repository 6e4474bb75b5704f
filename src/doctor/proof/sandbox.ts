import { appendFile, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { submoduleObjects } from '../../git/trees/submodule-objects.ts';
import type { Environment } from '../../git/environment.ts';
import { createGit, type Git } from '../../git/git.ts';
import { type RepoPath, folderOf } from '../../model/repo-path.ts';
import { DRIVER } from '../../hooks/merge-driver.ts';
import type { SetUp } from '../set-up.ts';
import { copyHooks } from './copied-hooks.ts';
import { linkUntracked, linkModules } from './link-modules.ts';
import { timeoutScript } from './run-with-timeout.ts';

/**
 * A repository of our own that is like the examined one: its index's content, its hooks, its
 * node_modules.
 */
export interface Sandbox {
  /** Absolute path of its top. */
  readonly top: string;
  /** Runs in `top`. */
  readonly git: Git;
  /** Runs in the bare repository that is its `origin`, and has the first commit as `main`. */
  readonly remote: Git;
  /** Full oid of its first commit. */
  readonly start: string;
  /** Back to the first commit, with nothing beside it. */
  reset(): Promise<void>;
  /** Puts a text file there, in the place of whatever is. */
  put(path: RepoPath, text: string): Promise<void>;
}

/**
 * Names that git gives a meaning of its own inside a repository, and that lead into the examined
 * one.
 */
const POINTERS = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_PREFIX',
  'GIT_NAMESPACE',
  'GIT_QUARANTINE_PATH',
  'GIT_SHALLOW_FILE',
  'GIT_GRAFT_FILE',
]);

/**
 * Makes a sandbox in an empty folder. It borrows the examined repository's objects and writes
 * nothing there. Its one commit holds what a commit would record now and has no parent: neither a
 * shallow nor a partial clone is in its way.
 */
export async function makeSandbox(setUp: SetUp, folder: string): Promise<Sandbox> {
  const [repository, tree, hooks] = await Promise.all([
    setUp.repository(),
    setUp.tree(),
    setUp.hooks(),
  ]);
  const [top, remote] = [join(folder, 'work'), join(folder, 'remote.git')];
  await Promise.all([mkdir(top), mkdir(remote)]);
  const env: Environment = Object.fromEntries(
    Object.entries(setUp.env).filter(([name]) => !POINTERS.has(name)),
  );
  const git = createGit({ cwd: top, env });
  const format = repository.emptyTree.length === 64 ? 'sha256' : 'sha1';
  const init = [
    'init',
    '--quiet',
    '--template=',
    '--initial-branch=main',
    `--object-format=${format}`,
  ];
  const [{ stdout }] = await Promise.all([
    repository.git.run(['rev-parse', '--git-path', 'objects']),
    git.run(init),
    git.run([...init, '--bare', remote]),
  ]);
  const borrowed = resolve(repository.topLevel, stdout.toString('utf8').replace(/\n$/, ''));
  const own = join(top, '.git');
  const entries = await tree.entries();
  await git.run(['update-index', '-z', '--index-info'], {
    input: [...entries]
      .map(([path, { mode, oid, submodule }]) =>
        submodule === undefined ? `${mode} ${oid}\t${path}\0` : '',
      )
      .join(''),
  });
  const copied = await copyHooks(
    hooks,
    (await setUp.managers()).flatMap((manager) => manager.scripts ?? []),
    repository.topLevel,
    top,
  );
  // As they are on disk, also where that is not what would be recorded: each reset brings them back
  // so.
  if (copied.tracked !== undefined)
    await git.run(['-c', 'core.autocrlf=false', 'add', '--all', '--force', '--', copied.tracked]);
  const start = await firstCommit(git);
  // Only now: a tree or blob that is written again and is in a borrowed folder already would get a
  // new time there.
  await Promise.all([
    alternates(join(own, 'objects'), [borrowed, ...submoduleObjects(repository).folders]),
    alternates(join(remote, 'objects'), [borrowed, join(own, 'objects')]),
  ]);
  const atRemote = git.with({ cwd: remote, env: { GIT_DIR: remote } });
  await appendFile(join(remote, 'config'), '[core]\nhooksPath = /dev/null\n');
  for (const [at, ref] of [
    [git, 'refs/heads/main'],
    [git, 'refs/remotes/origin/main'],
    [atRemote, 'refs/heads/main'],
  ] as const)
    await at.run(['update-ref', ref, start]);
  // Large files stay pointers: nothing is fetched.
  await git.run(
    [
      '-c',
      'filter.lfs.smudge=',
      '-c',
      'filter.lfs.process=',
      '-c',
      'filter.lfs.required=false',
      'checkout-index',
      '--all',
      '--force',
      '--index',
      '--quiet',
    ],
    { ok: [0, 1] },
  );

  const packages = [
    '',
    ...[...entries.keys()].filter((path) => /(?:^|\/)package\.json$/.test(path)).map(folderOf),
  ];
  await linkModules(repository.topLevel, top, [...new Set(packages)]);
  const { mergeDriver } = await setUp.worktree();
  const texts = [...copied.texts, mergeDriver.get('driver') ?? ''];
  const linked = await linkUntracked(repository.topLevel, top, texts);
  await writeFile(join(folder, 'with-timeout.sh'), timeoutScript(setUp.env['LC_ALL']));
  await appendFile(
    join(own, 'config'),
    configOf({
      hooksPath: copied.path,
      remote,
      script: join(folder, 'with-timeout.sh'),
      mergeDriver,
    }),
  );
  await mkdir(join(own, 'info'), { recursive: true });
  await writeFile(join(own, 'info/exclude'), ['node_modules', ...linked, ''].join('\n'));
  const attributes = 'info/attributes';
  await copyFile(join(repository.commonDir, attributes), join(own, attributes)).catch(() => null);

  return {
    top,
    git,
    remote: atRemote,
    start,
    async reset() {
      await git.run(['reset', '--quiet', '--hard', start]);
      await git.run(['clean', '--quiet', '-fd']);
    },
    async put(path, text) {
      await rm(join(top, path), { recursive: true, force: true });
      await mkdir(dirname(join(top, path)), { recursive: true });
      await writeFile(join(top, path), text);
    },
  };
}

async function firstCommit(git: Git): Promise<string> {
  const tree = (await git.run(['write-tree', '--missing-ok'])).stdout.toString('utf8').trim();
  const author = [
    '-c',
    'user.name=drizzle-guard',
    '-c',
    'user.email=doctor@drizzle-guard.invalid',
    '-c',
    'commit.gpgSign=false',
  ];
  return (
    await git.run([...author, 'commit-tree', tree, '-m', 'chore: what would be recorded now'])
  ).stdout
    .toString('utf8')
    .trim();
}

async function alternates(objects: string, borrowed: readonly string[]): Promise<void> {
  await mkdir(join(objects, 'info'), { recursive: true });
  await writeFile(join(objects, 'info/alternates'), `${borrowed.join('\n')}\n`);
}

/** A value of a config file, quoted. */
function value(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function configOf({
  hooksPath,
  remote,
  script,
  mergeDriver,
}: {
  readonly hooksPath: string | undefined;
  readonly remote: string;
  readonly script: string;
  readonly mergeDriver: ReadonlyMap<string, string>;
}): string {
  return [
    '[user]',
    'name = drizzle-guard',
    'email = doctor@drizzle-guard.invalid',
    '[commit]',
    'gpgSign = false',
    '[push]',
    'gpgSign = false',
    '[gc]',
    'auto = 0',
    '[maintenance]',
    'auto = false',
    '[core]',
    'fsmonitor = false',
    ...(hooksPath === undefined ? [] : [`hooksPath = ${value(hooksPath)}`]),
    '[remote "origin"]',
    `url = ${value(remote)}`,
    'fetch = +refs/heads/*:refs/remotes/origin/*',
    '[branch "main"]',
    'remote = origin',
    'merge = refs/heads/main',
    ...(mergeDriver.size === 0 ? [] : [`[merge "${DRIVER}"]`]),
    ...[...mergeDriver].map(([key, text]) => `${key} = ${value(text)}`),
    '[alias]',
    `with-timeout = ${value(`!sh '${script.replaceAll('\\', '/')}'`)}`,
    '',
  ].join('\n');
}
