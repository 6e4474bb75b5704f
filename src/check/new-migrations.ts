import { changedMatching } from '../git/trees/changed-matching.ts';
import type { ChangedPath } from '../git/trees/listing.ts';
import type { GitOptions } from '../git/git.ts';
import type { Repository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { JournalEntry } from '../history/history.ts';

/** The two states that git has just switched the working tree between. */
export interface Moved {
  /** A revision: "ORIG_HEAD", an oid. */
  readonly from: string;
  /** A revision; undefined is the index (a squashed merge). */
  readonly to?: string;
  /** Whether `from` must be an ancestor of `to`; otherwise it is not the state before. */
  readonly onward: boolean;
}

/** The migrations that were added to one project, and those that were removed. */
export interface Arrival {
  /** The migrations folder. */
  readonly out: RepoPath;
  /** In the order of the journal. */
  readonly arrived: readonly JournalEntry[];
  readonly left: readonly JournalEntry[];
  /** Added ones that are dated before an existing one: databases that have that one skip them. */
  readonly late: readonly JournalEntry[];
  /** The newest of those before. */
  readonly newest?: JournalEntry;
  /** The command that applies them; undefined if the app does. */
  readonly migrate?: string;
}

const JOURNAL = 'meta/_journal.json';

/**
 * The migrations that were added to the Drizzle projects of a working tree, and those that were
 * removed. If no journal changed, this runs one git process and loads nothing. Configs are read and
 * never run: this is only a hint, and the code has just been fetched.
 */
export async function arrivedMigrations(
  options: GitOptions,
  moved: Moved,
): Promise<readonly Arrival[]> {
  const changed = await changedMatching(options, moved.from, moved.to, JOURNAL);
  if (changed === undefined || !changed.some(({ after }) => after !== undefined)) return [];
  const [{ openRepository }, { isAncestor, underWay }] = await Promise.all([
    import('../git/repository.ts'),
    import('../git/worktree/under-way.ts'),
  ]);
  const repository = await openRepository(options);
  const doing = underWay(repository);
  // A bisection switches back and forth; who runs it migrates as needed.
  if (doing === 'bisect') return [];
  if (moved.onward && !(await isAncestor(repository, moved.from, moved.to ?? 'HEAD'))) return [];
  const steps = await journalSteps(repository, changed);
  // What a rebase removes it is about to add again.
  const arrivals = steps
    .map((step) => arrivalOf(step, doing !== 'rebase'))
    .filter(({ arrived, left }) => arrived.length > 0 || left.length > 0);
  return arrivals.length === 0
    ? []
    : withCommands(repository, await treeOf(repository, moved), arrivals);
}

interface Step {
  readonly out: RepoPath;
  readonly before: readonly JournalEntry[];
  readonly after: readonly JournalEntry[];
}

/**
 * The journals that can be read on both sides; one whose folder was moved is compared with the old
 * one.
 */
async function journalSteps(
  repository: Repository,
  changed: readonly ChangedPath[],
): Promise<readonly Step[]> {
  const { parseJournal } = await import('../history/journal.ts');
  const blobs = await repository.blobs.read(
    changed.flatMap(({ before, after }) => [before, after].flatMap((entry) => entry?.oid ?? [])),
  );
  const entriesOf = (entry: ChangedPath['before']): readonly JournalEntry[] | undefined => {
    const bytes = entry === undefined ? undefined : blobs.get(entry.oid);
    const journal = bytes === undefined ? undefined : parseJournal(bytes);
    return journal?.status === 'ok' ? journal.entries : undefined;
  };
  const gone = changed.flatMap(({ before, after }) =>
    after === undefined ? [entriesOf(before) ?? []] : [],
  );
  return changed.flatMap(({ path, before, after }): Step[] => {
    const now = entriesOf(after);
    const then =
      before === undefined
        ? (gone.find((entries) => entries.some(({ tag }) => now?.some((one) => one.tag === tag))) ??
          [])
        : entriesOf(before);
    return now === undefined || then === undefined
      ? []
      : [
          {
            out: path.slice(0, Math.max(0, path.length - JOURNAL.length - 1)),
            before: then,
            after: now,
          },
        ];
  });
}

function arrivalOf({ out, before, after }: Step, withRemoved: boolean): Arrival {
  const arrived = without(after, before);
  const newest = before.reduce<JournalEntry | undefined>(
    (high, entry) => (high === undefined || entry.when > high.when ? entry : high),
    undefined,
  );
  // drizzle-orm's migrator applies what is newer than the newest that the database has.
  const late = newest === undefined ? [] : arrived.filter(({ when }) => when <= newest.when);
  return {
    out,
    arrived,
    left: withRemoved ? without(before, after) : [],
    late,
    ...(newest === undefined ? {} : { newest }),
  };
}

function without(
  some: readonly JournalEntry[],
  others: readonly JournalEntry[],
): readonly JournalEntry[] {
  return some.filter(({ tag }) => !others.some((other) => other.tag === tag));
}

async function treeOf(repository: Repository, { to }: Moved): Promise<Tree> {
  if (to === undefined)
    return (await (await import('../git/trees/index-tree.ts')).indexTree(repository)).after;
  return (await import('../git/trees/commit-tree.ts')).commitTree(repository, to);
}

/**
 * Only journals of projects count. A config that would have to be run is assumed to be above its
 * migrations.
 */
async function withCommands(
  repository: Repository,
  tree: Tree,
  arrivals: readonly Arrival[],
): Promise<readonly Arrival[]> {
  const [{ discoverProjects }, { howToMigrate }, { folderOf, inside }] = await Promise.all([
    import('../project/discover.ts'),
    import('../project/scripts/how-to-migrate.ts'),
    import('../model/repo-path.ts'),
  ]);
  const { projects, unreadable } = await discoverProjects(tree, {
    top: repository.topLevel,
    evaluate: async () => ({ status: 'unreadable', message: 'is not run for a hint' }),
  });
  const hints = await Promise.all(
    arrivals.map(async (arrival): Promise<readonly Arrival[]> => {
      const above = unreadable
        .filter(({ config }) => arrival.out.startsWith(inside(folderOf(config), '')))
        .toSorted((a, b) => folderOf(b.config).length - folderOf(a.config).length);
      const project =
        projects.find(({ out }) => out === arrival.out) ??
        above.map(({ config }) => ({ config, base: folderOf(config) }))[0];
      if (project === undefined) return [];
      const migrate = await howToMigrate(tree, project);
      return [{ ...arrival, ...(migrate === undefined ? {} : { migrate }) }];
    }),
  );
  return hints.flat();
}
