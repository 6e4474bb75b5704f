import { GuardError } from '../model/errors.ts';
import { publishedPaths } from '../git/refs/published-paths.ts';
import { trunkParents } from '../git/refs/on-branches.ts';
import { publishedCommits, type PublishedCommits } from '../git/refs/published.ts';
import { isLongLived, remoteBranches } from '../git/refs/remote-branches.ts';
import type { Repository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { Migration } from '../history/history.ts';
import { readHistory } from '../history/read.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { once } from '../model/once.ts';
import { listed } from '../model/words.ts';
import type { JoinedSide, JoinedSides } from './joined-sides.ts';

/** Whose migrations stay, and whose come on top. */
export interface Order {
  readonly base: JoinedSide;
  readonly own: JoinedSide;
  readonly fork: Tree;
  /** See `JoinedSides`. */
  readonly former?: Tree;
}

/**
 * Decides whose migrations stay. Of a merge those that are published: others may have applied them.
 * Where neither side's are, those of `onto`, else of the long-lived branch.
 * @param outs the migrations folders; @param onto full oid of the base that was named.
 * @throws GuardError `usage` where both sides' are published: no order is right for every database.
 */
export async function orderOf(
  repository: Repository,
  sides: JoinedSides,
  outs: readonly RepoPath[],
  onto: string | undefined,
): Promise<Order> {
  const { ours, theirs, fork, former } = sides;
  const oursStay: Order = {
    base: ours,
    own: theirs,
    fork,
    ...(former === undefined ? {} : { former }),
  };
  const theirsStay: Order = { base: theirs, own: ours, fork };
  if (sides.own === 'theirs') return oursStay;
  if (onto !== undefined && (onto === theirs.commit || onto === ours.commit))
    return onto === theirs.commit ? theirsStay : oursStay;
  const published = once(() => publishedCommits(repository));
  const [ofOurs, ofTheirs] = await Promise.all(
    [ours, theirs].map((side) => publishedOf(repository, side.tree, { fork, outs, published })),
  );
  const [our, their] = [ofOurs ?? [], ofTheirs ?? []];
  if (our.length > 0 && their.length > 0)
    throw new GuardError(
      'usage',
      `both sides are published: ${listed(our)} (${ours.name}) and ${listed(their)} ` +
        `(${theirs.name})`,
      {
        help: [
          'Databases may have applied either, so that no order is right for all of them.',
          'If those of one branch ran nowhere that counts, name the other one: npx ' +
            `drizzle-guard rebase --onto ${theirs.name}`,
        ],
      },
    );
  if (our.length > 0 || their.length > 0) return our.length > 0 ? oursStay : theirsStay;
  const parents = [ours, theirs].flatMap(({ commit }) => commit ?? []);
  const [trunk] = await trunkParents(repository, parents);
  if (trunk !== undefined) return trunk === ours.commit ? oursStay : theirsStay;
  const { current } = await remoteBranches(repository);
  return current !== undefined && isLongLived(current) ? oursStay : theirsStay;
}

/** The migrations since the fork that a published commit has, by their tags. */
async function publishedOf(
  repository: Repository,
  tree: Tree,
  {
    fork,
    outs,
    published,
  }: {
    readonly fork: Tree;
    readonly outs: readonly RepoPath[];
    readonly published: () => Promise<PublishedCommits>;
  },
): Promise<readonly string[]> {
  const made = await Promise.all(
    outs.map(async (out): Promise<readonly Migration[]> => {
      const [base, before] = await Promise.all([tree, fork].map((one) => readHistory(one, out)));
      const known = new Set(before?.migrations.map(({ name }) => name));
      return base?.migrations.filter(({ name }) => !known.has(name)) ?? [];
    }),
  );
  const files = made.flat().flatMap(({ sql, name }) => (sql === undefined ? [] : [{ sql, name }]));
  if (files.length === 0) return [];
  const commits = await published();
  if (commits.withoutRemote === true) return [];
  const { contents } = await publishedPaths(
    repository,
    files.map(({ sql }) => sql.path),
    commits,
  );
  return files
    .filter(({ sql }) => contents.get(sql.path)?.has(sql.entry.oid) === true)
    .map(({ name }) => name);
}
