import type { RepoPath } from '../model/repo-path.ts';
import type { JournalEntry, Layout } from './history.ts';

/** A path inside the out folder; `out` is '' for the top of the repository. */
export function inOut(out: RepoPath, name: string): RepoPath {
  return out === '' ? name : `${out}/${name}`;
}

/**
 * Whether a path may be a file of the migrations: any in the folder; at the top of the repository,
 * where everything else is too, what drizzle-kit and the migrator have there.
 */
export function isInOut(out: RepoPath, path: RepoPath): boolean {
  return out === ''
    ? /^(?:meta\/.*|[^/]*\.sql|migrations\.js|[^/]+\/(?:migration\.sql|snapshot\.json))$/.test(path)
    : path.startsWith(`${out}/`);
}

/** `<out>/meta/_journal.json`. */
export function journalPath(out: RepoPath): RepoPath {
  return inOut(out, 'meta/_journal.json');
}

/** `<out>/<tag>.sql`, as drizzle-kit writes it and the migrator reads it. */
export function sqlPath(out: RepoPath, tag: string): RepoPath {
  return inOut(out, `${tag}.sql`);
}

/**
 * What drizzle-kit puts before the name (`prepareMigrationMetadata`, src/utils/words.ts): `0007`,
 * 14 digits (timestamp, supabase), the seconds since 1970 (unix) or '' (none). It is read from the
 * tag, because a project may change its `migrations.prefix` half-way. Undefined for a hand-made tag
 * that begins with neither digits nor `_`.
 */
export function prefixOf(tag: string): string | undefined {
  return tag.startsWith('_') ? '' : /^\d+(?![A-Za-z0-9])/.exec(tag)?.[0];
}

/** The prefix as drizzle-kit's `index` mode writes it: the idx in at least four digits. */
export function indexPrefix(idx: number): string {
  return String(idx).padStart(4, '0');
}

/**
 * The idx of the entry behind another. Where the name of that one runs ahead of its idx, what counts
 * on from the name puts the numbers right again. Names of ten and fourteen digits are times.
 */
export function idxBehind(last: Pick<JournalEntry, 'tag' | 'idx'> | undefined): number {
  if (last === undefined) return 0;
  const prefix = prefixOf(last.tag) ?? '';
  const isIndex = prefix.length === 4 || prefix.length === 5;
  return Math.max(last.idx, isIndex ? Number(prefix) : -1) + 1;
}

/**
 * Where a migration's snapshot is or would be, likeliest first. More than one only for hand-made
 * tags: people name those by the idx (so that the file sorts), by the tag's first word (as
 * `drizzle-kit drop` expects) or by the tag.
 */
export function snapshotPaths(
  out: RepoPath,
  entry: Pick<JournalEntry, 'tag' | 'idx'>,
): readonly [RepoPath, ...RepoPath[]] {
  const prefix = prefixOf(entry.tag);
  if (prefix !== undefined) return [metaPath(out, prefix)];
  return [
    metaPath(out, indexPrefix(entry.idx)),
    metaPath(out, entry.tag.split('_')[0] ?? entry.tag),
    metaPath(out, entry.tag),
  ];
}

/** The likeliest of `snapshotPaths`: the tag's prefix + `_snapshot.json`. */
export function snapshotPath(out: RepoPath, entry: Pick<JournalEntry, 'tag' | 'idx'>): RepoPath {
  return snapshotPaths(out, entry)[0];
}

function metaPath(out: RepoPath, prefix: string): RepoPath {
  return inOut(out, `meta/${prefix}_snapshot.json`);
}

/** `<out>/<folder>/migration.sql`, as drizzle-kit 1.x writes it and its migrator reads it. */
export function folderSqlPath(out: RepoPath, folder: string): RepoPath {
  return inOut(out, `${folder}/migration.sql`);
}

/** What drizzle-kit would write next, as far as names decide whether git ignores it. */
export function whatIsWritten(out: RepoPath, layout: Layout): readonly RepoPath[] {
  const folder = '20250101000000_new_migration';
  return layout === 'folders'
    ? [folderSqlPath(out, folder), folderSnapshotPath(out, folder)]
    : [
        journalPath(out),
        inOut(out, 'meta/0000_snapshot.json'),
        inOut(out, '0000_new_migration.sql'),
      ];
}

/** Where the SQL of a migration of this name is in one layout or the other. */
export function sqlPaths(out: RepoPath, name: string): RepoPath[] {
  return [sqlPath(out, name), folderSqlPath(out, name)];
}

/** `<out>/<folder>/snapshot.json`. */
export function folderSnapshotPath(out: RepoPath, folder: string): RepoPath {
  return inOut(out, `${folder}/snapshot.json`);
}

/**
 * The UTC second that a migration's folder begins with, as milliseconds since 1970; NaN where there
 * is none (drizzle-kit 1.x: `prepareSnapshotFolderName`; drizzle-orm 1.x reads it with
 * `formatToMillis`, which rolls month 13 over without a word).
 */
export function stampOf(folder: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?!\d)/.exec(folder) ?? [];
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = Date.parse(text);
  return Number.isNaN(time) || new Date(time).toISOString() !== text ? Number.NaN : time;
}

/**
 * Whether a name below the migrations folder is that of a migration's file in drizzle-kit 1.x, with
 * the stamp that it always writes: other tools have folders with a `migration.sql` too (prisma).
 */
export function isFolderFile(name: string): boolean {
  return /^\d{14}(?!\d)[^/]*\/(?:migration\.sql|snapshot\.json)$/.test(name);
}

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
export function stampAt(when: number): string {
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
