import type { FolderSnapshot } from '../folders.ts';
import { isRecord } from '../../model/unknown.ts';
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
  const shared = openStates();

  const answer = async <T>(key: string, lookup: FolderLookup<T>): Promise<T> => {
    const { api, run, subject, isAnswer } = lookup;
    const question = 'history of drizzle-kit';
    const stored = kitEntry(parts, since, api, ['folders', key]);
    const found = stored.get();
    if (isAnswer(found)) {
      onEvent({ subject, question, result: 'hit' });
      return shared(found);
    }
    const fresh = await run();
    onEvent({ subject, question, result: 'evaluated' });
    stored.put(fresh);
    return shared(fresh);
  };

  return {
    get: <T>(lookup: FolderLookup<T>) => {
      const contents = lookup.snapshots.map(({ folder, json }) => [folder, contentOf(json)]);
      const key = digest([identity(), lookup.key, contents]);
      const known = asked.get(key);
      if (known !== undefined) return known as Promise<T>;
      const fresh = answer(key, lookup);
      asked.set(key, fresh);
      fresh.catch(() => asked.delete(key));
      return fresh;
    },
  };
}

/**
 * Gives answers with the states, and the rows, that earlier ones had too: a migration begins with what the
 * one before it ended with, and changes a few rows.
 */
function openStates(): <T>(answer: T) => T {
  const rows = new Map<string, Row>();
  const known = new WeakMap<object, Row>();
  const states = new Map<string, unknown>();
  const rowFor = (one: object): Row => {
    let row = known.get(one);
    if (row !== undefined) return row;
    const text = JSON.stringify(one);
    row = rows.get(text) ?? { number: rows.size, row: one };
    rows.set(text, row);
    known.set(one, row);
    return row;
  };
  const shared = (value: unknown): unknown => {
    const ddl = isRecord(value) ? value['ddl'] : undefined;
    if (!isRecord(value) || !Array.isArray(ddl) || !ddl.every(isRecord)) return value;
    const { ddl: _, ...rest } = value;
    const own = ddl.map(rowFor);
    const key = JSON.stringify([rest, own.map(({ number }) => number)]);
    const state = states.get(key) ?? { ...value, ddl: own.map(({ row }) => row) };
    states.set(key, state);
    return state;
  };
  return <T>(answer: T): T =>
    isRecord(answer)
      ? (Object.fromEntries(Object.entries(answer).map(([name, one]) => [name, shared(one)])) as T)
      : answer;
}

interface Row {
  readonly number: number;
  readonly row: object;
}

/** Of a snapshot that nobody writes to: each is asked about with all that come after it. */
const contents = new WeakMap<FolderSnapshot['json'], string>();

function contentOf(json: FolderSnapshot['json']): string {
  let content = contents.get(json);
  if (content === undefined) contents.set(json, (content = digest(json)));
  return content;
}
