import type { Generated } from '../schema.ts';
import { digest } from './digest.ts';
import { isRecord, isStringArray } from '../../model/unknown.ts';
import { outsideOf } from './outside.ts';
import { openOutsideStates, type OutsideStates } from './outside-state.ts';
import type { Store } from './store.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Comparison {
  /** Plain JSON: which drizzle-kit, for which dialect. */
  readonly kit: readonly unknown[];
  /** Absolute path of that drizzle-kit's `api.js`. */
  readonly api: string;
  readonly before: Json | undefined;
  readonly after: Json;
  /** What is recorded about renames, beside the snapshot's `_meta`. */
  readonly sql: string | undefined;
  /** Asks drizzle-kit. */
  readonly run: () => Promise<Generated>;
}

/** drizzle-kit's answers about two snapshots, from this run or an earlier one. */
export interface Generations {
  ask(comparison: Comparison): Promise<Generated>;
}

export function openGenerations({
  store,
  identity,
  outside: states = openOutsideStates(),
}: {
  readonly store: Store;
  readonly identity: unknown;
  readonly outside?: OutsideStates;
}): Generations {
  const since = Date.now();
  const asked = new Map<string, Promise<Generated>>();

  const answer = async (question: string, { api, run }: Comparison): Promise<Generated> => {
    const outside = outsideOf({ files: [], links: [], loaded: [api] });
    if (outside === undefined) return run();
    const name = `generated-${digest([question, states.state(outside)])}`;
    const found = store.get(name);
    if (isGenerated(found)) return found;
    const generated = await run();
    if (states.unchangedSince(since, outside, [api])) store.put(name, generated);
    return generated;
  };

  return {
    ask(comparison) {
      const question = digest([
        identity,
        comparison.kit,
        withoutIds(comparison.before),
        withoutIds(comparison.after),
        comparison.sql ?? null,
      ]);
      let generated = asked.get(question);
      if (generated === undefined) {
        asked.set(question, (generated = answer(question, comparison)));
        generated.catch(() => asked.delete(question));
      }
      return generated;
    },
  };
}

/** An id decides nothing, but that it is a text. */
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
    ? isStringArray(value['statements'])
    : value['status'] === 'ambiguous' &&
        isStringArray(value['asCreated']) &&
        isStringArray(value['asRenamed']);
}
