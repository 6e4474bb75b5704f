import type { JournalHistory, JournalMigration, Migration } from '../history/history.ts';
import { inOut, snapshotPath, sqlPath } from '../history/layout.ts';
import { writtenAs } from '../history/written-dialect.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { migrationsJs } from '../rebase/bundle.ts';
import { idFrom, jsonBytes, journalBytes } from '../rebase/bytes.ts';
import type { Answered, Asks, NewFile } from '../rebase/input.ts';
import { newEntries } from '../rebase/name.ts';
import { metaOf } from '../rebase/new-files.ts';
import { namePart } from '../rebase/own.ts';
import { readJournals } from '../rebase/read-sides.ts';
import { keysOf } from '../rebase/shape.ts';
import { isStop, otherVersion, readSteps, type Step } from '../rebase/step.ts';
import { generatedText } from '../facts/sql-origin/exceptions-in-sql.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import type { Rename } from '../schema/worker/protocol.ts';
import { byHand, changedIn, revertName } from './by-hand.ts';
import type { RevertStop } from './outcome.ts';
import { broken, type NewMigration, type ResultFiles, type Undoing, type Ways } from './ways.ts';

/** The ways back with a journal (drizzle-kit 0.30 and 0.31). */
export async function waysOfJournal(undoing: Undoing): Promise<Ways | RevertStop> {
  const { project, tree, undone, schema } = undoing;
  const history = await readAround(tree, project.out, undone);
  const { journal, journalPath, migrations } = history;
  if (journal.status !== 'ok')
    return broken(
      [journalPath],
      journal.status === 'invalid' ? (journal.problems[0]?.message ?? '') : 'is missing',
    );
  const newest = newestOf(migrations);
  if (newest === undefined) return broken([project.out], 'has no snapshot');
  if (newest.snapshot.status !== 'ok') return broken([newest.path], 'cannot be read');
  const { json } = newest.snapshot;
  if (json['version'] !== schema['version'])
    return broken([newest.path], otherVersion(json, schema));
  const isUndone = (one: Migration): boolean => undone.some(({ name }) => name === one.name);
  const first = migrations.findIndex(isUndone);
  const isNewest = migrations.slice(first).every(isUndone);
  const before = newestOf(migrations.slice(0, first))?.snapshot;
  if (isNewest && before !== undefined && before.status !== 'ok')
    return broken([newestOf(migrations.slice(0, first))?.path ?? ''], 'cannot be read');
  const read = (some: readonly JournalMigration[]): ReturnType<typeof readSteps> =>
    readSteps(some, {
      side: { history },
      dialect: project.dialect,
      target: schema,
      asks: { generate: (prev, next, recorded) => generate(undoing, prev, next, recorded) },
    });
  const steps = await read(migrations.filter(isUndone));
  const unread = steps.find(isStop);
  if (unread !== undefined) return broken(unread.entities, unread.detail ?? '');
  const own = steps.filter((one): one is Step => !isStop(one));
  // What cannot be read renamed nothing that is known.
  const later = own.every(({ renames }) => renames.length === 0)
    ? []
    : await read(migrations.slice(first).filter((one) => !isUndone(one)));
  const bytes = await tree.read(
    [journalPath, newest.path, history.bundle?.path ?? ''].filter((path) => path !== ''),
  );
  return {
    now: json,
    ...(isNewest ? { before: { state: before?.status === 'ok' ? before.json : undefined } } : {}),
    steps: await Promise.all(
      own.map(async ({ migration: { name }, sql, isCustom, generated, parent, after: to }) => ({
        name,
        isCustom,
        changed: to === undefined ? [] : changedIn(parent, to),
        byHand: byHand(sql, isCustom ? [] : (await generated()).statements, project),
      })),
    ),
    recorded: {
      undone: own.map(({ renames }) => renames),
      later: later.map((one) => (isStop(one) ? [] : one.renames)),
    },
    addMigration: (made, renames) => write({ ...undoing, history, bytes }, made, renames),
    takeAway: () => takeAway({ ...undoing, history, bytes }),
  };
}

async function generate(
  { evaluator, project }: Undoing,
  ...[before, after, recorded]: Parameters<Asks['generate']>
): Promise<Answered> {
  const answered = await evaluator.generate(project, before, after, recorded);
  if (answered.status !== 'answered') throw new TypeError('a question was not answered');
  return answered;
}

/** The history with what goes back, and what came later, read whole. */
async function readAround(
  tree: Undoing['tree'],
  out: RepoPath,
  undone: readonly Migration[],
): Promise<JournalHistory> {
  const first = Math.min(...undone.map(({ position }) => position));
  const listed = await readJournals(tree, out);
  const near = listed.migrations.slice(Math.max(0, first - 1));
  const changed = new Set(near.flatMap((one) => [one.sqlPath, one.snapshotPath]));
  return readJournals(tree, out, { changed });
}

function newestOf(migrations: readonly JournalMigration[]): JournalMigration['snapshot'] {
  return migrations.findLast(({ snapshot }) => snapshot !== undefined)?.snapshot;
}

interface Writing extends Undoing {
  readonly history: JournalHistory;
  /** Of the journal, its newest snapshot, and `migrations.js`. */
  readonly bytes: ReadonlyMap<RepoPath, Uint8Array>;
}

/** Names are given by `newEntries`, which takes the form of the prefix from a migration's own. */
const FORMS = {
  index: '0000',
  timestamp: '0'.repeat(14),
  supabase: '0'.repeat(14),
  unix: '0'.repeat(10),
  none: '',
};

function write(
  { project, history, undone, schema, commit, now, bytes }: Writing,
  { statements }: Answered,
  renames: readonly Rename[],
): NewMigration {
  const { migrations, journalPath } = history;
  const named = revertName(
    undone.map(({ name }) => name),
    namePart,
  );
  const version = String(schema['version']);
  const { breakpoints } = project;
  const like = { idx: 0, when: 0, version, breakpoints, tag: `${FORMS[project.prefix]}_${named}` };
  const [entry] = newEntries([{ journal: like }], migrations, { now, prefix: project.prefix });
  const newest = newestOf(migrations);
  if (entry === undefined || newest?.snapshot.status !== 'ok') throw new TypeError('no snapshot');
  const { id: prevId, json: old } = newest.snapshot;
  const meta = project.dialect === 'postgresql' ? [] : renames;
  const whole: Json = {
    ...schema,
    id: idFrom(prevId, commit),
    prevId,
    _meta: metaOf(meta, schema['_meta']),
  };
  const keys = keysOf(old, whole).filter((key) => whole[key] !== undefined);
  const sql = generatedText(statements, project);
  const files: NewFile[] = [
    { path: sqlPath(project.out, entry.tag), bytes: new TextEncoder().encode(sql) },
    {
      path: snapshotPath(project.out, entry),
      bytes: jsonBytes(
        Object.fromEntries(keys.map((key) => [key, whole[key]])),
        bytes.get(newest.path),
      ),
    },
    {
      path: journalPath,
      bytes: journalBytes(bytes.get(journalPath), [entry], writtenAs(project.dialect)),
    },
    ...bundleOf({ project, history }, [...migrations.map(({ journal }) => journal), entry]),
  ];
  return { name: entry.tag, sql, files, removed: [] };
}

function takeAway({ project, history, undone, bytes }: Writing): ResultFiles {
  const { migrations, journalPath } = history;
  const gone = new Set(undone.map(({ name }) => name));
  const stay = migrations.filter(({ name }) => !gone.has(name));
  const used = new Set(stay.flatMap((one) => [one.sqlPath, one.snapshotPath]));
  const text = bytes.get(journalPath);
  const json = JSON.parse(new TextDecoder().decode(text)) as Json & {
    readonly entries: readonly { readonly tag: string }[];
  };
  const whole = { ...json, entries: json.entries.filter(({ tag }) => !gone.has(tag)) };
  return {
    files: [
      { path: journalPath, bytes: jsonBytes(whole, text) },
      ...bundleOf(
        { project, history },
        stay.map(({ journal }) => journal),
      ),
    ],
    removed: undone
      .flatMap(({ sql, snapshot }) => [sql?.path ?? [], snapshot?.path ?? []].flat())
      .filter((path) => !used.has(path)),
  };
}

function bundleOf(
  { project, history }: Pick<Writing, 'project' | 'history'>,
  entries: Parameters<typeof migrationsJs>[0],
): readonly NewFile[] {
  if (history.bundle === undefined) return [];
  const bytes = new TextEncoder().encode(migrationsJs(entries, project.driver));
  return [{ path: inOut(project.out, 'migrations.js'), bytes }];
}
