import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { refusals, type Scene } from '../support/scene.ts';
import {
  editJournal,
  grow,
  grownScene,
  reset,
  snapshotOf,
  sqlOf,
  withRemote,
} from '../tampering/grown-history.ts';

/**
 * `main` and `topic` both made a fourth migration: `0003_colour` and `0003_notes`. Each test merges
 * one into the other, with the migrations as it says.
 */
let repo: Scene;

beforeAll(async () => {
  repo = await grownScene({ shared: true });
  await withRemote(repo);
  await repo.git('branch', 'topic');
  await column('colour');
  await repo.commit('colour');
  await repo.git('push', '-q');
  await repo.git('checkout', '-q', 'topic');
  await column('notes');
  await repo.commit('notes');
});
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(async () => {
  await reset(repo);
  await repo.git('remote', 'set-head', '-d', 'origin');
});

async function column(name: string, tag?: string): Promise<void> {
  const made = await grow(repo, name);
  if (tag === undefined) return repo.columns(...COLUMNS, name);
  for (const path of [sqlOf, snapshotOf])
    await rename(join(repo.dir, path(made)), join(repo.dir, path(tag)));
  await editJournal(repo, ({ entries }) => {
    for (const entry of entries) if (entry.tag === made) entry.tag = tag;
  });
}

const COLUMNS = ['description', 'slogan'];

/** A merge of `topic` and `main`, with the migrations folder of one commit, and what comes on top. */
async function merge(
  into: string,
  folderOf: string,
  columns: readonly string[],
  onTop: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  await repo.git('checkout', '-q', '--detach', into);
  await repo.run('git', ['merge', '--no-commit', into === 'main' ? 'topic' : 'main']);
  await repo.git('read-tree', '-u', '--reset', folderOf);
  await onTop();
  await repo.columns(...COLUMNS, ...columns);
  await repo.commit('merge');
  expect((await repo.git('rev-list', '--parents', '-1', 'HEAD')).trim().split(' ')).toHaveLength(3);
}

const said = async (...where: string[]) => refusals(await repo.check(...where));
const both = ['colour', 'notes'];

it.each(['topic', 'main'])(
  'merged into %s: the own migration is made again behind the one of main, under its name or another',
  async (into) => {
    for (const tag of ['0004_notes', '0004_odd_hulk']) {
      await merge(into, 'main', both, () => column('notes', tag));
      expect(await said('--commit', 'HEAD')).toEqual([]);
      expect(await said('--base', 'main')).toEqual([]);
    }
  },
);

it('the migration of main goes behind: refused where main is known', async () => {
  await merge('topic', 'topic', both, () => column('colour', '0004_colour'));
  expect(await said('--commit', 'HEAD')).toEqual([]);
  expect(await said('--base', 'main')).toEqual(['migration-removed']);
  await repo.git('remote', 'set-head', 'origin', 'main');
  expect(await said('--commit', 'HEAD')).toEqual(['migration-removed']);
});

it('neither stays, or one is gone and nothing comes instead: refused', async () => {
  await merge('main', 'main~1', both, async () => {
    await column('colour', '0004_colour');
    await column('notes', '0005_notes');
  });
  expect(await said('--commit', 'HEAD')).toContain('migration-removed');
  await merge('topic', 'main', ['colour']);
  expect(await said('--commit', 'HEAD')).toEqual(['migration-removed']);
});

it('one that both had is renamed in the merge: refused', async () => {
  await merge('topic', 'main', both, async () => {
    await editJournal(repo, ({ entries }) => {
      for (const entry of entries) if (entry.tag === '0002_slogan') entry.tag = '0002_motto';
    });
    await rename(join(repo.dir, sqlOf('0002_slogan')), join(repo.dir, sqlOf('0002_motto')));
    await column('notes');
  });
  expect(await said('--commit', 'HEAD')).toEqual(['migration-removed']);
});

it('both branches gave their migration the same name: the one of the branch was not edited', async () => {
  await repo.git('checkout', '-q', '-B', 'same', 'main~1');
  await column('notes', '0003_colour');
  await repo.columns(...COLUMNS, 'notes');
  await repo.commit('notes');
  await repo.git('checkout', '-q', '-B', 'joined');
  await repo.run('git', ['merge', '--no-commit', 'main']);
  await repo.git('read-tree', '-u', '--reset', 'main');
  await column('notes', '0004_colour_2');
  await repo.columns(...COLUMNS, ...both);
  await repo.commit('merge');
  expect(await said('--base', 'main')).toEqual([]);
  expect(await said('--commit', 'HEAD')).toEqual([]);
});

it('a migration that moves takes the name of the next one, which moves too: nothing was edited', async () => {
  await repo.git('checkout', '-q', '-B', 'again', 'main~1');
  await column('notes', '0003_change');
  await column('size', '0004_change');
  await repo.columns(...COLUMNS, 'notes', 'size');
  await repo.commit('two of one name');
  const joinedWith = async (onTop: () => Promise<void>) => {
    await repo.git('checkout', '-q', '-B', 'joined', 'again');
    await repo.run('git', ['merge', '--no-commit', 'main']);
    await repo.git('read-tree', '-u', '--reset', 'main');
    await onTop();
    await repo.columns(...COLUMNS, 'colour', 'notes', 'size');
    await repo.commit('merge');
    return said('--commit', 'HEAD');
  };
  const moved = async () => {
    await column('notes', '0004_change');
    await column('size', '0005_change');
  };
  expect(await joinedWith(moved)).toEqual([]);
  // What main has keeps its form, whatever the others do.
  const edited = await joinedWith(async () => {
    await moved();
    await repo.write(
      sqlOf('0003_colour'),
      'ALTER TABLE "teams" ADD COLUMN "colour" text DEFAULT 1;',
    );
  });
  expect(edited).toContain('migration-edited');
});
