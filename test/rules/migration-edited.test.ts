import { describe, expect, test } from 'vitest';
import type { ProjectChange } from '../../src/facts/change.ts';
import type { SqlOrigin } from '../../src/facts/sql-origin/origin.ts';
import { rule } from '../../src/rules/migration-edited.ts';
import {
  changeOf,
  edited,
  judge,
  migrations,
  snapshot,
  snapshotId,
  withEntries,
  without,
  type ChangeOptions,
  type Files,
} from '../support/history.ts';

const SQL = 'drizzle/0001_step_1.sql';
const SNAPSHOT = 'drizzle/meta/0001_snapshot.json';
const TAGS = ['0000_step_0', '0001_step_1', '0002_step_2'];

const judged = async (
  before: Files | readonly Files[],
  after: Files,
  options: ChangeOptions = {},
) =>
  judge(rule, await changeOf(Array.isArray(before) ? before : [before as Files], after, options));

describe('what must pass', () => {
  test('a new migration, and edits of what is not published', async () => {
    expect(await judged(migrations(3), migrations(4))).toEqual([]);
    expect(
      await judged(
        migrations(3),
        edited(migrations(3), 'drizzle/0002_step_2.sql', () => 'SELECT 1;'),
        { published: [migrations(2)] },
      ),
    ).toEqual([]);
  });

  test('a published content that comes back', async () => {
    const wrong = edited(migrations(3), SQL, () => 'DROP TABLE x;');
    expect(await judged(wrong, migrations(3), { published: [migrations(3)] })).toEqual([]);
  });

  test("a path that belonged to another migration is that one's loss", async () => {
    const files = migrations(3);
    const renamed = withEntries(
      {
        ...without(files, SQL),
        'drizzle/0001_other.sql': 'x',
        [SNAPSHOT]: snapshot(snapshotId(40), snapshotId(0)),
      },
      (entries) => entries.with(1, { ...entries[1]!, tag: '0001_other' }),
    );
    expect(await judged(files, renamed)).toEqual([]);
  });

  describe('a snapshot that was wrong and is not any more', () => {
    const forked = {
      ...migrations(3),
      'drizzle/meta/0002_snapshot.json': snapshot(snapshotId(2), snapshotId(0), 'postgresql', 3),
    };
    const compared = async (
      before: Files,
      after: Files,
      kind: SqlOrigin['kind'] | 'none' = 'generated',
    ) => {
      const change = await changeOf([before], after);
      const provenance = { kind, sql: '', expected: [], why: '' } as SqlOrigin;
      return judge(rule, {
        ...change,
        sqlOrigins: new Map(kind === 'none' ? [] : TAGS.map((tag) => [tag, provenance])),
      });
    };

    test('in its chain, or as JSON', async () => {
      expect(await compared(forked, migrations(3))).toEqual([]);
      expect(
        await compared(
          edited(migrations(3), SNAPSHOT, (text) => `${text},`),
          migrations(3),
        ),
      ).toEqual([]);
    });

    test('is judged by its SQL, which sql-edited says: without that, it is an edit', async () => {
      expect(await compared(forked, migrations(3), 'edited')).toEqual([]);
      for (const kind of ['unverifiable', 'none'] as const)
        expect(await compared(forked, migrations(3), kind)).toMatchObject([
          { entities: ['0002_step_2: snapshot content'] },
        ]);
    });

    test('and nothing else of it', async () => {
      const content = ['0002_step_2: snapshot content'];
      // Still forked; not forked before; the SQL along with it.
      expect(
        await compared(
          forked,
          edited(forked, 'drizzle/meta/0002_snapshot.json', (text) =>
            text.replace('step_1', 'other'),
          ),
        ),
      ).toMatchObject([{ entities: content }]);
      expect(
        await compared(
          migrations(3),
          edited(migrations(3), 'drizzle/meta/0002_snapshot.json', (text) =>
            text.replace('step_1', 'other'),
          ),
        ),
      ).toMatchObject([{ entities: content }]);
      expect(
        await compared(
          forked,
          edited(migrations(3), 'drizzle/0002_step_2.sql', () => 'SELECT 1;'),
        ),
      ).toMatchObject([{ entities: ['0002_step_2: sql content', ...content] }]);
      // The problem of another is no excuse.
      expect(
        await compared(
          forked,
          edited(forked, SNAPSHOT, (text) => text.replace('step_0', 'other')),
        ),
      ).toMatchObject([{ entities: ['0001_step_1: snapshot content'] }]);
    });
  });

  test('in a merge, what either parent has', async () => {
    const other = edited(migrations(3), SQL, () => 'DROP TABLE x;');
    expect(await judged([migrations(3), other], other, { published: [migrations(3)] })).toEqual([]);
  });

  test('`drizzle-kit up`: the same snapshot in a newer version', async () => {
    const old = edited(migrations(2), SNAPSHOT, (text) => text.replace('"7"', '"6"'));
    expect(await judged(old, migrations(2))).toEqual([]);
    const forged = { ...old, [SNAPSHOT]: snapshot(snapshotId(1), snapshotId(9)) };
    expect(await judged(old, forged)).toMatchObject([
      { entities: ['0001_step_1: snapshot content'] },
    ]);
  });
});

describe('what must not, named as what it is', () => {
  test.each([
    [
      'line endings',
      SQL,
      (text: string) => text.replaceAll('\n', '\r\n'),
      'sql line endings',
      'only its line endings changed',
    ],
    [
      'a byte order mark',
      SQL,
      (text: string) => `\uFEFF${text}`,
      'sql byte order mark',
      'only a byte order mark was added or removed',
    ],
    [
      'comments',
      SQL,
      (text: string) => `-- why\n${text.replace('\t', '  /* here */ ')}`,
      'sql white space and comments',
      'only white space and comments changed',
    ],
    [
      'a comment in a string',
      SQL,
      (text: string) => text.replace('"id"', '"id--x"'),
      'sql content',
      'its content changed',
    ],
    [
      'a breakpoint, though it is a comment',
      SQL,
      (text: string) => `${text}--> statement-breakpoint\n`,
      'sql content',
      'its content changed',
    ],
    [
      'a statement',
      SQL,
      (text: string) => `${text}DROP TABLE x;`,
      'sql content',
      'its content changed',
    ],
    [
      'formatting',
      SNAPSHOT,
      (text: string) => JSON.stringify(JSON.parse(text)),
      'snapshot formatting',
      'only its formatting changed, not its content',
    ],
    [
      'conflict markers',
      SQL,
      (text: string) => `<<<<<<< HEAD\n${text}`,
      'sql content',
      'its content changed; it holds conflict markers',
    ],
    [
      'a broken snapshot',
      SNAPSHOT,
      (text: string) => text.slice(2),
      'snapshot content',
      'it is not JSON',
    ],
    [
      'a snapshot',
      SNAPSHOT,
      (text: string) => text.replace(snapshotId(0), snapshotId(8)),
      'snapshot content',
      'its content changed',
    ],
  ])('%s', async (_, path, change, name, sentence) => {
    expect(await judged(migrations(3), edited(migrations(3), path, change))).toMatchObject([
      { path, entities: [`0001_step_1: ${name}`], message: expect.stringContaining(sentence) },
    ]);
  });

  test('SQL and snapshot of one migration are one finding, with the commands', async () => {
    const found = await judged(
      migrations(3),
      edited(
        edited(migrations(3), SQL, () => 'x'),
        SNAPSHOT,
        (text) => text.replace('{}', '{"a":{}}'),
      ),
    );
    expect(found).toMatchObject([
      {
        message: 'the SQL and the snapshot of the published migration 0001_step_1 were edited',
        detail: `${SQL}: its content changed\n${SNAPSHOT}: its content changed`,
      },
    ]);
    expect(found[0]?.fix.map(({ run }) => run)).toEqual([
      `git restore --source=HEAD --staged --worktree -- :/${SQL} :/${SNAPSHOT}`,
      'npm run db:generate\ngit add :/drizzle',
      undefined,
    ]);
    expect(found[0]?.fix.at(-1)?.text).toContain('npm run db:generate -- --custom');
  });

  test('a symbolic link in its place', async () => {
    const change = await changeOf([migrations(2)], migrations(2));
    expect(judge(rule, withMode(change, '100755'))).toEqual([]);
    expect(judge(rule, withMode(change, '120000'))).toMatchObject([
      {
        entities: ['0001_step_1: sql symlink'],
        message: expect.stringContaining('it was replaced by a symbolic link'),
      },
    ]);
  });

  test('a second edit of a file whose first was never published', async () => {
    const once = edited(migrations(2), SQL, () => 'SELECT 1;');
    const change = await changeOf(
      [once],
      edited(once, SQL, () => 'SELECT 2;'),
      { published: [migrations(2)] },
    );
    const found = judge(rule, {
      ...change,
      published: { ...change.published, rev: 'origin/main' },
    });
    expect(found).toMatchObject([{ entities: ['0001_step_1: sql content'] }]);
    expect(found[0]?.fix[0]?.run).toBe(
      `git restore --source=origin/main --staged --worktree -- :/${SQL}`,
    );
  });
});

function withMode(change: ProjectChange, mode: string): ProjectChange {
  const { history } = change.after;
  const changed = history.migrations.map((one) =>
    one.sql === undefined || one.position !== 1
      ? one
      : Object.assign({}, one, { sql: { path: one.sql.path, entry: { ...one.sql.entry, mode } } }),
  );
  return { ...change, after: { ...change.after, history: { ...history, migrations: changed } } };
}
