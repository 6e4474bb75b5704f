import { isJournal, type Migration } from '../history/history.ts';
import { inOut, isInOut } from '../history/layout.ts';
import { isPublished, type ProjectChange } from '../facts/change.ts';
import type { ProjectBefore } from '../facts/read-change.ts';
import { sameEntry } from '../git/trees/tree.ts';
import { addedBy } from '../git/refs/added-by.ts';
import { lastChange } from '../git/refs/last-change.ts';
import type { Repository } from '../git/repository.ts';
import { everySnapshot } from '../history/read.ts';
import { folderSnapshotPath } from '../history/layout.ts';
import { isWritten } from '../history/written-dialect.ts';
import type { Added, Start } from '../model/finding.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { CheckTarget } from './target.ts';

/**
 * What the fixes of a project's findings go back to: the tree before. Of a merge the other side, as
 * others may have applied its migrations, unless only this side's are published.
 */
export async function startOf(
  repository: Repository,
  { after, parents, joining }: CheckTarget,
  projects: readonly ProjectBefore[],
  change: ProjectChange,
): Promise<Start> {
  const { before, published } = change;
  const { project } = change.after;
  const [own, other] = before.map(({ history }) => history.migrations);
  const newIn = (some: typeof own, others: typeof own): readonly Migration[] =>
    (some ?? []).filter(({ name }) => !(others ?? []).some((one) => one.name === name));
  const isOut = (one: Migration): boolean => isPublished(published, one);
  const staysOwn =
    other === undefined || (newIn(own, other).some(isOut) && !newIn(other, own).some(isOut));
  const side = projects[staysOwn ? 0 : 1];
  const kept = side ?? parents[0];
  const formerly = side?.project.out ?? project.out;
  const redone = projects[staysOwn ? 1 : 0];
  const [now, then] = await Promise.all([after.entries(), kept?.tree.entries()]);
  const sql = new Set<string>();
  for (const path of [...now.keys(), ...(then?.keys() ?? [])]) {
    if (!isInOut(project.out, path)) continue;
    const was = inOut(formerly, path.slice(inOut(project.out, '').length));
    if ([path, was].some((one) => sameEntry(then?.get(one), now.get(path)))) continue;
    if (path.endsWith('.sql')) sql.add(path);
    // The other file of a folder of drizzle-kit 1.x.
    else if (path.endsWith('/snapshot.json'))
      sql.add(path.replace(/snapshot\.json$/, 'migration.sql'));
  }
  const hasAsIs = (path: RepoPath): boolean =>
    now.has(path) && sameEntry(then?.get(path), now.get(path));
  return {
    ...(kept === undefined ? {} : { rev: kept.rev }),
    ...(redone === undefined ? {} : { other: redone.rev }),
    ...(joining === true ? { joining } : {}),
    has: (path) => then?.has(path) === true,
    hasAsIs,
    sql: [...sql].sort(),
    addedAsIs: new Map(
      kept === undefined
        ? []
        : await Promise.all(
            wrongIn(change)
              .filter(hasAsIs)
              .map(
                async (path) => [path, await added(repository, kept.rev, change, path)] as const,
              ),
          ).then((all) => all.flatMap(([path, one]) => (one === undefined ? [] : [[path, one]]))),
    ),
  };
}

/** The journal and the snapshots that drizzle-kit cannot read, or takes for those of others. */
function wrongIn({ after: { history, project, drift } }: ProjectChange): readonly RepoPath[] {
  const snapshots = everySnapshot(history).flatMap(({ path, snapshot }) =>
    snapshot.status === 'invalid' ||
    (snapshot.status === 'ok' && !isWritten(snapshot.dialect, project.dialect, history.layout))
      ? [path]
      : [],
  );
  const refused =
    drift.status === 'refused'
      ? drift.problems.map(({ folder }) => folderSnapshotPath(history.out, folder))
      : [];
  const isJournalWrong = isJournal(history) && history.journal.status === 'invalid';
  return [...new Set([...snapshots, ...refused, ...(isJournalWrong ? [history.orderPath] : [])])];
}

async function added(
  repository: Repository,
  rev: string,
  { after: { history }, published }: ProjectChange,
  path: RepoPath,
): Promise<Added | undefined> {
  const [last, { made }] = await Promise.all([
    lastChange(repository, rev, path),
    addedBy(repository, rev, path),
  ]);
  if (made === undefined || made.oid !== last) return undefined;
  const own = history.migrations.filter(({ snapshotPath }) => snapshotPath === path);
  const [before] = made.parents;
  return {
    by: made.oid.slice(0, 12),
    ...(before === undefined ? {} : { before: before.slice(0, 12) }),
    isPublished: (own.length === 0 ? history.migrations : own).some((one) =>
      isPublished(published, one),
    ),
  };
}
