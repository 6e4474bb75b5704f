import type { RepoPath } from '../../model/repo-path.ts';
import type { RecordedRenames } from '../kit/generate.ts';
import type { Generated } from '../schema.ts';
import type { CacheParts } from './evaluation-cache.ts';
import { digest } from './digest.ts';
import { isRecord, isStringArray } from '../../model/unknown.ts';
import { kitEntry } from './kit-entry.ts';

type Json = Readonly<Record<string, unknown>>;

interface Comparison {
  /** The config that it belongs to, for events. */
  readonly subject: RepoPath;
  /** Plain JSON: which drizzle-kit, for which dialect. */
  readonly key: readonly unknown[];
  /** Absolute path of that drizzle-kit's `api.js`. */
  readonly api: string;
  readonly before: Json | undefined;
  readonly after: Json;
  /** What is known about renames, beside the snapshot's `_meta`. */
  readonly recorded: RecordedRenames | undefined;
  /** Asks drizzle-kit. */
  readonly run: () => Promise<Generated>;
}

/** drizzle-kit's answers about two snapshots, of this run or an earlier one. */
export interface GenerationCache {
  get(comparison: Comparison): Promise<Generated>;
}

export function openGenerationCache(parts: CacheParts): GenerationCache {
  const { identity, onEvent } = parts;
  const since = Date.now();
  const asked = new Map<string, Promise<Generated>>();
  /** Answers of this run for which drizzle-kit asked nothing: what is recorded does not matter. */
  const unasked = new Map<string, Generated>();

  const answer = async (key: string, { api, run, subject }: Comparison): Promise<Generated> => {
    const question = 'statements of drizzle-kit';
    const stored = kitEntry(parts, since, api, ['generated', key]);
    const found = stored.get();
    if (isGenerated(found)) {
      onEvent({ subject, question, result: 'hit' });
      return found;
    }
    const generated = await run();
    onEvent({ subject, question, result: 'evaluated' });
    stored.put(generated);
    return generated;
  };

  return {
    get(comparison) {
      const { before, after, recorded } = comparison;
      const snapshots = digest([identity(), comparison.key, stateOf(before), stateOf(after)]);
      const key = digest([snapshots, recorded ?? null]);
      let generated = asked.get(key);
      if (generated === undefined) {
        const run = async (): Promise<Generated> => {
          const known = unasked.get(snapshots) ?? (await comparison.run());
          if (
            recorded !== undefined &&
            known.status === 'answered' &&
            known.questions === undefined
          )
            unasked.set(snapshots, known);
          return known;
        };
        asked.set(key, (generated = answer(key, { ...comparison, run })));
        generated.catch(() => asked.delete(key));
      }
      return generated;
    },
  };
}

/** Of a snapshot that nobody writes to: in a range each is the one before of the next commit. */
const states = new WeakMap<Json, string>();

function stateOf(snapshot: Json | undefined): string | null {
  if (snapshot === undefined) return null;
  let state = states.get(snapshot);
  if (state === undefined) states.set(snapshot, (state = digest(withoutIds(snapshot))));
  return state;
}

/** Only whether an id is a text matters, and not in which order its parts and `_meta` are. */
function withoutIds(snapshot: Json): unknown {
  return sorted(snapshot).map(([name, value]) => {
    if (name === 'id' || name === 'prevId') return [name, typeof value];
    return [name, name === '_meta' && isRecord(value) ? sorted(value) : value];
  });
}

function sorted(json: Json): readonly (readonly [string, unknown])[] {
  return Object.entries(json).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function isGenerated(value: unknown): value is Generated {
  if (!isRecord(value)) return false;
  return value['status'] === 'answered'
    ? isStringArray(value['statements']) &&
        (value['questions'] === undefined || Array.isArray(value['questions']))
    : value['status'] === 'ambiguous' &&
        isStringArray(value['asCreated']) &&
        isStringArray(value['asRenamed']);
}
