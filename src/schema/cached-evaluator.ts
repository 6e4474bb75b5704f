import { statSync } from 'node:fs';
import type { Tree } from '../git/trees/tree.ts';
import { folderOf } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import { openCache } from './cache/cache.ts';
import type { CacheEvent, Lookup } from './cache/evaluation-cache.ts';
import { cachedFolders } from './cached-folders.ts';
import { codeFolder } from './cache/store.ts';
import { steering } from './cache/identity.ts';
import { packConfig, packSchema, unpackConfig, unpackSchema } from './cache/forms.ts';
import type { KitEnvironment } from '../project/kit-environment.ts';
import { openEvaluator, type Evaluator, type EvaluatorOptions } from './evaluator.ts';
import type { Kit } from './kit/find-kit.ts';
import { unknownUnder, withScript } from './script-environment.ts';
import type { EvaluatedSchema, Generated } from './schema.ts';

interface CachedEvaluatorOptions extends EvaluatorOptions {
  /** False: the process starts with the first evaluation, even if the cache is empty. */
  readonly startNow?: boolean;
  /** Called with each use of the cache. */
  readonly onCache?: (event: CacheEvent) => void;
}

/**
 * An evaluator that stores its answers below the git common directory, and takes them from there.
 * See `cache/README.md`.
 */
export function openCachedEvaluator(options: CachedEvaluatorOptions): Evaluator {
  const { repository, env, startNow = true, onCache } = options;
  const cache = openCache(repository.commonDir, env, onCache);
  const plain = openEvaluator(options, {
    startNow: startNow && cache.empty,
    codeIn: codeFolder(repository.commonDir),
  });
  const top = repository.topLevel;

  const lookupOf = async (tree: Tree, project: Project): Promise<Lookup<EvaluatedSchema>> => {
    const kit = await plain.kitFor(project, tree);
    const { base, schemaFiles, dialect, driver, casing, environment } = project;
    return {
      subject: project.name,
      key: [
        'schema',
        top,
        base,
        schemaFiles,
        dialect,
        casing ?? '',
        driver ?? '',
        loadedBy(environment),
        ...keyOf(kit),
      ],
      tree,
      env: withScript(env, environment),
      run: (observe) => plain.evaluate(tree, project, observe),
      pack: packSchema,
      unpack: unpackSchema,
    };
  };

  return {
    ...plain,
    literals: cache.literals,
    gitAnswers: cache.gitAnswers,
    ...cachedFolders(plain, cache.folders, keyOf),
    evaluate: async (tree, project) => cache.evaluations.get(await lookupOf(tree, project)),
    evaluateAgain: (tree, project) => plain.evaluate(tree, project),
    hint(tree, project) {
      lookupOf(tree, project)
        .then((lookup) => cache.evaluations.has(lookup))
        .then(
          (known) => (known ? undefined : plain.hint(tree, project)),
          () => undefined,
        );
    },
    async generate(project, before, after, recorded) {
      const [kit, { sameButForIds }] = await Promise.all([
        plain.kitFor(project),
        import('./kit/generate.ts'),
      ]);
      // As `plain.generate` answers, which would compare them again.
      if (recorded === undefined && before !== undefined && sameButForIds(before, after))
        return { status: 'answered', statements: [] };
      const run = (): Promise<Generated> => plain.generate(project, before, after, recorded);
      return cache.generations.get({
        subject: project.name,
        key: [...keyOf(kit), project.dialect],
        api: kit.api,
        before,
        after,
        recorded,
        run,
      });
    },
    async snapshotProblems(project, tree, files) {
      const kit = await plain.kitFor(project, tree);
      const answers = await cache.snapshots.get({
        subject: project.config,
        key: [...keyOf(kit), project.dialect],
        api: kit.api,
        oids: new Set(files.map(({ entry }) => entry.oid)),
        run: async (unknown) => {
          const asked = files.filter(({ entry }) => unknown.has(entry.oid));
          const found = await plain.snapshotProblems(project, tree, asked);
          return new Map(asked.map(({ path, entry }) => [entry.oid, found.get(path) ?? []]));
        },
      });
      return new Map(
        files.flatMap(({ path, entry }) => {
          const problems = answers.get(entry.oid) ?? [];
          return problems.length === 0 ? [] : [[path, problems] as const];
        }),
      );
    },
    async evaluateConfig(tree, path, kitRun) {
      const { base = folderOf(path) } = kitRun ?? {};
      const kit = await plain.kitFor({ base }, tree).catch(() => undefined);
      const loading = [kit?.version, loadedBy(kitRun?.environment)];
      const evaluated = await cache.evaluations.get({
        subject: path,
        key: ['config', top, path, base, ...loading],
        tree,
        env: withScript(env, kitRun?.environment),
        run: (observe) =>
          plain.evaluateConfig(tree, path, kitRun, (observed) =>
            observe(kitRun?.toLoad === true ? { ...observed, uncacheableBecause: [] } : observed),
          ),
        pack: packConfig,
        unpack: unpackConfig,
      });
      return kit === undefined ? evaluated : { ...evaluated, isBefore1: kit.layout === 'journal' };
    },
    async close() {
      await Promise.all([cache.close(), plain.close()]);
    },
  };
}

/** What a script loads. Of the variables that it sets most count only where code reads them. */
function loadedBy(environment: KitEnvironment | undefined): unknown {
  const { files = [], conditions = [], variables = {} } = environment ?? {};
  const unknown = unknownUnder(environment);
  return [files, conditions, steering(variables), ...(unknown.length === 0 ? [] : [unknown])];
}

/**
 * With the time of its file: drizzle-kit is one file, and it is patched more often than other
 * packages.
 */
function keyOf({ api, base, version, ormVersion }: Kit): readonly unknown[] {
  const stat = statSync(api, { throwIfNoEntry: false });
  return [api, base, version, ormVersion, stat === undefined ? '' : `${stat.size} ${stat.mtimeMs}`];
}
