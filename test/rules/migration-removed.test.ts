import { describe, expect, test } from 'vitest';
import { rule } from '../../src/rules/migration-removed.ts';
import {
  changeOf,
  edited,
  judge,
  migrations,
  snapshot,
  snapshotId,
  whenOf,
  withEntries,
  without,
  type ChangeOptions,
  type Files,
} from '../support/history.ts';

const JOURNAL = 'drizzle/meta/_journal.json';
const SQL = 'drizzle/0001_step_1.sql';
const SNAPSHOT = 'drizzle/meta/0001_snapshot.json';

const judged = async (
  before: Files | readonly Files[],
  after: Files,
  options: ChangeOptions = {},
) =>
  judge(rule, await changeOf(Array.isArray(before) ? before : [before as Files], after, options));
const drop = (files: Files, ...numbers: readonly number[]) =>
  withEntries(files, (entries) => entries.filter(({ idx }) => !numbers.includes(idx)));
/** With another problem, which stays. */
const misnamed = (files: Files) =>
  withEntries(files, (entries) => entries.with(1, { ...entries[1]!, tag: '0009_step_1' }));

/** The second did not rise. */
const sunken = withEntries(migrations(3), (entries) =>
  entries.with(1, { ...entries[1]!, when: 5 }),
);
/** The second under another name, as it should have been or nearly so. */
const regenerated = (fields: { readonly when?: number; readonly idx?: number } = {}) =>
  withEntries(
    { ...without(migrations(3), SQL), 'drizzle/0001_other.sql': migrations(3)[SQL]! },
    (entries) => entries.with(1, { ...entries[1]!, tag: '0001_other', ...fields }),
  );

describe('what must pass', () => {
  test('a new migration, and the first of all', async () => {
    expect(await judged(migrations(3), migrations(4))).toEqual([]);
    expect(await judged([], migrations(1))).toEqual([]);
    expect(await judged({}, migrations(1))).toEqual([]);
  });

  test('dropping, renaming and generating again what is not published', async () => {
    const published = [migrations(2)];
    expect(await judged(migrations(4), migrations(2), { published })).toEqual([]);
    const renamed = withEntries(without(migrations(3), 'drizzle/0002_step_2.sql'), (entries) =>
      entries.map((entry) =>
        entry.idx === 2 ? { ...entry, tag: '0002_better', when: entry.when + 9 } : entry,
      ),
    );
    expect(
      await judged(
        migrations(3),
        { ...renamed, 'drizzle/0002_better.sql': 'SELECT 1;' },
        { published },
      ),
    ).toEqual([]);
  });

  test('another form of the journal file, and a folder that moved with all its content', async () => {
    expect(
      await judged(
        migrations(3),
        edited(migrations(3), JOURNAL, (text) => JSON.stringify(JSON.parse(text))),
      ),
    ).toEqual([]);
    const change = await changeOf([migrations(3)], migrations(3));
    const moved = await changeOf(
      [migrations(3, { out: 'db/out' })],
      migrations(3, { out: 'db/out' }),
      { out: 'db/out' },
    );
    expect(judge(rule, { ...change, after: moved.after })).toEqual([]);
  });

  test('a stamp that goes back to its published form', async () => {
    const wrong = withEntries(migrations(3), (entries) =>
      entries.map((entry) => ({ ...entry, when: entry.when + 5 })),
    );
    expect(await judged(wrong, migrations(3), { published: [migrations(3)] })).toEqual([]);
  });

  test('a stamp that did not rise and now does: there is no other fix', async () => {
    const [low, lower, fixed] = [5, 4, whenOf(0) + 1].map((when) =>
      withEntries(migrations(3), (entries) => entries.with(1, { ...entries[1]!, when })),
    );
    expect(await judged(low!, fixed!)).toEqual([]);
    expect(await judged(misnamed(low!), misnamed(fixed!))).toEqual([]);
    expect(await judged(low!, lower!)).toMatchObject([
      { message: expect.stringContaining('when 5 -> 4') },
    ]);
  });

  test('what did not rise, made again under another name: no database knows names', async () => {
    expect(await judged(sunken, regenerated())).toEqual([]);
    expect(
      await judged(sunken, {
        ...regenerated(),
        'drizzle/0001_other.sql': `${sunken[SQL]}-- and more`,
      }),
    ).toMatchObject([{ message: expect.stringContaining('renamed to 0001_other') }]);
    expect(await judged(sunken, regenerated({ when: 6 }))).toMatchObject([
      { message: expect.stringContaining('renamed to 0001_other') },
    ]);
    expect(await judged(sunken, regenerated({ idx: 5 }))).toMatchObject([
      { message: expect.stringContaining('renamed to 0001_other') },
    ]);
    expect(await judged(migrations(3), regenerated())).toMatchObject([
      { message: expect.stringContaining('renamed to 0001_other') },
    ]);
  });

  test('an order that is put right again', async () => {
    const swapped = withEntries(migrations(3), ([a, b, c]) => [a!, c!, b!]);
    expect(await judged(swapped, migrations(3), { published: [migrations(3)] })).toEqual([]);
  });

  test('an unreadable journal: that is a finding of its own', async () => {
    expect(await judged(migrations(3), { ...migrations(3), [JOURNAL]: '{' })).toEqual([]);
  });
});

describe('what must not', () => {
  test('a migration whose entry and files are gone is one finding', async () => {
    const found = await judged(migrations(3), without(drop(migrations(3), 1), SQL, SNAPSHOT));
    expect(found).toMatchObject([
      {
        entities: ['0001_step_1: gone'],
        message: 'the published migration 0001_step_1 was removed',
      },
    ]);
    expect(found[0]?.fix[0]?.run).toBe(
      `git restore --source=HEAD --staged --worktree -- :/${JOURNAL} :/${SQL} :/${SNAPSHOT}`,
    );
  });

  test('its entry gone, its files left', async () => {
    const found = await judged(migrations(3), drop(migrations(3), 1));
    expect(found).toMatchObject([
      {
        entities: ['0001_step_1: gone'],
        message: expect.stringContaining(`${SQL} and ${SNAPSHOT} stayed`),
      },
    ]);
    expect(found[0]?.fix[0]?.run).toBe(
      `git restore --source=HEAD --staged --worktree -- :/${JOURNAL}`,
    );
  });

  test.each([
    [[SQL], `${SQL} of the published migration 0001_step_1 was removed`],
    [[SNAPSHOT], `${SNAPSHOT} of the published migration 0001_step_1 was removed`],
    [[SQL, SNAPSHOT], `${SQL} and ${SNAPSHOT} of the published migration 0001_step_1 were removed`],
  ])('files gone: %j', async (paths, message) => {
    expect(await judged(migrations(3), without(migrations(3), ...paths))).toMatchObject([
      { message },
    ]);
  });

  test('a file that moved is named with its new place', async () => {
    const files = migrations(3);
    expect(
      await judged(files, { ...without(files, SQL), 'drizzle/renamed.sql': files[SQL] ?? '' }),
    ).toMatchObject([
      { message: expect.stringContaining('was removed (now drizzle/renamed.sql)') },
    ]);
  });

  test('a rename of tag, SQL and snapshot is one finding', async () => {
    const files = migrations(3);
    const tagged = withEntries(without(files, SQL, SNAPSHOT), (entries) =>
      entries.map((entry) => (entry.idx === 1 ? { ...entry, tag: '0007_other', idx: 7 } : entry)),
    );
    const renamed = {
      ...tagged,
      'drizzle/0007_other.sql': files[SQL] ?? '',
      'drizzle/meta/0007_snapshot.json': files[SNAPSHOT] ?? '',
    };
    expect(await judged(files, renamed)).toMatchObject([
      { entities: ['0001_step_1: renamed to 0007_other'] },
    ]);
  });

  test('a rename in the journal alone', async () => {
    const renamed = withEntries(migrations(3), (entries) =>
      entries.map((entry) => (entry.idx === 1 ? { ...entry, tag: '0001_other' } : entry)),
    );
    expect(await judged(migrations(3), renamed)).toMatchObject([
      { entities: ['0001_step_1: renamed to 0001_other'] },
    ]);
  });

  test.each([
    ['when', { when: 5 }],
    ['idx', { idx: 9 }],
    ['breakpoints', { breakpoints: false }],
    ['version', { version: '6' }],
  ] as const)('a new %s', async (field, fields) => {
    const found = await judged(
      migrations(3),
      withEntries(migrations(3), (entries) =>
        entries.map((entry) => (entry.idx === 1 ? { ...entry, ...fields } : entry)),
      ),
    );
    expect(found).toMatchObject([
      {
        message: expect.stringContaining(
          `the journal entry of the published migration 0001_step_1 changed: ${field} `,
        ),
      },
    ]);
  });

  test('re-stamping many is one finding', async () => {
    const found = await judged(
      migrations(9),
      withEntries(migrations(9), (entries) =>
        entries.map((entry) => ({ ...entry, when: entry.when + 1 })),
      ),
    );
    expect(found).toMatchObject([
      { message: '9 published migrations have changed journal entries' },
    ]);
  });

  test('another order', async () => {
    expect(
      await judged(
        migrations(4),
        withEntries(migrations(4), ([a, b, c, d]) => [a!, c!, b!, d!]),
      ),
    ).toMatchObject([
      {
        entities: ['0001_step_1: reordered', '0002_step_2: reordered'],
        message: 'the published migrations 0001_step_1 and 0002_step_2 were reordered',
      },
    ]);
  });

  test.each([
    ['all files', {}],
    ['all but an empty journal', withEntries(migrations(0), () => [])],
    ['the journal alone', without(migrations(40), JOURNAL)],
  ])('a whole history gone (%s) is one finding with the count', async (_, after) => {
    const found = await judged(migrations(40), after);
    expect(found).toMatchObject([
      { message: 'the whole history was removed: 40 published migrations' },
    ]);
    expect(found[0]?.entities).toHaveLength(40);
  });

  test('a removal counts although the rest is regenerated', async () => {
    const squashed = {
      ...withEntries(migrations(0), () => [
        { idx: 0, version: '7', when: whenOf(50), tag: '0000_baseline', breakpoints: true },
      ]),
      'drizzle/0000_baseline.sql': '',
    };
    expect(await judged(migrations(5), squashed)).toMatchObject([
      { message: '5 published migrations were removed' },
    ]);
  });
});

describe('in a merge', () => {
  const base = migrations(2);
  const theirs = migrations(3);
  const mine = {
    ...withEntries(base, (entries) => [
      ...entries,
      { ...entries[1]!, idx: 2, tag: '0002_mine', when: whenOf(4) },
    ]),
    'drizzle/0002_mine.sql': 'SELECT 1;',
    'drizzle/meta/0002_snapshot.json': snapshot(snapshotId(50), snapshotId(1)),
  };
  const options = { published: [base, theirs], mergeBase: base };

  test('theirs, and mine made again on top of it, is honest', async () => {
    const joined = {
      ...withEntries(theirs, (entries) => [
        ...entries,
        { ...entries[2]!, idx: 3, tag: '0003_mine', when: whenOf(6) },
      ]),
      'drizzle/0003_mine.sql': 'SELECT 1;',
      'drizzle/meta/0003_snapshot.json': snapshot(snapshotId(51), snapshotId(2)),
    };
    expect(await judged([mine, theirs], joined, options)).toEqual([]);
  });

  test('mine alone drops what they published', async () => {
    expect(await judged([mine, theirs], mine, options)).toMatchObject([
      { entities: ['0002_step_2: gone'] },
    ]);
    expect(await judged([mine, theirs], mine, { published: [base, theirs] })).toMatchObject([
      { entities: ['0002_step_2: gone'] },
    ]);
  });

  test('what one parent had removed before is not this merge', async () => {
    const squashed = migrations(1);
    const one = { published: [theirs, squashed], mergeBase: theirs };
    expect(await judged([theirs, squashed], squashed, one)).toEqual([]);
    expect(await judged([theirs, squashed], squashed, { published: [theirs, squashed] })).toEqual(
      [],
    );
  });

  test('a form that either parent has is unchanged', async () => {
    const stamped = withEntries(base, (entries) =>
      entries.map((entry) => ({ ...entry, when: entry.when + 1 })),
    );
    expect(await judged([base, stamped], stamped, { published: [base], mergeBase: base })).toEqual(
      [],
    );
  });
});
