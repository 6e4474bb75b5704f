import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import type { Repository } from '../repository.ts';
import type { States } from './file-states.ts';

/** A rewrite of files of a working tree, to put it back. Plain JSON. */
interface RewriteRecord {
  /** Full oid of HEAD. */
  readonly head: string;
  /** When it was, in milliseconds since 1970. */
  readonly now: number;
  readonly before: States;
  /** Missing where it did not come to its end. */
  readonly after?: States;
}

/**
 * In the working tree's own git folder: not in the cache, which may be deleted at any time. The one
 * is there as long as files are being written, the other afterwards.
 */
const UNFINISHED = 'drizzle-guard-rebase-unfinished.json';
const FINISHED = 'drizzle-guard-rebase.json';

/** Whether a rewrite was ended half-way, or is under way. @param gitDir the working tree's own. */
export function isUnfinished(gitDir: string): boolean {
  return existsSync(join(gitDir, UNFINISHED));
}

/**
 * The index may already be what a rewrite wanted, and the files not.
 * @throws GuardError `rebase-unfinished`.
 */
export function assertFinished({ gitDir }: Pick<Repository, 'gitDir'>): void {
  if (isUnfinished(gitDir))
    throw new GuardError('rebase-unfinished', 'a guard rebase or revert was ended half-way', {
      help: ['Put it back: npx drizzle-guard rebase --undo', 'Or do it: run it again.'],
    });
}

/**
 * The rewrite that was ended half-way, else the last one.
 * @throws GuardError `git-failed` for a record that cannot be read: it is not thrown away.
 */
export async function readRecord(repository: Repository): Promise<RewriteRecord | undefined> {
  return (await readFrom(repository, UNFINISHED)) ?? (await readFrom(repository, FINISHED));
}

async function readFrom({ gitDir }: Repository, name: string): Promise<RewriteRecord | undefined> {
  const path = join(gitDir, name);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RewriteRecord;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new GuardError('git-failed', `${path} cannot be read`, {
      help: ['It is the record of a rebase. Delete it if nothing has to be undone.'],
      cause,
    });
  }
}

/** Whole or not at all. */
export async function writeRecord({ gitDir }: Repository, record: RewriteRecord): Promise<void> {
  const name = record.after === undefined ? UNFINISHED : FINISHED;
  const temporary = join(gitDir, `${name}.tmp`);
  await writeFile(temporary, JSON.stringify(record), { flush: true });
  await rename(temporary, join(gitDir, name));
  if (name === FINISHED) await rm(join(gitDir, UNFINISHED), { force: true });
}

export async function removeRecord({ gitDir }: Repository): Promise<void> {
  await rm(join(gitDir, UNFINISHED), { force: true });
  await rm(join(gitDir, FINISHED), { force: true });
}
