import { GuardError } from '../model/errors.ts';
import { isSubmodule } from '../git/trees/submodules.ts';
import { newestIn, type Migration } from '../history/history.ts';
import { readHistory } from '../history/read.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { shellWord } from '../model/shell-quote.ts';
import { listed } from '../model/words.ts';
import { goesBackInSubmodule } from './in-submodule.ts';
import type { RevertStop } from './outcome.ts';
import { isRenamed, type Found, type Target } from './target.ts';

/** The migrations of a project that go back, as HEAD has them, in order. */
export interface Undone extends Found {
  readonly undone: readonly Migration[];
  /** More came with the one that was named. */
  readonly stop?: RevertStop;
}

/**
 * The migrations that the commit added to each project, as far as HEAD still has them.
 * @throws GuardError `usage` where there are none.
 */
export async function undoneIn(
  target: Target,
  projects: readonly Found[],
): Promise<readonly Undone[]> {
  const { named } = target;
  const found: Undone[] = [];
  const gone: string[] = [];
  for (const one of projects) {
    if (named !== undefined && named.project !== one.project) continue;
    const made = await madeIn(target, one);
    const undone = one.history.migrations.filter((migration) =>
      made.some((then) => then.name === migration.name || isRenamed(then, migration)),
    );
    gone.push(...made.filter((then) => !undone.some((now) => isSame(then, now))).map(nameOf));
    if (undone.length === 0) continue;
    const inside = undone.find(({ sql }) => sql?.entry.submodule !== undefined);
    if (inside !== undefined)
      throw goesBackInSubmodule(inside, one, await commitsIn(inside.sql?.entry.submodule, target));
    found.push({
      ...one,
      undone,
      ...(named !== undefined && undone.length > 1
        ? { stop: { reason: 'several', entities: undone.map(nameOf) } }
        : {}),
    });
  }
  if (found.length > 0) return found;
  const commit = target.commit.slice(0, 12);
  if (gone.length > 0)
    throw new GuardError('usage', `HEAD does not have ${listed(gone)} of commit ${commit}`, {
      help: ['It was taken away since, or is a migration of a project that was moved.'],
    });
  const newest = newestIn(projects.map(({ history }) => history));
  throw new GuardError('usage', `commit ${commit} adds no migration`, {
    help: [
      `If it has none, git does it: git revert ${shellWord(commit)}`,
      ...(newest === undefined
        ? []
        : [
            'If they came with another commit, name one: ' +
              `npx drizzle-guard revert ${shellWord(newest)}`,
          ]),
    ],
  });
}

/** The commits of a submodule that the commit brought; undefined where that is not known. */
async function commitsIn(
  submodule: RepoPath | undefined,
  { before, tree }: Target,
): Promise<string | undefined> {
  if (submodule === undefined) return undefined;
  const [from, to] = await Promise.all(
    [before, tree].map(async (one) => (await one.entries()).get(submodule)),
  );
  return isSubmodule(from) && isSubmodule(to)
    ? `${from?.oid.slice(0, 12)}..${to?.oid.slice(0, 12)}`
    : undefined;
}

/** What the commit added, without what it only renamed. */
async function madeIn(
  { tree, before }: Target,
  { project: { out } }: Found,
): Promise<readonly Migration[]> {
  const [then, now] = await Promise.all([readHistory(before, out), readHistory(tree, out)]);
  return now.migrations.filter(
    (one) => !then.migrations.some((known) => known.name === one.name || isRenamed(known, one)),
  );
}

function isSame(then: Migration, now: Migration): boolean {
  return then.name === now.name || isRenamed(then, now);
}

function nameOf({ name }: Migration): string {
  return name;
}
