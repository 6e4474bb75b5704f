import type { GitAnswers } from '../git/refs/kept-answers.ts';
import type { Repository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { FileProblem, MigrationFile } from '../history/history.ts';
import { type RepoPath, folderOf } from '../model/repo-path.ts';
import type { LiteralsMemory } from '../project/config/literals.ts';
import type { KitEnvironment, KitRun } from '../project/kit-environment.ts';
import { installCommand } from '../project/scripts/how-to-generate.ts';
import type { Project } from '../project/project.ts';
import type { Observed } from './modules/read-log.ts';
import type { EvaluatedConfig } from './evaluate-config.ts';
import type { Kit } from './kit/find-kit.ts';
import { openFolderEvaluator, type FolderEvaluator } from './folder-evaluator.ts';
import type { GenerateSession, RecordedRenames } from './kit/generate.ts';
import type { EvaluatedSchema, Generated } from './schema.ts';
import { conditionsOf, withScript } from './script-environment.ts';
import type { Environment } from './worker/protocol.ts';
import { openWorkers } from './workers.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The one door to everything that runs a user's code or drizzle-kit. One for each run of the guard.
 */
export interface Evaluator extends FolderEvaluator {
  /** False where nothing can be run: only `snapshotVersion` and `versionsFor` answer then. */
  readonly evaluates: boolean;
  /** What configs say without being run, and what git found, where it is kept between runs. */
  readonly literals?: LiteralsMemory;
  readonly gitAnswers?: GitAnswers;
  /** @throws GuardError as `evaluateSchema`, and `kit-missing`, `kit-unsupported`. */
  evaluate(tree: Tree, project: Project): Promise<EvaluatedSchema>;
  /** Evaluates whatever is known: to see which values differ at every evaluation. */
  evaluateAgain(tree: Tree, project: Project): Promise<EvaluatedSchema>;
  /**
   * What will probably be evaluated after the next evaluation: it may be prepared in the meantime.
   */
  hint(tree: Tree, project: Project): void;
  /**
   * drizzle-kit's statements from a snapshot (undefined: from nothing) to another. Its questions
   * about renames are answered from what a migration records, where that is given.
   */
  generate(
    project: Project,
    before: Json | undefined,
    after: Json,
    recorded?: RecordedRenames,
  ): Promise<Generated>;
  /**
   * What drizzle-kit's own validator, which reads every snapshot before it generates anything, has
   * against files of the tree; those that it takes are left out. Other versions and dialects are
   * none of its business.
   */
  snapshotProblems(
    project: Project,
    tree: Tree,
    files: readonly MigrationFile[],
  ): Promise<ReadonlyMap<RepoPath, readonly FileProblem[]>>;
  evaluateConfig(tree: Tree, path: RepoPath, run?: KitRun): Promise<EvaluatedConfig>;
  /**
   * The installed versions that decide the project's answers; undefined where nothing can be run.
   */
  versionsFor(project: Project): Promise<Pick<Kit, 'version' | 'ormVersion'> | undefined>;
  /** Milliseconds that a schema, a config or drizzle-kit may take from now on; 30 seconds by default. */
  limitTo(timeLimit: number): void;
  close(): Promise<void>;
}

/** Reports what decided an answer, before the answer is given. */
type Observe = (observed: Observed) => void;

/** An evaluator that remembers nothing, and reports what decided each answer. */
export interface PlainEvaluator extends Evaluator {
  evaluate(tree: Tree, project: Project, observe?: Observe): Promise<EvaluatedSchema>;
  evaluateConfig(
    tree: Tree,
    path: RepoPath,
    run?: KitRun,
    observe?: Observe,
  ): Promise<EvaluatedConfig>;
  kitFor(project: Pick<Project, 'base'>, tree?: Tree): Promise<Kit>;
}

export interface EvaluatorOptions {
  readonly repository: Repository;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens an evaluator. One process runs all code; each drizzle-kit is looked up once.
 * @param startNow false: the process starts with the first evaluation, as one may not be needed.
 * @param codeIn see `WorkerOptions`
 */
export function openEvaluator(
  { repository, env }: EvaluatorOptions,
  {
    startNow = true,
    codeIn,
  }: { readonly startNow?: boolean; readonly codeIn?: string | undefined } = {},
): PlainEvaluator {
  const top = repository.topLevel;
  let limit: { readonly timeLimit?: number } = {};
  const workers = openWorkers(top, env, codeIn);
  if (startNow) workers.under([]).catch(() => undefined);

  const kits = new Map<RepoPath, Kit>();
  /** Only what is found is kept: the message about what is missing depends on the tree. */
  const kitFor = async (project: Pick<Project, 'base'>, tree?: Tree): Promise<Kit> => {
    const kit = kits.get(project.base) ?? (await findKitFor(project, tree, top));
    kits.set(project.base, kit);
    return kit;
  };
  const ignores = async (path: RepoPath): Promise<boolean> =>
    (await import('../git/worktree/ignored.ts'))
      .ignoredPaths(repository, [path])
      .then(({ length }) => length > 0);

  const hints: { readonly tree: Tree; readonly project: Project }[] = [];
  let isBusy = false;
  /** The process runs one evaluation at a time; the next one is compiled meanwhile. */
  const prepareHints = async (): Promise<void> => {
    for (const { tree, project } of hints.splice(0)) {
      const { prepareSchema } = await import('./evaluate.ts');
      const conditions = conditionsUnder(env, project.environment);
      const kit = await kitFor(project, tree);
      prepareSchema({ tree, top, project, kit, conditions, ignores });
    }
  };

  const evaluate = async (
    tree: Tree,
    project: Project,
    observe?: Observe,
  ): Promise<EvaluatedSchema> => {
    const kit = await kitFor(project, tree);
    const conditions = conditionsUnder(env, project.environment);
    const [{ evaluateSchema }, running, install] = await Promise.all([
      import('./evaluate.ts'),
      workers.under(conditions),
      installCommand(tree, project.base),
    ]);
    try {
      return await evaluateSchema({
        tree,
        top,
        project,
        kit,
        worker: running,
        env,
        conditions,
        install,
        ignores,
        ...limit,
        meanwhile: () => {
          isBusy = true;
          prepareHints().catch(() => undefined);
        },
        ...(observe === undefined ? {} : { observe }),
      });
    } finally {
      isBusy = false;
    }
  };

  const sessionFor = async (project: Project): Promise<GenerateSession> => {
    const [kit, worker] = await Promise.all([kitFor(project), workers.under([])]);
    return { kit, worker, dialect: project.dialect, ...limit };
  };

  return {
    evaluates: true,
    kitFor,
    evaluate,
    evaluateAgain: evaluate,
    hint(tree, project) {
      hints.push({ tree, project });
      if (isBusy) prepareHints().catch(() => undefined);
    },
    async generate(project, before, after, recorded) {
      const { generate, sameButForIds } = await import('./kit/generate.ts');
      if (recorded === undefined && before !== undefined && sameButForIds(before, after))
        return { status: 'answered', statements: [] };
      return generate(await sessionFor(project), before, after, recorded);
    },
    async snapshotProblems(project, tree, files) {
      const [{ snapshotProblems }, session, bytes] = await Promise.all([
        import('./kit/snapshot-problems.ts'),
        kitFor(project, tree).then(() => sessionFor(project)),
        tree.read(files.map(({ path }) => path)),
      ]);
      const found = await snapshotProblems(session, [...bytes.values()]);
      return new Map(
        [...bytes.keys()].flatMap((path, at) =>
          found[at]?.length ? [[path, found[at]] as const] : [],
        ),
      );
    },
    async evaluateConfig(tree, path, kitRun, observe) {
      const { base = folderOf(path), environment } = kitRun ?? {};
      const conditions = conditionsUnder(env, environment);
      const [{ evaluateConfig }, running, install, kit] = await Promise.all([
        import('./evaluate-config.ts'),
        workers.under(conditions),
        installCommand(tree, folderOf(path)),
        kitFor({ base }, tree).catch(() => undefined),
      ]);
      const evaluated = await evaluateConfig({
        tree,
        top,
        path,
        env,
        run: kitRun,
        kit,
        conditions,
        worker: running,
        install,
        ignores,
        ...limit,
        ...(observe === undefined ? {} : { observe }),
      });
      return kit === undefined ? evaluated : { ...evaluated, isBefore1: kit.layout === 'journal' };
    },
    ...openFolderEvaluator(kitFor, sessionFor),
    versionsFor: (project) => kitFor(project),
    limitTo(timeLimit) {
      limit = { timeLimit };
    },
    close: () => workers.close(),
  };
}

/** The conditions of module resolution under a script. */
function conditionsUnder(env: Environment, script: KitEnvironment | undefined): readonly string[] {
  return conditionsOf(withScript(env, script), script);
}

async function findKitFor(
  project: Pick<Project, 'base'>,
  tree: Tree | undefined,
  top: string,
): Promise<Kit> {
  const { findKit } = await import('./kit/find-kit.ts');
  try {
    return findKit(top, project.base, '');
  } catch {
    // Again, with the command that the message needs.
    const install = tree === undefined ? 'npm install' : await installCommand(tree, project.base);
    return findKit(top, project.base, install);
  }
}
