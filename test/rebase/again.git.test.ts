import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { readStates } from '../../src/git/rewrite/file-states.ts';
import { isUnfinished, readRecord } from '../../src/git/rewrite/record.ts';
import { rewrite } from '../../src/git/rewrite/rewrite.ts';
import { blobOid } from '../../src/git/worktree/working-file.ts';
import { refusals, type Scene } from '../support/scene.ts';
import { grow, grownScene, JOURNAL, reset, sqlOf, withRemote } from '../tampering/grown-history.ts';
import type { Database } from './database.ts';
import { runsOn } from './on-a-database.ts';
import { openSqlite } from './sqlite-database.ts';

/** `main`, which is published, has `0003_colour`; `topic` has `0003_notes`. */
let repo: Scene;
let database: Promise<Database>;

beforeAll(async () => {
  repo = await grownScene({ shared: true }, 'sqlite');
  database = openSqlite();
  await withRemote(repo);
  await repo.git('branch', 'topic');
  await migrated('colour', 'colour');
  await repo.git('branch', 'before');
  await repo.git('push', '-q');
  await repo.git('checkout', '-q', 'topic');
  await migrated('notes', 'notes');
});
afterAll(async () => {
  await (await database).close();
  await repo[Symbol.asyncDispose]();
});
beforeEach(async () => {
  for (const doing of ['rebase', 'merge']) await repo.run('git', [doing, '--abort']);
  await reset(repo);
  await repo.git('checkout', '-q', '-B', 'main', 'before');
  await repo.git('push', '-q', '-f', 'origin', 'main');
  await repo.git('checkout', '-q', '-B', 'work', 'topic');
});

async function migrated(column: string, ...columns: readonly string[]): Promise<void> {
  await grow(repo, column);
  await schema(...columns);
  await repo.commit(column);
}

const schema = (...columns: string[]) => repo.columns('description', 'slogan', ...columns);

/** Runs git, which has to stop at a conflict, resolves the schema and lets the guard go on. */
async function fixed(command: readonly string[], ...columns: string[]): Promise<string> {
  expect((await repo.run('git', command)).exitCode).toBe(1);
  await schema(...columns);
  const { exitCode, stdout, stderr } = await repo.guard(['rebase', '--continue']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

/** The migrations behind the first three; each is right, and runs. */
async function ends(...tags: readonly string[]): Promise<void> {
  const { entries } = JSON.parse(await repo.read(JOURNAL)) as { entries: { tag: string }[] };
  expect(entries.slice(3).map(({ tag }) => tag)).toEqual(tags);
  expect(await repo.git('status', '--porcelain')).toBe('');
  expect(await repo.git('ls-files', 'drizzle/*.sql')).toBe(
    entries.map(({ tag }) => `${sqlOf(tag)}\n`).join(''),
  );
  for (const what of [
    ['--range', 'main..HEAD'],
    ['--base', 'origin/main'],
  ])
    expect(refusals(await repo.check(...what))).toEqual([]);
  await runsOn(await database, repo, 'main');
}

/** A further migration on `main`, published. */
async function mainGoesOn(): Promise<void> {
  await repo.git('checkout', '-q', 'main');
  await migrated('size', 'colour', 'size');
  await repo.git('push', '-q', 'origin', 'main');
  await repo.git('checkout', '-q', 'work');
}

it('the branch was pushed before', async () => {
  await repo.git('push', '-q', '-f', '-u', 'origin', 'work');
  try {
    await fixed(['merge', 'origin/main'], 'colour', 'notes');
    await ends('0003_colour', '0004_notes');
  } finally {
    await repo.git('branch', '--unset-upstream');
    await repo.git('push', '-q', 'origin', '--delete', 'work');
  }
});

it('merged, main goes on, merged again', async () => {
  await fixed(['merge', 'main'], 'colour', 'notes');
  await mainGoesOn();
  await fixed(['merge', 'main'], 'colour', 'size', 'notes');
  await ends('0003_colour', '0004_size', '0005_notes');
});

it('fixed in a merge, and rebased afterwards: the same clash once more', async () => {
  await fixed(['merge', 'main'], 'colour', 'notes');
  await mainGoesOn();
  await fixed(['rebase', 'main'], 'colour', 'size', 'notes');
  await ends('0003_colour', '0004_size', '0005_notes');
});

it('fixed in a commit of its own, and rebased afterwards: that commit is left out', async () => {
  await repo.git('merge', '-q', '--no-edit', '--no-verify', '-X', 'ours', 'main');
  await schema('colour', 'notes');
  await repo.git('commit', '-q', '--amend', '--no-edit', '--no-verify', '-a');
  expect((await repo.guard(['rebase', '--onto', 'origin/main'])).exitCode).toBe(0);
  await repo.commit('in order');
  await mainGoesOn();
  await fixed(['rebase', 'main'], 'colour', 'size', 'notes');
  await ends('0003_colour', '0004_size', '0005_notes');
  expect((await repo.git('log', '--format=%s', 'main..')).trim()).toBe('notes');
});

it('the same name on both sides', async () => {
  await repo.git('checkout', '-q', '-B', 'work', 'before~1');
  await grow(repo, 'notes');
  await repo.run('mv', [sqlOf('0003_notes'), sqlOf('0003_colour')]);
  await repo.edit(JOURNAL, (text) => text.replace('0003_notes', '0003_colour'));
  await schema('notes');
  await repo.commit('the same name');
  const said = await fixed(['merge', 'main'], 'colour', 'notes');
  expect(said).toContain('0003_colour -> 0004_colour');
  await ends('0003_colour', '0004_colour');
});

it('what is found out meanwhile about the result fails: all is as before', async () => {
  await repo.write('drizzle/edited.sql', 'SELECT 1;');
  await repo.git('add', 'drizzle/edited.sql');
  const repository = await openRepository({ cwd: repo.dir, env: repo.env });
  const before = await repo.git('status', '--porcelain');
  const bytes = Buffer.from('{}');
  const wanted = new Map([
    [JOURNAL, { entry: { mode: '100644', oid: blobOid(repository, bytes) }, bytes }],
    ['drizzle/edited.sql', undefined],
  ]);
  let seen = '';
  const judge = async (): Promise<never> => {
    await expect.poll(() => repo.read(JOURNAL), { timeout: 20_000 }).toBe('{}');
    seen = await repo.git('status', '--porcelain');
    throw new Error('no answer');
  };
  await expect(rewrite(repository, wanted, 0, judge())).rejects.toThrow('no answer');
  expect(seen).toContain(JOURNAL);
  expect(await repo.git('status', '--porcelain')).toBe(before);
  expect(isUnfinished(repository.gitDir)).toBe(false);
});

it('what is recorded of the result is what git says of it', async () => {
  await repo.write('drizzle/edited.sql', 'SELECT 1;');
  await repo.git('add', 'drizzle/edited.sql');
  const repository = await openRepository({ cwd: repo.dir, env: repo.env });
  const bytes = Buffer.from('{}');
  const entry = { mode: '100644', oid: blobOid(repository, bytes) };
  for (const path of [JOURNAL, 'drizzle/new/one.json']) {
    const wanted = new Map([
      [path, { entry, bytes }],
      ['drizzle/edited.sql', undefined],
    ]);
    await rewrite(repository, wanted, 0, Promise.resolve());
    const { before = {}, after } = (await readRecord(repository)) ?? {};
    expect(after).toEqual(await readStates(repository, Object.keys(before)));
    expect(Object.keys(before)).toEqual(expect.arrayContaining([...wanted.keys()]));
  }
  expect(Object.keys((await readRecord(repository))?.before ?? {})).toHaveLength(3);
});
