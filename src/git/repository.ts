import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GuardError } from '../model/errors.ts';
import { Blobs } from './blobs.ts';
import { Objects } from './objects.ts';
import type { Environment } from './environment.ts';
import { createGit, type Git, type GitOptions, linesOfGit } from './git.ts';
import { plainClone } from './plain-clone.ts';

/** A repository with a working tree. Absolute paths are real paths in the system's own style. */
export interface Repository {
  /** Runs in `topLevel`. */
  readonly git: Git;
  readonly objects: Objects;
  readonly blobs: Blobs;
  readonly topLevel: string;
  /** The working tree's own folder: in a linked worktree `<common>/worktrees/<name>`. */
  readonly gitDir: string;
  /** What all worktrees share. */
  readonly commonDir: string;
  /** The caller's folder below `topLevel`: '' or `sub/folder/`. */
  readonly prefix: string;
  /** Full oid of the commit that HEAD names; undefined before the first commit. */
  readonly head?: string;
  /** Oid of the tree without files; git knows it even where the object is not stored. */
  readonly emptyTree: string;
  readonly shallow: boolean;
}

/** @throws GuardError `git-failed` for an object format that is not known here. */
export function emptyTreeOf(format: string): string {
  const emptyTree = EMPTY_TREES.get(format);
  if (emptyTree === undefined)
    throw new GuardError('git-failed', `the repository uses the unknown object format ${format}`, {
      help: ['Install a newer drizzle-guard.'],
    });
  return emptyTree;
}

const EMPTY_TREES: ReadonlyMap<string, string> = new Map([
  ['sha1', '4b825dc642cb6eb9a060e54bf8d69288fbee4904'],
  ['sha256', '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'],
]);

/**
 * Opens the repository that git itself finds from `cwd` and the environment: a subdirectory, a
 * linked worktree, a submodule, `GIT_DIR`. At the top of a plain clone the reader of objects, which
 * every check needs, names HEAD; elsewhere one git process more (and a second one only where
 * `GIT_DIR` is set without `GIT_WORK_TREE`).
 * @throws GuardError `not-a-repository`, `bare-repository`, `git-missing`, `git-failed`.
 */
export async function openRepository(options: GitOptions): Promise<Repository> {
  const called = createGit(options);
  const plain = await openPlain(called);
  if (plain !== undefined) return plain;
  const found = await discover(called);
  if (called.env['GIT_DIR'] === undefined || called.env['GIT_WORK_TREE'] !== undefined)
    return open(called, found);
  // git then takes the current folder for the top, whatever `.git` says. That is right in a hook,
  // which runs at the top, and wrong in what the hook starts in a subfolder.
  const own = await discover(called.with({ env: { GIT_DIR: undefined } })).catch(() => undefined);
  return open(called, own !== undefined && own.gitDir === found.gitDir ? own : found);
}

/** @returns undefined where git has to be asked what is there. */
async function openPlain(called: Git): Promise<Repository | undefined> {
  const found = plainClone(called);
  if (found === undefined) return undefined;
  const opened = open(called, {
    ...found,
    commonDir: found.gitDir,
    prefix: '',
    format: 'sha1',
    shallow: false,
    head: undefined,
  });
  // Nothing before the first commit, nor of what is damaged.
  const { type, oid } = await opened.objects.look('HEAD');
  return type === 'commit' && oid !== undefined ? { ...opened, head: oid } : undefined;
}

/** The same repository for a git with other variables; undefined removes one. */
export function withVariables(repository: Repository, env: Environment): Repository {
  const git = repository.git.with({ env });
  const objects = new Objects(git);
  return { ...repository, git, objects, blobs: new Blobs(git, objects, repository.commonDir) };
}

interface Found {
  readonly topLevel: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly prefix: string;
  readonly format: string;
  readonly shallow: boolean;
  readonly head: string | undefined;
}

function open(git: Git, { format, head, ...found }: Found): Repository {
  const emptyTree = emptyTreeOf(format);
  // Absolute: a relative GIT_DIR is relative to the caller's folder, and from the top
  // `core.worktree` would not be found. A relative GIT_INDEX_FILE stays: it is relative to the top,
  // where git changes to first.
  const common = git.env['GIT_COMMON_DIR'] === undefined ? {} : { GIT_COMMON_DIR: found.commonDir };
  const atTop = git.with({
    cwd: found.topLevel,
    env: { GIT_DIR: found.gitDir, GIT_WORK_TREE: found.topLevel, ...common },
  });
  const objects = new Objects(atTop);
  return {
    ...found,
    git: atTop,
    objects,
    blobs: new Blobs(atTop, objects, found.commonDir),
    emptyTree,
    ...(head === undefined ? {} : { head }),
  };
}

const QUESTIONS = [
  '--is-bare-repository',
  '--is-inside-work-tree',
  '--is-shallow-repository',
  '--show-object-format',
  '--show-toplevel',
  '--absolute-git-dir',
  '--git-common-dir',
  '--show-prefix',
];

/**
 * rev-parse answers its arguments in order, a line each; `--revs-only HEAD` answers nothing before
 * the first commit.
 */
async function discover(git: Git): Promise<Found> {
  const { stdout, stderr, exitCode } = await git.run(
    ['rev-parse', ...QUESTIONS, '--revs-only', 'HEAD'],
    { ok: [0, 128] },
  );
  const lines = stdout.toString('utf8').split('\n').slice(0, -1);
  const [bare, inside, shallow, format, topLevel, gitDir, commonDir, prefix, head] = lines;
  if (bare === 'true')
    throw new GuardError(
      'bare-repository',
      'this is a bare repository: it has no index and no working tree',
      { help: ['Run the guard in a clone with a working tree.'] },
    );
  // Also false where the caller is outside a GIT_WORK_TREE elsewhere: then git does name the top.
  if (exitCode !== 0 && inside === 'false')
    throw new GuardError(
      'not-a-repository',
      `${git.cwd} is inside the git folder, not in a working tree`,
      { help: ['Run the guard in the working tree.'] },
    );
  if (exitCode !== 0) throw notARepository(git, stderr);
  if (
    format === undefined ||
    topLevel === undefined ||
    gitDir === undefined ||
    commonDir === undefined ||
    prefix === undefined ||
    lines.length > QUESTIONS.length + 1
  ) {
    throw new GuardError('git-failed', 'git rev-parse did not answer as expected', {
      help: [
        'A folder name with a line break is not supported; otherwise install git 2.30 or newer.',
      ],
    });
  }
  const [top, own, common] = await Promise.all(
    [topLevel, gitDir, resolve(git.cwd, commonDir)].map((path) => realpath(path)),
  );
  return {
    topLevel: top ?? topLevel,
    gitDir: own ?? gitDir,
    commonDir: common ?? commonDir,
    prefix,
    format,
    shallow: shallow === 'true',
    head,
  };
}

function notARepository(git: Git, stderr: string): GuardError {
  return new GuardError('not-a-repository', `git finds no repository at ${git.cwd}`, {
    help: [...linesOfGit(stderr), 'Run the guard inside a git repository.'],
    cause: new Error(stderr),
  });
}
