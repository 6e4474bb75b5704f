import type { Dialect } from '../../../model/dialect.ts';
import { isRecord } from '../../../model/unknown.ts';
import {
  ancestorsOf,
  type FolderSnapshot,
  type ForkBranch,
  type ForkConflict,
} from '../../folders.ts';
import { around } from './around.ts';
import {
  brokenReference,
  named,
  type BranchWork,
  type BrokenReference,
  type Row,
} from './broken-references.ts';
import { idOf, inOrder, parentsOf, rowsOf } from './read-folder.ts';
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
 * index, constraint or foreign key with what it stands on. The dialects of which drizzle-kit does not
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
  }
  return found;
}

function takes({ does, gone }: BrokenReference): string {
  return `${does} the ${named(gone)}`;
}

function needs({ needs: row }: BrokenReference): string {
  return `needs it for the ${named(row)}`;
}

function forksIn(all: readonly FolderSnapshot[]): readonly Fork[] {
  const parents = new Set(all.flatMap(({ json }) => parentsOf(json)));
  const lines = all
    .filter(({ json }) => !parents.has(idOf(json)))
    .map(({ folder }) => ancestorsOf(all, folder));
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

/** What the migrations of a side did, as far as it is left at its end. */
async function workOf(
  kit: Functions,
  dialect: Dialect,
  all: readonly FolderSnapshot[],
  side: readonly FolderSnapshot[],
): Promise<BranchWork> {
  const before = new Map<string, Row>();
  const touched = new Set<string>();
  let last = new Map<string, Row>();
  for (const { folder } of side) {
    const change = await around(kit, dialect, inOrder(ancestorsOf(all, folder)), folder);
    if (change.status !== 'ok') continue;
    const [from, to] = [byKey(rowsOf(change.before)), byKey(rowsOf(change.after))];
    for (const key of new Set([...from.keys(), ...to.keys()])) {
      const [then, now] = [from.get(key), to.get(key)];
      if (JSON.stringify(then) === JSON.stringify(now)) continue;
      if (then !== undefined && !touched.has(key)) before.set(key, then);
      touched.add(key);
    }
    last = to;
  }
  const [gone, made, changed]: [Row[], Row[], (readonly [Row, Row])[]] = [[], [], []];
  for (const key of touched) {
    const [then, now] = [before.get(key), last.get(key)];
    if (now !== undefined) made.push(now);
    else if (then !== undefined) gone.push(then);
    if (then !== undefined && now !== undefined) changed.push([then, now]);
  }
  return { gone, made, changed };
}

function byKey(rows: readonly unknown[]): Map<string, Row> {
  return new Map(
    rows.filter(isRecord).map((row) => {
      const { entityType, schema, table, name } = row;
      return [JSON.stringify([entityType, schema, table, name]), row];
    }),
  );
}
