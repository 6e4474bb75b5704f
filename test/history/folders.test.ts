import { describe, expect, test } from 'vitest';
import { isFolders, type FolderHistory, type Layout } from '../../src/history/history.ts';
import { stampOf } from '../../src/history/layout.ts';
import { readHistory } from '../../src/history/read.ts';
import { ORIGIN_ID, parseFolderSnapshot } from '../../src/history/snapshot.ts';
import { migrations, type Files } from '../support/history.ts';
import { memoryTree } from '../support/memory-tree.ts';

const snapshot = (id: string, ...prevIds: readonly string[]): string =>
  JSON.stringify({ version: '9', dialect: 'postgres', id, prevIds, type: 'diff', deltas: [] });

function folder(name: string, json: string, out = 'drizzle'): Files {
  return { [`${out}/${name}/migration.sql`]: 'SELECT 1;', [`${out}/${name}/snapshot.json`]: json };
}

const ROOT = folder('20260101000000_root', snapshot('a', ORIGIN_ID));
const LEFT = folder('20260102000000_left', snapshot('b', 'a'));
const RIGHT = folder('20260103000000_right', snapshot('c', 'a'));

async function read(files: Files, out = 'drizzle', layout?: Layout): Promise<FolderHistory> {
  const options = { all: true, ...(layout === undefined ? {} : { layout }) };
  const history = await readHistory(memoryTree(files), out, options);
  if (!isFolders(history)) throw new Error('the literal is read as a journal');
  return history;
}

const named = (some: readonly { readonly name: string }[]): readonly string[] =>
  some.map(({ name }) => name);

describe('the folders of drizzle-kit 1.x', () => {
  test('are in the order of their names, wherever the tree lists them', async () => {
    const history = await read({ ...RIGHT, ...LEFT, ...ROOT });
    expect(named(history.migrations)).toEqual([
      '20260101000000_root',
      '20260102000000_left',
      '20260103000000_right',
    ]);
    expect(history.newest?.path).toBe('drizzle/20260103000000_right/snapshot.json');
    expect(history.migrations[1]).toMatchObject({
      position: 1,
      stamp: Date.UTC(2026, 0, 2),
      sqlPath: 'drizzle/20260102000000_left/migration.sql',
      snapshot: { snapshot: { status: 'ok', id: 'b', prevIds: ['a'] } },
    });
  });

  test('the leaves of a fork are both of its ends, until a migration has both as parents', async () => {
    const fork = await read({ ...ROOT, ...LEFT, ...RIGHT });
    expect(named(fork.leaves)).toEqual(['20260102000000_left', '20260103000000_right']);
    const merged = await read({
      ...ROOT,
      ...LEFT,
      ...RIGHT,
      ...folder('20260104000000_both', snapshot('d', 'c', 'b')),
    });
    expect(named(merged.leaves)).toEqual(['20260104000000_both']);
  });

  test('a subfolder with one of the two files is one too, with a stamp in its name or not', async () => {
    const history = await read({
      ...ROOT,
      'drizzle/20260102000000_sql/migration.sql': 'SELECT 1;',
      'drizzle/by_hand/snapshot.json': snapshot('b', 'a'),
    });
    expect(
      history.migrations.map(({ name, sql, snapshot: file, stamp }) => [
        name,
        sql !== undefined,
        file !== undefined,
        Number.isNaN(stamp),
      ]),
    ).toEqual([
      ['20260101000000_root', true, true, false],
      ['20260102000000_sql', true, false, false],
      ['by_hand', false, true, true],
    ]);
  });

  test('SQL beside or below them, and what is left of meta, belong to none', async () => {
    const history = await read({
      ...ROOT,
      'drizzle/0000_old.sql': 'SELECT 1;',
      'drizzle/20260101000000_root/extra.sql': 'SELECT 1;',
      'drizzle/meta/0000_snapshot.json': '{}',
      'drizzle/README.md': 'about',
    });
    expect(history.orphanSql.map(({ path }) => path)).toEqual([
      'drizzle/0000_old.sql',
      'drizzle/20260101000000_root/extra.sql',
    ]);
    expect(history.orphanSnapshots.map(({ path }) => path)).toEqual([
      'drizzle/meta/0000_snapshot.json',
    ]);
    expect(history.migrations).toHaveLength(1);
  });

  test('at the top of the repository other files are not theirs', async () => {
    const { orphanSql, migrations: all } = await read(
      {
        '20260101000000_root/migration.sql': '',
        '20260101000000_root/snapshot.json': snapshot('a', ORIGIN_ID),
        'src/query.sql': '',
        'by_hand.sql': '',
      },
      '',
    );
    expect([named(all), orphanSql.map(({ path }) => path)]).toEqual([
      ['20260101000000_root'],
      ['by_hand.sql'],
    ]);
  });

  test('a snapshot that is not one is invalid, and a leaf of nothing', async () => {
    const history = await read({ ...ROOT, ...folder('20260102000000_x', '<<<<<<< HEAD\n{}') });
    expect(history.migrations[1]?.snapshot?.snapshot).toMatchObject({
      status: 'invalid',
      problems: [{ conflict: true }],
    });
    expect(named(history.leaves)).toEqual(['20260101000000_root']);
    expect(parseFolderSnapshot(Buffer.from('{"id":"","prevIds":"a","version":"x"}'))).toEqual({
      status: 'invalid',
      problems: [
        { message: 'has a wrong shape: `id` is an empty string, not a string' },
        { message: 'has no `dialect`' },
        { message: 'has the unknown version "x"' },
        { message: 'has a wrong shape: `prevIds` is a string, not a list of ids' },
      ],
    });
  });
});

describe('the layout', () => {
  const journal = migrations(1);

  test.each([
    ['a journal alone', journal, 'folders', 'journal', []],
    ['folders alone', ROOT, 'journal', 'folders', []],
    ['nothing', {}, 'folders', 'folders', []],
    ['both, with drizzle-kit 1.x', { ...journal, ...ROOT }, 'folders', 'folders', ['journal']],
    ['both, with 0.31', { ...journal, ...ROOT }, 'journal', 'journal', ['folders']],
  ] as const)('of %s', async (_, files, kit, layout, others) => {
    const history = await readHistory(memoryTree(files as Files), 'drizzle', { layout: kit });
    expect(history.layout).toBe(layout);
    expect(history.otherLayout.map(({ path }) => path)).toEqual(
      others.flatMap((one) =>
        one === 'journal' ? ['drizzle/meta/_journal.json'] : Object.keys(ROOT).toSorted(),
      ),
    );
  });

  test.each([
    ['20260102030405_a', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['20260102030405', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['20261302030405_a', Number.NaN],
    ['20260230000000_a', Number.NaN],
    ['202601020304055_a', Number.NaN],
    ['2026_a', Number.NaN],
  ])('the stamp of %s', (name, stamp) => {
    expect(stampOf(name)).toBe(stamp);
  });
});
