import { expect, test } from 'vitest';
import { hindrances } from '../../src/facts/switch/hindrances.ts';
import { planUp, stampOf } from '../../src/history/layout.ts';
import type { JournalEntry } from '../../src/history/history.ts';
import { upgradeRows } from '../../src/status/upgrade.ts';

const entry = (tag: string, when: number): JournalEntry => ({
  idx: Number(tag.slice(0, 4)),
  tag,
  when,
  version: '7',
  breakpoints: true,
});
const FILES = [
  'db/0000_init.sql',
  'db/meta/0000_snapshot.json',
  'db/0001_next.sql',
  'db/meta/0001_snapshot.json',
];
const texts = (
  dialect: 'postgresql' | 'sqlite',
  entries: readonly JournalEntry[],
  files: readonly string[] = FILES,
  isPulled = false,
): readonly string[] =>
  hindrances({ out: 'db', dialect }, entries, new Set(files), isPulled).map(({ text }) => text);

const INIT = entry('0000_init', Date.UTC(2025, 0, 1));

test('nothing hinders it', () => {
  expect(texts('sqlite', [INIT, entry('0001_next', INIT.when + 1000)])).toEqual([]);
  // The SQL under another name that begins alike is taken.
  const renamed = FILES.map((path) => path.replace('0001_next.sql', '0001_other.sql'));
  expect(texts('sqlite', [INIT, entry('0001_next', INIT.when + 1000)], renamed)).toEqual([]);
});

test('a part is missing', () => {
  const entries = [INIT, entry('0001_next', INIT.when + 1000)];
  const without = (path: string): readonly string[] => FILES.filter((one) => one !== path);
  expect(texts('sqlite', entries, without('db/meta/0001_snapshot.json'))).toEqual([
    'db/meta/0001_snapshot.json of 0001_next is missing: it stops there, with nothing moved',
  ]);
  expect(texts('sqlite', entries, without('db/0001_next.sql'))).toEqual([
    'db/0001_next.sql is missing: it leaves the migration out, with its snapshot, and exits with 0',
  ]);
  expect(texts('postgresql', entries, without('db/0001_next.sql'))).toEqual([
    'db/0001_next.sql is missing: it refuses the whole history',
  ]);
});

test('times that fall, and that are in one second', () => {
  expect(texts('sqlite', [INIT, entry('0001_next', INIT.when - 1000)])).toEqual([
    '0001_next gets the folder 20241231235959_next, which sorts before 20250101000000_init of 0000_init: the migrator would run it earlier',
  ]);
  expect(
    texts('postgresql', [INIT, entry('0001_a', INIT.when + 1)], [...FILES, 'db/0001_a.sql']),
  ).toEqual([
    '0001_a gets the folder 20250101000000_a, which sorts before 20250101000000_init of 0000_init: it stops there',
  ]);
  expect(texts('sqlite', [INIT, entry('0001_init', INIT.when + 1)])).toEqual([
    '0001_init and 0000_init get one folder, 20250101000000_init: it stops there',
  ]);
});

test('two in one second: another name keeps databases, another time makes them run it again', () => {
  const second = entry('0001_a', INIT.when + 1);
  const [found] = hindrances(
    { out: 'db', dialect: 'sqlite' },
    [INIT, second],
    new Set(FILES),
    false,
  );
  expect(found?.fix).toContain(
    'Name 0001_a 0001_init_a, which sorts after 0000_init: its `tag` in db/meta/_journal.json, and db/0001_a.sql',
  );
  const named = entry('0001_init_a', second.when);
  expect(texts('sqlite', [INIT, named], [...FILES, 'db/0001_init_a.sql'])).toEqual([]);
  const known = (entries: readonly JournalEntry[]): readonly unknown[] => {
    const local = planUp('db', entries).map(({ folder }, at) => ({
      name: folder,
      when: stampOf(folder),
      sql: { hash: `hash of ${at}`, text: '' },
    }));
    const rows = [INIT, second].map(({ when }, at) => ({
      id: String(at + 1),
      hash: `hash of ${at}`,
      createdAt: String(when),
      name: null,
    }));
    return upgradeRows(local as never, rows as never).rows.map(({ name }) => name);
  };
  expect(known([INIT, named])).toEqual(['20250101000000_init', '20250101000000_init_a']);
  // The row of the second is taken for the first, and the second is run again.
  expect(known([INIT, { ...second, when: INIT.when + 1000 }])).toEqual([
    '20250101000000_init',
    '20250101000000_init',
  ]);
});

test('a history of PostgreSQL that begins with drizzle-kit pull', () => {
  const entries = [INIT, entry('0001_next', INIT.when + 1000)];
  expect(texts('sqlite', entries, FILES, true)).toEqual([]);
  expect(texts('postgresql', entries.slice(0, 1), FILES, true)).toEqual([]);
  expect(texts('postgresql', entries, FILES, true)).toEqual([
    'the snapshot of 0000_init, which drizzle-kit pull made, has the root id as its own: it takes ' +
      'two migrations for the first, and refuses the whole history',
  ]);
});
