import type { Tree } from '../git/trees/tree.ts';
import { GuardError } from '../model/errors.ts';
import { once } from '../model/once.ts';
import type { Discovered } from '../project/discover.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { Parent } from './target.ts';

/** A tree before, with what is read of it when it is needed. */
export interface ReadParent extends Parent {
  /** Its own guard config; the one that is judged where its own is not valid. */
  readonly guardConfig: () => Promise<GuardConfig>;
  /** Its projects, as its own guard config names them. */
  readonly found: () => Promise<Discovered>;
  /** Its projects, as the guard config that is judged names them: for a project that is new there. */
  readonly foundAsNow: () => Promise<Discovered>;
}

interface ReadingParents {
  /** Of what is judged. */
  readonly guardConfig: GuardConfig;
  readonly readGuardConfig: (tree: Tree) => Promise<GuardConfig>;
  readonly discover: (tree: Tree, guardConfig: GuardConfig) => Promise<Discovered>;
}

export function withReadings(
  parent: Parent,
  { guardConfig: now, readGuardConfig, discover }: ReadingParents,
): ReadParent {
  const guardConfig = once(() =>
    readGuardConfig(parent.tree).catch((error: unknown) => {
      if (error instanceof GuardError) return now;
      throw error;
    }),
  );
  const found = once(async () => discover(parent.tree, await guardConfig()));
  const foundAsNow = once(async () =>
    JSON.stringify((await guardConfig()).projects) === JSON.stringify(now.projects)
      ? found()
      : discover(parent.tree, now),
  );
  return { ...parent, guardConfig, found, foundAsNow };
}
