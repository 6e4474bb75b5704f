import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/history/history.ts';
import { rule as bundleStale } from '../../src/rules/bundle-stale.ts';
import { rule as journalOrder } from '../../src/rules/journal-order.ts';
import { rule as migrationIncomplete } from '../../src/rules/migration-incomplete.ts';
import { rule as migrationOrphaned } from '../../src/rules/migration-orphaned.ts';
import { rule as snapshotChain } from '../../src/rules/snapshot-chain.ts';
import {
  edited,
  judge,
  migrations,
  NOW,
  snapshot,
  snapshotId,
  stateOf,
  whenOf,
  withEntries,
  without,
  type Files,
} from '../support/history.ts';

const order = async (files: Files, options = {}) =>
  judge(journalOrder, await stateOf(files, options));
const chain = async (files: Files, options = {}) =>
  judge(snapshotChain, await stateOf(files, options));
const names = (findings: readonly { entities: readonly string[] }[]) =>
  findings.flatMap((one) => one.entities);

/** The history with one entry changed. */
function set(at: number, fields: Partial<JournalEntry>, files = migrations(5)): Files {
  return withEntries(files, (entries) =>
    entries.map((entry, position) => (position === at ? { ...entry, ...fields } : entry)),
  );
}

/** Two branches that both made number 2, merged by taking both entries. */
function clash(): Files {
  const files = migrations(3);
  const both = withEntries(files, (entries) => [
    ...entries,
    { ...entries[2]!, tag: '0002_mine', when: whenOf(3) },
  ]);
  return { ...both, 'drizzle/0002_mine.sql': 'SELECT 1;' };
}

describe('journal-order: numbers and names', () => {
  test('a gap is one finding, at the entry after it', async () => {
    const files = without(
      withEntries(migrations(6), (entries) => entries.filter(({ idx }) => idx !== 2)),
      'drizzle/0002_step_2.sql',
      'drizzle/meta/0002_snapshot.json',
    );
    expect(await order(files)).toMatchObject([
      {
        entities: ['0003_step_3: idx gap'],
        message: '0003_step_3 has idx 3 and is the entry after 0001_step_1 (idx 1): 2 is missing',
      },
    ]);
  });

  test('an idx that is wrong by hand: the exact edit is in the fix', async () => {
    const found = await order(set(4, { idx: 7 }));
    expect(names(found)).toEqual(['0004_step_4: idx gap', '0004_step_4: prefix']);
    expect(found[0]?.fix.map(({ text }) => text)).toContain(
      'If only the number is wrong: in drizzle/meta/_journal.json set "idx" of 0004_step_4 to 4.',
    );
  });

  test('after one that is misnamed, either number counts on', async () => {
    const misnamed = set(3, { tag: '0004_step_3' }, migrations(4));
    const next = (tag: string, idx: number) =>
      withEntries(misnamed, (entries) => [
        ...entries,
        { ...entries[3]!, tag, idx, when: whenOf(4) },
      ]);
    const problem = '0004_step_3: prefix';
    expect(names(await order(next('0005_step_4', 5)))).toEqual([problem]);
    expect(names(await order(next('0005_step_4', 4)))).toEqual([problem, '0005_step_4: prefix']);
    expect(names(await order(next('0006_step_4', 6)))).toEqual(['0006_step_4: idx gap', problem]);
    expect(names(await order(next('0004_step_4', 4)))).toEqual([
      '0004_step_4: same snapshot as 0004_step_3',
      problem,
    ]);
  });

  test('two branches that both made number 2', async () => {
    expect(await order(clash())).toMatchObject([
      {
        entities: ['0002_mine: idx repeats', '0002_mine: same snapshot as 0002_step_2'],
        message: expect.stringContaining('both have idx 2'),
        detail: expect.stringContaining('both claim drizzle/meta/0002_snapshot.json'),
      },
    ]);
  });

  test('a history that does not begin with 0', async () => {
    expect(
      names(
        await order(
          withEntries(migrations(1), (entries) =>
            entries.map((entry) => ({ ...entry, idx: 3, tag: '0003_late' })),
          ),
        ),
      ),
    ).toEqual(['0003_late: idx gap']);
  });

  test('a tag that is there twice', async () => {
    expect(
      names(
        await order(
          withEntries(migrations(2), (entries) => [
            ...entries,
            { ...entries[1]!, idx: 2, when: whenOf(2) },
          ]),
        ),
      ),
    ).toEqual(['0001_step_1: tag twice', '0001_step_1: prefix']);
  });

  test('names that do not begin with their idx are one finding; other prefixes are none', async () => {
    const shifted = withEntries(migrations(4), (entries) =>
      entries.map((entry) =>
        entry.idx < 2
          ? entry
          : {
              ...entry,
              tag: entry.tag.replace(/^\d+/, (digits) =>
                String(Number(digits) + 1).padStart(4, '0'),
              ),
            },
      ),
    );
    expect(await order(shifted)).toMatchObject([
      {
        entities: ['0003_step_2: prefix', '0004_step_3: prefix'],
        message: 'the names of 0003_step_2 and 0004_step_3 do not begin with their idx',
      },
    ]);
    const byHand = withEntries(migrations(2), (entries) =>
      entries.map((entry) => ({ ...entry, tag: ['add_users', '20240101_init'][entry.idx]! })),
    );
    expect(await order(byHand)).toEqual([]);
  });
});

describe('journal-order: when', () => {
  test('not above every earlier one: the migrator skips it, and the fix says to what', async () => {
    const found = await order(set(3, { when: whenOf(1) }));
    expect(found).toMatchObject([
      {
        entities: ['0003_step_3: when does not rise'],
        message: expect.stringMatching(
          /^the `when` of 0003_step_3 is not above that of 0002_step_2: every database .* silently skips it$/,
        ),
      },
    ]);
    // A second later, so that drizzle-kit up of 1.x gives it a folder of its own second.
    expect(found[0]?.fix).toMatchObject([
      { text: expect.stringContaining(`set "when" of 0003_step_3 to ${whenOf(2) + 1000} `) },
    ]);
  });

  test('equal is not above', async () => {
    expect(names(await order(set(3, { when: whenOf(2) })))).toEqual([
      '0003_step_3: when does not rise',
    ]);
  });

  test('all that lie below one entry are one finding', async () => {
    expect(names(await order(set(1, { when: whenOf(3) + 1 })))).toEqual([
      '0002_step_2: when does not rise',
      '0003_step_3: when does not rise',
    ]);
  });

  test('the fix of all of them rises too', async () => {
    const found = await order(set(1, { when: whenOf(3) + 1 }));
    const fixed = found[0]?.fix.reduce(
      (files, { text }) => {
        const [, tag, when] = /"when" of (\w+) to (\d+)/.exec(text) ?? [];
        return withEntries(files, (entries) =>
          entries.map((entry) => (entry.tag === tag ? { ...entry, when: Number(when) } : entry)),
        );
      },
      set(1, { when: whenOf(3) + 1 }),
    );
    expect(fixed === undefined ? undefined : await order(fixed)).toEqual([]);
  });

  test('one second for two, which drizzle-kit up would put in another order: a note', async () => {
    expect(names(await order(set(3, { when: whenOf(2) + 1 })))).toEqual([]);
    const [found, ...others] = await order(
      withEntries(migrations(4), (entries) =>
        entries.map((one) =>
          one.idx < 3 ? one : { ...one, tag: '0003_early', when: whenOf(2) + 1 },
        ),
      ),
    );
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      entities: ['0003_early: in the second of the one before'],
      severity: 'note',
      message: expect.stringMatching(
        /^drizzle-kit up of 1.x would not just move the journal: 0003_early gets the folder \d{14}_early, which sorts before \d{14}_step_2 of 0002_step_2: /,
      ),
      fix: [{ text: expect.stringContaining('Name 0003_early 0003_step_2_early') }],
    });
  });

  test('in the future, but for a few minutes', async () => {
    expect(names(await order(set(4, { when: NOW + 60_000 })))).toEqual([]);
    expect(await order(set(4, { when: NOW + 3_600_000 }))).toMatchObject([
      {
        entities: ['0004_step_4: when in the future'],
        message: expect.stringContaining('2026-01-01T01:00:00.000Z'),
      },
    ]);
  });

  test('above one that is in the future there is no other way: only the first is wrong', async () => {
    expect(
      names(await order(set(4, { when: NOW + 3_600_001 }, set(3, { when: NOW + 3_600_000 })))),
    ).toEqual(['0003_step_3: when in the future']);
  });
});

describe('snapshot-chain', () => {
  const SNAPSHOT = 'drizzle/meta/0002_snapshot.json';

  test('a prevId that dangles', async () => {
    expect(
      await chain({ ...migrations(4), [SNAPSHOT]: snapshot(snapshotId(2), snapshotId(77)) }),
    ).toMatchObject([{ path: SNAPSHOT, entities: ['0002_step_2: prevId'] }]);
  });

  test('two children of one parent: the second is wrong, once', async () => {
    expect(
      await chain({ ...migrations(4), [SNAPSHOT]: snapshot(snapshotId(2), snapshotId(0)) }),
    ).toMatchObject([
      {
        entities: ['0002_step_2: same parent as 0001_step_1', '0002_step_2: prevId'],
        message: expect.stringContaining('have the same parent'),
      },
    ]);
  });

  test('a snapshot that was copied', async () => {
    const files = migrations(3);
    expect(
      names(await chain({ ...files, [SNAPSHOT]: files['drizzle/meta/0001_snapshot.json'] ?? '' })),
    ).toEqual([
      '0002_step_2: same id as 0001_step_1',
      '0002_step_2: same parent as 0001_step_1',
      '0002_step_2: prevId',
    ]);
  });

  test.each([snapshotId(9), ''])(
    'a first one whose prevId is %j and not the root',
    async (prevId) => {
      expect(
        names(
          await chain({
            ...migrations(2),
            'drizzle/meta/0000_snapshot.json': snapshot(snapshotId(0), prevId),
          }),
        ),
      ).toEqual(['0000_step_0: prevId']);
    },
  );

  test('nothing is said about what was not read', async () => {
    const files = { ...migrations(6), [SNAPSHOT]: snapshot(snapshotId(2), snapshotId(77)) };
    expect(await chain(files, { changed: new Set(['drizzle/meta/0005_snapshot.json']) })).toEqual(
      [],
    );
    expect(
      names(await chain(files, { changed: new Set(['drizzle/meta/0001_snapshot.json']) })),
    ).toEqual(['0002_step_2: prevId']);
  });

  test("drizzle-kit's newest, the last by name, is not the journal's last", async () => {
    const reversed = withEntries(migrations(3), (entries) => [
      entries[0]!,
      entries[2]!,
      entries[1]!,
    ]);
    expect(names(await chain(reversed))).toContain('newest: 0002_snapshot.json is not the last');
  });

  test('prefix none: drizzle-kit ignores its own snapshot; said once, and the same however many there are', async () => {
    const options = { prefix: 'none' } as const;
    for (const count of [1, 3])
      expect(names(await chain(migrations(count, options), options))).toEqual([
        'newest: _snapshot.json is overlooked',
      ]);
    expect(await order(migrations(3, options), options)).toEqual([]);
  });
});

const bundle = (tags: readonly string[]) =>
  `// This file is required for Expo/React Native SQLite migrations\n\nimport journal from './meta/_journal.json';\n${tags.map((tag, at) => `import m000${at} from './${tag}.sql';\n`).join('')}\n  export default {\n    journal,\n    migrations: {\n      ${tags.map((_, at) => `m000${at}`).join(',\n')}\n    }\n  }\n  `;
const TAGS = ['0000_step_0', '0001_step_1'];
const judged = async (text: string | undefined, driver?: string) =>
  judge(
    bundleStale,
    await stateOf(
      {
        ...migrations(2, { dialect: 'sqlite' }),
        ...(text === undefined ? {} : { 'drizzle/migrations.js': text }),
      },
      { dialect: 'sqlite', ...(driver === undefined ? {} : { driver }) },
    ),
  );

describe('bundle-stale', () => {
  test('as drizzle-kit writes it', async () => {
    for (const driver of ['expo', 'durable-sqlite', undefined])
      expect(await judged(bundle(TAGS), driver)).toEqual([]);
  });

  test('missing, where the app needs it', async () => {
    expect(names(await judged(undefined, 'expo'))).toEqual(['missing']);
    expect(await judged(undefined)).toEqual([]);
  });

  test('another file of that name is none of ours', async () => {
    expect(await judged('export const migrations = {};')).toEqual([]);
  });

  test.each([
    ['a migration too few', bundle(TAGS.slice(0, 1)), ['0001_step_1: not imported']],
    ['one too many', bundle([...TAGS, '0002_dropped']), ['0002_dropped: not in the journal']],
    [
      'another file under the number',
      bundle(['0000_step_0', '0001_old']),
      ['0001_step_1: imports 0001_old'],
    ],
    [
      'imported but not listed',
      bundle(TAGS).replace('m0000,\nm0001', 'm0000'),
      ['0001_step_1: not listed'],
    ],
    [
      'commented out',
      bundle(TAGS).replace('import m0001', '// import m0001'),
      ['0001_step_1: not imported'],
    ],
  ])('%s', async (_, text, entities) => {
    expect(names(await judged(text, 'expo'))).toEqual(entities);
  });
});

describe('over all journals', () => {
  const rules = [journalOrder, migrationIncomplete, migrationOrphaned, snapshotChain];
  const said = async (files: Files, options = {}) => {
    const state = await stateOf(files, options);
    return rules.flatMap((rule) => names(judge(rule, state)));
  };
  const prefixes = fc.constantFrom(
    'index' as const,
    'timestamp' as const,
    'unix' as const,
    'supabase' as const,
  );

  test('a whole history has no finding', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(12),
        prefixes,
        // Two in one second may sort the other way round in drizzle-kit 1.x.
        fc.array(fc.integer({ min: 1000, max: 10 ** 9 }), { minLength: 12, maxLength: 12 }),
        async (count, prefix, steps) => {
          const files = withEntries(migrations(count, { prefix }), (entries) =>
            entries.map((entry, at) => ({
              ...entry,
              when: steps.slice(0, at + 1).reduce((sum, step) => sum + step, 1_600_000_000_000),
            })),
          );
          expect(await said(files, { prefix })).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('one change of any idx, when, tag or place always is', async () => {
    const mutation = fc.constantFrom('idx', 'when', 'tag', 'swap', 'drop', 'double');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 8 }),
        prefixes,
        fc.nat(100),
        fc.integer({ min: 1, max: 50 }),
        mutation,
        async (count, prefix, position, by, what) => {
          const at = position % count;
          const mutated = withEntries(migrations(count, { prefix }), (entries) =>
            mutate(entries, at, by, what),
          );
          expect(await said(mutated, { prefix })).not.toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

function mutate(
  entries: readonly JournalEntry[],
  at: number,
  by: number,
  what: string,
): readonly JournalEntry[] {
  const entry = entries[at]!;
  const other = (at + 1) % entries.length;
  if (what === 'idx') return entries.with(at, { ...entry, idx: entry.idx + by });
  // A `when` that still rises is no finding: it goes below its predecessor, or above its successor.
  if (what === 'when')
    return entries.with(at, {
      ...entry,
      when: at === 0 ? entries[1]!.when + by - 1 : entries[at - 1]!.when - by + 1,
    });
  if (what === 'tag') return entries.with(at, { ...entry, tag: `${entry.tag}_${by}` });
  if (what === 'swap') return entries.with(at, entries[other]!).with(other, entry);
  if (what === 'drop') return entries.filter((one) => one !== entry);
  return [...entries, { ...entry, idx: entries.length, when: entries.at(-1)!.when + by }];
}

test('the edits of a literal are real', () => {
  expect(() => edited(migrations(1), 'drizzle/0000_step_0.sql', (text) => text)).toThrow(
    'did not change',
  );
  expect(() => without(migrations(1), 'drizzle/none.sql')).toThrow('not in the literal');
});
