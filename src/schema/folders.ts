import type { SchemaState } from './kit/folders/state.ts';

/** What is asked about the snapshots of a folder. */
export type FolderQuestion =
  | {
      /** Its answer: `FolderBase`. */
      readonly ask: 'base';
      readonly snapshots: readonly FolderSnapshot[];
    }
  | {
      /** Its answer: `FolderChange`. The snapshots: that of `folder` and what it comes from. */
      readonly ask: 'around';
      readonly snapshots: readonly FolderSnapshot[];
      readonly folder: string;
    }
  | {
      /** Its answer: `ForkConflict[]`. */
      readonly ask: 'conflicts';
      readonly snapshots: readonly FolderSnapshot[];
      /** A migration with several parents: the forks that it joins, in place of the open ones. */
      readonly under?: string;
    }
  | {
      /** Its answer: `FolderUp`. */
      readonly ask: 'up';
      readonly snapshots: readonly FolderSnapshot[];
    }
  /** The version of snapshots that drizzle-kit writes: a number. */
  | { readonly ask: 'version' };

type Json = Readonly<Record<string, unknown>>;

/** The snapshot of one folder of drizzle-kit 1.x. */
export interface FolderSnapshot {
  /** Its name below `out`. */
  readonly folder: string;
  /** The parsed `snapshot.json`. */
  readonly json: Json;
}

/**
 * A migration's snapshot and all that it comes from, in the order given; one that names a parent
 * which is nowhere is without it.
 */
export function ancestorsOf(
  snapshots: readonly FolderSnapshot[],
  folder: string,
): readonly FolderSnapshot[] {
  const byId = new Map<unknown, FolderSnapshot[]>();
  for (const one of snapshots) {
    const id = one.json['id'];
    byId.set(id, [...(byId.get(id) ?? []), one]);
  }
  const found = new Set(snapshots.filter((one) => one.folder === folder));
  // A set visits what is added on the way.
  for (const { json } of found) {
    const parents = json['prevIds'];
    for (const id of Array.isArray(parents) ? (parents as readonly unknown[]) : [])
      for (const one of byId.get(id) ?? []) found.add(one);
  }
  return snapshots.filter((one) => found.has(one));
}

/** Why drizzle-kit would not go on with a folder: the first thing that it finds. */
export interface FolderProblem {
  readonly folder: string;
  /** drizzle-kit's own word: `malformed`, `unsupported`, `non_latest`, `order`. */
  readonly kind: string;
  readonly message: string;
}

/** Two branches of the history that drizzle-kit refuses to put together. */
export interface ForkConflict {
  /** The folder that both come from; '' where they have none in common. */
  readonly parent: string;
  readonly branches: readonly ForkBranch[];
}

export interface ForkBranch {
  /** Its folders behind the parent, the newest last. */
  readonly folders: readonly string[];
  /** The folder with the change, as far as drizzle-kit says it; else the newest. */
  readonly source: string;
  /** The change, in drizzle-kit's words. */
  readonly text: string;
}

/** What `generate` would compare the schema with. */
export type FolderBase =
  | {
      readonly status: 'ok';
      /** Undefined: nothing. */
      readonly state: SchemaState | undefined;
      /** The `prevIds` of the next migration. */
      readonly parents: readonly string[];
    }
  | { readonly status: 'refused'; readonly problems: readonly FolderProblem[] }
  | { readonly status: 'conflicts'; readonly conflicts: readonly ForkConflict[] };

/** The states before and after a migration; `before` undefined: nothing. */
export type FolderChange =
  | {
      readonly status: 'ok';
      readonly before: SchemaState | undefined;
      readonly after: SchemaState;
    }
  | { readonly status: 'refused'; readonly problems: readonly FolderProblem[] };

/** What `drizzle-kit up` makes of snapshots; those that are not old stay as they are. */
export type FolderUp =
  | { readonly status: 'ok'; /** By folder name. */ readonly snapshots: readonly FolderSnapshot[] }
  | { readonly status: 'refused'; readonly problems: readonly FolderProblem[] };
