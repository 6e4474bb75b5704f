import { readText, type Tree } from '../git/trees/tree.ts';
import { inOut } from '../history/layout.ts';
import { listOutFolder } from '../history/out-folder.ts';
import { isRecord, jsonRecord } from '../model/unknown.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Discovered } from '../project/discover.ts';
import type { Project } from '../project/project.ts';

interface Moved {
  readonly project: Project;
  readonly after: Tree;
  readonly foundAfter: Discovered;
  readonly before: Tree;
  readonly foundBefore: Discovered;
}

/**
 * What a project was before its config and its migrations folder both got other paths: one of the
 * tree before that is gone, and has left a file of its migrations, byte for byte and under its
 * name, in the new folder. Its history is the same, with the same findings, and what was published
 * still is. Or one whose migrations are gone, with the same schema or the same tables: its history
 * begins again.
 */
export async function movedFrom({
  project,
  after,
  foundAfter,
  before,
  foundBefore,
}: Moved): Promise<Project | undefined> {
  const configs = new Set([
    ...foundAfter.projects.flatMap(({ config, alsoConfigs }) => [config, ...alsoConfigs]),
    ...foundAfter.unreadable.map(({ config }) => config),
  ]);
  const outs = new Set(foundAfter.projects.map(({ out }) => out));
  const gone = foundBefore.projects.filter(
    ({ config, out }) => !configs.has(config) && !outs.has(out),
  );
  if (gone.length === 0) return undefined;
  const [now, then] = await Promise.all([after.entries(), before.entries()]);
  const folder = inOut(project.out, '');
  const files = [...now].filter(([path]) => path.startsWith(folder));
  const moved = gone.find(({ out }) =>
    files.some(([path, { oid }]) => then.get(inOut(out, path.slice(folder.length)))?.oid === oid),
  );
  if (moved !== undefined) return moved;
  const schema = new Set(project.schemaFiles.flatMap((path) => [path, now.get(path)?.oid ?? path]));
  const tables = await tablesIn(after, project.out);
  for (const one of gone) {
    const left = await listOutFolder(after, one.out);
    if (left.sql.length + left.folders.length > 0) continue;
    const isSame =
      one.schemaFiles.some((path) => schema.has(path) || schema.has(then.get(path)?.oid ?? path)) ||
      (await tablesIn(before, one.out)).some((name) => tables.includes(name));
    if (isSame) return one;
  }
  return undefined;
}

/**
 * The names of the tables in the newest snapshot, in drizzle-kit 1.x of the newest that is written
 * out; none where there is none that can be read.
 */
async function tablesIn(tree: Tree, out: RepoPath): Promise<readonly string[]> {
  const { meta, folders } = await listOutFolder(tree, out);
  const snapshots = folders.filter(({ path }) => path.endsWith('/snapshot.json'));
  const newest = meta.findLast(({ seen }) => seen);
  for (const file of newest === undefined ? snapshots.toReversed() : [newest]) {
    const { tables, ddl } = jsonRecord(await readText(tree, file.path)) ?? {};
    const rows = Array.isArray(ddl) ? (ddl as readonly unknown[]) : [];
    const all = isRecord(tables)
      ? Object.values(tables)
      : rows.filter((row) => isRecord(row) && row['entityType'] === 'tables');
    if (isRecord(tables) || Array.isArray(ddl))
      return all.flatMap((table) =>
        isRecord(table) && typeof table['name'] === 'string' ? [table['name']] : [],
      );
  }
  return [];
}
