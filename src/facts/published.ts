import type { Published } from './change.ts';
import { firstContents } from '../git/refs/first-contents.ts';
import { publishedPaths } from '../git/refs/published-paths.ts';
import type { PublishedCommits } from '../git/refs/published.ts';
import type { Repository } from '../git/repository.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { JournalEntry } from '../history/history.ts';
import { parseJournal } from '../history/journal.ts';

export interface PublishedRequest {
  readonly paths: readonly RepoPath[];
  readonly journals: readonly RepoPath[];
  readonly recorded: ReadonlyMap<RepoPath, string>;
}

/**
 * What others may already have applied, asked for the paths of one project that the change touches.
 * @param paths files of the migrations folder (before and after the change); @param journals the
 * journal's path in each tree; @param recorded the content (oid) that each file of a migration has
 * after the change.
 */
export async function readPublished(
  repository: Repository,
  { paths, journals, recorded }: PublishedRequest,
  commits: PublishedCommits,
): Promise<Published> {
  const asked = [...new Set([...paths, ...journals])];
  const { base, contents, baseCommit } = await publishedPaths(repository, asked, commits);
  const journalOids = [...new Set(journals.flatMap((path) => [...(contents.get(path) ?? [])]))];
  const blobs = await repository.blobs.read(journalOids);
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

function sameJournalEntry(a: JournalEntry, b: JournalEntry): boolean {
  return (
    a.idx === b.idx &&
    a.when === b.when &&
    a.version === b.version &&
    a.breakpoints === b.breakpoints
  );
}
