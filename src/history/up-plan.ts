import type { RepoPath } from '../model/repo-path.ts';
import type { JournalEntry } from './history.ts';
import { inOut, sqlPath } from './layout.ts';

/** What `drizzle-kit up` of 1.x makes of a journal entry (`planFoldersV3` in src/cli/commands/utils.ts). */
export interface UpMove {
  readonly tag: string;
  /** The name of the migration's folder: the second of `when`, and the tag without its first word. */
  readonly folder: string;
  /** The snapshot that it takes: by the tag's first word, whatever the idx is. */
  readonly snapshotPath: RepoPath;
  /** The SQL that it looks for first; without it, the only file with the tag's first word. */
  readonly sqlPath: RepoPath;
}

/** Where `drizzle-kit up` moves the migrations of a journal, in the order of the journal. */
export function planUp(
  out: RepoPath,
  entries: readonly Pick<JournalEntry, 'tag' | 'when'>[],
): readonly UpMove[] {
  return entries.map(({ tag, when }) => {
    const [first = '', ...rest] = tag.split('_');
    return {
      tag,
      folder: `${stampAt(when)}_${rest.join('_')}`,
      snapshotPath: inOut(out, `meta/${first}_snapshot.json`),
      sqlPath: sqlPath(out, tag),
    };
  });
}

/** `prepareSnapshotFolderName` since rc.5: the second in UTC. */
function stampAt(when: number): string {
  const at = new Date(when);
  const parts = [
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
  ];
  return `${at.getUTCFullYear()}${parts.map((part) => String(part).padStart(2, '0')).join('')}`;
}
