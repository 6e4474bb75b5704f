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

/** A migration, by its name. */
type Arrived = Pick<JournalEntry, 'tag'>;

/** The migrations that were added to one project, and those that were removed. */
export interface Arrival {
  /** The migrations folder. */
  readonly out: RepoPath;
  /** In their order. */
  readonly arrived: readonly Arrived[];
  readonly left: readonly Arrived[];
  /**
   * Added ones that are dated before an existing one: databases that have that one skip them. None
   * of drizzle-kit 1.x: its migrator runs what a database does not have.
   */
  readonly late: readonly Arrived[];
  /** The newest of those before. */
  readonly newest?: Arrived;
  /** The command that applies them; undefined if the app does. */
  readonly migrate?: string;
}

const JOURNAL = 'meta/_journal.json';
/** Of drizzle-kit 1.x, as of prisma: only folders of projects count. */
const IN_FOLDER = 'migration.sql';

/**
 * The migrations that were added to the Drizzle projects of a working tree, and those that were
 * removed. If no journal changed, this runs one git process and loads nothing. Configs are read and
 * never run: this is only a hint, and the code has just been fetched.
 */
export async function arrivedMigrations(
  options: GitOptions,
  moved: Moved,
): Promise<readonly Arrival[]> {
  const found = await changedMatching(options, moved.from, moved.to, JOURNAL, IN_FOLDER);
  if (found === undefined || found.length === 0) return [];
  const changed = found.filter(({ path }) => path.endsWith(JOURNAL));
  const folders = found.filter(({ path }) => !path.endsWith(JOURNAL));
  if (folders.length === 0 && !changed.some(({ after }) => after !== undefined)) return [];
  const [{ openRepository }, { isAncestor, underWay }] = await Promise.all([
    import('../git/repository.ts'),
    import('../git/worktree/under-way.ts'),
  ]);
  const repository = await openRepository(options);
  const doing = underWay(repository);
  // A bisection switches back and forth; who runs it migrates as needed.
  if (doing === 'bisect') return [];
  if (moved.onward && !(await isAncestor(repository, moved.from, moved.to ?? 'HEAD'))) return [];
  const steps = changed.length === 0 ? [] : await journalSteps(repository, changed);
  // What a rebase removes it is about to add again.
  const withRemoved = doing !== 'rebase';
  const arrivals = [
    ...steps.map((step) => arrivalOf(step, withRemoved)),
    ...folderArrivals(folders, withRemoved),
  ].filter(({ arrived, left }) => arrived.length > 0 || left.length > 0);
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

function folderArrivals(changed: readonly ChangedPath[], withRemoved: boolean): readonly Arrival[] {
  const named = changed.map(({ path, before, after }) => {
    const folders = path.split('/').slice(0, -1);
    const state = before === undefined ? 'arrived' : after === undefined ? 'left' : 'edited';
    return { out: folders.slice(0, -1).join('/'), tag: folders.at(-1) ?? '', state };
  });
  // A folder of migrations that was moved brings and takes none.
  const isMoved = (one: (typeof named)[number]): boolean =>
    named.some(({ tag, state, out }) => tag === one.tag && state !== one.state && out !== one.out);
  return [...new Set(named.map(({ out }) => out))].map((out) => {
    const of = (wanted: string): readonly Arrived[] =>
      named.filter((one) => one.out === out && one.state === wanted && !isMoved(one));
    return { out, arrived: of('arrived'), left: withRemoved ? of('left') : [], late: [] };
  });
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
