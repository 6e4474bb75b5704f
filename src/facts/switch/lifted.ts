import { isDeepStrictEqual } from 'node:util';
import { sameBytes } from '../../git/trees/tree.ts';
import {
  isFolders,
  isJournal,
  type FolderHistory,
  type FolderMigration,
  type History,
  type Snapshot,
} from '../../history/history.ts';
import type { Project } from '../../project/project.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { FolderSnapshot } from '../../schema/folders.ts';
import type { StateBefore } from '../change.ts';
import { inFolders } from './in-folders.ts';
import { withOwnId } from './own-id.ts';

type Asked = Pick<Evaluator, 'evaluates' | 'layout' | 'up' | 'around' | 'generate'>;

/**
 * A state before a change that ran `drizzle-kit up`, as `up` leaves it: the migrations of a journal
 * are folders, and each snapshot that is in the change what `up` makes of the old one counts as that
 * one. Then what the change did besides is what differs. Any other state as it is.
 */
export async function lifted(
  before: StateBefore,
  after: History,
  project: Project,
  evaluator: Asked,
): Promise<StateBefore> {
  const { history } = before;
  if (!isFolders(after) || (isJournal(history) && history.journal.status !== 'ok')) return before;
  const moved = isJournal(history) ? inFolders(history) : history;
  if (!isFolders(moved)) return before;
  const then = project.dialect === 'postgresql' ? withOwnId(moved, after) : moved;
  const pairs = then.migrations.flatMap((was): readonly Pair[] => {
    const now = after.migrations.find(({ name }) => name === was.name);
    const [old, fresh] = [was.snapshot, now?.snapshot];
    return now === undefined ||
      old === undefined ||
      fresh === undefined ||
      sameBytes(old.entry, fresh.entry) ||
      !isLater(old.snapshot, fresh.snapshot)
      ? []
      : [{ was, now }];
  });
  const proven =
    pairs.length === 0 ? new Set() : await proveAll(pairs, then, after, project, evaluator);
  if (then === history && proven.size === 0) return before;
  const migrations = then.migrations.map((was) => {
    const pair = pairs.find((one) => one.was === was);
    return pair?.now.snapshot !== undefined && proven.has(pair)
      ? { ...was, snapshot: pair.now.snapshot }
      : was;
  });
  return {
    ...before,
    history: { ...then, migrations },
    ...(isJournal(history) && { journal: history }),
  };
}

interface Pair {
  readonly was: FolderMigration;
  readonly now: FolderMigration;
}

/** Whether one may be what `up` makes of the other. */
function isLater(old: Snapshot, fresh: Snapshot): boolean {
  return (
    old.status === 'ok' &&
    fresh.status === 'ok' &&
    old.id === fresh.id &&
    isDeepStrictEqual(old.prevIds, fresh.prevIds) &&
    Number(old.version) < Number(fresh.version)
  );
}

/** Those whose new snapshot is what `up` makes of the old one; where nothing is run, all. */
async function proveAll(
  pairs: readonly Pair[],
  then: FolderHistory,
  after: FolderHistory,
  project: Project,
  evaluator: Asked,
): Promise<ReadonlySet<Pair>> {
  if (!evaluator.evaluates || (await evaluator.layout(project)) !== 'folders')
    return new Set(pairs);
  const up = await evaluator.up(project, snapshotsOf(then));
  if (up.status === 'refused') return new Set();
  const now = await asNewAs(up.snapshots, after, project, evaluator);
  const proven = new Set<Pair>();
  for (const pair of pairs) {
    const { name } = pair.now;
    const [made, found] = [up.snapshots, now].map(
      (snapshots) => snapshots.find(({ folder }) => folder === name)?.json,
    );
    if (made === undefined || found === undefined) continue;
    const isSame =
      isDeepStrictEqual(made, found) ||
      (isDeepStrictEqual(rest(made), rest(found)) &&
        (await sameState(name, up.snapshots, now, project, evaluator)));
    if (isSame) proven.add(pair);
  }
  return proven;
}

/**
 * The snapshots of a history, lifted too where an older drizzle-kit ran `up`: rc.4 writes version 8
 * on PostgreSQL. What then is equal, was equal.
 */
async function asNewAs(
  made: readonly FolderSnapshot[],
  after: FolderHistory,
  project: Project,
  evaluator: Asked,
): Promise<readonly FolderSnapshot[]> {
  const found = snapshotsOf(after);
  const newest = Math.max(...made.map(({ json }) => Number(json['version'])));
  if (found.every(({ json }) => Number(json['version']) >= newest)) return found;
  const up = await evaluator.up(project, found);
  return up.status === 'ok' ? up.snapshots : found;
}

/** The `up` of another version of drizzle-kit may write some rows otherwise. */
const ROWS: ReadonlySet<string> = new Set(['ddl', 'deltas', 'renames']);

/** All but the rows. */
function rest(snapshot: Json): Json {
  return Object.fromEntries(Object.entries(snapshot).filter(([name]) => !ROWS.has(name)));
}

/** Whether drizzle-kit finds nothing to do between the states of one migration in two histories. */
async function sameState(
  folder: string,
  one: readonly FolderSnapshot[],
  other: readonly FolderSnapshot[],
  project: Project,
  evaluator: Asked,
): Promise<boolean> {
  const [a, b] = await Promise.all(
    [one, other].map((snapshots) => evaluator.around(project, snapshots, folder)),
  );
  if (a?.status !== 'ok' || b?.status !== 'ok') return false;
  const steps = [
    await evaluator.generate(project, a.after, b.after, { renames: [] }),
    await evaluator.generate(project, b.after, a.after, { renames: [] }),
  ];
  return steps.every((step) => step.status === 'answered' && step.statements.length === 0);
}

function snapshotsOf({ migrations }: FolderHistory): readonly FolderSnapshot[] {
  return migrations.flatMap((migration) => {
    const json = jsonOf(migration);
    return json === undefined ? [] : [{ folder: migration.name, json }];
  });
}

function jsonOf({ snapshot }: FolderMigration): Json | undefined {
  return snapshot?.snapshot.status === 'ok' ? snapshot.snapshot.json : undefined;
}

type Json = Readonly<Record<string, unknown>>;
