import type { Dialect } from '../../../model/dialect.ts';
import {
  ancestorsOf,
  type FolderSnapshot,
  type ForkBranch,
  type ForkConflict,
} from '../../folders.ts';
import { workOf } from './branch-work.ts';
import {
  brokenReference,
  changedByBoth,
  named,
  type BrokenReference,
} from './broken-references.ts';
import { idOf, isV9, parentsOf } from './read-folder.ts';
import type { Functions } from './regions.ts';

/** Two open leaves, with the folders that each has and the other has not, in order. */
interface Fork {
  readonly parent: string;
  readonly sides: readonly [readonly FolderSnapshot[], readonly FolderSnapshot[]];
}

/**
 * The open forks that drizzle-kit takes for commutative, and that are not: a database refuses one of
 * the orders in which the migrations of the two branches may run. Measured with PostgreSQL and
 * SQLite: drizzle-kit does not compare views with what they read, and outside of PostgreSQL v9 no
 * index, constraint or foreign key with what it stands on. There it only looks at what is left of a
 * branch at its end, and takes a renamed column for a new one: it does not see that SQLite made a
 * table again with the columns that one branch knew. The dialects of which drizzle-kit does not
 * compare branches at all have a conflict in every fork: the next migration repeats one of them.
 * @param known the conflicts that drizzle-kit finds
 * @param compares whether it compares branches of this dialect
 */
export async function missedForks(
  kit: Functions,
  dialect: Dialect,
  all: readonly FolderSnapshot[],
  { known, compares }: { readonly known: readonly ForkConflict[]; readonly compares: boolean },
): Promise<readonly ForkConflict[]> {
  const found: ForkConflict[] = [];
  for (const { parent, sides } of forksIn(all)) {
    const [ours, theirs] = sides;
    if (known.some((one) => isAbout(one, ours, theirs))) continue;
    const conflict = (one: string, other: string): ForkConflict => ({
      parent,
      branches: [branch(ours, one), branch(theirs, other)],
    });
    if (!compares) {
      const text = 'drizzle-kit does not put branches together for this dialect';
      found.push(conflict(text, text));
      continue;
    }
    const [a, b] = [await workOf(kit, dialect, all, ours), await workOf(kit, dialect, all, theirs)];
    const rebuilds = dialect === 'sqlite' || dialect === 'turso';
    const broken = brokenReference(a, b, rebuilds);
    if (broken !== undefined) found.push(conflict(takes(broken), needs(broken)));
    const inverse = broken === undefined ? brokenReference(b, a, rebuilds) : undefined;
    if (inverse !== undefined) found.push(conflict(needs(inverse), takes(inverse)));
    if (broken !== undefined || inverse !== undefined || isV9(kit, dialect)) continue;
    const both = changedByBoth(a, b);
    if (both === undefined) continue;
    const text = `changes the ${named(both)}`;
    found.push(conflict(text, text));
  }
  return found;
}

function takes({ does, gone }: BrokenReference): string {
  return `${does} the ${named(gone)}`;
}

function needs({ does, needs: row }: BrokenReference): string {
  return does === 'rebuilds'
    ? `changes the ${named(row)}, of which it knows nothing`
    : `needs it for the ${named(row)}`;
}

function forksIn(all: readonly FolderSnapshot[]): readonly Fork[] {
  const parents = new Set(all.flatMap(({ json }) => parentsOf(json)));
  const lines = all
    .filter(({ json }) => !parents.has(idOf(json)))
    .map(({ folder }) => ancestorsOf(all, folder))
    // What has no parent, not even the origin, comes from no branch: snapshot-chain says so.
    .filter((line) => line.every(({ json }) => parentsOf(json).length > 0));
  return lines.flatMap((ours, at) =>
    lines.slice(at + 1).map((theirs): Fork => ({
      parent: ours.findLast((one) => theirs.includes(one))?.folder ?? '',
      sides: [
        ours.filter((one) => !theirs.includes(one)),
        theirs.filter((one) => !ours.includes(one)),
      ],
    })),
  );
}

function isAbout(
  { branches }: ForkConflict,
  ours: readonly FolderSnapshot[],
  theirs: readonly FolderSnapshot[],
): boolean {
  const of = (side: readonly FolderSnapshot[]): boolean =>
    branches.some(({ folders }) =>
      folders.some((path) => side.some(({ folder }) => path.split('/').includes(folder))),
    );
  return of(ours) && of(theirs);
}

function branch(side: readonly FolderSnapshot[], text: string): ForkBranch {
  const folders = side.map(({ folder }) => folder);
  return { folders, source: folders.at(-1) ?? '', text };
}
