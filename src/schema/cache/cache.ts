import { openGenerations, type Generations } from './generation-cache.ts';
import { identity } from './identity.ts';
import { openRecall, type Recall } from './evaluation-cache.ts';
import { openOutsideStates } from './outside-state.ts';
import { openStore } from './store.ts';

/** What was answered before, in this run or an earlier one. */
export interface Cache {
  readonly recall: Recall;
  readonly generations: Generations;
  /** Whether no earlier run has left anything. */
  readonly empty: boolean;
  /** Waits until what is worth keeping is written. */
  close(): Promise<void>;
}

/** The cache of a repository. `commonDir`: absolute path of the git common directory. Nothing about it ever fails. */
export function openCache(
  commonDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Cache {
  const store = openStore({ commonDir });
  const shared = { store, identity: identity(env), outside: openOutsideStates() };
  const recall = openRecall({ ...shared, env });
  return {
    recall,
    generations: openGenerations(shared),
    empty: store.fresh,
    async close() {
      await recall.close();
      await store.close();
    },
  };
}
