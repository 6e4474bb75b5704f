import { cp } from 'node:fs/promises';
import { baseHistory } from '../support/drizzle-project.ts';
import { sceneLike, type Scene } from '../support/scene.ts';
import type { RepositoryOptions } from '../support/repository.ts';

/** What tests read and edit of drizzle-kit's own snapshots and journals. */
export interface SnapshotJson {
  id: string;
  prevId: string;
  version: string;
  dialect: string;
  tables: Record<
    string,
    {
      columns: Record<string, Record<string, unknown>>;
      indexes: Record<string, { columns: { expression: string }[] }>;
    }
  >;
}

export interface JournalJson {
  version: string;
  dialect: string;
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
}

export const JOURNAL = 'drizzle/meta/_journal.json';

/** Path of a migration's SQL or snapshot in the folder `drizzle`. */
export const sqlOf = (tag: string): string => `drizzle/${tag}.sql`;
export const snapshotOf = (tag: string): string =>
  `drizzle/meta/${tag.split('_')[0]}_snapshot.json`;

export async function editJson<T = SnapshotJson>(
  repo: Scene,
  path: string,
  change: (json: T) => T | void,
): Promise<void> {
  await repo.edit(path, (text) => {
    const json = JSON.parse(text) as T;
    return `${JSON.stringify(change(json) ?? json, null, 2)}\n`;
  });
}

export async function readSnapshot(repo: Scene, tag: string): Promise<SnapshotJson> {
  return JSON.parse(await repo.read(snapshotOf(tag))) as SnapshotJson;
}

/** A snapshot as drizzle-kit wrote it in the version before: 6 (PostgreSQL), which had less. */
export function asOlder({ tables, ...json }: SnapshotJson): SnapshotJson {
  const without = (from: object, ...names: readonly string[]): object =>
    Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
  const older = Object.entries(tables).map(([name, table]) => {
    const indexes = Object.entries(table.indexes).map(([index, { columns, ...rest }]) => [
      index,
      { ...rest, columns: columns.map(({ expression }) => expression) },
    ]);
    const kept = without(table, 'policies', 'isRLSEnabled', 'checkConstraints');
    return [name, { ...kept, indexes: Object.fromEntries(indexes) as object }];
  });
  return {
    ...without(json, 'sequences', 'views', 'roles', 'policies'),
    version: '6',
    tables: Object.fromEntries(older) as SnapshotJson['tables'],
  } as SnapshotJson;
}

/** The table `teams` in a snapshot. */
export function teamsOf({ tables }: SnapshotJson): SnapshotJson['tables'][string] {
  const table = tables['public.teams'] ?? tables['teams'];
  if (table === undefined) throw new Error('the snapshot has no table teams');
  return table;
}

export const editJournal = (
  repo: Scene,
  change: (journal: JournalJson) => JournalJson | void,
): Promise<void> => editJson(repo, JOURNAL, change);

export interface Grow {
  /** All columns that the schema has afterwards; those before and the new one by default. */
  readonly prefix?: string;
  /** Milliseconds above the `when` of the entry before. */
  readonly rise?: number;
  /** Two branches that grow by the same column still get snapshots of different ids. */
  readonly id?: string;
}

/**
 * Adds the migration for one nullable text column of `teams` (PostgreSQL, SQLite), as drizzle-kit
 * would write it, and not the schema: a second less than a run of the real one. That it is faithful
 * is shown by the tests that pass.
 */
export async function grow(repo: Scene, column: string, how: Grow = {}): Promise<string> {
  const journal = JSON.parse(await repo.read(JOURNAL)) as JournalJson;
  const last = journal.entries.at(-1);
  if (last === undefined) throw new Error('there is no migration to grow from');
  const idx = last.idx + 1;
  const tag = `${how.prefix ?? String(idx).padStart(4, '0')}_${column}`;
  const newest = await readSnapshot(repo, last.tag);
  const { columns } = teamsOf(newest);
  columns[column] = { ...columns['motto'], name: column };
  const id = `${how.id ?? String(idx).padStart(8, '0')}-0000-4000-8000-${Buffer.from(column).toString('hex').padEnd(12, '0').slice(0, 12)}`;
  await repo.write(snapshotOf(tag), JSON.stringify({ ...newest, id, prevId: newest.id }, null, 2));
  await repo.write(
    sqlOf(tag),
    repo.dialect === 'postgresql'
      ? `ALTER TABLE "teams" ADD COLUMN "${column}" text;`
      : `ALTER TABLE \`teams\` ADD \`${column}\` text;`,
  );
  journal.entries.push({
    idx,
    version: last.version,
    when: last.when + (how.rise ?? 60_000),
    tag,
    breakpoints: true,
  });
  await repo.write(JOURNAL, JSON.stringify(journal, null, 2));
  return tag;
}

/** A scene with three migrations, committed: `0000_init`, `0001_description`, `0002_slogan`. */
export function grownScene(
  options: RepositoryOptions = {},
  dialect: 'postgresql' | 'sqlite' = 'postgresql',
): Promise<Scene> {
  return sceneLike('grown', dialect, options, async (repo) => {
    await cp(await baseHistory(dialect), repo.dir, { recursive: true });
    await repo.commit('start');
    // Room below the clock for `when` to rise in.
    await editJournal(repo, ({ entries }) =>
      entries.forEach((entry) => (entry.when -= 24 * 3_600_000)),
    );
    await grow(repo, 'description');
    await grow(repo, 'slogan');
    await repo.columns('description', 'slogan');
    await repo.commit('grown');
  });
}

/** Back to a commit, in the index and the working tree, with nothing left beside it. */
export async function reset(repo: Scene, rev = 'HEAD'): Promise<void> {
  await repo.git('reset', '-q', '--hard', rev);
  await repo.git('clean', '-qfd');
}

/** Gives the repository a bare remote, pushes `main` and makes it the upstream. */
export async function withRemote(repo: Scene): Promise<void> {
  await repo.git('init', '-q', '--bare', '--template=', '../origin');
  await repo.git('remote', 'add', 'origin', '../origin');
  await repo.git('push', '-q', '-u', 'origin', 'main');
}
