import { literally } from '../trees/listing.ts';
import type { Repository } from '../repository.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/** A content that a file got, and the commit that gave it. */
export interface RecordedContent {
  /** Full oid. */
  readonly commit: string;
  readonly subject: string;
  readonly path: RepoPath;
  /** Full oid of the blob. */
  readonly oid: string;
}

/**
 * Every content that a file of a folder ever got, in all branches and tags of this clone, the newest
 * first. Merges are left out: what only a merge made is not found.
 * @param folder repository path, '' for the top
 */
export async function contentsBelow(
  { git, head }: Repository,
  folder: RepoPath,
): Promise<readonly RecordedContent[]> {
  const { stdout } = await git.run([
    'log',
    '--all',
    ...(head === undefined ? [] : [head]),
    '--format=%H %s',
    '--raw',
    '--no-abbrev',
    '-z',
    '--no-renames',
    '--no-ext-diff',
    '--no-show-signature',
    '--diff-filter=AMT',
    '--',
    literally(folder),
  ]);
  const found: RecordedContent[] = [];
  let at = { commit: '', subject: '' };
  const fields = stdout.toString('utf8').split('\0');
  for (let index = 0; index < fields.length; index += 1) {
    // git puts a line break between the commit and its files.
    const field = (fields[index] ?? '').replace(/^\n/, '');
    const [, oid] = /^:\d{6} \d{6} [0-9a-f]+ ([0-9a-f]+) [A-Z]$/.exec(field) ?? [];
    if (oid !== undefined) {
      index += 1;
      found.push({ ...at, path: fields[index] ?? '', oid });
      continue;
    }
    const [, commit, subject = ''] = /^([0-9a-f]{40}|[0-9a-f]{64}) (.*)$/s.exec(field) ?? [];
    if (commit !== undefined) at = { commit, subject };
  }
  return found;
}
