import type { ChangedPath } from '../git/trees/listing.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RunContext } from '../judge/context.ts';
import { GuardError } from '../model/errors.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import { projectsIn, type ProjectsIn } from '../rebase/projects.ts';
import { closureIn, isOfMigrations, schemaChanges } from './schema-files.ts';
import type { Target } from './target.ts';
import type { Undone } from './undone.ts';

interface Asked {
  readonly context: RunContext;
  readonly index: { readonly after: Tree };
  readonly today: ProjectsIn;
  readonly target: Target;
  readonly undone: readonly Undone[];
}

/**
 * What of the commit's changes goes back with its migrations, and whether a path decides about the
 * schemas or the migrations of its projects.
 */
export async function schemaBack(
  { context, index, today, target, undone }: Asked,
  changed: readonly ChangedPath[],
): Promise<{
  readonly back: readonly ChangedPath[];
  readonly decides: (path: RepoPath) => boolean;
  /** The files that decide the schemas. */
  readonly closure: ReadonlySet<RepoPath>;
}> {
  const own = undone.map(({ project }) => project);
  const trees = [target.tree, target.before];
  const earlier = await Promise.all(
    trees.map(async (tree) => {
      const then = await projectsThen(context, tree);
      return own.map((project) => ({
        tree,
        project: then.find(({ out }) => out === project.out) ?? project,
      }));
    }),
  );
  const now = own.map((project) => ({ tree: index.after, project }));
  const closure = await closureIn(context.evaluator, [...now, ...earlier.flat()]);
  const configs = own.map(({ config }) => config);
  const outs = own.map(({ out }) => out);
  return {
    back: schemaChanges(changed, { closure, configs, outs: today.outs }),
    closure,
    decides: (path) =>
      closure.has(path) || configs.includes(path) || outs.some((out) => isOfMigrations(out, path)),
  };
}

/** The projects of an earlier tree; what cannot be read there is as it is today. */
async function projectsThen(context: RunContext, tree: Tree): Promise<readonly Project[]> {
  try {
    const { projects } = await projectsIn({ ...context, only: [] }, tree, '');
    return projects;
  } catch (error) {
    if (error instanceof GuardError) return [];
    throw error;
  }
}
