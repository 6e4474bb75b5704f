import type { ProjectState } from '../facts/change.ts';
import { isOnTrunk } from '../git/refs/published.ts';
import type { Repository } from '../git/repository.ts';
import { isFolders } from '../history/history.ts';
import { sameEntry } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { affects, containsAny } from '../relevance/affects.ts';
import { closureOf } from '../relevance/closure.ts';
import { narrowed, type Violation } from './new-findings.ts';
import type { CheckTarget } from './target.ts';

const UNKNOWN: ReadonlySet<ProjectState['drift']['status']> = new Set([
  'not-judged',
  'refused',
  'fails',
]);

/**
 * Where drift could not be judged because of something pre-existing, that refuses a change near it
 * anyway: the guard does not pass what it could not check. Of many snapshots only the one
 * that is diffed against counts.
 */
export async function whatHidesDrift(
  preexisting: readonly Violation[],
  { project, schema, drift, history }: ProjectState,
  target: CheckTarget,
  repository: Repository,
): Promise<readonly Violation[]> {
  const hiding = preexisting.filter(
    ({ rule, hidesDrift }) => (hidesDrift ?? rule.hidesDrift) === true,
  );
  if (hiding.length === 0 || !UNKNOWN.has(drift.status)) return [];
  // Near: what was read so far, and all below the folder that drizzle-kit is run from. A broken
  // project does not block others. Where no file matches the schema, no file was read that could
  // read others: a left-over config blocks nothing but changes of it and of its migrations.
  const read = closureOf({ project, schema });
  const isNear = (changed: Iterable<RepoPath>): boolean =>
    project.schemaFiles.length === 0
      ? containsAny(read, changed)
      : affects({ ...read, unknownBelow: project.base }, changed);
  if (!(await changesFromEach(target, repository)).every(isNear)) return [];
  // drizzle-kit 1.x reads all of them.
  if (isFolders(history)) return hiding;
  const path = (history.newest ?? history.migrations.at(-1)?.snapshot)?.path ?? '';
  const diffed = path.slice(path.lastIndexOf('/') + 1);
  return hiding.flatMap((one) =>
    narrowed(one, (of) => of.kind !== 'snapshot' || of.file === diffed),
  );
}

/**
 * The changed paths, of a merge by the side: one that leaves a project as HEAD or a published side
 * has it hides nothing that was not hidden there. What another side broke comes in with the merge.
 */
async function changesFromEach(
  { after, parents, touched, published, commit }: CheckTarget,
  repository: Repository,
): Promise<readonly Iterable<RepoPath>[]> {
  if (parents.length < 2) return [touched];
  const [now, known] = await Promise.all([after.entries(), published()]);
  const sides = await Promise.all(
    parents.map(async ({ tree, oid = '' }, at) => {
      if (at > 0 && !(await isOnTrunk(repository, known, oid, commit))) return [];
      const then = await tree.entries();
      return [[...touched].filter((path) => !sameEntry(then.get(path), now.get(path)))];
    }),
  );
  return sides.flat();
}
