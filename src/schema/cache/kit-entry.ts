import { digest } from './digest.ts';
import type { CacheParts } from './evaluation-cache.ts';
import { outsideOf } from './outside.ts';

/**
 * A stored answer of an installed drizzle-kit, under a name that has the state of its files.
 * @param since when the run began; an answer of a kit that changed after it is not stored.
 * @param api absolute path of that drizzle-kit's `api.js`.
 */
export function kitEntry(
  { store, outside: states }: CacheParts,
  since: number,
  api: string,
  [kind, key]: readonly [kind: string, key: string],
): { get(): unknown; put(answer: unknown): void } {
  const outside = outsideOf({ files: [], links: [], loaded: [api] });
  // Nothing says when it changes.
  if (outside === undefined) return { get: () => undefined, put: () => undefined };
  const name = `${kind}-${digest([key, states.state(outside)])}`;
  return {
    get: () => store.get(name),
    put(answer) {
      if (states.unchangedSince(since, outside, [api])) store.put(name, answer);
    },
  };
}
