import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/history/history.ts';
import { planUp, type UpMove } from '../../src/history/layout.ts';
import type { FolderSnapshot } from '../../src/schema/folders.ts';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import { folderUp } from '../../src/schema/kit/folder-answers.ts';
import type { GenerateSession } from '../../src/schema/kit/generate.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import {
  filesIn,
  PROJECT_DIALECTS,
  scratch,
  writeFiles,
  type Files,
  type ProjectDialect,
} from '../support/drizzle-project.ts';
import { KITS_1, linkKit1, snapshotsIn, type Kit1 } from '../support/kit1.ts';
import { editJournal, grownProject, up1 } from '../support/switch.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/teams', import.meta.url));
const worker = openWorker({ env: {} });
afterAll(() => worker.close());

interface Before {
  readonly moves: readonly UpMove[];
  readonly snapshots: readonly FolderSnapshot[];
}

/** The journal's history in `dir`, each snapshot in the folder that it goes to. */
async function historyIn(dir: string): Promise<Before> {
  const files = await filesIn(dir, 'drizzle');
  const journal = JSON.parse(files['drizzle/meta/_journal.json'] ?? '') as {
    readonly entries: readonly JournalEntry[];
  };
  const moves = planUp('drizzle', journal.entries);
  return {
    moves,
    snapshots: moves.map(({ folder, snapshotPath }) => ({
      folder,
      json: JSON.parse(files[snapshotPath] ?? '') as Record<string, unknown>,
    })),
  };
}

async function moved(files: Files, kit: Kit1): Promise<string> {
  const dir = await scratch();
  await writeFiles(dir, files);
  await linkKit1(dir, kit);
  return dir;
}

function sessionFor(dir: string, dialect: ProjectDialect): GenerateSession {
  return { kit: findKit(dir, '', 'npm install'), worker, dialect };
}

test.each(KITS_1.flatMap((kit) => PROJECT_DIALECTS.map((dialect) => ({ kit, dialect }))))(
  '$kit $dialect: up in memory is what up writes',
  async ({ kit, dialect }) => {
    const dir = await moved(await grownProject(dialect), kit);
    const { moves, snapshots } = await historyIn(dir);
    const sql = await Promise.all(moves.map(({ sqlPath }) => readFile(join(dir, sqlPath), 'utf8')));
    const lifted = await folderUp(sessionFor(dir, dialect), snapshots);
    expect(await up1(kit, dir, dialect)).toMatchObject({ status: 'ok' });
    expect(lifted).toEqual({ status: 'ok', snapshots: await snapshotsIn(dir) });
    for (const [at, { folder }] of moves.entries())
      expect(await readFile(join(dir, 'drizzle', folder, 'migration.sql'), 'utf8')).toBe(sql[at]);
    // What is lifted stays as it is.
    expect(await folderUp(sessionFor(dir, dialect), await snapshotsIn(dir))).toEqual(lifted);
  },
);

test.each(KITS_1)("%s: the fixture's history", async (kit) => {
  const dir = await moved(await filesIn(FIXTURE), kit);
  const { snapshots } = await historyIn(dir);
  const lifted = await folderUp(sessionFor(dir, 'postgresql'), snapshots);
  expect(await up1(kit, dir, 'postgresql')).toMatchObject({ status: 'ok' });
  expect(lifted).toEqual({ status: 'ok', snapshots: await snapshotsIn(dir) });
});

test('version 8 to 9', async () => {
  const dir = await moved(await grownProject('postgresql'), 'rc4');
  await up1('rc4', dir, 'postgresql');
  await rm(join(dir, 'node_modules'), { recursive: true });
  await linkKit1(dir, 'rc5');
  const old = await snapshotsIn(dir);
  expect(old.map(({ json }) => json['version'])).toEqual(['8', '8', '8', '8']);
  const lifted = await folderUp(sessionFor(dir, 'postgresql'), old);
  expect(await up1('rc5', dir, 'postgresql')).toMatchObject({ status: 'ok' });
  const snapshots = await snapshotsIn(dir);
  expect(snapshots.map(({ json }) => json['version'])).toEqual(['9', '9', '9', '9']);
  expect(lifted).toEqual({ status: 'ok', snapshots });
});

test('up refuses a history on PostgreSQL as a whole, in memory too', async () => {
  const spoilt = async (
    edit: (entries: readonly JournalEntry[]) => readonly JournalEntry[],
  ): Promise<string> => {
    const dir = await moved(await grownProject('postgresql'), 'rc5');
    await editJournal(dir, edit);
    const { snapshots } = await historyIn(dir);
    const lifted = await folderUp(sessionFor(dir, 'postgresql'), snapshots);
    expect(await up1('rc5', dir, 'postgresql')).toMatchObject({ status: 'error' });
    return lifted.status === 'refused' ? (lifted.problems[0]?.kind ?? '') : lifted.status;
  };
  expect(await spoilt((entries) => entries.map((one) => ({ ...one, when: 0 })))).toBe('order');
  expect(await spoilt((entries) => entries.toSpliced(1, 1))).toBe('history');
  expect(await spoilt((entries) => entries.slice(1))).toBe('history');
});
