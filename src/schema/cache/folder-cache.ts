import type { FolderSnapshot } from '../folders.ts';
import { digest } from './digest.ts';
import type { CacheParts } from './evaluation-cache.ts';
import { kitEntry } from './kit-entry.ts';

interface FolderLookup<T> {
  /** The config that it belongs to, for events. */
  readonly subject: string;
  /** Plain JSON: what is asked, of which drizzle-kit, for which dialect. */
  readonly key: readonly unknown[];
  /** Absolute path of that drizzle-kit's `cli.js`. */
  readonly api: string;
  readonly snapshots: readonly FolderSnapshot[];
  /** Asks drizzle-kit. */
  readonly run: () => Promise<T>;
  /** Whether a stored value is an answer. */
  readonly isAnswer: (value: unknown) => value is T;
}

/** drizzle-kit 1.x's answers about the snapshots of a folder, of this run or an earlier one. */
export interface FolderCache {
  get<T>(lookup: FolderLookup<T>): Promise<T>;
}

export function openFolderCache(parts: CacheParts): FolderCache {
  const { identity, onEvent } = parts;
  const since = Date.now();
  const asked = new Map<string, Promise<unknown>>();

  const answer = async <T>(key: string, lookup: FolderLookup<T>): Promise<T> => {
    const { api, run, subject, isAnswer } = lookup;
    const question = 'history of drizzle-kit';
    const stored = kitEntry(parts, since, api, ['folders', key]);
    const found = stored.get();
    if (isAnswer(found)) {
      onEvent({ subject, question, result: 'hit' });
      return found;
    }
    const fresh = await run();
    onEvent({ subject, question, result: 'evaluated' });
    stored.put(fresh);
    return fresh;
  };

  return {
    get: <T>(lookup: FolderLookup<T>) => {
      const contents = lookup.snapshots.map(({ folder, oid, json }) => [folder, oid ?? json]);
      const key = digest([identity, lookup.key, contents]);
      const known = asked.get(key);
      if (known !== undefined) return known as Promise<T>;
      const fresh = answer(key, lookup);
      asked.set(key, fresh);
      fresh.catch(() => asked.delete(key));
      return fresh;
    },
  };
}
