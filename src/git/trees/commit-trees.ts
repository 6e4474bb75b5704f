import { commitTree } from './commit-tree.ts';
import { gitTree, withChanges } from './git-tree.ts';
import type { ChangedPath } from './listing.ts';
import type { RangeCommit } from '../refs/range.ts';
import type { Repository } from '../repository.ts';
import type { Tree } from './tree.ts';

/** How many listings are kept: those of a merge's parents, and those that a range goes back to. */
const KEPT = 6;

/**
 * The trees of a range's commits. A commit's listing is made from that of its nearest listed
 * ancestor and what changed since; git lists it only where there is none. Listing ten thousand
 * files costs more than everything else for a commit.
 */
export class CommitTrees {
  readonly #repository: Repository;
  readonly #commits: ReadonlyMap<string, RangeCommit>;
  readonly #trees = new Map<string, Promise<Tree>>();

  constructor(repository: Repository, commits: readonly RangeCommit[]) {
    this.#repository = repository;
    this.#commits = new Map(commits.map((commit) => [commit.oid, commit]));
  }

  /** @param oid full; of the range or not. */
  of(oid: string): Promise<Tree> {
    const known = this.#trees.get(oid);
    const tree = known ?? this.#list(oid);
    this.#trees.delete(oid);
    this.#trees.set(oid, tree);
    for (const old of [...this.#trees.keys()].slice(0, -KEPT)) this.#trees.delete(old);
    return tree;
  }

  async #list(oid: string): Promise<Tree> {
    const since: (readonly ChangedPath[])[] = [];
    for (let at = this.#commits.get(oid); at !== undefined;) {
      since.unshift(at.changed);
      const [parent] = at.parents;
      const from = parent === undefined ? undefined : this.#trees.get(parent);
      if (from !== undefined) {
        const entries = withChanges(await (await from).entries(), since.flat());
        return gitTree(this.#repository, `commit ${oid.slice(0, 8)}`, async () => entries);
      }
      at = parent === undefined ? undefined : this.#commits.get(parent);
    }
    return commitTree(this.#repository, oid);
  }
}
