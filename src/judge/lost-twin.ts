import { readText, type Tree } from '../git/trees/tree.ts';
import type { ProjectBefore } from '../facts/read-change.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import type { Narrowing } from '../rules/guard-narrowed.ts';
import type { TargetContext } from './context.ts';

/**
 * Configs that wrote into the project's `out` and have no schema any more, or are gone, while files
 * with tables stay that only they read: nothing judges these from now on.
 */
export async function lostTwins(
  context: TargetContext,
  project: Project,
  { project: then, tree, rev }: ProjectBefore,
): Promise<readonly Narrowing[]> {
  const { evaluator, found, target } = context;
  const all = found.projects.flatMap(withTwins);
  const gone = withTwins(then).filter(
    ({ name, config }) =>
      !all.some((one) => one.name === name) &&
      !found.unreadable.some((one) => one.config === config),
  );
  const entries = await target.after.entries();
  const read = async (of: Tree, one: Project): Promise<readonly RepoPath[]> =>
    evaluator.evaluates ? [...(await evaluator.evaluate(of, one)).closure] : one.schemaFiles;
  const lost = await Promise.all(
    gone.map(async (one): Promise<readonly Narrowing[]> => {
      const before = await tree.entries();
      const files = new Set([...one.schemaFiles, ...(await read(tree, one))]);
      const tables = await withTables(tree, files);
      if (tables.length === 0) return [];
      const oids = new Set(tables.map((path) => before.get(path)?.oid));
      const known = new Set(Array.from(before.values(), ({ oid }) => oid));
      // One that the same change renames and edits is new content.
      const isNew = (path: RepoPath, oid: string): boolean =>
        target.touched.has(path) && !known.has(oid);
      const stay = [...entries]
        .filter(([path, { oid }]) => tables.includes(path) || oids.has(oid) || isNew(path, oid))
        .map(([path]) => path);
      if (stay.length === 0) return [];
      const covered = new Set((await Promise.all(all.map((it) => read(target.after, it)))).flat());
      const left = await withTables(
        target.after,
        stay.filter((path) => !covered.has(path)),
      );
      if (left.length === 0) return [];
      const isThere = entries.has(one.config);
      return [{ kind: 'schema', project: one, rev, left, by: project.config, isThere }];
    }),
  );
  return lost.flat();
}

/** What defines tables imports drizzle-orm's part for a dialect. */
const TABLES = /drizzle-orm\/[a-z]+-core/;

async function withTables(tree: Tree, paths: Iterable<RepoPath>): Promise<readonly RepoPath[]> {
  const texts = await Promise.all(
    Array.from(paths, async (path) => [path, await readText(tree, path)] as const),
  );
  return texts.filter(([, text]) => TABLES.test(text ?? '')).map(([path]) => path);
}

function withTwins(project: Project): readonly Project[] {
  return [project, ...(project.twins ?? [])];
}
