import { mkdir } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { folderSnapshotPath, folderSqlPath, stampAt, stampOf } from '../../src/history/layout.ts';
import { ORIGIN_ID } from '../../src/history/snapshot.ts';
import type { Project } from '../../src/project/project.ts';
import { idFrom } from '../../src/rebase/bytes.ts';
import { planFolders } from '../../src/rebase/folders/plan.ts';
import type { Answers, RebasePlan } from '../../src/rebase/input.ts';
import type { Evaluator } from '../../src/schema/evaluator.ts';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import * as answers from '../../src/schema/kit/folder-answers.ts';
import { generate, type GenerateSession } from '../../src/schema/kit/generate.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import type { FolderSnapshot } from '../../src/schema/folders.ts';
import { BREAKPOINT } from '../../src/sql/tokens/lexer.ts';
import { openKit1 } from '../kit1/kit.ts';
import { writeFolders } from '../kit1/truth.ts';
import { scratch, writeFiles, type Files } from '../support/drizzle-project.ts';
import { evaluate, projectOf, readable } from '../support/evaluation.ts';
import { linkKit1, type Dialect1, type Kit1 } from '../support/kit1.ts';
import { blobOid, memoryTree } from '../support/memory-tree.ts';
import { WHOLE } from '../support/run-settings.ts';
import type { Make } from './branches.ts';
import type { Database } from './database.ts';

type Json = Readonly<Record<string, unknown>>;

/** The clock of a plan. */
const NOW = Date.UTC(2025, 5, 1, 12, 30, 15);

export interface FolderBranches {
  readonly fork: Files;
  readonly base: Files;
  readonly own: Files;
  /** The schema as the merge left it. */
  readonly merged: string;
  readonly answers?: Answers;
  /** False where a branch by itself does not run, or does not lead to its schema. */
  readonly runs?: boolean;
}

/** Two branches with a real drizzle-kit 1.x and no git: each state is a literal of files. */
export function openFolderBranches(kit: Kit1, dialect: Dialect1) {
  const worker = openWorker({ env: {} });
  let closeKit: (() => void) | undefined;
  afterAll(async () => {
    closeKit?.();
    await worker.close();
    await (await database)?.close();
  });
  const project: Project = projectOf(dialect, ['schema.ts'], {});
  let opening: Promise<{ readonly top: string; readonly session: GenerateSession }> | undefined;
  const open = async () => {
    const top = await scratch('drizzle-guard-rebase-');
    await linkKit1(top, kit);
    return { top, session: { kit: findKit(top, '', ''), worker, dialect } };
  };
  const opened = () => (opening ??= open());
  let running: ReturnType<typeof openKit1> | undefined;
  /** drizzle-kit itself. */
  const run = async () => {
    const { run: runs, close } = await (running ??= openKit1(kit));
    closeKit = close;
    return runs;
  };
  let database: Promise<Database | undefined> | undefined;
  const schemas = new Map<string, Promise<Json>>();
  const snapshotOf = (schema: string): Promise<Json> => {
    let known = schemas.get(schema);
    if (known === undefined) schemas.set(schema, (known = evaluated(schema)));
    return known;
  };
  const evaluated = async (schema: string): Promise<Json> => {
    const { top } = await opened();
    return readable(await evaluate(top, worker, { 'schema.ts': schema }, project)).snapshot;
  };
  const asked = async <T>(ask: (session: GenerateSession) => Promise<T>): Promise<T> =>
    ask((await opened()).session);
  const evaluator = {
    evaluates: true,
    layout: async () => 'folders',
    evaluate: async (tree) => {
      const { top } = await opened();
      const schema = new TextDecoder().decode((await tree.read(['schema.ts'])).get('schema.ts'));
      return evaluate(top, worker, { 'schema.ts': schema }, project);
    },
    generate: (_, ...question) => asked((session) => generate(session, ...question)),
    base: (_, some) => asked((session) => answers.folderBase(session, some)),
    around: (_, some, folder) => asked((session) => answers.folderChange(session, some, folder)),
    conflicts: (_, some, under) => asked((session) => answers.forkConflicts(session, some, under)),
    up: (_, some) => asked((session) => answers.folderUp(session, some)),
    snapshotVersion: () => asked(answers.folderVersion),
  } satisfies Partial<Evaluator> as unknown as Evaluator;

  /** The files with further migrations, as drizzle-kit writes them, an hour after all others. */
  const make = async (files: Files, ...makes: readonly Make[]): Promise<Files> => {
    let made = files;
    for (const one of makes) made = await makeOne(made, one);
    return made;
  };
  const makeOne = async (files: Files, one: Make): Promise<Files> => {
    const { name, schema, renames = [], edit } = one;
    const all = snapshotsIn(files);
    const base = await evaluator.base(project, all);
    if (base.status !== 'ok') throw new Error(JSON.stringify(base));
    const after = schema === undefined ? base.state! : await snapshotOf(schema);
    const answer = await evaluator.generate(project, base.state, after, { renames });
    if (answer.status !== 'answered') throw new Error('not asked with renames');
    const sql =
      schema === undefined
        ? '-- Custom SQL migration file, put your code below! --'
        : answer.statements.join(`${BREAKPOINT}\n`);
    const last = Math.max(Date.UTC(2024, 0, 1), ...all.map(({ folder }) => stampOf(folder)));
    const folder = `${stampAt(last + 3_600_000)}_${name}`;
    const { type, version, dialect: written, ...content } = answer.snapshot ?? {};
    const snapshot = {
      ...(type === undefined ? {} : { type }),
      version,
      dialect: written,
      id: idFrom(folder, base.parents.join(' ')),
      prevIds: base.parents,
      ...content,
    };
    return {
      ...files,
      ...(schema === undefined ? {} : { 'schema.ts': schema }),
      [folderSqlPath('drizzle', folder)]: edit === undefined ? sql : edit(sql),
      [folderSnapshotPath('drizzle', folder)]: JSON.stringify(snapshot, null, 2),
    };
  };

  /** Plans, with the schema that the merge ended at. */
  const plan = async (branches: FolderBranches): Promise<RebasePlan> => {
    const { fork, base, own, merged, answers: given = {} } = branches;
    const { top } = await opened();
    const order = {
      base: { tree: memoryTree(base), name: 'main' },
      own: { tree: memoryTree(own), name: 'topic' },
      fork: memoryTree(fork),
    };
    const schema = evaluate(top, worker, { 'schema.ts': merged }, project);
    schema.catch(() => undefined);
    const planned = {
      project,
      order,
      schema,
      evaluator,
      merged: memoryTree(own),
      now: NOW,
      answers: given,
      isMerge: true,
      oidOf: blobOid,
    };
    return (await planFolders(planned)).plan;
  };

  /**
   * The files after a plan, or of both sides where it has nothing to do. @throws where the result is
   * not what must hold of every one: each migration behind its parents, nothing that does not go
   * together, nothing left to generate (asked of drizzle-kit itself too), all of it runs on a
   * database from nothing and where the base's have run, and a second plan that has nothing to do.
   */
  const apply = async (branches: FolderBranches, planned: RebasePlan): Promise<Files> => {
    if (planned.status === 'stopped') throw new Error(JSON.stringify(planned, null, 2));
    const { base, own, merged, fork, runs = true } = branches;
    const result: Record<string, string> = { ...own, ...base, 'schema.ts': merged };
    if (planned.status === 'planned') {
      for (const path of planned.removed) if (!(path in base)) delete result[path];
      for (const { path, bytes } of planned.files) {
        expect(base[path]).toBeUndefined();
        result[path] = Buffer.from(bytes).toString();
      }
    }
    const all = snapshotsIn(result);
    const folders = new Map(all.map(({ folder, json }) => [json['id'], folder]));
    expect(folders.size).toBe(all.length);
    for (const { folder, json } of all)
      for (const id of json['prevIds'] as readonly string[]) {
        if (id === ORIGIN_ID) continue;
        expect(folders.get(id)).toBeDefined();
        expect(folders.get(id)! < folder).toBe(true);
      }
    expect(await evaluator.conflicts(project, all)).toEqual([]);
    const end = await evaluator.base(project, all);
    if (end.status !== 'ok') throw new Error(JSON.stringify(end));
    const left = await evaluator.generate(project, end.state, await snapshotOf(merged), {
      renames: [],
    });
    expect(left).toMatchObject({ statements: [] });
    await asksKit(result, merged);
    const theirs = snapshotsIn(base).map(({ folder }) => folder);
    if (runs) await runOn(result, theirs, merged);
    expect(await plan({ ...branches, own: result, fork: base })).toEqual({ status: 'nothing' });
    expect(await plan(branches)).toEqual(planned);
    expect(fork).toBeDefined();
    return result;
  };

  let folders = 0;
  /** `check` and `generate` of drizzle-kit's own command line. */
  const asksKit = async (result: Files, merged: string): Promise<void> => {
    const { top } = await opened();
    folders += 1;
    const dir = join(top, String(folders));
    await mkdir(dir);
    await writeFiles(dir, { 'schema.ts': merged });
    await writeFolders(
      join(dir, 'drizzle'),
      snapshotsIn(result).map(({ folder, json }) => ({
        name: folder,
        sql: result[folderSqlPath('drizzle', folder)] ?? '',
        snapshot: json,
      })),
    );
    const runs = await run();
    const options = { dialect, out: './drizzle' };
    expect(await runs(dir, 'check', options)).toMatchObject({ status: 'ok' });
    const more = await runs(dir, 'generate', { ...options, schema: './schema.ts' });
    expect(more).toMatchObject({ status: 'no_changes' });
  };

  const sqlOf = (files: Files, some: readonly string[]): readonly string[] =>
    some.map((folder) => files[folderSqlPath('drizzle', folder)] ?? '');

  /** From nothing, and from the base with a row in each table, the schema of the merge. */
  const runOn = async (result: Files, theirs: readonly string[], merged: string): Promise<void> => {
    const on = await (database ??= openDatabase());
    if (on === undefined) return;
    const all = snapshotsIn(result).map(({ folder }) => folder);
    const wanted = await schemaOn(on, merged);
    await on.run(sqlOf(result, all));
    expect(await on.schema()).toEqual(wanted);
    await on.run(sqlOf(result, theirs));
    await on.fill();
    const before = await on.values();
    await on.runMore(
      sqlOf(
        result,
        all.filter((folder) => !theirs.includes(folder)),
      ),
    );
    expect(await on.schema()).toEqual(wanted);
    const after = await on.values();
    expect(Object.keys(before).filter((name) => after[name] === 0)).toEqual([]);
  };
  const schemaOn = async (on: Database, schema: string): Promise<readonly string[]> => {
    const whole = await evaluator.generate(project, undefined, await snapshotOf(schema), {
      renames: [],
    });
    if (whole.status !== 'answered') throw new Error('not asked with renames');
    await on.run([whole.statements.join(BREAKPOINT)]);
    return on.schema();
  };
  /** Whether a branch's migrations run where it began and has rows, and end at its schema. */
  const isRight = async (fork: Files, files: Files): Promise<boolean> => {
    const on = await (database ??= openDatabase());
    if (on === undefined) return true;
    const start = snapshotsIn(fork).map(({ folder }) => folder);
    const all = snapshotsIn(files).map(({ folder }) => folder);
    try {
      await on.run(sqlOf(files, start));
      await on.fill();
      await on.runMore(
        sqlOf(
          files,
          all.filter((folder) => !start.includes(folder)),
        ),
      );
    } catch {
      return false;
    }
    const ends = await on.schema();
    return isDeepStrictEqual(await schemaOn(on, files['schema.ts'] ?? ''), ends);
  };
  const openDatabase = async (): Promise<Database | undefined> => {
    // PGlite takes seconds to start.
    if (dialect === 'postgresql')
      return WHOLE ? (await import('./postgresql-database.ts')).openPostgresql() : undefined;
    if (dialect !== 'sqlite' && dialect !== 'turso') return undefined;
    return (await import('./sqlite-database.ts')).openSqlite();
  };

  return { make, plan, apply, isRight };
}

/** The snapshots of the migrations, in the order of their folders. */
function snapshotsIn(files: Files): readonly FolderSnapshot[] {
  return Object.keys(files)
    .sort()
    .flatMap((path) => {
      const folder = /^drizzle\/([^/]+)\/snapshot\.json$/.exec(path)?.[1];
      return folder === undefined ? [] : [{ folder, json: JSON.parse(files[path] ?? '') as Json }];
    });
}

/** What a plan does, in short: `mine1 generated`. */
export function inShort1(plan: RebasePlan): readonly string[] {
  if (plan.status === 'nothing') return ['nothing'];
  if (plan.status === 'stopped')
    return plan.stops.map(({ reason, entities }) => `${reason}: ${entities.join(', ')}`);
  return plan.migrations.map(({ from, kind }) => `${from.replace(/^\d+_/, '')} ${kind}`);
}
