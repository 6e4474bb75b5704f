import { isPublished, type ProjectChange } from '../../facts/change.ts';
import { sameBytes } from '../../git/trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { isJournal, type History, type Migration } from '../../history/history.ts';
import { migrationsNamed } from '../../history/named.ts';
import { inOneSecond } from '../../facts/switch/hindrances.ts';
import { disorder } from '../journal-order.ts';
import { reordered, restamped, type Restamped } from './changed-entries.ts';

/** What happened to one published migration. */
export type Removal =
  /** Its journal entry is gone; `left` are files that stayed. */
  | { readonly kind: 'gone'; readonly was: Migration; readonly left: readonly RepoPath[] }
  /** It has another name now. */
  | { readonly kind: 'renamed'; readonly was: Migration; readonly now: Migration }
  /** Its entry stays, some of its files were removed (or renamed). */
  | {
      readonly kind: 'files';
      readonly was: Migration;
      readonly missing: readonly RepoPath[];
      readonly movedTo: readonly RepoPath[];
    }
  | Restamped
  | { readonly kind: 'reordered'; readonly was: Migration };

/**
 * What a change did to published migrations, in the order of the history before. The journal after
 * has to be readable (or absent). In a merge, what one parent had removed does not count: the merge
 * base says so, or without it the published base, which has the SQL of the time when the branches
 * diverged.
 */
export function removals(change: ProjectChange): readonly Removal[] {
  const found = allRemovals(change);
  return movedSide(change, found) === undefined ? found : [];
}

/**
 * The names of the migrations that a merge put behind those of its other parent: another one may
 * have got such a name. See `movedSide`.
 */
export function movedByMerge(change: ProjectChange): ReadonlySet<string> {
  const { before, mergeBase, published } = change;
  if (published.eitherParent !== true || mergeBase === undefined) return new Set();
  const side = movedSide(change, allRemovals(change));
  const others = [mergeBase, ...before.filter((one) => one !== side).map(({ history }) => history)];
  const tags = side?.history.migrations.map(({ name }) => name) ?? [];
  return new Set(tags.filter((tag) => !others.some((one) => has(one, tag))));
}

function allRemovals(change: ProjectChange): readonly Removal[] {
  const { history } = change.after;
  if (isJournal(history) && history.journal.status === 'invalid') return [];
  const byTag = new Map(history.migrations.map((one) => [one.name, one]));
  const known = new Set(
    change.before.flatMap((one) => one.history.migrations.map(({ name }) => name)),
  );
  const moved = new Set(reordered(change));
  const fixed = fixedTags(change);
  const found: Removal[] = [];
  for (const was of publishedBefore(change)) {
    const now = byTag.get(was.name);
    if (now === undefined) {
      const removal = removalOf(history, was, known);
      if (!goneInParent(change, was) && !(removal.kind === 'renamed' && isFixed(change, removal)))
        found.push(removal);
      continue;
    }
    const missing = missingFiles(change, was, now);
    if (missing.length > 0)
      found.push({
        kind: 'files',
        was,
        missing: missing.map(({ path }) => path),
        movedTo: missing.flatMap(({ movedTo }) => movedTo ?? []),
      });
    if (fixed.has(was.name)) continue;
    const entry = restamped(change, was, now);
    if (entry !== undefined) found.push(entry);
    else if (moved.has(was.name)) found.push({ kind: 'reordered', was });
  }
  return found;
}

/**
 * The parent whose migrations a merge did no more with than to put them behind those of the other, or
 * to leave out what those do, where nothing says which parent was published: no database has to have
 * seen them. Where it is not known what they did, one without an entry has to be generated again under
 * another name.
 */
function movedSide(
  change: ProjectChange,
  found: readonly Removal[],
): ProjectChange['before'][number] | undefined {
  const { after, before, mergeBase, published } = change;
  if (published.eitherParent !== true || mergeBase === undefined) return undefined;
  const sides = found.map(({ was }) =>
    has(mergeBase, was.name) ? [] : before.filter(({ history }) => has(history, was.name)),
  );
  const [side] = sides[0] ?? [];
  const isMade = after.history.migrations.some(
    ({ name }) => !before.some(({ history }) => has(history, name)),
  );
  const { lost = undefined, stays = false } = side ?? {};
  const moves =
    !stays &&
    (lost === undefined
      ? isMade || found.every(({ kind }) => kind !== 'gone')
      : lost.length === 0) &&
    sides.every((those) => those.length === 1 && those[0] === side) &&
    found.every((one) => one.kind !== 'files' && (one.kind !== 'gone' || one.left.length === 0));
  return moves ? side : undefined;
}

/**
 * Migrations of which journal-order reports less than before, and nothing new: changing or moving
 * the entry is the only way to fix that.
 */
function fixedTags({ before, after }: ProjectChange): ReadonlySet<string> {
  const now = disorder(after);
  const fixed = before.flatMap(({ history }) => {
    return [...disorder({ ...after, history })].filter(([tag, aspects]) =>
      isLess(now.get(tag) ?? [], aspects),
    );
  });
  return new Set(fixed.map(([tag]) => tag));
}

/**
 * A migration that journal-order reported, and that was generated again under another name with the
 * same SQL: databases do not store names, so that only the entry changed.
 */
function isFixed(
  { before, after }: ProjectChange,
  { was, now }: Extract<Removal, { kind: 'renamed' }>,
): boolean {
  const history = before.find((one) => one.history.migrations.includes(was))?.history;
  if (history === undefined || was.sql === undefined || !sameBytes(was.sql.entry, now.sql?.entry))
    return false;
  const aspects = disorder({ ...after, history }).get(was.name) ?? [];
  if (isLess(disorder(after).get(now.name) ?? [], aspects)) return true;
  // Only under another name: with another `when`, 1.x would run it a second time.
  if (was.journal?.when !== now.journal?.when || !isJournal(history)) return false;
  const clashes = (one: History): readonly string[] =>
    isJournal(one) ? inOneSecond(one, after.project.dialect).map(({ tag }) => tag) : [];
  return clashes(history).includes(was.name) && !clashes(after.history).includes(now.name);
}

const isLess = (left: readonly string[], than: readonly string[]): boolean =>
  left.length < than.length && left.every((one) => than.includes(one));

/** Published migrations of the trees before, each once. */
function publishedBefore({ before, published }: ProjectChange): readonly Migration[] {
  const all = before
    .flatMap(({ history }) => history.migrations)
    .filter((one) => isPublished(published, one));
  const found = new Map<string, Migration>();
  for (const one of all) if (!found.has(one.name)) found.set(one.name, one);
  return [...found.values()];
}

/** Whether a parent of a merge removed the migration, and is not one that never had it. */
function goneInParent({ before, mergeBase, published }: ProjectChange, was: Migration): boolean {
  const { name: tag } = was;
  if (!before.some(({ history }) => isRead(history) && !has(history, tag))) return false;
  return mergeBase === undefined ? published.base(was.sqlPath) !== undefined : has(mergeBase, tag);
}

function isRead(history: History): boolean {
  return !isJournal(history) || history.journal.status === 'ok';
}

function removalOf(history: History, was: Migration, known: ReadonlySet<string>): Removal {
  const now = history.migrations.find(
    (one) =>
      !known.has(one.name) &&
      ((was.sql !== undefined && one.sql?.entry.oid === was.sql.entry.oid) ||
        (was.snapshot !== undefined && one.snapshot?.entry.oid === was.snapshot.entry.oid) ||
        (was.journal !== undefined &&
          one.journal?.when === was.journal.when &&
          one.journal.idx === was.journal.idx)),
  );
  if (now !== undefined) return { kind: 'renamed', was, now };
  const left = [...history.orphanSql, ...history.orphanSnapshots]
    .map(({ path }) => path)
    .filter((path) => path === was.sqlPath || path === was.snapshotPath);
  return { kind: 'gone', was, left };
}

function missingFiles(
  { before, published, after }: ProjectChange,
  was: Migration,
  now: Migration,
): readonly { path: RepoPath; movedTo?: RepoPath }[] {
  const { name: tag } = was;
  const orphans = [...after.history.orphanSql, ...after.history.orphanSnapshots];
  return (['sql', 'snapshot'] as const).flatMap((part) => {
    const file = was[part];
    if (file === undefined || now[part] !== undefined) return [];
    if (!published.hasContent(file.path, file.entry.oid) && published.base(file.path) === undefined)
      return [];
    const lacking = before.some(
      ({ history }) => has(history, tag) && migrationsNamed(history, tag)[0]?.[part] === undefined,
    );
    if (lacking) return [];
    const movedTo = orphans.find(({ entry }) => entry.oid === file.entry.oid)?.path;
    // One that `drizzle-kit up` moves out of a journal would be in its folder.
    const placed = part === 'sql' ? was.sqlPath : was.snapshotPath;
    const path = was.journal === undefined ? placed : file.path;
    return [{ path, ...(movedTo === undefined ? {} : { movedTo }) }];
  });
}

function has(history: History, tag: string): boolean {
  return migrationsNamed(history, tag).length > 0;
}
