import { once } from '../model/once.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSession, type SchemaSession } from '../schema/evaluator.ts';
import { GuardError } from '../model/errors.ts';
import { commitTree } from '../git/trees/commit-tree.ts';
import type { Environment } from '../git/environment.ts';
import { createGit, type Git } from '../git/git.ts';
import { indexTree } from '../git/trees/index-tree.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { discoverProjects, type Discovered } from '../project/discover.ts';
import { readGuardConfig, type GuardConfig } from '../project/guard-config.ts';
import { readInstalledHooks, type InstalledHooks } from './installed-hooks.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { prove, type Proof } from './proof/prove.ts';

/** What the probes may look at; each thing is looked for once, when it is first asked for. */
export interface Place {
  /** Absolute path of the folder that the doctor was called in. */
  readonly cwd: string;
  readonly env: Environment;
  /** This guard's own version. */
  readonly version: string;
  /** The running Node's version, without a `v`. */
  readonly node: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What a program that was not started from a shell has for its PATH. */
  readonly barePath: string;
  readonly git: Git;
  /** @throws GuardError `not-a-repository`, `bare-repository`, `git-missing`. */
  repository(): Promise<Repository>;
  /** What a commit would record now; HEAD while a merge is unfinished. */
  tree(): Promise<Tree>;
  session(): Promise<SchemaSession>;
  /** @throws GuardError `guard-config-invalid`. */
  guardConfig(): Promise<GuardConfig>;
  found(): Promise<Discovered>;
  hooks(): Promise<InstalledHooks>;
  /** The package.json at the top, and what calls things there. */
  manifest(): Promise<Manifest>;
  /** What became of real commits and pushes in a temporary clone. */
  proof(): Promise<Proof>;
  /** The text of a file of the working tree; undefined where there is none. */
  read(path: RepoPath): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface PlaceOptions {
  readonly cwd: string;
  readonly env: Environment;
  readonly version: string;
  readonly node: string;
  readonly now?: number;
  readonly barePath?: string;
  /** Seconds that one commit or push of the proof may take. */
  readonly timeLimit?: number;
}

/** Opens a place. Nothing is looked at, and nothing fails, before it is asked for; it has to be closed. */
export function openPlace(options: PlaceOptions): Place {
  const {
    cwd,
    env,
    version,
    node,
    now = Date.now(),
    barePath = '/usr/bin:/bin',
    timeLimit = 60,
  } = options;
  const repository = once(() => openRepository({ cwd, env }));
  let opened: SchemaSession | undefined;
  // Without the cache: what is installed now has to show that it works, and nothing is to be written.
  const session = once(
    async () => (opened = openSession({ repository: await repository(), env, cache: 'off' })),
  );
  const tree = once(async () => recorded(await repository()));
  const read = async (path: RepoPath): Promise<string | undefined> =>
    readFile(join((await repository()).topLevel, path), 'utf8').catch(() => undefined);
  const evaluate = async (path: RepoPath) => (await session()).evaluateConfig(await tree(), path);
  const guardConfig = once(async () => readGuardConfig(await tree(), evaluate));
  const found = once(async () => {
    const mine = await guardConfig().catch(() => undefined);
    return discoverProjects(await tree(), {
      top: (await repository()).topLevel,
      evaluate,
      ...(mine === undefined ? {} : { guardConfig: mine }),
    });
  });
  const hooks = once(async () => readInstalledHooks(await repository()));
  const manifest = once(async () => readManifest(await tree(), read));
  const place: Place = {
    cwd,
    env,
    version,
    node,
    now,
    barePath,
    git: createGit({ cwd, env }),
    repository,
    tree,
    session,
    guardConfig,
    found,
    hooks,
    manifest,
    read,
    proof: once(async () => prove(place, timeLimit)),
    async close() {
      await opened?.close();
    },
  };
  return place;
}

async function recorded(repository: Repository): Promise<Tree> {
  try {
    return (await indexTree(repository)).after;
  } catch (error) {
    if (!(error instanceof GuardError) || error.code !== 'index-unmerged') throw error;
    return commitTree(repository, 'HEAD');
  }
}
