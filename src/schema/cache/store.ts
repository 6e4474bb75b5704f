import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatEntry, parseEntry } from './entry.ts';
import { STORE_FOLDER } from './place.ts';
import { LIMITS, prune, type Limits } from './prune.ts';

/**
 * Plain JSON under names that say all that it depends on, in a folder that can be deleted at any time. Nothing here
 * fails: what cannot be read is not there, and what cannot be written is done without.
 */
export interface Store {
  /** Whether there is nothing in it, not even its folder. */
  readonly fresh: boolean;
  /** @returns undefined for what is not there, damaged, another guard's, or no file. `name`: letters, digits and `-`. */
  get(name: string): unknown;
  /** Whole or not at all: written beside and renamed. Nobody needs to wait for it. */
  put(name: string, value: unknown): void;
  /** Waits for what is being written, and now and then throws out what was not used for longest. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Absolute path of the git common directory. */
  readonly commonDir: string;
  readonly limits?: Limits;
  /** How often a run that has written prunes: a number from 0 to 1. */
  readonly prunes?: number;
}

/** How long an entry may go without its use being noted: a day, in milliseconds. */
const NOTED = 24 * 60 * 60 * 1000;
const LARGEST = 4 * 1024 * 1024;

let written = 0;

/** The store below a git common directory. */
export function openStore({ commonDir, limits = LIMITS, prunes = 1 / 8 }: StoreOptions): Store {
  const folder = join(commonDir, STORE_FOLDER);
  const ours = [dirname(folder), folder].every(isOwn);
  const underWay = new Set<Promise<void>>();
  let wrote = false;

  const during = (work: Promise<void>): void => {
    const whole = work.catch(() => undefined).finally(() => underWay.delete(whole));
    underWay.add(whole);
  };

  const writeBeside = async (name: string, text: string): Promise<void> => {
    written += 1;
    const beside = join(folder, `${name}.${process.pid}.${Date.now().toString(36)}${written}.tmp`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(beside, text, { flag: 'wx' });
      await rename(beside, join(folder, name));
      wrote = true;
    } catch {
      // A full disk, a read-only repository: the next run evaluates again, that is all.
      await rm(beside, { force: true });
    }
  };

  return {
    fresh: !ours || !existsSync(folder),
    get(name) {
      if (!ours) return undefined;
      const file = join(folder, name);
      try {
        const value = parseEntry(name, readFileSync(file, 'utf8'));
        const now = new Date();
        if (value !== undefined && now.getTime() - statSync(file).mtimeMs > NOTED)
          during(utimes(file, now, now));
        return value;
      } catch {
        return undefined;
      }
    },
    put(name, value) {
      if (!ours) return;
      const text = formatEntry(name, value);
      if (text.length <= LARGEST) during(writeBeside(name, text));
    },
    async close() {
      while (underWay.size > 0) await Promise.all(underWay);
      if (wrote && Math.random() < prunes) await prune(folder, limits).catch(() => undefined);
    },
  };
}

/** Where a link leads to is no place of the guard's: not to write into, and not to throw anything out of. */
function isOwn(folder: string): boolean {
  try {
    return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== false;
  } catch {
    return false;
  }
}
