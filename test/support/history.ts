import type { ProjectChange, ProjectState, Published } from '../../src/facts/change.ts';
import type { HowToGenerate } from '../../src/project/scripts/how-to-generate.ts';
import { entityKey, type Entity } from '../../src/model/entity.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { RepoPath } from '../../src/model/repo-path.ts';
import type { JournalEntry, ReadHistory } from '../../src/history/history.ts';
import { parseJournal } from '../../src/history/journal.ts';
import { readHistory } from '../../src/history/read.ts';
import { ORIGIN_ID } from '../../src/history/snapshot.ts';
import type { Prefix, Project } from '../../src/project/project.ts';
import type { Dialect } from '../../src/model/dialect.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { blobOid, memoryTree } from './memory-tree.ts';

export type Files = Record<RepoPath, string>;

/**
 * The clock of the tests, milliseconds since 1970: later than every `when` that `migrations` makes.
 */
export const NOW = Date.UTC(2026, 0, 1);

/** What today's drizzle-kit writes for each dialect. */
const WRITTEN = {
  postgresql: {
    dialect: 'postgresql',
    version: '7',
    rest: { enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {}, views: {} },
  },
  mysql: {
    dialect: 'mysql',
    version: '5',
    rest: { views: {}, internal: { tables: {}, indexes: {} } },
  },
  sqlite: {
    dialect: 'sqlite',
    version: '6',
    rest: { views: {}, enums: {}, internal: { indexes: {} } },
  },
  turso: {
    dialect: 'sqlite',
    version: '6',
    rest: { views: {}, enums: {}, internal: { indexes: {} } },
  },
  singlestore: {
    dialect: 'singlestore',
    version: '1',
    rest: { internal: { tables: {}, indexes: {} } },
  },
  gel: {
    dialect: 'gel',
    version: '1',
    rest: { enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {}, views: {} },
  },
  // Of 1.x alone: a journal of theirs is nobody's.
  mssql: { dialect: 'mssql', version: '2', rest: {} },
  cockroach: { dialect: 'cockroach', version: '1', rest: {} },
} satisfies Record<Dialect, { dialect: string; version: string; rest: object }>;

export interface MigrationsOptions {
  readonly out?: RepoPath;
  readonly dialect?: Dialect;
  readonly prefix?: Prefix;
}

/** The `at`-th migration's id: stable, and a uuid. */
export function snapshotId(at: number): string {
  return `11111111-0000-4000-8000-${String(at).padStart(12, '0')}`;
}

/**
 * `when` of the `at`-th migration: one an hour, not on the whole second, as drizzle-kit's clock has
 * it.
 */
export function whenOf(at: number): number {
  return Date.UTC(2024, 0, 1) + at * 3_600_000 + 123;
}

/** The name of the `at`-th migration. */
export function tagOf(at: number, prefix: Prefix = 'index'): string {
  return `${prefixAt(at, prefix)}_step_${at}`;
}

function prefixAt(at: number, prefix: Prefix): string {
  if (prefix === 'index') return String(at).padStart(4, '0');
  if (prefix === 'unix') return String(Math.floor(whenOf(at) / 1000));
  return prefix === 'none'
    ? ''
    : new Date(whenOf(at)).toISOString().replace(/[-T:]/g, '').slice(0, 14);
}

/** A history of `count` migrations as drizzle-kit would have left it, for `memoryTree`. */
export function migrations(
  count: number,
  { out = 'drizzle', dialect = 'postgresql', prefix = 'index' }: MigrationsOptions = {},
): Files {
  const written = WRITTEN[dialect];
  const files: Files = {};
  const entries: JournalEntry[] = [];
  for (let at = 0; at < count; at++) {
    const tag = tagOf(at, prefix);
    entries.push({ idx: at, version: written.version, when: whenOf(at), tag, breakpoints: true });
    files[`${out}/${tag}.sql`] =
      `CREATE TABLE "step_${at}" (\n\t"id" integer PRIMARY KEY NOT NULL\n);\n`;
    files[`${out}/meta/${prefixAt(at, prefix)}_snapshot.json`] = snapshot(
      snapshotId(at),
      at === 0 ? ORIGIN_ID : snapshotId(at - 1),
      dialect,
      at + 1,
    );
  }
  files[`${out}/meta/_journal.json`] = JSON.stringify(
    { version: '7', dialect: written.dialect, entries },
    null,
    2,
  );
  return files;
}

/** A snapshot with `tables` tables, as drizzle-kit writes it. */
export function snapshot(
  id: string,
  prevId: string,
  dialect: Dialect = 'postgresql',
  tables = 0,
): string {
  const { version, dialect: word, rest } = WRITTEN[dialect];
  const named = Object.fromEntries(
    Array.from({ length: tables }, (_, at) => [
      `public.step_${at}`,
      { name: `step_${at}`, schema: '', columns: {} },
    ]),
  );
  return JSON.stringify(
    {
      id,
      prevId,
      version,
      dialect: word,
      tables: named,
      ...rest,
      _meta: { schemas: {}, tables: {}, columns: {} },
    },
    null,
    2,
  );
}

/**
 * The files without some of them. Fails when one is not there: a test must not pass for want of its
 * subject.
 */
export function without(files: Files, ...paths: readonly RepoPath[]): Files {
  for (const path of paths) if (!(path in files)) throw new Error(`${path} is not in the literal`);
  return Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path)));
}

/** The files with the journal's entries changed. */
export function withEntries(
  files: Files,
  change: (entries: readonly JournalEntry[]) => readonly JournalEntry[],
  out = 'drizzle',
): Files {
  const path = `${out}/meta/_journal.json`;
  const journal = parseJournal(Buffer.from(files[path] ?? ''));
  if (journal.status !== 'ok') throw new Error('the literal has no journal');
  const { version, dialect, entries } = journal;
  return {
    ...files,
    [path]: JSON.stringify({ version, dialect, entries: change(entries) }, null, 2),
  };
}

/** The files with one text changed. Fails when nothing changed. */
export function edited(files: Files, path: RepoPath, change: (text: string) => string): Files {
  const before = files[path];
  if (before === undefined) throw new Error(`${path} is not in the literal`);
  const after = change(before);
  if (after === before) throw new Error(`${path} did not change`);
  return { ...files, [path]: after };
}

export const HOW: HowToGenerate = {
  generate: 'npm run db:generate',
  up: 'npx drizzle-kit up',
  generateCustom: 'npm run db:generate -- --custom --name hand_written',
  install: 'npm install',
};

export function projectOf({
  out = 'drizzle',
  dialect = 'postgresql',
  prefix = 'index',
}: MigrationsOptions = {}): Project {
  return {
    config: 'drizzle.config.ts',
    name: 'drizzle.config.ts',
    alsoConfigs: [],
    dialect,
    schema: ['src/schema.ts'],
    schemaFiles: ['src/schema.ts'],
    base: '',
    out,
    breakpoints: true,
    prefix,
    readAs: 'literals',
  };
}

export interface StateOptions extends MigrationsOptions, ReadHistory {
  readonly driver?: string;
  readonly now?: number;
}

/** The state of one project in a literal tree; everything is read unless `changed` says what. */
export async function stateOf(files: Files, options: StateOptions = {}): Promise<ProjectState> {
  const project = {
    ...projectOf(options),
    ...(options.driver === undefined ? {} : { driver: options.driver }),
  };
  const { changed, all = changed === undefined, also } = options;
  const read = {
    all,
    ...(changed === undefined ? {} : { changed }),
    ...(also === undefined ? {} : { also }),
  };
  return {
    project,
    history: await readHistory(memoryTree(files), project.out, read),
    schema: { status: 'ok', snapshot: {}, closure: new Set(), consulted: new Set() },
    drift: { status: 'none' },
    ignored: [],
    now: options.now ?? NOW,
    snapshotVersion: Number(WRITTEN[project.dialect].version),
    how: HOW,
  };
}

export interface ChangeOptions extends MigrationsOptions {
  /** Published trees; the first is the merge base with the upstream. By default what was before. */
  readonly published?: readonly Files[];
  readonly mergeBase?: Files;
}

/** A change from literal trees: none, one, or a merge's parents before it. */
export async function changeOf(
  before: readonly Files[],
  after: Files,
  options: ChangeOptions = {},
): Promise<ProjectChange> {
  const changed = new Set(
    before.flatMap((files) =>
      [...Object.keys(files), ...Object.keys(after)].filter((path) => files[path] !== after[path]),
    ),
  );
  const states = await Promise.all(before.map((files) => stateOf(files, { ...options, changed })));
  const base =
    options.mergeBase === undefined ? undefined : await stateOf(options.mergeBase, options);
  return {
    after: await stateOf(after, { ...options, changed }),
    before: states.map(({ project, history }) => ({ project, history })),
    published: publishedIn(options.published ?? before, options.out),
    sqlOrigins: new Map(),
    ...(base === undefined ? {} : { mergeBase: base.history }),
  };
}

/** What the given trees publish. */
export function publishedIn(trees: readonly Files[], out = 'drizzle'): Published {
  const entries = new Map<string, JournalEntry[]>();
  for (const files of trees) {
    const journal = parseJournal(Buffer.from(files[`${out}/meta/_journal.json`] ?? ''));
    for (const entry of journal.status === 'ok' ? journal.entries : [])
      entries.set(entry.tag, [...(entries.get(entry.tag) ?? []), entry]);
  }
  const oid = (files: Files | undefined, path: RepoPath) =>
    files?.[path] === undefined ? undefined : blobOid(Buffer.from(files[path]));
  return {
    firstContent: () => undefined,
    hasContent: (path, wanted) => trees.some((files) => oid(files, path) === wanted),
    base: (path) => {
      const found = oid(trees[0], path);
      return found === undefined ? undefined : { mode: '100644', oid: found };
    },
    entries,
  };
}

/**
 * What a rule reports of a state, as the engine would with no state before; `about`: its entities.
 */
export function judge(
  rule: Rule,
  subject: ProjectState | ProjectChange,
): readonly (Pick<Finding, 'rule' | 'path' | 'message' | 'fix'> & {
  about: readonly Entity[];
  /** The keys of the entities. */
  entities: readonly string[];
  detail?: string;
  line?: number;
  severity?: string;
})[] {
  const drafts =
    'after' in subject
      ? rule.judges === 'change'
        ? [...rule.check(subject)]
        : []
      : rule.judges === 'state'
        ? [...rule.check(subject)]
        : [];
  return drafts.map(({ entities, describe }) =>
    Object.assign(
      { rule: rule.id, about: entities, entities: entities.map(entityKey) },
      describe(entities),
    ),
  );
}
