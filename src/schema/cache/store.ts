import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeAtomically } from './atomic-write.ts';
import { formatEntry, parseEntry } from './entry.ts';
import type { Limits } from './prune.ts';

/** Below the git common directory. It can be deleted at any time. */
const FOLDER = 'drizzle-guard/store';

/**
 * Plain JSON under names that contain everything that it depends on. It never throws: what cannot
 * be read is missing, and write failures are ignored.
 */
export interface Store {
  /** True if its folder does not exist. */
  readonly empty: boolean;
  /**
   * @returns undefined for what is missing, damaged, or of another guard. `name`: letters, digits
   * and `-`.
   */
  get(name: string): unknown;
  /** Starts writing an entry, whole or not at all; `close` waits for it. Nobody writes to `value`. */
  put(name: string, value: unknown): void;
  /** What `putText` wrote, unchecked. */
  getText(name: string): string | undefined;
  /** Starts writing a text as it is, for another reader. */
  putText(name: string, text: string): void;
  /** Waits for all writes, and sometimes removes the entries that were not used for longest. */
  close(): Promise<void>;
}

interface StoreOptions {
  /** Absolute path of the git common directory. */
  readonly commonDir: string;
  readonly limits?: Limits;
  /** How often a run that has written prunes: a number from 0 to 1. */
  readonly prunes?: number;
}

/** The time of an entry's last use is updated once a day, in milliseconds. */
const DAY = 24 * 60 * 60 * 1000;
const LARGEST = 4 * 1024 * 1024;

/**
 * The store of a repository: the only one, for evaluations, drizzle-kit's answers and the closure
 * of HEAD.
 */
export function openStore({ commonDir, limits, prunes = 1 / 8 }: StoreOptions): Store {
  const folder = storeFolder(commonDir);
  const pending = new Set<Promise<void>>();
  /** What is being written: whoever reads and adds to it must not lose it. */
  const underWay = new Map<string, { readonly value: unknown; readonly done: Promise<void> }>();
  let wrote = false;

  const track = (work: Promise<void>): void => {
    const whole = work.catch(() => undefined).finally(() => pending.delete(whole));
    pending.add(whole);
  };

  return {
    empty: isEmpty(commonDir),
    get(name) {
      if (folder === undefined) return undefined;
      const writing = underWay.get(name);
      if (writing !== undefined) return writing.value;
      const file = join(folder, name);
      try {
        const value = parseEntry(name, readFileSync(file, 'utf8'));
        const now = new Date();
        if (value !== undefined && now.getTime() - statSync(file).mtimeMs > DAY)
          track(utimes(file, now, now));
        return value;
      } catch {
        return undefined;
      }
    },
    getText(name) {
      try {
        return folder === undefined ? undefined : readFileSync(join(folder, name), 'utf8');
      } catch {
        return undefined;
      }
    },
    put(name, value) {
      if (folder === undefined) return;
      const before = underWay.get(name)?.done;
      const write = async (): Promise<void> => {
        // What waits for the value goes on first: drizzle-kit can have its next question.
        await nextTurn();
        const text = formatEntry(name, value);
        if (text.length > LARGEST) return;
        await before?.catch(() => undefined);
        await writeAtomically(join(folder, name), text);
        wrote = true;
      };
      const done = write().finally(() => {
        if (underWay.get(name)?.done === done) underWay.delete(name);
      });
      underWay.set(name, { value, done });
      track(done);
    },
    putText(name, text) {
      if (folder !== undefined) track(writeAtomically(join(folder, name), text));
    },
    async close() {
      while (pending.size > 0) await Promise.all(pending);
      if (!wrote || folder === undefined || Math.random() >= prunes) return;
      const { prune, LIMITS } = await import('./prune.ts');
      await prune(folder, limits ?? LIMITS).catch(() => undefined);
    },
  };
}

/**
 * True if nothing was ever stored: every evaluation will have to be done. `commonDir`: as in
 * `StoreOptions`.
 */
export function isEmpty(commonDir: string): boolean {
  const folder = storeFolder(commonDir);
  return folder === undefined || !existsSync(folder);
}

/**
 * Where compiled code is kept: nowhere in the first run of a clone. It is often the only one, as in
 * CI, and to keep code takes a while.
 */
export function codeFolder(commonDir: string): string | undefined {
  return isEmpty(commonDir) ? undefined : storeFolder(commonDir);
}

/** Where the entries are; undefined where that is a symlink: nothing is read or written there. */
export function storeFolder(commonDir: string): string | undefined {
  const folder = join(commonDir, FOLDER);
  return [dirname(folder), folder].every(isOwn) ? folder : undefined;
}

/** A symlink is not followed: the guard neither writes nor deletes where it leads. */
function isOwn(folder: string): boolean {
  try {
    return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== false;
  } catch {
    return false;
  }
}
