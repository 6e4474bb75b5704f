import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parentOf } from '../../src/facts/sql-origin/read-origin.ts';
import { wholeStates } from '../../src/facts/whole-states.ts';
import { readHistory } from '../../src/history/read.ts';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import type { FolderSnapshot } from '../../src/schema/folders.ts';
import { folderBase, folderChange, forkConflicts } from '../../src/schema/kit/folder-answers.ts';
import { generate, sameButForIds, type GenerateSession } from '../../src/schema/kit/generate.ts';
import { snapshotProblems } from '../../src/schema/kit/snapshot-problems.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import { memoryTree } from '../support/memory-tree.ts';
import { scratch, writeFiles } from '../support/drizzle-project.ts';
import { evaluate, projectOf, readable, unreadable } from '../support/evaluation.ts';
import {
  generate1,
  KITS_1,
  linkKit1,
  renamesOf,
  snapshotsIn,
  stampNewest,
  writeSchema,
  type Dialect1,
  type Kit1,
  type Outcome,
} from '../support/kit1.ts';
import { FORKS, STEPS, WITHOUT_RENAMES, type Step } from './kit1-steps.ts';

const BREAKPOINT = '--> statement-breakpoint\n';
/** The folders whose states the guard could put together itself. */
let put: string[] = [];
const worker = openWorker({ env: {} });
afterAll(() => worker.close());

interface Place {
  readonly dir: string;
  readonly kit: Kit1;
  readonly session: GenerateSession;
}

async function placeFor(kit: Kit1, dialect: Dialect1): Promise<Place> {
  const dir = await scratch();
  await linkKit1(dir, kit);
  return { dir, kit, session: { kit: findKit(dir, '', 'npm install'), worker, dialect } };
}

/** Runs `generate`, and expects the adapter to say the same. Returns the new folder, if any. */
async function grow(
  { dir, kit, session }: Place,
  at: number,
  { schema, hints = [], custom = false }: Step,
): Promise<string | undefined> {
  const dialect = session.dialect as Dialect1;
  const before = await snapshotsIn(dir);
  const outcome: Outcome = await generate1(kit, {
    dir,
    dialect,
    schema: [await writeSchema(dir, at, schema)],
    hints,
    custom,
  });
  const folder = await stampNewest(dir, at);
  const project = projectOf(dialect, ['schema.ts']);
  const evaluated = evaluate(dir, worker, { 'schema.ts': schema }, project, { kit: session.kit });
  const state = readable(await evaluated).snapshot;
  const rows = state['ddl'] as readonly unknown[];
  const turned = { ...state, ddl: rows.toReversed() };
  expect(sameButForIds(turned, state)).toBe(true);
  expect(await generate(session, turned, state, { renames: [] })).toMatchObject({ statements: [] });
  const base = await folderBase(session, before);
  if (base.status !== 'ok') throw new Error(JSON.stringify(base));
  const generated = await generate(session, base.state, state, { renames: renamesOf(hints) });
  if (generated.status !== 'answered') throw new Error('ambiguous');
  const { statements, snapshot } = generated;
  if (!custom)
    expect(outcome.status, JSON.stringify(outcome)).toBe(
      statements.length === 0 ? 'no_changes' : 'ok',
    );
  if (folder === undefined) return undefined;
  const all = await snapshotsIn(dir);
  const { id: _, prevIds, ...json } = all.find((one) => one.folder === folder)?.json ?? {};
  expect(prevIds).toEqual(base.parents);
  if (custom) return folder;
  const sql = await readFile(join(dir, 'drizzle', folder, 'migration.sql'), 'utf8');
  expect(statements.join(BREAKPOINT)).toBe(sql);
  expect(snapshot).toEqual(json);
  const change = await folderChange(session, all, folder);
  if (change.status !== 'ok') throw new Error(JSON.stringify(change));
  const whole = await wholeOf(folder, all);
  if (whole !== undefined) {
    expect(inOrder(whole.after)).toEqual(inOrder(change.after));
    expect(inOrder(whole.before)).toEqual(inOrder(change.before));
    put.push(folder);
  }
  const again = await generate(session, change.before, change.after, { sql });
  expect(again.status === 'answered' && viewsLast(again.statements)).toEqual(viewsLast(statements));
  return folder;
}

/** What the guard puts together without drizzle-kit. */
async function wholeOf(
  folder: string,
  snapshots: readonly FolderSnapshot[],
): Promise<ReturnType<typeof wholeStates>> {
  const files = snapshots.flatMap((one) => [
    [`drizzle/${one.folder}/snapshot.json`, JSON.stringify(one.json)],
    [`drizzle/${one.folder}/migration.sql`, ''],
  ]);
  const tree = memoryTree(Object.fromEntries(files) as Readonly<Record<string, string>>);
  const history = await readHistory(tree, 'drizzle', { layout: 'folders' });
  const migration = history.migrations.find(({ name }) => name === folder);
  if (migration === undefined) throw new Error(`no ${folder}`);
  return wholeStates(migration, await parentOf(migration, history, tree), history);
}

/** Rows in whatever order, and with whatever keys first. */
function inOrder(state: unknown): readonly string[] {
  const rows = (state as { readonly ddl?: readonly object[] } | undefined)?.ddl ?? [];
  return rows.map((row) => JSON.stringify(Object.entries(row).toSorted())).toSorted();
}

/** Which view comes first is in no snapshot. */
function viewsLast(statements: readonly string[]): readonly string[] {
  const isView = (text: string): boolean => /^CREATE (?:MATERIALIZED )?VIEW/.test(text);
  return [...statements.filter((one) => !isView(one)), ...statements.filter(isView).sort()];
}

const DIALECTS = Object.keys(STEPS) as Dialect1[];

test.each(KITS_1.flatMap((kit) => DIALECTS.map((dialect) => ({ kit, dialect }))))(
  '$kit $dialect: SQL, parents and snapshot are those that generate writes',
  async ({ kit, dialect }) => {
    const place = await placeFor(kit, dialect);
    put = [];
    for (const [at, step] of STEPS[dialect].entries()) await grow(place, at, step);
    const made = (await snapshotsIn(place.dir)).length;
    expect(made).toBeGreaterThan(3);
    // Of the steps of PostgreSQL one renames, so that what comes behind it is drizzle-kit's, too.
    expect(put.length).toBeGreaterThan(kit === 'rc5' && dialect === 'postgresql' ? 0 : made - 2);
  },
);

test('rc5 postgresql: where nothing is renamed, states are put together without drizzle-kit', async () => {
  const place = await placeFor('rc5', 'postgresql');
  put = [];
  for (const [at, schema] of WITHOUT_RENAMES.entries()) await grow(place, at, { schema });
  expect(put).toEqual((await snapshotsIn(place.dir)).map(({ folder }) => folder));
  expect(put).toHaveLength(WITHOUT_RENAMES.length);
});

test.each(KITS_1.flatMap((kit) => DIALECTS.map((dialect) => ({ kit, dialect }))))(
  '$kit $dialect: a merge of two branches, and two that conflict',
  async ({ kit, dialect }) => {
    const place = await placeFor(kit, dialect);
    const { dir, session } = place;
    const { root, ours, theirs, both, clash } = FORKS[dialect];
    const aside = join(dir, 'aside');
    await mkdir(aside);
    const out = (name: string): string => join(dir, 'drizzle', name);
    await grow(place, 0, { schema: root });
    const mine = (await grow(place, 1, { schema: ours })) ?? '';
    await rename(out(mine), join(aside, mine));
    await grow(place, 2, { schema: theirs });
    await rename(join(aside, mine), out(mine));
    const alone = ['singlestore', 'mssql', 'cockroach'].includes(dialect);
    expect(await forkConflicts(session, await snapshotsIn(dir))).toHaveLength(alone ? 1 : 0);
    await grow(place, 3, { schema: both });
    for (const { folder } of (await snapshotsIn(dir)).slice(2))
      await rename(out(folder), join(aside, folder));
    const clashing = await writeSchema(dir, 4, clash);
    await rename(out(mine), join(aside, mine));
    await generate1(kit, { dir, dialect, schema: [clashing] });
    const against = (await stampNewest(dir, 4)) ?? '';
    await rename(join(aside, mine), out(mine));
    const snapshots = await snapshotsIn(dir);
    const base = await folderBase(session, snapshots);
    const { status } = await generate1(kit, { dir, dialect, schema: [clashing] });
    if (alone) {
      expect([base.status, status]).toEqual(['ok', 'no_changes']);
      return;
    }
    expect([base.status, status]).toEqual(['conflicts', 'error']);
    const [conflict] = await forkConflicts(session, snapshots);
    expect(conflict?.branches.map(({ source }) => source)).toEqual([mine, against]);
    expect(conflict?.parent).toBe(snapshots[0]?.folder);
  },
);

test.each(KITS_1)('%s: without answers a rename is ambiguous', async (kit) => {
  const place = await placeFor(kit, 'sqlite');
  const { schema, hints } = STEPS.sqlite[1]!;
  await grow(place, 0, STEPS.sqlite[0]!);
  const base = await folderBase(place.session, await snapshotsIn(place.dir));
  const project = projectOf('sqlite', ['schema.ts']);
  const over = { kit: place.session.kit };
  const state = readable(
    await evaluate(place.dir, worker, { 'schema.ts': schema }, project, over),
  ).snapshot;
  if (base.status !== 'ok') throw new Error(base.status);
  const generated = await generate(place.session, base.state, state);
  expect(generated).toMatchObject({
    status: 'ambiguous',
    asCreated: expect.arrayContaining(['DROP TABLE `users`;']),
    asRenamed: expect.arrayContaining(['ALTER TABLE `users` RENAME TO `members`;']),
  });
  const given = await generate(place.session, base.state, state, {
    renames: renamesOf(hints ?? []),
  });
  expect(given.status === 'answered' && given.questions?.map(({ answer }) => answer)).toEqual([
    'users',
    'name',
  ]);
});

test.each(KITS_1)(
  '%s: what drizzle-kit finds wrong with a schema comes back as data',
  async (kit) => {
    const { dir, session } = await placeFor(kit, 'postgresql');
    const source = {
      'a.ts':
        "import { integer, pgTable } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', { id: integer() });",
      'b.ts': "export * from './a';",
    };
    const project = projectOf('postgresql', ['a.ts', 'b.ts']);
    const schema = unreadable(await evaluate(dir, worker, source, project, { kit: session.kit }));
    expect(schema.message).toMatch(
      /^drizzle-kit refuses the schema: There's a duplicate table name "a" in "public" schema; /,
    );
  },
);

test('a table that MySQL cannot refer to: generate fails, and the answer says why', async () => {
  const place = await placeFor('rc5', 'mysql');
  const schema = `import { int, mysqlTable } from 'drizzle-orm/mysql-core';\nexport const a = mysqlTable('a', { id: int('id') });\nexport const b = mysqlTable('b', { aId: int('a_id').references(() => a.id) });`;
  const file = await writeSchema(place.dir, 0, schema);
  const outcome = await generate1('rc5', { dir: place.dir, dialect: 'mysql', schema: [file] });
  expect(outcome.status).toBe('error');
  const project = projectOf('mysql', ['schema.ts']);
  const over = { kit: place.session.kit };
  const state = readable(
    await evaluate(place.dir, worker, { 'schema.ts': schema }, project, over),
  ).snapshot;
  expect(await generate(place.session, undefined, state)).toMatchObject({
    fails: [expect.stringContaining('not guaranteed to be unique')],
  });
});

test.each(KITS_1)('%s: a snapshot is malformed exactly where drizzle-kit says so', async (kit) => {
  const place = await placeFor(kit, 'sqlite');
  const folder = (await grow(place, 0, STEPS.sqlite[0]!)) ?? '';
  const path = join(place.dir, 'drizzle', folder, 'snapshot.json');
  const sound = await readFile(path, 'utf8');
  const problems = async (text: string): Promise<readonly string[]> => {
    const [found = []] = await snapshotProblems(place.session, [Buffer.from(text)]);
    await writeFile(path, text);
    const { status } = await generate1(kit, {
      dir: place.dir,
      dialect: 'sqlite',
      schema: [await writeSchema(place.dir, text.length, STEPS.sqlite[0]!.schema)],
    });
    expect(status === 'error', text).toBe(found.length > 0);
    return found.map(({ message }) => message);
  };
  expect(await problems(sound)).toEqual([]);
  expect(await problems(sound.replace('"notNull": true', '"notNull": 1'))).toEqual([
    expect.stringContaining('"notNull":1'),
  ]);
  expect(await problems(sound.replace('"ddl"', '"other"'))).toHaveLength(1);
  expect(await problems(`${sound}<<<<<<< HEAD`)).toHaveLength(1);
});

test('drizzle-orm 0.x beside drizzle-kit 1.x', async () => {
  const dir = await scratch();
  await writeFiles(dir, {
    'node_modules/drizzle-kit/package.json': '{"name":"drizzle-kit","version":"1.0.0-rc.5"}',
    'node_modules/drizzle-kit/cli.js': '',
    'node_modules/drizzle-orm/package.json': '{"name":"drizzle-orm","version":"0.45.0"}',
  });
  await expect(async () => findKit(dir, '', 'npm install')).rejects.toMatchObject({
    code: 'orm-missing',
    message: expect.stringContaining('drizzle-orm 0.45.0'),
  });
});

test.each(['1.0.0-beta.2', '1.0.0-rc.3', '1.0.0-rc.4-5d5b77c'])(
  '%s has no command line that can be asked',
  async (version) => {
    const dir = await scratch();
    await writeFiles(dir, {
      'node_modules/drizzle-kit/package.json': JSON.stringify({ name: 'drizzle-kit', version }),
      'node_modules/drizzle-kit/api.js': '',
    });
    await expect(async () => findKit(dir, '', 'npm install')).rejects.toMatchObject({
      code: 'kit-unsupported',
      message: expect.stringContaining('1.0 since rc.4'),
    });
  },
);
