import type { Migration } from '../history/history.ts';
import { isInOut } from '../history/layout.ts';
import { isPublished, type ProjectChange } from '../facts/change.ts';
import type { ProjectBefore } from '../facts/read-change.ts';
import { sameEntry } from '../git/trees/tree.ts';
import type { Start } from '../model/finding.ts';
import type { CheckTarget } from './target.ts';

/**
 * What the fixes of a project's findings go back to: the tree before. Of a merge the other side, as
 * others may have applied its migrations, unless only this side's are published.
 */
export async function startOf(
  { after, parents, joining }: CheckTarget,
  projects: readonly ProjectBefore[],
  { after: { project }, before, published }: ProjectChange,
): Promise<Start> {
  const [own, other] = before.map(({ history }) => history.migrations);
  const newIn = (some: typeof own, others: typeof own): readonly Migration[] =>
    (some ?? []).filter(({ name }) => !(others ?? []).some((one) => one.name === name));
  const isOut = (one: Migration): boolean => isPublished(published, one);
  const staysOwn =
    other === undefined || (newIn(own, other).some(isOut) && !newIn(other, own).some(isOut));
  const kept = projects[staysOwn ? 0 : 1] ?? parents[0];
  const redone = projects[staysOwn ? 1 : 0];
  const [now, then] = await Promise.all([after.entries(), kept?.tree.entries()]);
  const sql = new Set<string>();
  for (const path of [...now.keys(), ...(then?.keys() ?? [])]) {
    if (!isInOut(project.out, path) || sameEntry(then?.get(path), now.get(path))) continue;
    if (path.endsWith('.sql')) sql.add(path);
    // The other file of a folder of drizzle-kit 1.x.
    else if (path.endsWith('/snapshot.json'))
      sql.add(path.replace(/snapshot\.json$/, 'migration.sql'));
  }
  return {
    ...(kept === undefined ? {} : { rev: kept.rev }),
    ...(redone === undefined ? {} : { other: redone.rev }),
    ...(joining === true ? { joining } : {}),
    has: (path) => then?.has(path) === true,
    hasAsIs: (path) => now.has(path) && sameEntry(then?.get(path), now.get(path)),
    sql: [...sql].sort(),
  };
}
