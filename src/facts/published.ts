import type { Published } from './change.ts';
import { firstContents } from '../git/refs/first-contents.ts';
import { publishedPaths, type PublishedPaths } from '../git/refs/published-paths.ts';
import type { PublishedCommits } from '../git/refs/published.ts';
import type { Repository } from '../git/repository.ts';
import { filesOfSubmodule, submoduleObjects } from '../git/trees/submodule-objects.ts';
import { missingAbove, refuseMissing } from '../git/trees/submodules.ts';
import { SUBMODULE } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { JournalEntry } from '../history/history.ts';
import { parseJournal } from '../history/journal.ts';

interface PublishedRequest {
  readonly paths: readonly RepoPath[];
  readonly journals: readonly RepoPath[];
  readonly recorded: ReadonlyMap<RepoPath, string>;
  /** The submodule that a path is in, after the change or before. */
  readonly submoduleOf: (path: RepoPath) => RepoPath | undefined;
}

/**
 * What others may already have applied, asked for the paths of one project that the change touches.
 * @param paths files of the migrations folder (before and after the change); @param journals the
 * journal's path in each tree; @param recorded the content (oid) that each file of a migration has
 * after the change.
 * @throws GuardError `object-missing` for what is in a submodule whose published commit this clone
 * does not have.
 */
export async function readPublished(
  repository: Repository,
  { paths, journals, recorded, submoduleOf }: PublishedRequest,
  commits: PublishedCommits,
): Promise<Published> {
  const asked = [...new Set([...paths, ...journals])];
  const { base, contents, baseCommit } = await publishedWithin(
    repository,
    asked,
    commits,
    submoduleOf,
  );
  const journalOids = [...new Set(journals.flatMap((path) => [...(contents.get(path) ?? [])]))];
  const inSubmodule = journals.some((path) => submoduleOf(path) !== undefined);
  const store = inSubmodule ? submoduleObjects(repository) : repository;
  const blobs = await store.blobs.read(journalOids);
  const entries = new Map<string, JournalEntry[]>();
  for (const bytes of blobs.values()) {
    const journal = parseJournal(bytes);
    if (journal.status !== 'ok') continue;
    for (const entry of journal.entries) {
      const known = entries.get(entry.tag) ?? [];
      if (!known.some((other) => sameJournalEntry(other, entry)))
        entries.set(entry.tag, [...known, entry]);
    }
  }
  const edited = paths.filter(
    (path) =>
      recorded.has(path) &&
      (contents.get(path)?.size ?? 0) > 0 &&
      contents.get(path)?.has(recorded.get(path) ?? '') === false,
  );
  const first = await firstContents(
    repository,
    commits.base === undefined ? commits.tips : [commits.base],
    edited,
  );
  return {
    firstContent: (path) => first.get(path),
    hasContent: (path, oid) => contents.get(path)?.has(oid) ?? false,
    base: (path) => base.get(path),
    entries,
    ...(commits.eitherParent === true ? { eitherParent: true } : {}),
    ...(baseCommit === undefined || baseCommit === repository.head ? {} : { rev: baseCommit }),
  };
}

/**
 * `publishedPaths`, also for files of submodules: as the submodule's commits have them that the
 * published ones record. Of other branches than the base, those that this clone has.
 */
async function publishedWithin(
  repository: Repository,
  paths: readonly RepoPath[],
  commits: PublishedCommits,
  submoduleOf: PublishedRequest['submoduleOf'],
): Promise<PublishedPaths> {
  const submodules = new Set(paths.flatMap((path) => submoduleOf(path) ?? []));
  if (submodules.size === 0) return publishedPaths(repository, paths, commits);
  const own = paths.filter((path) => submoduleOf(path) === undefined);
  const found = await publishedPaths(repository, [...own, ...submodules], commits);
  const base = new Map(found.base);
  const contents = new Map<RepoPath, ReadonlySet<string>>(found.contents);
  for (const submodule of submodules) {
    const within = paths.filter((path) => submoduleOf(path) === submodule);
    const filesAt = (oid: string): ReturnType<typeof filesOfSubmodule> =>
      filesOfSubmodule(repository, submodule, { mode: SUBMODULE, oid });
    const inBase = found.base.get(submodule);
    const oids = new Set([inBase?.oid ?? [], ...(found.contents.get(submodule) ?? [])].flat());
    const all = await Promise.all([...oids].map(filesAt));
    const there = all.filter((files) => missingAbove(files, submodule) === undefined);
    const files = inBase?.mode === SUBMODULE ? await filesAt(inBase.oid) : (there[0] ?? all[0]);
    if (files !== undefined) refuseMissing(files, submodule, 'what is published');
    for (const path of within) {
      const entry = inBase === undefined ? undefined : files?.get(path);
      if (entry !== undefined) base.set(path, entry);
      contents.set(path, new Set(there.flatMap((one) => one.get(path)?.oid ?? [])));
    }
  }
  return { ...found, base, contents };
}

function sameJournalEntry(a: JournalEntry, b: JournalEntry): boolean {
  return (
    a.idx === b.idx &&
    a.when === b.when &&
    a.version === b.version &&
    a.breakpoints === b.breakpoints
  );
}
