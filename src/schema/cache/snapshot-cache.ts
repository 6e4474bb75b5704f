import type { FileProblem } from '../../history/history.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { isRecord } from '../../model/unknown.ts';
import { digest } from './digest.ts';
import type { CacheParts } from './evaluation-cache.ts';
import { kitEntry } from './kit-entry.ts';

/** What drizzle-kit has against the content of each snapshot, by oid; nothing: an empty list. */
type SnapshotAnswers = ReadonlyMap<string, readonly FileProblem[]>;

interface SnapshotLookup {
  /** The config that it belongs to, for events. */
  readonly subject: RepoPath;
  /** Plain JSON: which drizzle-kit, for which dialect. */
  readonly key: readonly unknown[];
  /** Absolute path of that drizzle-kit's `api.js`. */
  readonly api: string;
  readonly oids: ReadonlySet<string>;
  /** Asks drizzle-kit about those that nothing is known of. */
  readonly run: (unknown: ReadonlySet<string>) => Promise<SnapshotAnswers>;
}

/** What drizzle-kit's validator says of snapshots, of this run or an earlier one. */
export interface SnapshotCache {
  get(lookup: SnapshotLookup): Promise<SnapshotAnswers>;
  /** Stores what is new. */
  close(): Promise<void>;
}

/** Snapshots that one entry of the store remembers; the oldest are dropped first. */
const REMEMBERED = 20_000;

/** One entry holds the answers about all snapshots: a history of 500 is one file to read. */
export function openSnapshotCache(parts: CacheParts): SnapshotCache {
  const { identity, onEvent } = parts;
  const since = Date.now();
  const entries = new Map<string, Entry>();

  const entryOf = ({ key, api }: SnapshotLookup): Entry => {
    const asked = digest([identity(), key]);
    let entry = entries.get(asked);
    if (entry !== undefined) return entry;
    const stored = kitEntry(parts, since, api, ['snapshots', asked]);
    const answers = readAnswers(stored.get());
    const save = (): void => stored.put(Object.fromEntries([...answers].slice(-REMEMBERED)));
    entries.set(asked, (entry = { answers, isNew: false, last: Promise.resolve(), save }));
    return entry;
  };

  const ask = async (entry: Entry, { oids, run, subject }: SnapshotLookup): Promise<void> => {
    const unknown = new Set([...oids].filter((oid) => !entry.answers.has(oid)));
    if (unknown.size > 0) {
      for (const [oid, problems] of await run(unknown)) entry.answers.set(oid, problems);
      entry.isNew = true;
    }
    onEvent({
      subject,
      question: 'validation of snapshots',
      result: unknown.size > 0 ? 'evaluated' : 'hit',
    });
  };

  return {
    async get(lookup) {
      const entry = entryOf(lookup);
      // One after the other: the tree before nearly always asks about the same snapshots.
      const asked = entry.last.then(() => ask(entry, lookup));
      entry.last = asked.catch(() => undefined);
      await asked;
      return entry.answers;
    },
    async close() {
      for (const entry of entries.values()) {
        await entry.last;
        if (entry.isNew) entry.save();
      }
    },
  };
}

interface Entry {
  readonly answers: Map<string, readonly FileProblem[]>;
  isNew: boolean;
  last: Promise<void>;
  readonly save: () => void;
}

function readAnswers(stored: unknown): Map<string, readonly FileProblem[]> {
  if (!isRecord(stored)) return new Map();
  return new Map(
    Object.entries(stored).flatMap(([oid, problems]) =>
      Array.isArray(problems) && problems.every(isProblem) ? [[oid, problems]] : [],
    ),
  );
}

function isProblem(value: unknown): value is FileProblem {
  return isRecord(value) && typeof value['message'] === 'string';
}
