import type { RepoPath } from '../../model/repo-path.ts';

/** Which file imports which, recorded while compiling. */
export interface ImportGraph {
  add(importer: RepoPath, imported: RepoPath): void;
  /** The shortest chain of imports from a root to a file: the root first, the file last. */
  chainTo(path: RepoPath): readonly RepoPath[];
}

/** A graph that grows from the schema files. */
export function importGraph(roots: readonly RepoPath[]): ImportGraph {
  const imports = new Map<RepoPath, Set<RepoPath>>();
  return {
    add: (importer, imported) => {
      const known = imports.get(importer);
      if (known === undefined) imports.set(importer, new Set([imported]));
      else known.add(imported);
    },
    chainTo: (path) => {
      const from = new Map<RepoPath, RepoPath | undefined>(roots.map((root) => [root, undefined]));
      for (const at of from.keys()) {
        if (at === path) break;
        for (const next of imports.get(at) ?? []) if (!from.has(next)) from.set(next, at);
      }
      const chain: RepoPath[] = [];
      for (
        let at: RepoPath | undefined = from.has(path) ? path : undefined;
        at !== undefined;
        at = from.get(at)
      )
        chain.unshift(at);
      return chain.length > 0 ? chain : [path];
    },
  };
}
