import type { GitAnswers } from '../../git/refs/kept-answers.ts';
import type { LiteralsMemory } from '../../project/config/literals.ts';
import { openEvaluationCache, type CacheEvent, type EvaluationCache } from './evaluation-cache.ts';
import { openFolderCache, type FolderCache } from './folder-cache.ts';
import { openGenerationCache, type GenerationCache } from './generation-cache.ts';
import { identity } from './identity.ts';
import { openLiteralsCache } from './literals-cache.ts';
import { openOutsideStates } from './outside-state.ts';
import { openSnapshotCache, type SnapshotCache } from './snapshot-cache.ts';
import { openGitAnswers } from './git-answers.ts';
import { openStore } from './store.ts';

/** The answers of this run and of earlier ones. */
interface Cache {
  readonly evaluations: EvaluationCache;
  readonly generations: GenerationCache;
  readonly snapshots: SnapshotCache;
  readonly folders: FolderCache;
  readonly literals: LiteralsMemory;
  readonly gitAnswers: GitAnswers;
  /** True if no earlier run has stored anything. */
  readonly empty: boolean;
  /** Waits until everything is stored. */
  close(): Promise<void>;
}

/**
 * The cache of a repository. `commonDir`: absolute path of the git common directory. It never
 * throws.
 */
export function openCache(
  commonDir: string,
  env: Readonly<Record<string, string | undefined>>,
  onEvent: (event: CacheEvent) => void = () => undefined,
): Cache {
  const store = openStore({ commonDir });
  let own: unknown;
  const shared = {
    store,
    identity: () => (own ??= identity(env)),
    outside: openOutsideStates(),
    onEvent,
  };
  const evaluations = openEvaluationCache({ ...shared, env });
  const snapshots = openSnapshotCache(shared);
  return {
    evaluations,
    generations: openGenerationCache(shared),
    snapshots,
    folders: openFolderCache(shared),
    literals: openLiteralsCache(shared),
    gitAnswers: openGitAnswers(store),
    empty: store.empty,
    async close() {
      await Promise.all([evaluations.close(), snapshots.close()]);
      await store.close();
    },
  };
}
