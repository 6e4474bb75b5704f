import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import { forkConflicts } from '../../src/schema/kit/folder-answers.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import { openPostgresql } from '../rebase/postgresql-database.ts';
import { openSqlite } from '../rebase/sqlite-database.ts';
import { scratch } from '../support/drizzle-project.ts';
import { KITS_1, linkKit1, type Dialect1 } from '../support/kit1.ts';
import { sample, SEED, WHOLE } from '../support/run-settings.ts';
import { deploy, type DatabaseDialect } from './databases.ts';
import type { Fork } from './forks/fork.ts';
import { forksOf } from './forks/forks.ts';
import { openKit1, type RunKit1 } from './kit.ts';
import { openTruths, writeFolders, type Folder, type Truths } from './truth.ts';

const ALONE: readonly Dialect1[] = ['singlestore', 'mssql', 'cockroach'];
const COMPARED = ['postgresql', 'sqlite', 'mysql'] as const satisfies readonly Dialect1[];

/** All forks in a nightly run, with a database where there is one; CI takes a few. */
describe.each(KITS_1)('drizzle-kit 1.0.0-%s', (kit) => {
  const worker = openWorker({ env: {} });
  let top: string;
  let close: () => void;
  let run: RunKit1;
  let truths: Truths;

  beforeAll(async () => {
    top = await scratch('drizzle-guard-forks-');
    await linkKit1(top, kit);
    ({ run, close } = await openKit1(kit));
    truths = await openTruths(kit, run);
  });
  afterAll(async () => {
    close();
    await worker.close();
  });

  let folders = 0;
  const verdicts = async (dialect: Dialect1, { name, before, ours, theirs }: Fork) => {
    const step = { name, before, branches: [ours, theirs], after: before };
    const made = await truths.start(dialect, step);
    folders += 1;
    const dir = join(top, String(folders));
    await mkdir(dir);
    await writeFolders(join(dir, 'drizzle'), made);
    const { status } = await run(dir, 'check', { dialect, out: './drizzle' });
    const session = { kit: findKit(top, '', 'npm install'), worker, dialect };
    const stored = made.map((folder) => ({ folder: folder.name, json: folder.snapshot }));
    const conflicts = await forkConflicts(session, stored);
    return { made, kit: status !== 'ok', guard: conflicts.length > 0, conflicts };
  };

  it.each(COMPARED)(
    `%s: refused is what drizzle-kit refuses, and what breaks, seed ${SEED}`,
    async (dialect) => {
      const wrong: unknown[] = [];
      for (const fork of sample(forksOf(dialect), kit === 'rc5' ? 6 : 12)) {
        const said = await verdicts(dialect, fork);
        const refused = said.kit || fork.breaks === true;
        if (said.guard !== refused) wrong.push([fork.name, said.kit, said.conflicts]);
        // drizzle-kit's verdict does not depend on its version here, but for PostgreSQL.
        if (kit !== 'rc5' || dialect === 'mysql' || !(WHOLE || folders % 6 === 0)) continue;
        const breaks = await breaksOn(dialect, said.made);
        if (breaks !== undefined && !said.guard) wrong.push([fork.name, breaks]);
        if (breaks === undefined && fork.breaks === true && !QUIETLY.has(fork.name))
          wrong.push([fork.name, 'works']);
      }
      expect(wrong).toEqual([]);
    },
  );

  it.each(ALONE)('%s: every fork, as drizzle-kit would repeat one branch', async (dialect) => {
    for (const fork of forksOf(dialect).slice(0, 3))
      expect(await verdicts(dialect, fork), fork.name).toMatchObject({ kit: false, guard: true });
  });
});

/** SQLite takes the statements, and fails at the next insert or select. */
const QUIETLY: ReadonlySet<string> = new Set([
  'drop a table / a foreign key to it',
  'a view of a table / drop the table',
]);

const DATABASES = { postgresql: openPostgresql, sqlite: openSqlite } as const;
const opened: Partial<Record<DatabaseDialect, ReturnType<typeof openSqlite>>> = {};

/**
 * What goes wrong where one branch is deployed and then the other, in both orders; or that the
 * orders end at different schemas.
 */
async function breaksOn(
  dialect: DatabaseDialect,
  [root, ours, theirs]: readonly Folder[],
): Promise<string | undefined> {
  if (root === undefined || ours === undefined || theirs === undefined)
    throw new Error('a fork has three migrations');
  const failed =
    (await deploy(dialect, [[root], [root, ours], [root, ours, theirs]])) ??
    (await deploy(dialect, [[root], [root, theirs], [root, theirs, ours]]));
  if (failed !== undefined) return failed;
  const database = await (opened[dialect] ??= DATABASES[dialect]());
  await database.run([root.sql, ours.sql, theirs.sql]);
  const one = await database.schema();
  await database.run([root.sql, theirs.sql, ours.sql]);
  return JSON.stringify(await database.schema()) === JSON.stringify(one)
    ? undefined
    : 'the orders end at different schemas';
}
