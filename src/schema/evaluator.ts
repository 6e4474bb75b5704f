import { statSync } from 'node:fs';
import { openCache } from './cache/cache.ts';
import { packConfig, packSchema, unpackConfig, unpackSchema } from './cache/forms.ts';
import type { ChangedPath } from '../git/trees/listing.ts';
import type { Repository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import { type RepoPath, folderOf } from '../model/repo-path.ts';
import { installCommand } from '../project/scripts/how-to-generate.ts';
import type { Project } from '../project/project.ts';
import type { RecordedRenames } from './kit/generate.ts';
import type { EvaluatedConfig } from './evaluate-config.ts';
import type { Kit } from './kit/find-kit.ts';
import type { EvaluatedSchema, Generated } from './schema.ts';
import type { Observed } from './bundle/read-log.ts';
import type { EvaluationWorker } from './thread/host.ts';
import { openWarmWorker, type EarlyStart } from './warm-up.ts';

type Json = Readonly<Record<string, unknown>>;

/** One run's dealings with the schema room: one thread, each drizzle-kit looked for once, nothing loaded before it is needed. */
export interface SchemaSession {
  /** False where nothing can be run: only `snapshotVersion` has an answer then. */
  readonly evaluates: boolean;
  /**
   * `fresh`: evaluated once more, whatever is known. `next`: what will probably be asked
   * for afterwards; where this has to be evaluated, that is bundled while the thread is busy.
   */
  evaluate(tree: Tree, project: Project, how?: EvaluateOptions): Promise<EvaluatedSchema>;
  /** Begins an evaluation that will be asked for: its answer, and its failure, are kept until then. */
  begin(tree: Tree, project: Project): void;
  /**
   * drizzle-kit's statements from a snapshot (undefined: from nothing) to another; with what a migration records about
   * renames, its questions are answered from that.
   */
  generate(
    project: Project,
    before: Json | undefined,
    after: Json,
    recorded?: RecordedRenames,
  ): Promise<Generated>;
  evaluateConfig(tree: Tree, path: RepoPath): Promise<EvaluatedConfig>;
  snapshotVersion(project: Project): Promise<number>;
  /** Told what changed against the tree before, it starts early what only a schema that nobody knows takes. */
  expect?(changed: readonly ChangedPath[]): void;
  /** Milliseconds that a schema or a config may take from now on; the schema room's own limit until then. */
  limitTo(timeLimit: number): void;
  close(): Promise<void>;
}

export interface EvaluateOptions {
  readonly fresh?: boolean;
  readonly next?: () => Promise<readonly { readonly tree: Tree; readonly project: Project }[]>;
}

export interface SessionOptions {
  readonly repository: Repository;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether answers of this run and of earlier ones are used, and kept; they are by default. */
  readonly cache?: 'use' | 'off';
  /** A thread that runs already; whoever started it ends it too. */
  readonly early?: EarlyStart;
}

/**
 * Opens a session. Where nothing can be known yet, the thread starts at once, beside the reading of trees and configs;
 * otherwise with the first question that nobody has answered before.
 */
export function openSession({
  repository,
  env,
  cache: mode = 'use',
  early,
}: SessionOptions): SchemaSession {
  const top = repository.topLevel;
  let limit: { readonly timeLimit?: number } = {};
  const kits = new Map<RepoPath, Promise<InstalledKit>>();
  const ignores = async (path: RepoPath): Promise<boolean> =>
    (await import('../git/worktree/ignored.ts'))
      .ignoredPaths(repository, [path])
      .then(({ length }) => length > 0);
  let opened = early?.top === top ? early.worker : undefined;
  const worker = (): Promise<EvaluationWorker> => {
    opened ??= openWarmWorker(top, env);
    return opened;
  };
  const cache = mode === 'off' ? undefined : openCache(repository.commonDir, env);
  if (cache === undefined || cache.empty) worker().catch(() => undefined);
  const kitOf = async (project: Project, tree: Tree | undefined): Promise<InstalledKit> => {
    let kit = kits.get(project.base);
    if (kit === undefined) {
      kit = findKitFor(project, tree, top);
      kits.set(project.base, kit);
    }
    return kit;
  };

  const evaluate = async (
    tree: Tree,
    project: Project,
    { kit, install }: InstalledKit,
    next: EvaluateOptions['next'],
    observe?: (observed: Observed) => void,
  ): Promise<EvaluatedSchema> => {
    const [{ evaluateSchema, prepareSchema }, thread] = await Promise.all([
      import('./evaluate.ts'),
      worker(),
    ]);
    const command = await install();
    const meanwhile = (): void => {
      next?.().then(
        (all) => all.forEach((one) => prepareSchema({ ...one, top, install: command })),
        () => undefined,
      );
    };
    // What the cache may know already is not bundled on suspicion.
    const ahead = cache === undefined || cache.empty ? { meanwhile } : {};
    return evaluateSchema({
      tree,
      top,
      project,
      kit,
      worker: thread,
      env,
      install: command,
      ignores,
      ...limit,
      ...ahead,
      ...(observe === undefined ? {} : { observe }),
    });
  };

  const evaluateConfig = async (
    tree: Tree,
    path: RepoPath,
    observe?: (observed: Observed) => void,
  ): Promise<EvaluatedConfig> => {
    const [{ evaluateConfig: run }, thread, install] = await Promise.all([
      import('./evaluate-config.ts'),
      worker(),
      installCommand(tree, folderOf(path)),
    ]);
    return run({
      tree,
      top,
      path,
      env,
      worker: thread,
      install,
      ignores,
      ...limit,
      ...(observe === undefined ? {} : { observe }),
    });
  };

  const begun = new WeakMap<Tree, Map<string, Promise<EvaluatedSchema>>>();
  const ask = async (
    tree: Tree,
    project: Project,
    { fresh = false, next }: EvaluateOptions,
  ): Promise<EvaluatedSchema> => {
    const installed = await kitOf(project, tree);
    if (cache === undefined || fresh) return evaluate(tree, project, installed, next);
    const { recall } = cache;
    const { api, base, version, ormVersion } = installed.kit;
    return recall.ask({
      key: [
        'schema',
        top,
        project.base,
        project.schemaFiles,
        project.dialect,
        project.casing ?? '',
        api,
        base,
        version,
        ormVersion,
        stateOf(installed.kit),
      ],
      tree,
      run: (observe) => evaluate(tree, project, installed, next, observe),
      pack: packSchema,
      unpack: unpackSchema,
    });
  };

  return {
    evaluates: true,
    async evaluate(tree, project, how = {}) {
      const already = how.fresh === true ? undefined : begun.get(tree)?.get(nameOf(project));
      return already ?? ask(tree, project, how);
    },
    begin(tree, project) {
      const ofTree = begun.get(tree) ?? new Map<string, Promise<EvaluatedSchema>>();
      if (ofTree.has(nameOf(project))) return;
      const answer = ask(tree, project, {});
      answer.catch(() => undefined);
      begun.set(tree, ofTree.set(nameOf(project), answer));
    },
    async generate(project, before, after, recorded) {
      const [{ generate, sameButForIds }, { kit }] = await Promise.all([
        import('./kit/generate.ts'),
        kitOf(project, undefined),
      ]);
      if (recorded === undefined && before !== undefined && sameButForIds(before, after))
        return { status: 'answered', statements: [] };
      const run = async (): Promise<Generated> =>
        generate(
          { kit, worker: await worker(), dialect: project.dialect },
          before,
          after,
          recorded,
        );
      if (cache === undefined) return run();
      const { generations } = cache;
      return generations.ask({
        kit: [kit.api, kit.base, kit.version, kit.ormVersion, stateOf(kit), project.dialect],
        api: kit.api,
        before,
        after,
        sql: recorded?.sql,
        run,
      });
    },
    async evaluateConfig(tree, path) {
      if (cache === undefined) return evaluateConfig(tree, path);
      const { recall } = cache;
      return recall.ask({
        key: ['config', top, path],
        tree,
        run: (observe) => evaluateConfig(tree, path, observe),
        pack: packConfig,
        unpack: unpackConfig,
      });
    },
    async snapshotVersion(project) {
      const { SNAPSHOT_VERSIONS } = await import('./kit/find-kit.ts');
      return SNAPSHOT_VERSIONS[project.dialect];
    },
    expect(changed) {
      if (opened === undefined && cache?.recall.foresees(changed) === true)
        worker().catch(() => undefined);
    },
    limitTo(timeLimit) {
      limit = { timeLimit };
    },
    async close() {
      await cache?.close();
      if (opened !== undefined) await (await opened).close();
    },
  };
}

/** drizzle-kit is patched more often than any other package, and it is one file. */
function stateOf({ api }: Kit): string {
  const stat = statSync(api, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.size} ${stat.mtimeMs}`;
}

/** All of a project that decides its evaluation, beside the tree. */
function nameOf({ config, base, schemaFiles }: Project): string {
  return JSON.stringify([config, base, schemaFiles]);
}

/** A kit with the command that installs it: for messages, of whatever turns out not to be there. */
interface InstalledKit {
  readonly kit: Kit;
  readonly install: () => Promise<string>;
}

async function findKitFor(
  project: Project,
  tree: Tree | undefined,
  top: string,
): Promise<InstalledKit> {
  const { findKit } = await import('./kit/find-kit.ts');
  const install = async (): Promise<string> =>
    tree === undefined ? 'npm install' : installCommand(tree, project.base);
  try {
    return { kit: findKit(top, project.base, ''), install };
  } catch {
    // Once more, with the command that the message needs.
    return { kit: findKit(top, project.base, await install()), install };
  }
}
