import type { RepoPath } from '../../model/repo-path.ts';
import type { RecordedRenames } from '../kit/generate.ts';
import type { Generated } from '../schema.ts';
import type { CacheEvent } from './evaluation-cache.ts';
import { digest } from './digest.ts';
import { isRecord, isStringArray } from '../../model/unknown.ts';
import { outsideOf } from './outside.ts';
import type { OutsideStates } from './outside-state.ts';
import type { Store } from './store.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Comparison {
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

export function openGenerationCache({
  store,
  identity,
  outside: states,
  onEvent,
}: {
  readonly store: Store;
  readonly identity: unknown;
  readonly outside: OutsideStates;
  readonly onEvent: (event: CacheEvent) => void;
}): GenerationCache {
  const since = Date.now();
  const asked = new Map<string, Promise<Generated>>();

  const answer = async (key: string, { api, run, subject }: Comparison): Promise<Generated> => {
    const question = 'statements of drizzle-kit';
    const outside = outsideOf({ files: [], links: [], loaded: [api] });
    const name =
      outside === undefined ? undefined : `generated-${digest([key, states.state(outside)])}`;
    const found = name === undefined ? undefined : store.get(name);
    if (isGenerated(found)) {
      onEvent({ subject, question, result: 'hit' });
      return found;
    }
    const generated = await run();
    onEvent({ subject, question, result: 'evaluated' });
    if (outside !== undefined && name !== undefined && states.unchangedSince(since, outside, [api]))
      store.put(name, generated);
    return generated;
  };

  return {
    get(comparison) {
      const key = digest([
        identity,
        comparison.key,
        withoutIds(comparison.before),
        withoutIds(comparison.after),
        comparison.recorded ?? null,
      ]);
      let generated = asked.get(key);
      if (generated === undefined) {
        asked.set(key, (generated = answer(key, comparison)));
        generated.catch(() => asked.delete(key));
      }
      return generated;
    },
  };
}

/** Only whether an id is a text matters. */
function withoutIds(snapshot: Json | undefined): unknown {
  return snapshot === undefined
    ? null
    : Object.entries(snapshot).map(([name, value]) => [
        name,
        name === 'id' || name === 'prevId' ? typeof value : value,
      ]);
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
