import { GuardError } from '../model/errors.ts';
import type { ChangedPath } from '../git/trees/listing.ts';
import { SUBMODULE, type Tree } from '../git/trees/tree.ts';
import { inOut, isInOut } from '../history/layout.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { pathspec, shellPath } from '../model/shell-quote.ts';
import type { Project } from '../project/project.ts';
import type { Evaluator } from '../schema/evaluator.ts';

/** A tree, and its project with one migrations folder, as far as it has one. */
export interface ProjectIn {
  readonly tree: Tree;
  readonly project: Project | undefined;
}

/**
 * The files that decide a project's schema in any of these trees: its schema files and what they
 * import. One that cannot be evaluated still says what it read.
 */
export async function closureIn(
  evaluator: Evaluator,
  all: readonly ProjectIn[],
): Promise<ReadonlySet<RepoPath>> {
  const found = new Set<RepoPath>();
  for (const { tree, project } of all) {
    if (project === undefined) continue;
    const schema = await evaluator.evaluate(tree, project).catch((error: unknown) => {
      // An old state may need what is not installed any more.
      if (error instanceof GuardError) return undefined;
      throw error;
    });
    for (const path of schema?.closure ?? []) found.add(path);
  }
  return found;
}

/** Whether a path is a file that drizzle-kit writes into a migrations folder. */
export function isOfMigrations(out: RepoPath, path: RepoPath): boolean {
  const start = inOut(out, '');
  return path.startsWith(start) && isInOut('', path.slice(start.length));
}

/**
 * What of a commit goes back with its migrations: what it did to schema files, and to configs that
 * it only edited. Migrations never: what is published stays.
 * @throws GuardError `usage` for a file in a submodule.
 */
export function schemaChanges(
  changed: readonly ChangedPath[],
  {
    closure,
    configs,
    outs,
  }: {
    readonly closure: ReadonlySet<RepoPath>;
    readonly configs: readonly RepoPath[];
    readonly outs: readonly RepoPath[];
  },
): readonly ChangedPath[] {
  const found = changed.filter(
    ({ path, before, after }) =>
      !outs.some((out) => isOfMigrations(out, path)) &&
      (closure.has(path) ||
        (configs.includes(path) && before !== undefined && after !== undefined)),
  );
  const inside = found.find(({ before, after }) =>
    [before, after].some((one) => one?.submodule !== undefined || one?.mode === SUBMODULE),
  );
  if (inside !== undefined)
    throw new GuardError('usage', `${inside.path} is in a submodule`, {
      help: inSubmodule(inside, changed),
    });
  return found;
}

/** How a change in a submodule goes back: there, as far as its commits before and after are known. */
function inSubmodule(inside: ChangedPath, changed: readonly ChangedPath[]): readonly string[] {
  const path = (inside.after ?? inside.before)?.submodule ?? inside.path;
  const link = changed.find((one) => one.path === path);
  const [from, to] = [link?.before, link?.after].map((one) =>
    one?.mode === SUBMODULE ? one.oid.slice(0, 12) : undefined,
  );
  if (from === undefined || to === undefined)
    return [`Take it back by hand in ${path}, and stage its new commit: git add ${pathspec(path)}`];
  return [
    'Take it back there, and stage its new commit here:',
    `( cd ./$(git rev-parse --show-cdup) && git -C ${shellPath(path)} revert --no-edit ${from}..${to} )`,
    `git add ${pathspec(path)}`,
    'Then generate the migration that goes back.',
  ];
}
