import { describe, expect, test } from 'vitest';
import type { Tree } from '../../src/git/trees/tree.ts';
import type { RepoPath } from '../../src/model/repo-path.ts';
import type { Layout } from '../../src/history/history.ts';
import { prefixOf, snapshotPath, sqlPath } from '../../src/history/layout.ts';
import { readJournalLayout } from '../../src/history/journal-layout.ts';
import { countMigrations, readHistory, snapshotsRead } from '../../src/history/read.ts';
import { PREFIXES } from '../../src/project/project.ts';
import { migrations, tagOf, withEntries, without, type Files } from '../support/history.ts';
import { memoryTree } from '../support/memory-tree.ts';

/** A tree that remembers what was read, one item a call. */
function watched(files: Readonly<Record<RepoPath, string | Uint8Array>>): {
  tree: Tree;
  reads: string[][];
} {
  const tree = memoryTree(files);
  const reads: string[][] = [];
  return {
    reads,
    tree: {
      ...tree,
      read: (paths) => {
        const list = [...paths];
        reads.push(list);
        return tree.read(list);
      },
    },
  };
}

const meta = (at: number) => `drizzle/meta/${String(at).padStart(4, '0')}_snapshot.json`;

describe('the names of the journal layout', () => {
  test.each([
    ['0007_odd_hulk', '0007'],
    ['20240131120000_init', '20240131120000'],
    ['1706702400_init', '1706702400'],
    ['_init', ''],
    ['0007-by-hand', '0007'],
    ['10000_many', '10000'],
    ['2fa_tables', undefined],
    ['add_users', undefined],
  ])('the prefix of %s', (tag, prefix) => {
    expect(prefixOf(tag)).toBe(prefix);
  });

  test('a hand-made tag is looked for by its idx', () => {
    expect(snapshotPath('db/out', { tag: 'add_users', idx: 12 })).toBe(
      'db/out/meta/0012_snapshot.json',
    );
    expect(sqlPath('', 'add_users')).toBe('add_users.sql');
  });

  test.each(PREFIXES.filter((prefix) => prefix !== 'none'))(
    'every file of a history with prefix %s is found',
    async (prefix) => {
      const history = await readHistory(
        memoryTree(migrations(3, { prefix, out: 'packages/db/drizzle' })),
        'packages/db/drizzle',
        { all: true },
      );
      expect(
        history.migrations.map(({ name, sql, snapshot }) => [
          name,
          sql !== undefined,
          snapshot?.snapshot.status,
        ]),
      ).toEqual([0, 1, 2].map((at) => [tagOf(at, prefix), true, 'ok']));
      expect([history.orphanSql, history.orphanSnapshots]).toEqual([[], []]);
      expect(history.newest?.path).toBe(history.migrations.at(-1)?.snapshotPath);
    },
  );

  test('with prefix none all share one snapshot, and drizzle-kit has no newest', async () => {
    const history = await readHistory(memoryTree(migrations(2, { prefix: 'none' })), 'drizzle');
    expect(
      history.migrations.map(({ snapshot }) => [snapshot?.path, snapshot?.snapshot.status]),
    ).toEqual([
      ['drizzle/meta/_snapshot.json', 'ok'],
      ['drizzle/meta/_snapshot.json', 'ok'],
    ]);
    expect(history.newest).toBeUndefined();
  });

  test('a hand-made tag finds its snapshot by idx, first word or whole name', async () => {
    const files = migrations(3);
    const renamed = withEntries(files, (entries) =>
      entries.map((entry) => (entry.idx === 2 ? { ...entry, tag: 'add_users' } : entry)),
    );
    const { [meta(2)]: text = '', ...rest } = renamed;
    for (const name of ['0002', 'add', 'add_users']) {
      const history = await readHistory(
        memoryTree({ ...rest, [`drizzle/meta/${name}_snapshot.json`]: text }),
        'drizzle',
      );
      expect(history.migrations[2]?.snapshot?.path).toBe(`drizzle/meta/${name}_snapshot.json`);
    }
  });

  test.each<readonly [string, Files, Layout]>([
    ['with a journal', migrations(3), 'journal'],
    ['with a journal, where 1.x is installed', migrations(2), 'folders'],
    ['without any', {}, 'journal'],
    [
      'whose journal is no JSON',
      { ...migrations(2), 'drizzle/meta/_journal.json': '{' },
      'journal',
    ],
    [
      'in folders',
      {
        'drizzle/20260101000000_one/migration.sql': '',
        'drizzle/20260101000000_one/snapshot.json': '{}',
        'drizzle/named_by_hand/migration.sql': '',
      },
      'journal',
    ],
    [
      'in both layouts',
      { ...migrations(3), 'drizzle/20260101000000_one/migration.sql': '' },
      'folders',
    ],
  ])('a history %s is counted as it is read', async (_, files, layout) => {
    const tree = memoryTree(files);
    const { migrations: all } = await readHistory(tree, 'drizzle', { layout });
    expect(await countMigrations(tree, 'drizzle', layout)).toBe(all.length);
  });

  test('the top of the repository may be the folder', async () => {
    const history = await readHistory(
      memoryTree(
        Object.fromEntries(
          Object.entries(migrations(2)).map(([path, text]) => [path.replace('drizzle/', ''), text]),
        ),
      ),
      '',
      { all: true },
    );
    expect(
      history.migrations.map(({ sqlPath: path, snapshot }) => [path, snapshot?.snapshot.status]),
    ).toEqual([
      ['0000_step_0.sql', 'ok'],
      ['0001_step_1.sql', 'ok'],
    ]);
  });
});

describe('only what is needed is read', () => {
  test('without a change: the journal and the newest snapshot, in one read', async () => {
    const { tree, reads } = watched(migrations(50));
    const history = await readHistory(tree, 'drizzle');
    expect(reads).toEqual([['drizzle/meta/_journal.json', meta(49)]]);
    expect(history.migrations[10]?.snapshot?.snapshot).toEqual({ status: 'unread' });
  });

  test('with a new migration: it and its predecessor, in one read', async () => {
    const { tree, reads } = watched(migrations(50));
    const history = await readHistory(tree, 'drizzle', {
      changed: new Set([meta(49), 'drizzle/0049_step_49.sql', 'drizzle/meta/_journal.json']),
    });
    expect(reads).toHaveLength(1);
    expect(snapshotsRead(history)).toEqual(new Set([meta(48), meta(49)]));
    expect([...(history.texts?.keys() ?? [])].sort()).toEqual([
      'drizzle/0049_step_49.sql',
      meta(49),
    ]);
  });

  test('with an older one: both neighbours', async () => {
    const history = await readHistory(memoryTree(migrations(50)), 'drizzle', {
      changed: new Set([meta(20)]),
    });
    expect(snapshotsRead(history)).toEqual(new Set([meta(19), meta(20), meta(21), meta(49)]));
  });

  test('neighbours that only the journal knows cost a second read', async () => {
    const shuffled = withEntries(migrations(10), ([first, second, ...rest]) => [
      first!,
      ...rest,
      second!,
    ]);
    const { tree, reads } = watched(shuffled);
    const history = await readHistory(tree, 'drizzle', {
      changed: new Set(['drizzle/0001_step_1.sql']),
    });
    expect(reads).toHaveLength(2);
    expect(snapshotsRead(history)).toEqual(new Set([meta(1), meta(9)]));
  });

  test('what the other side of a change needed can be asked for', async () => {
    const history = await readHistory(memoryTree(migrations(9)), 'drizzle', {
      also: new Set([meta(3), 'drizzle/meta/none.json']),
    });
    expect(snapshotsRead(history)).toEqual(new Set([meta(3), meta(8)]));
  });

  test('with `all`: everything, in one read', async () => {
    const { tree, reads } = watched(migrations(5));
    await readHistory(tree, 'drizzle', { all: true });
    expect(reads).toHaveLength(1);
    expect(reads[0]).toHaveLength(11);
  });
});

const orphans = (files: Files) => readJournalLayout(memoryTree(files), 'drizzle', {});

describe('what does not fit together is reported separately', () => {
  test('orphans of either kind, and any other file that drizzle-kit would take for a snapshot', async () => {
    const history = await orphans({
      ...migrations(2),
      'drizzle/0009_lost.sql': '',
      'drizzle/meta/0009_snapshot.json': '{}',
      'drizzle/meta/README.md': 'hello',
      'drizzle/meta/_notes.json': '{}',
      'drizzle/meta/old/0000_snapshot.json': '{}',
      'drizzle/views/all.sql': '',
      'drizzle/README.md': '',
    });
    expect(history.orphanSql.map(({ path }) => path)).toEqual(['drizzle/0009_lost.sql']);
    expect(history.orphanSnapshots.map(({ path }) => path)).toEqual([
      'drizzle/meta/0009_snapshot.json',
      'drizzle/meta/README.md',
    ]);
    expect(history.newest?.path).toBe('drizzle/meta/README.md');
  });

  test('no journal: everything is an orphan; an unreadable one: nothing can be said', async () => {
    const files = migrations(2);
    const absent = await orphans(without(files, 'drizzle/meta/_journal.json'));
    expect([absent.journal.status, absent.orphanSql.length, absent.orphanSnapshots.length]).toEqual(
      ['absent', 2, 2],
    );
    const broken = await orphans({ ...files, 'drizzle/meta/_journal.json': '<<<<<<< x' });
    expect([broken.journal.status, broken.orphanSql.length, broken.migrations.length]).toEqual([
      'invalid',
      0,
      0,
    ]);
  });

  test('an empty tree has an empty history', async () => {
    expect(await orphans({ 'src/schema.ts': '' })).toMatchObject({
      journal: { status: 'absent' },
      migrations: [],
      orphanSql: [],
      orphanSnapshots: [],
    });
  });

  test('only changed SQL is scanned', async () => {
    const files = {
      ...migrations(2),
      'drizzle/0000_step_0.sql': '<<<<<<< x\n',
      'drizzle/0001_step_1.sql': '\n<<<<<<< y\n',
    };
    const history = await readHistory(memoryTree(files), 'drizzle', {
      changed: new Set(['drizzle/0001_step_1.sql']),
    });
    expect([...history.sqlProblems]).toEqual([
      ['drizzle/0001_step_1.sql', [{ message: 'holds conflict markers', line: 2 }]],
    ]);
  });

  test('a symbolic link is not followed', async () => {
    const tree = memoryTree(migrations(2));
    const entries = new Map(
      [...(await tree.entries())].map(
        ([path, entry]) =>
          [path, path.startsWith('drizzle/meta/') ? { ...entry, mode: '120000' } : entry] as const,
      ),
    );
    const history = await readJournalLayout({ ...tree, entries: async () => entries }, 'drizzle', {
      all: true,
    });
    expect(history.journal).toEqual({
      status: 'invalid',
      problems: [{ message: 'is a symbolic link, not a file' }],
    });
  });

  test.each<[string, string, boolean, Record<string, string>]>([
    [
      'as drizzle-kit writes it',
      `import journal from './meta/_journal.json';\nimport m0000 from './0000_one.sql';\n\nexport default {\n    journal,\n    migrations: {\n      m0000\n    }\n  }\n`,
      true,
      { m0000: '0000_one' },
    ],
    [
      'under names of its own',
      `import j from './meta/_journal.json'; import one from './0000_one.sql?raw'; export default { journal: j, migrations: { 'm0000': one } };`,
      true,
      { m0000: '0000_one' },
    ],
    [
      'in strings and comments',
      `const s = "import m0000 from './0000_one.sql'"; /* journal, _journal.json */ export default { migrations: { /* m0000 */ } };`,
      false,
      {},
    ],
    ['empty', 'export default {}', false, {}],
    ['no JavaScript', 'export default {', false, {}],
  ])('migrations.js %s', async (_, text, hasJournal, listed) => {
    const { bundle } = await readHistory(
      memoryTree({ ...migrations(1), 'drizzle/migrations.js': text }),
      'drizzle',
    );
    expect(bundle).toMatchObject({ path: 'drizzle/migrations.js', hasJournal });
    expect(Object.fromEntries(bundle?.listed ?? [])).toEqual(listed);
  });
});
