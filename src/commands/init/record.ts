import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../schema/cache/atomic-write.ts';
import { isRecord } from '../../model/unknown.ts';

/** What `guard init` did in this clone, so that `guard uninstall` can take back exactly that. */
export interface InitRecord {
  readonly version: 1;
  /**
   * Every file that init changed, made or had changed by a package manager. Paths as `FileEdit` has
   * them.
   */
  readonly files: readonly RecordedFile[];
  /** The dependencies that package.json has since, and had not before. */
  readonly dependencies: readonly string[];
  /** The folder of that package.json. */
  readonly folder: string;
  /** Whether this clone has `core.hooksPath` since, and had none before. */
  readonly hooksPath?: boolean;
}

export interface RecordedFile {
  readonly path: string;
  /** The whole text before; null: no such file. */
  readonly before: string | null;
  /** sha256 of the text that init left; null: no such file. */
  readonly after: string | null;
}

/**
 * Where the record is: below the folder that all worktrees share, beside the cache, never in a
 * commit.
 */
function placeOf(commonDir: string): string {
  return join(commonDir, 'drizzle-guard', 'init.json');
}

/**
 * Reads the record of this clone; undefined where there is none, or one that this guard does not
 * understand.
 */
export async function readRecord(commonDir: string): Promise<InitRecord | undefined> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(placeOf(commonDir), 'utf8'));
  } catch {
    return undefined;
  }
  return parse(json);
}

/** Writes the record whole or not at all. */
export async function writeRecord(commonDir: string, record: InitRecord): Promise<void> {
  await writeAtomically(placeOf(commonDir), `${JSON.stringify(record, null, 2)}\n`);
}

export async function removeRecord(commonDir: string): Promise<void> {
  await rm(placeOf(commonDir), { force: true });
}

/** As the record names what a text was. */
export function digest(text: string | undefined): string | null {
  return text === undefined ? null : createHash('sha256').update(text).digest('hex');
}

/**
 * Adds what a second run did to what an earlier one left. A file that somebody changed in between
 * cannot be put back to what it was before the first run without losing that: it goes back to what
 * the second run found.
 */
export function joinRecords(earlier: InitRecord | undefined, later: InitRecord): InitRecord {
  if (earlier === undefined) return later;
  const files = new Map(earlier.files.map((file) => [file.path, file]));
  for (const file of later.files) {
    const old = files.get(file.path);
    files.set(
      file.path,
      old !== undefined && old.after === digest(file.before ?? undefined)
        ? { ...file, before: old.before }
        : file,
    );
  }
  return {
    version: 1,
    files: [...files.values()],
    dependencies: [...new Set([...earlier.dependencies, ...later.dependencies])],
    folder: later.folder,
    hooksPath: earlier.hooksPath === true || later.hooksPath === true,
  };
}

function parse(json: unknown): InitRecord | undefined {
  if (!isRecord(json) || json['version'] !== 1) return undefined;
  const { files, dependencies, folder, hooksPath } = json;
  if (!Array.isArray(files) || typeof folder !== 'string') return undefined;
  return {
    version: 1,
    files: files.filter(isRecordedFile),
    dependencies: Array.isArray(dependencies)
      ? dependencies.filter((name) => typeof name === 'string')
      : [],
    folder,
    hooksPath: hooksPath === true,
  };
}

function isRecordedFile(value: unknown): value is RecordedFile {
  return (
    isRecord(value) &&
    typeof value['path'] === 'string' &&
    isTextOrNull(value['before']) &&
    isTextOrNull(value['after'])
  );
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
