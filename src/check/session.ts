import type { Repository } from '../git/repository.ts';
import type { RepoPath, Tree } from '../git/tree.ts';
import { installCommand } from '../project/how-to-run.ts';
import type { Project } from '../project/project.ts';
import { folderOf } from '../project/repo-path.ts';
import type { RecordedRenames } from '../schema/generate.ts';
import type { EvaluatedConfig } from '../schema/evaluate-config.ts';
import type { Kit } from '../schema/kit.ts';
import type { EvaluatedSchema, Generated } from '../schema/schema.ts';
import type { EvaluationWorker } from '../schema/worker.ts';

type Json = Readonly<Record<string, unknown>>;

/** One run's dealings with the schema room: one thread, each drizzle-kit looked for once, nothing loaded before it is needed. */
export interface SchemaSession {
  evaluate(tree: Tree, project: Project): Promise<EvaluatedSchema>;
  /**
   * drizzle-kit's statements from a snapshot (undefined: from nothing) to another; with what a migration records about
   * renames, its questions are answered from that.
   */
  generate(project: Project, before: Json | undefined, after: Json, recorded?: RecordedRenames): Promise<Generated>;
  evaluateConfig(tree: Tree, path: RepoPath): Promise<EvaluatedConfig>;
  snapshotVersion(project: Project): Promise<number>;
  /** Milliseconds that a schema or a config may take from now on; the schema room's own limit until then. */
  limitTo(timeLimit: number): void;
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly repository: Repository;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Opens a session. The thread starts at once, beside the reading of trees and configs: nearly every run needs it. */
export function openSession({ repository, env }: SessionOptions): SchemaSession {
  const top = repository.topLevel;
  let limit: { readonly timeLimit?: number } = {};
  const kits = new Map<RepoPath, Promise<InstalledKit>>();
  let opened: Promise<EvaluationWorker> | undefined;
  const worker = (): Promise<EvaluationWorker> => (opened ??= import('../schema/worker.ts').then(({ openWorker }) => openWorker({ env })));
  warm(top, worker).catch(() => undefined);
  const kitOf = async (project: Project, tree: Tree | undefined): Promise<InstalledKit> => {
    let kit = kits.get(project.base);
    if (kit === undefined) {
      kit = findKitFor(project, tree, top);
      kits.set(project.base, kit);
    }
    return kit;
  };

  return {
    async evaluate(tree, project) {
      const [{ evaluateSchema }, { kit, install }, thread] = await Promise.all([import('../schema/evaluate.ts'), kitOf(project, tree), worker()]);
      return evaluateSchema({ tree, top, project, kit, worker: thread, env, install, ...limit });
    },
    async generate(project, before, after, recorded) {
      const [{ generate }, { kit }, thread] = await Promise.all([import('../schema/generate.ts'), kitOf(project, undefined), worker()]);
      return generate({ kit, worker: thread, dialect: project.dialect }, before, after, recorded);
    },
    async evaluateConfig(tree, path) {
      const [{ evaluateConfig }, thread, install] = await Promise.all([import('../schema/evaluate-config.ts'), worker(), installCommand(tree, folderOf(path))]);
      return evaluateConfig({ tree, top, path, env, worker: thread, install, ...limit });
    },
    async snapshotVersion(project) {
      const { SNAPSHOT_VERSIONS } = await import('../schema/kit.ts');
      return SNAPSHOT_VERSIONS[project.dialect];
    },
    limitTo(timeLimit) {
      limit = { timeLimit };
    },
    async close() {
      if (opened !== undefined) await (await opened).close();
    },
  };
}

/** A kit with the command that installs it: for messages, of whatever turns out not to be there. */
interface InstalledKit {
  readonly kit: Kit;
  readonly install: string;
}

async function findKitFor(project: Project, tree: Tree | undefined, top: string): Promise<InstalledKit> {
  const { findKit } = await import('../schema/kit.ts');
  const install = tree === undefined ? 'npm install' : await installCommand(tree, project.base);
  return { kit: findKit(top, project.base, install), install };
}

/** Loads beside the reading of trees what nearly every run needs: the thread, a drizzle-kit at the top, esbuild. */
async function warm(top: string, worker: () => Promise<EvaluationWorker>): Promise<void> {
  const [thread, { findKit }, { warmEsbuild }] = await Promise.all([worker(), import('../schema/kit.ts'), import('../esbuild.ts')]);
  warmEsbuild();
  thread.preload(findKit(top, '', ''));
}
