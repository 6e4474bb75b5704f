import { isDeepStrictEqual } from 'node:util';
import { afterAll, expect } from 'vitest';
import type { JournalEntry } from '../../src/history/history.ts';
import { ORIGIN_ID } from '../../src/history/snapshot.ts';
import type { Project } from '../../src/project/project.ts';
import type { Answers, Asks, RebasePlan } from '../../src/rebase/input.ts';
import { planRebase } from '../../src/rebase/plan.ts';
import { readSides } from '../../src/rebase/read-sides.ts';
import { mayAsk } from '../../src/rebase/renames.ts';
import { findKit, type Kit } from '../../src/schema/kit/find-kit.ts';
import { generate } from '../../src/schema/kit/generate.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import type { Rename } from '../../src/schema/worker/protocol.ts';
import { BREAKPOINT } from '../../src/sql/tokens/lexer.ts';
import {
  linkModules,
  scratch,
  type Files,
  type ProjectDialect,
} from '../support/drizzle-project.ts';
import { WHOLE } from '../support/run-settings.ts';
import type { Database } from './database.ts';
import { evaluate, projectOf, readable } from '../support/evaluation.ts';
import { memoryTree } from '../support/memory-tree.ts';

/** A migration to make: `drizzle-kit generate`, or `--custom` where there is only `sql`. */
export interface Make {
  readonly name: string;
  /** The schema that it is generated from; missing: `--custom`. */
  readonly schema?: string;
  readonly renames?: readonly Rename[];
  /** What somebody does to its SQL. */
  readonly edit?: (sql: string) => string;
}

export type Planned = Extract<RebasePlan, { status: 'planned' }>;
type Json = Readonly<Record<string, unknown>>;

/** When the first migration of a test is made, and the clock of a plan. */
const START = Date.UTC(2024, 0, 1) + 123;
export const NOW = Date.UTC(2025, 5, 1, 12, 30, 15) + 456;

/** Two branches with the real drizzle-kit and no git: each state is a literal of files. */
export function openBranches(
  dialect: ProjectDialect,
  prefix: 'index' | 'timestamp' = 'index',
  over: Partial<Project> = {},
) {
  const worker = openWorker({ env: {} });
  afterAll(() => worker.close());
  const project = projectOf(dialect, ['schema.ts'], { prefix, ...over });
  let ready: Promise<{ readonly top: string; readonly kit: Kit }> | undefined;
  const open = async (): Promise<{ readonly top: string; readonly kit: Kit }> => {
    const top = await scratch('drizzle-guard-rebase-');
    await linkModules(top);
    return { top, kit: findKit(top, '', '') };
  };
  const schemas = new Map<string, Promise<Json>>();
  const snapshotOf = (schema: string): Promise<Json> => {
    let known = schemas.get(schema);
    if (known === undefined) schemas.set(schema, (known = evaluated(schema)));
    return known;
  };
  const evaluated = async (schema: string): Promise<Json> => {
    const { top } = await (ready ??= open());
    return readable(await evaluate(top, worker, { 'schema.ts': schema }, project)).snapshot;
  };
  const ask: Asks['generate'] = async (before, after, recorded) => {
    const { kit } = await (ready ??= open());
    const answer = await generate({ kit, worker, dialect }, before, after, recorded);
    if (answer.status !== 'answered') throw new Error('not asked with renames');
    return answer;
  };

  /** The files with further migrations, as drizzle-kit writes them (`writeResult`). */
  const make = async (files: Files, ...makes: readonly Make[]): Promise<Files> => {
    let made = files;
    for (const one of makes) made = await makeOne(made, one);
    return made;
  };
  const makeOne = async (
    files: Files,
    { name, schema, renames = [], edit }: Make,
  ): Promise<Files> => {
    const entries = entriesOf(files);
    const last = entries.at(-1);
    const prev = last === undefined ? undefined : snapshotIn(files, last);
    const idx = (last?.idx ?? -1) + 1;
    const when = Math.max(START, ...entries.map((one) => one.when)) + 3_600_000;
    const stamp = prefix === 'index' ? String(idx).padStart(4, '0') : stampOf(when);
    const after = schema === undefined ? prev! : await snapshotOf(schema);
    const { statements } =
      schema === undefined ? { statements: [] } : await ask(prev, after, { renames });
    const generated =
      schema === undefined
        ? '-- Custom SQL migration file, put your code below! --'
        : statements.join(`${BREAKPOINT}\n`);
    const id = `${String(idx).padStart(8, '0')}-0000-4000-8000-${Buffer.from(name.padEnd(6, '_')).toString('hex').slice(0, 12)}`;
    const snapshot = {
      ...after,
      id,
      prevId: prev?.['id'] ?? ORIGIN_ID,
      _meta: schema === undefined ? { schemas: {}, tables: {}, columns: {} } : metaOf(renames),
    };
    const entry = {
      idx,
      version: String(after['version']),
      when,
      tag: `${stamp}_${name}`,
      breakpoints: true,
    };
    return {
      ...files,
      ...(schema === undefined ? {} : { 'schema.ts': schema }),
      [`drizzle/${entry.tag}.sql`]: edit === undefined ? generated : edit(generated),
      [`drizzle/meta/${stamp}_snapshot.json`]: JSON.stringify(snapshot, null, 2),
      'drizzle/meta/_journal.json': JSON.stringify(
        { version: '7', dialect: after['dialect'], entries: [...entries, entry] },
        null,
        2,
      ),
    };
  };
  const metaOf = (renames: readonly Rename[]) => ({
    schemas: {},
    tables:
      dialect === 'postgresql'
        ? {}
        : Object.fromEntries(
            renames
              .filter(({ kind }) => kind === 'table')
              .map(({ from, to }) => [`"${from}"`, `"${to}"`]),
          ),
    columns:
      dialect === 'postgresql'
        ? {}
        : Object.fromEntries(
            renames
              .filter(({ kind }) => kind === 'column')
              .map(({ table: of, from, to }) => [
                `"${of?.table}"."${from}"`,
                `"${of?.table}"."${to}"`,
              ]),
          ),
  });

  /** Plans, with the schema that the merge ended at. */
  const plan = async ({
    fork,
    base,
    own,
    merged,
    answers = {},
    now = NOW,
  }: Branches): Promise<{ readonly plan: RebasePlan; readonly asked: number }> => {
    let asked = 0;
    const { top } = await (ready ??= open());
    const trees = { fork: memoryTree(fork), base: memoryTree(base), own: memoryTree(own) };
    const asks: Asks = {
      generate: (...question) => {
        asked += 1;
        return ask(...question);
      },
      mayAsk,
      agreed: async () => (await isInStep(base)) && isInStep(own),
    };
    const schema = await evaluate(top, worker, { 'schema.ts': merged }, project);
    const sides = await readSides(trees, project.out);
    return { plan: await planRebase({ project, ...sides, schema, now, answers }, asks), asked };
  };
  const isInStep = async (files: Files): Promise<boolean> => {
    const last = entriesOf(files).at(-1);
    if (last === undefined || files['schema.ts'] === undefined) return true;
    const snapshot = snapshotIn(files, last);
    const { statements } = await ask(snapshot, await snapshotOf(files['schema.ts']), {
      renames: [],
    });
    return statements.length === 0;
  };

  /**
   * The files after a plan. @throws where the result is not what must hold of every one: own
   * migrations behind the base's, a whole chain, SQL as generated or as somebody wrote it, no drift,
   * and a second plan that has nothing to do.
   */
  const apply = async (branches: Branches, planned: RebasePlan): Promise<Files> => {
    if (planned.status !== 'planned') throw new Error(JSON.stringify(planned, null, 2));
    const result: Record<string, string> = { ...branches.base, 'schema.ts': branches.merged };
    for (const { path, bytes } of planned.files) {
      if (path in branches.base && !/_journal\.json$|migrations\.js$/.test(path))
        throw new Error(`${path} is the base's`);
      result[path] = Buffer.from(bytes).toString();
    }
    const entries = entriesOf(result);
    const theirs = entriesOf(branches.base);
    expect(entries.slice(0, theirs.length)).toEqual(theirs);
    for (const [at, entry] of entries.entries()) {
      expect(entry.idx).toBe(at);
      if (at > 0) expect(entry.when).toBeGreaterThan(entries[at - 1]!.when);
      if (at > 0) expect(entry.tag > entries[at - 1]!.tag).toBe(true);
      const snapshot = snapshotIn(result, entry);
      const before = at === 0 ? undefined : snapshotIn(result, entries[at - 1]!);
      expect(snapshot['prevId']).toBe(before?.['id'] ?? ORIGIN_ID);
    }
    const ids = entries.map((entry) => snapshotIn(result, entry)['id']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await isInStep(result)).toBe(true);
    await runOn(branches, result, theirs.length);
    const again = await plan({ ...branches, own: result, fork: branches.base });
    expect(again.plan).toEqual({ status: 'nothing' });
    expect((await plan(branches)).plan).toEqual(planned);
    return result;
  };

  /** From nothing, and from the base with a row in each table, the schema of the merge. */
  const runOn = async (
    { merged, runs = true }: Branches,
    result: Files,
    theirs: number,
  ): Promise<void> => {
    database ??= openDatabase();
    const on = await database;
    if (on === undefined || !runs) return;
    const all = entriesOf(result).map(({ tag }) => result[`drizzle/${tag}.sql`] ?? '');
    const { statements } = await ask(undefined, await snapshotOf(merged), { renames: [] });
    await on.run([statements.join(BREAKPOINT)]);
    const wanted = await on.schema();
    await on.run(all);
    expect(await on.schema()).toEqual(wanted);
    await on.run(all.slice(0, theirs));
    await on.fill();
    const before = await on.values();
    await on.runMore(all.slice(theirs));
    expect(await on.schema()).toEqual(wanted);
    const after = await on.values();
    expect(Object.keys(before).filter((name) => after[name] === 0)).toEqual([]);
  };
  /**
   * Whether a branch's migrations run where it began and has rows, and end at its schema.
   * drizzle-kit writes some that do not: a column that is required and has no default, or of a
   * PostgreSQL column that is renamed and required at once, only the one.
   */
  const isRight = async (fork: Files, files: Files): Promise<boolean> => {
    const on = await (database ??= openDatabase());
    if (on === undefined) return true;
    const all = entriesOf(files).map(({ tag }) => files[`drizzle/${tag}.sql`] ?? '');
    const start = entriesOf(fork).length;
    try {
      await on.run(all.slice(0, start));
      await on.fill();
      await on.runMore(all.slice(start));
    } catch {
      return false;
    }
    const ends = await on.schema();
    const { statements } = await ask(undefined, await snapshotOf(files['schema.ts'] ?? ''), {
      renames: [],
    });
    await on.run([statements.join(BREAKPOINT)]);
    return isDeepStrictEqual(await on.schema(), ends);
  };
  const openDatabase = async (): Promise<Database | undefined> => {
    // PGlite takes seconds to start.
    if (dialect === 'postgresql')
      return WHOLE ? (await import('./postgresql-database.ts')).openPostgresql() : undefined;
    if (dialect !== 'sqlite' && dialect !== 'turso') return undefined;
    return (await import('./sqlite-database.ts')).openSqlite();
  };
  let database: Promise<Database | undefined> | undefined;
  afterAll(async () => (await database)?.close());

  return { make, plan, apply, isRight };
}

export interface Branches {
  readonly fork: Files;
  readonly base: Files;
  readonly own: Files;
  /** The schema as the merge left it. */
  readonly merged: string;
  readonly answers?: Answers;
  readonly now?: number;
  /** False where somebody wrote SQL that does not lead to the schema, or does not run. */
  readonly runs?: boolean;
}

/** What a plan does, in short: `0001_x -> 0002_x kept`. */
export function inShort(plan: RebasePlan): readonly string[] {
  if (plan.status === 'nothing') return ['nothing'];
  if (plan.status === 'stopped')
    return plan.stops.map(({ reason, entities }) => `${reason}: ${entities.join(', ')}`);
  return plan.migrations.map(({ from, kind, entry }) =>
    entry === undefined ? `${from} ${kind}` : `${from} -> ${entry.tag} ${kind}`,
  );
}

/** The SQL of the own migrations, in order. */
export function sqlOf(plan: RebasePlan): readonly string[] {
  if (plan.status !== 'planned') throw new Error(JSON.stringify(plan, null, 2));
  return plan.migrations.flatMap(({ sql }) =>
    sql === undefined ? [] : [Buffer.from(sql.bytes).toString()],
  );
}

function entriesOf(files: Files): readonly JournalEntry[] {
  const text = files['drizzle/meta/_journal.json'];
  if (text === undefined) return [];
  return (JSON.parse(text) as { readonly entries: readonly JournalEntry[] }).entries;
}

function snapshotIn(files: Files, { tag }: JournalEntry): Json {
  const path = `drizzle/meta/${tag.split('_')[0]}_snapshot.json`;
  const text = files[path];
  if (text === undefined) throw new Error(`no ${path}`);
  return JSON.parse(text) as Json;
}

function stampOf(when: number): string {
  return new Date(when).toISOString().replaceAll(/[-T:]/g, '').slice(0, 14);
}

/** Plans and applies: what has to hold of every result holds. */
export function play({ plan, apply }: Pick<ReturnType<typeof openBranches>, 'plan' | 'apply'>) {
  return async (branches: Branches) => {
    const result = await plan(branches);
    const files = await apply(branches, result.plan);
    return { ...result, files, short: inShort(result.plan), sql: sqlOf(result.plan) };
  };
}

/** A PostgreSQL schema file. */
export function pg(...parts: readonly string[]): string {
  const names = 'index, integer, pgEnum, pgSchema, pgTable, pgView, serial, text, unique, varchar';
  return `import { ${names} } from 'drizzle-orm/pg-core';\n${parts.join('\n')}\n`;
}

/** A table of it, with an `id`. */
export function table(name: string, columns = '', extra = ''): string {
  const inside = `{ id: serial().primaryKey(), ${columns} }`;
  return `export const ${name} = pgTable('${name}', ${inside}${extra === '' ? '' : `, (t) => [${extra}]`});`;
}

/** The rename of a column, as drizzle-kit asks about it. */
export function column(of: string, from: string, to: string): Rename {
  return { kind: 'column', table: { schema: '', table: of }, from, to };
}
