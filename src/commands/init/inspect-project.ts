import { openCachedEvaluator } from '../../schema/cached-evaluator.ts';
import { GuardError } from '../../model/errors.ts';
import { indexTree } from '../../git/trees/index-tree.ts';
import { openRepository, type Repository } from '../../git/repository.ts';
import { readText, type Tree } from '../../git/trees/tree.ts';
import { type RepoPath, inside, folderOf, upwards } from '../../model/repo-path.ts';
import { isInSubmodule, submodulesIn } from '../../git/trees/submodules.ts';
import { worktreeTree } from '../../git/trees/worktree-tree.ts';
import type { CliContext } from '../../cli-context.ts';
import { discoverProjects, type Discovered } from '../../project/discover.ts';
import { readGuardConfig } from '../../project/guard-config.ts';
import { declaredKit1, declaredKitVersion } from '../../project/scripts/declared-kit-version.ts';
import { RULE_IDS } from '../../rules/index.ts';
import { hasFolders } from '../../history/folder-layout.ts';
import type { Layout } from '../../history/history.ts';
import { journalPath } from '../../history/layout.ts';
import { findKit, isSupportedKit, SUPPORTED_KITS } from '../../schema/kit/find-kit.ts';

/** What a repository is, before anything is decided. */
export interface InspectedProject {
  readonly repository: Repository;
  /** As if everything were staged: what is there and not ignored. */
  readonly tree: Tree;
  readonly found: Discovered;
  /**
   * The folder whose package.json the guard belongs to: the top's, or the nearest to where the
   * person or Drizzle is.
   */
  readonly folder: RepoPath;
  /** The migrations folders of the projects, each once; a submodule has its own set-up. */
  readonly outs: readonly RepoPath[];
  /** Those of drizzle-kit 1.x, which keeps no journal that git could merge. */
  readonly ofFolders: ReadonlySet<RepoPath>;
}

/**
 * Looks at the repository around `cwd`, as its working tree is.
 * @throws GuardError `no-project` where there is no Drizzle project, `not-a-repository`,
 * `index-unmerged`, `kit-unsupported`, and `usage` where there is no package.json.
 */
export async function inspectProject({
  cwd,
  env,
}: Pick<CliContext, 'cwd' | 'env'>): Promise<InspectedProject> {
  const repository = await openRepository({ cwd, env });
  const tree = await worktreeTree(repository, await indexTree(repository)).then(
    ({ after }) => after,
  );
  const evaluator = openCachedEvaluator({ repository, env });
  try {
    const guardConfig = await readGuardConfig(
      tree,
      (path, run) => evaluator.evaluateConfig(tree, path, run),
      RULE_IDS,
    );
    const found = await discoverProjects(tree, {
      top: repository.topLevel,
      guardConfig,
      evaluate: (path, run) => evaluator.evaluateConfig(tree, path, run),
    });
    const configs = [...found.projects, ...found.unreadable].map(({ config }) => config);
    if (configs.length === 0)
      throw new GuardError('no-project', 'there is no Drizzle project in the working tree', {
        help: [found.looked],
      });
    const ofFolders = new Set<RepoPath>();
    for (const { base, out } of found.projects)
      if (await isOfFolders(tree, out, await assertKit({ repository, tree }, base)))
        ofFolders.add(out);
    const submodules = submodulesIn(await tree.entries());
    return {
      repository,
      tree,
      found,
      outs: [...new Set(found.projects.map(({ out }) => out))].filter(
        (out) => !submodules.some((one) => isInSubmodule(out, one)),
      ),
      ofFolders,
      folder: await packageFolder(tree, repository.prefix, configs),
    };
  } finally {
    await evaluator.close();
  }
}

/** Whether migrations are folders, or, before the first one, will be. */
async function isOfFolders(tree: Tree, out: RepoPath, layout: Layout): Promise<boolean> {
  const entries = await tree.entries();
  return !entries.has(journalPath(out)) && (layout === 'folders' || (await hasFolders(tree, out)));
}

/**
 * A guard that could only refuse is not set up.
 * @returns the layout of the drizzle-kit that is installed, or will be
 * @throws GuardError `kit-unsupported`; that drizzle-kit is not installed yet is no error here
 */
async function assertKit(
  { repository, tree }: Pick<InspectedProject, 'repository' | 'tree'>,
  base: RepoPath,
): Promise<Layout> {
  try {
    return findKit(repository.topLevel, base, '').layout;
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    if (error.code === 'kit-unsupported') throw unsupported(error.message, base);
    if (error.code !== 'kit-missing') return 'journal';
  }
  const declared = (await declaredKitVersion(tree, base)) ?? (await declaredKit1(tree, base));
  if (declared !== undefined && !isSupportedKit(declared.version))
    throw unsupported(
      `${declared.path} has drizzle-kit ${declared.version}; this drizzle-guard supports ${SUPPORTED_KITS}.`,
      base,
    );
  return declared?.version.replace(/^[~^=v]*/, '').startsWith('1.') === true
    ? 'folders'
    : 'journal';
}

function unsupported(message: string, base: RepoPath): GuardError {
  return new GuardError('kit-unsupported', message, {
    help: [
      'Nothing was set up: the guard could only refuse. Install drizzle-kit ' +
        `0.31${base === '' ? '' : ` in ${base}`}, or a drizzle-guard that ` +
        'supports yours (npx drizzle-guard@latest init).',
      'To guard the other projects of the repository, list them under `projects` in the guard config.',
    ],
  });
}

async function packageFolder(
  tree: Tree,
  prefix: string,
  configs: readonly RepoPath[],
): Promise<RepoPath> {
  const entries = await tree.entries();
  const near = [prefix.replace(/\/$/, ''), ...configs.map(folderOf)].flatMap(upwards);
  const found = ['', ...near].find((folder) => entries.has(inside(folder, 'package.json')));
  if (found === undefined)
    throw new GuardError('usage', 'there is no package.json to add the guard to', {
      help: ['npm init', 'npx drizzle-guard init'],
    });
  return found;
}

/** Reads a JSON file of the tree; undefined where there is none, or it is not JSON. */
export async function readJson(tree: Tree, path: RepoPath): Promise<unknown> {
  const text = (await tree.entries()).has(path) ? await readText(tree, path) : undefined;
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
