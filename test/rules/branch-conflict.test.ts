import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OtherBranch, ProjectChange } from '../../src/facts/change.ts';
import type { JournalEntry } from '../../src/history/history.ts';
import { indexPrefix, planUp, prefixOf } from '../../src/history/layout.ts';
import { ORIGIN_ID } from '../../src/history/snapshot.ts';
import { rule } from '../../src/rules/branch-conflict.ts';
import { rule as journalOrder } from '../../src/rules/journal-order.ts';
import { rule as snapshotChain } from '../../src/rules/snapshot-chain.ts';
import {
  changeOf,
  edited,
  judge,
  migrations,
  publishedIn,
  snapshot,
  snapshotId,
  stateOf,
  whenOf,
  withEntries,
  without,
  type Files,
  type MigrationsOptions,
} from '../support/history.ts';

/** One migration of a branch; everything that the rule looks at can be set. */
interface Made {
  readonly tag: string;
  readonly idx: number;
  readonly when: number;
  readonly id: string;
  readonly prevId: string;
}

const BASE = 3;
const id = (who: string, at: number) =>
  `${Buffer.from(who.padEnd(4, '-')).toString('hex')}-0000-4000-8000-${String(at).padStart(12, '0')}`;

/** What `who` made on top of the base, as drizzle-kit would: the `at`-th of them. */
function made(who: string, at = 0, over: Partial<Made> = {}): Made {
  const idx = over.idx ?? BASE + at;
  return {
    tag: `${indexPrefix(idx)}_${who}_${at}`,
    idx,
    when: whenOf(BASE + at) + 1,
    id: id(who, at),
    prevId: at === 0 ? snapshotId(BASE - 1) : id(who, at - 1),
    ...over,
  };
}

/**
 * The base with more on top of it; where two claim one snapshot file the later one replaces the
 * other, as a merge would.
 */
function grown(more: readonly Made[], files: Files = migrations(BASE)): Files {
  const entries = withEntries(files, (known) => [
    ...known,
    ...more.map(({ tag, idx, when }): JournalEntry => ({
      idx,
      version: '7',
      when,
      tag,
      breakpoints: true,
    })),
  ]);
  const added = more.flatMap((one) => [
    [`drizzle/${one.tag}.sql`, `SELECT '${one.id}';`],
    [`drizzle/meta/${prefixOf(one.tag) ?? one.tag}_snapshot.json`, snapshot(one.id, one.prevId)],
  ]);
  return { ...entries, ...Object.fromEntries(added) };
}

interface Meeting extends MigrationsOptions {
  readonly parted?: Files | null;
  readonly name?: string;
  readonly advisory?: true;
}

const other = async (
  files: Files,
  { parted = migrations(BASE), name = 'origin/main', advisory, ...options }: Meeting = {},
): Promise<OtherBranch> => ({
  name,
  history: (await stateOf(files, options)).history,
  ...(parted === null ? {} : { parted: (await stateOf(parted, options)).history }),
  ...(advisory === undefined ? {} : { advisory }),
});

async function meeting(
  ours: Files,
  others: readonly (Files | OtherBranch)[],
  { parted = migrations(BASE), ...more }: Meeting = {},
): Promise<ProjectChange> {
  const options = { ...more, parted };
  const read = await Promise.all(
    others.map((one) => ('history' in one ? (one as OtherBranch) : other(one as Files, options))),
  );
  // What the engine judges is all that came since they parted: its snapshots are read.
  return { ...(await changeOf([options.parted ?? {}], ours, options)), others: read };
}

const said = async (ours: Files, theirs: Files, options: Meeting = {}) =>
  judge(rule, await meeting(ours, [theirs], options));
const kinds = async (ours: Files, theirs: Files, options: Meeting = {}) =>
  (await said(ours, theirs, options)).flatMap(({ entities }) => entities);

describe('two branches that both made number 3', () => {
  test('are one finding with all that clashes, and the commands that fix it', async () => {
    const found = await said(
      grown([made('mine', 0, { when: whenOf(BASE) - 9 })]),
      grown([made('theirs')]),
    );
    expect(found).toMatchObject([
      {
        path: 'drizzle/meta/_journal.json',
        entities: [
          '0003_mine_0: idx (origin/main)',
          '0003_mine_0: prefix (origin/main)',
          '0003_mine_0: when (origin/main)',
          '0003_mine_0: parent (origin/main)',
        ],
        message:
          '0003_mine_0 conflicts with origin/main, which now has 0003_theirs_0 (same idx, same prefix, `when` not above, snapshot with another parent)',
      },
    ]);
    expect(found[0]?.detail?.split('\n')).toEqual([
      "0003_mine_0 and 0003_theirs_0 both have idx 3: the next generate of either branch overwrites the other's files",
      '0003_mine_0 and 0003_theirs_0 both have drizzle/meta/0003_snapshot.json: one snapshot replaces the other',
      expect.stringMatching(
        /^0003_mine_0 \(`when` \d+, 2024-01-01T03:00:00\.114Z\) is not above 0003_theirs_0 \(.*\): every database that has the latter silently skips the former$/,
      ),
      'the snapshot of 0003_mine_0 does not follow 0003_theirs_0, the newest of origin/main: its SQL was generated for a database without it',
    ]);
    expect(found[0]?.fix.map(({ run }) => run)).toEqual([
      'git merge origin/main',
      'npx drizzle-guard rebase --continue',
    ]);
  });

  test('name every one of ours and of theirs', async () => {
    const [found] = await said(
      grown([made('mine'), made('mine', 1)]),
      grown([made('theirs'), made('theirs', 1)]),
    );
    expect(found?.message).toContain(
      '0003_mine_0 and 0004_mine_1 conflict with origin/main, which now has 0003_theirs_0 and 0004_theirs_1 (',
    );
    expect(found?.detail).toContain(
      '0003_mine_0 and 0003_theirs_0 both have idx 3, 0004_mine_1 and 0004_theirs_1 both have idx 4',
    );
    const five = Array.from({ length: 5 }, (_, at) => made('theirs', at));
    expect((await said(grown([made('mine')]), grown(five)))[0]?.message).toContain(
      '5 migrations (0003_theirs_0 to 0007_theirs_4)',
    );
  });

  test('the fingerprint holds no oid and no line, and each branch has its own', async () => {
    const change = await meeting(grown([made('mine')]), [
      await other(grown([made('a')]), { name: 'origin/a' }),
      await other(grown([made('b')]), { name: 'origin/b' }),
    ]);
    expect(judge(rule, change).map(({ entities }) => entities[0])).toEqual([
      '0003_mine_0: idx (origin/a)',
      '0003_mine_0: idx (origin/b)',
    ]);
  });
});

describe('each clash by itself', () => {
  const theirs = [made('theirs')];
  /** Ours as it would be if it had been made on top of theirs. */
  const onTop: Made = {
    ...made('mine', 0, { idx: BASE + 1 }),
    when: whenOf(BASE + 1),
    prevId: id('theirs', 0),
  };
  test.each<[string, Partial<Made>, readonly string[]]>([
    ['none', {}, []],
    ['idx', { idx: BASE }, ['0004_mine_0: idx (origin/main)']],
    ['prefix', { tag: '0003_late' }, ['0003_late: prefix (origin/main)']],
    ['name', { tag: '0003_theirs_0' }, ['0003_theirs_0: tag (origin/main)']],
    ['when, equal', { when: theirs[0]!.when }, ['0004_mine_0: when (origin/main)']],
    ['when, below', { when: theirs[0]!.when - 1 }, ['0004_mine_0: when (origin/main)']],
    ['parent', { prevId: snapshotId(BASE - 1) }, ['0004_mine_0: parent (origin/main)']],
  ])('%s', async (_, over, expected) => {
    expect(await kinds(grown([{ ...onTop, ...over }]), grown(theirs))).toEqual(expected);
  });

  test('names with a timestamp: idx, when and parent clash, the files do not, unless made in the same second', async () => {
    const options = { prefix: 'timestamp' } as const;
    const parted = migrations(BASE, options);
    const at = (tag: string, who: string, over: Partial<Made> = {}) =>
      grown([made(who, 0, { tag, ...over })], parted);
    expect(
      await kinds(
        at('20240101030000_mine', 'mine'),
        at('20240101020000_theirs', 'theirs', { when: whenOf(BASE) }),
        { ...options, parted },
      ),
    ).toEqual([
      '20240101030000_mine: idx (origin/main)',
      '20240101030000_mine: parent (origin/main)',
    ]);
    expect(
      await kinds(
        at('20240101030000_mine', 'mine'),
        at('20240101030000_theirs', 'theirs', { when: whenOf(BASE) }),
        { ...options, parted },
      ),
    ).toContain('20240101030000_mine: prefix (origin/main)');
  });

  test('prefix none: one file for all snapshots is no clash of two branches', async () => {
    expect(
      await kinds(
        grown([made('mine', 0, { tag: '_mine' })]),
        grown([made('theirs', 0, { tag: '_theirs' })]),
      ),
    ).toEqual(['_mine: idx (origin/main)', '_mine: when (origin/main)']);
  });
});

describe('is silent', () => {
  test.each<[string, Files, Files]>([
    ['when nobody made anything', migrations(BASE), migrations(BASE)],
    ['when only they did', migrations(BASE), grown([made('theirs')])],
    ['when only we did', grown([made('mine')]), migrations(BASE)],
    [
      'when both took over the same one, byte for byte',
      grown([made('shared'), made('mine', 1, { prevId: id('shared', 0) })]),
      grown([made('shared')]),
    ],
    ['when they went back', grown([made('mine')]), migrations(BASE - 1)],
    ['when they have no migrations any more', grown([made('mine')]), {}],
    [
      'when ours were made on top of theirs',
      grown([made('theirs'), made('mine', 1, { prevId: id('theirs', 0) })]),
      grown([made('theirs')]),
    ],
  ])('%s', async (_, ours, theirs) => {
    expect(await said(ours, theirs)).toEqual([]);
  });

  test('when nobody asked for other branches', async () => {
    expect(judge(rule, await changeOf([], grown([made('mine')])))).toEqual([]);
  });

  test('and not when the same name hides other bytes', async () => {
    const shared = grown([made('shared')]);
    expect(
      await kinds(
        edited(shared, 'drizzle/0003_shared_0.sql', (sql) => `${sql}\n`),
        shared,
      ),
    ).toEqual([
      '0003_shared_0: tag (origin/main)',
      '0003_shared_0: when (origin/main)',
      '0003_shared_0: parent (origin/main)',
    ]);
  });
});

describe('what cannot be read', () => {
  test('a broken journal of theirs is named and is no finding of ours', async () => {
    const broken = edited(
      grown([made('theirs')]),
      'drizzle/meta/_journal.json',
      (text) => `<<<<<<< HEAD\n${text}`,
    );
    expect(await said(grown([made('mine')]), broken)).toMatchObject([
      {
        severity: 'note',
        entities: ['0003_mine_0: unknown (origin/main)'],
        message:
          'the journal of origin/main cannot be read: whether 0003_mine_0 conflicts with it is not known',
      },
    ]);
    expect(await said(migrations(BASE), broken)).toEqual([]);
  });

  test('a journal of ours is the fact of another rule', async () => {
    expect(
      await said(
        edited(grown([made('mine')]), 'drizzle/meta/_journal.json', () => '{'),
        grown([made('theirs')]),
      ),
    ).toEqual([]);
  });

  test('without our snapshot, and without theirs, the numbers clash anyway', async () => {
    const bare = (who: string) => without(grown([made(who)]), 'drizzle/meta/0003_snapshot.json');
    const expected = [
      '0003_mine_0: idx (origin/main)',
      '0003_mine_0: prefix (origin/main)',
      '0003_mine_0: when (origin/main)',
    ];
    expect(await kinds(bare('mine'), grown([made('theirs')]))).toEqual(expected);
    expect(await kinds(grown([made('mine')]), bare('theirs'))).toEqual(expected);
  });

  test('with nothing in common at all, everything of both sides counts', async () => {
    expect(await kinds(migrations(1), migrations(0), { parted: null })).toEqual([]);
    const theirs = withEntries(migrations(1), ([entry]) => [{ ...entry!, tag: '0000_theirs' }]);
    expect(await kinds(migrations(1), theirs, { parted: null })).toContain(
      '0000_step_0: idx (origin/main)',
    );
  });
});

describe('several branches', () => {
  test('what is reported for the base is not reported again for each branch that has it too', async () => {
    const base = await other(grown([made('theirs')]));
    const copy = await other(grown([made('theirs')]), { name: 'origin/develop' });
    const more = await other(grown([made('theirs'), made('theirs', 1)]), { name: 'origin/next' });
    const names = async (...others: readonly OtherBranch[]) =>
      judge(rule, await meeting(grown([made('mine')]), others)).map(
        ({ entities }) => /\((.*)\)/.exec(entities[0] ?? '')?.[1],
      );
    expect(await names(base, copy)).toEqual(['origin/main']);
    expect(await names(base, copy, more)).toEqual(['origin/main', 'origin/next']);
  });

  test('a branch that is only advised against is a warning, and comes last', async () => {
    const mate = await other(grown([made('mate')]), { name: 'origin/mate', advisory: true });
    const judged = async (...others: readonly OtherBranch[]) =>
      judge(rule, await meeting(grown([made('mine')]), others));
    expect(await judged(mate)).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('origin/mate') },
    ]);
    expect((await judged(mate))[0]?.fix[0]?.text).toContain(
      'Whichever of the two is merged second',
    );
    expect(
      (await judged(mate, await other(grown([made('theirs')])))).map(({ message, severity }) => [
        message.includes('origin/main'),
        severity,
      ]),
    ).toEqual([[true, undefined]]);
  });
});

describe('a branch that is only advised against', () => {
  /** It parted when there were two, made a third, and was left. */
  const stale = () =>
    other(
      grown(
        [made('stale', 0, { idx: 2, prevId: snapshotId(1), when: whenOf(2) + 5 })],
        migrations(2),
      ),
      { parted: migrations(2), name: 'origin/stale', advisory: true },
    );

  test('and lags behind says nothing about what was made since: it is no news', async () => {
    expect(judge(rule, await meeting(grown([made('mine')]), [await stale()]))).toEqual([]);
    expect(
      judge(
        rule,
        await meeting(grown([made('mine')]), [
          { ...(await stale()), advisory: undefined as never },
        ]),
      ).flatMap(({ entities }) => entities),
    ).toContain('0002_step_2: idx (origin/stale)');
  });

  test('does not count against what others have by now', async () => {
    const ours = grown([made('mine')]);
    const mate = await other(grown([made('mate')]), { name: 'origin/mate', advisory: true });
    const change = await meeting(ours, [mate]);
    expect(judge(rule, change)).toHaveLength(1);
    expect(judge(rule, { ...change, published: publishedIn([ours]) })).toEqual([]);
  });
});

describe('over all partings', () => {
  /** What a merge records that keeps both sides: theirs as they are, ours after them. */
  const merged = (ours: readonly Made[], theirs: readonly Made[]) => grown([...theirs, ...ours]);
  const problems = async (files: Files) => {
    const state = await stateOf(files);
    return [journalOrder, snapshotChain].flatMap((one) =>
      judge(one, state).flatMap(({ entities }) => entities),
    );
  };
  const chain = (
    who: string,
    count: number,
    from: { idx: number; when: number; prevId: string },
  ): readonly Made[] =>
    Array.from({ length: count }, (_, at) =>
      made(who, at, {
        idx: from.idx + at,
        when: from.when + at * 1000,
        prevId: at === 0 ? from.prevId : id(who, at - 1),
      }),
    );
  const asBase = { idx: BASE, when: whenOf(BASE), prevId: snapshotId(BASE - 1) };

  test('both sides sound: it speaks where both made something, and there alone; what it lets through can be merged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(3),
        fc.nat(3),
        fc.nat(3),
        fc.integer({ min: -5000, max: 5000 }),
        async (shared, mine, others, later) => {
          const common = chain('both', shared, asBase);
          const from =
            shared === 0
              ? asBase
              : {
                  idx: BASE + shared,
                  when: whenOf(BASE) + 3_600_000,
                  prevId: id('both', shared - 1),
                };
          const [ours, theirs] = [
            chain('mine', mine, { ...from, when: from.when + later }),
            chain('theirs', others, from),
          ];
          const found = await kinds(grown([...common, ...ours]), grown([...common, ...theirs]));
          expect(found.length > 0).toBe(mine > 0 && others > 0);
          expect((await problems(merged(ours, [...common, ...theirs]))).length > 0).toBe(
            found.length > 0,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('ours prepared for theirs, or not quite: it speaks exactly where the merge is wrong', async () => {
    const count = fc.integer({ min: 1, max: 3 });
    await fc.assert(
      fc.asyncProperty(
        count,
        count,
        fc.subarray(['idx', 'prefix', 'when', 'parent'] as const),
        async (mine, others, spoilt) => {
          const theirs = chain('theirs', others, asBase);
          const ready = chain('mine', mine, {
            idx: BASE + others,
            when: whenOf(BASE) + 3_600_000,
            prevId: id('theirs', others - 1),
          });
          const [first, ...rest] = ready;
          const ours = [spoil(first!, spoilt, theirs), ...rest];
          const found = await kinds(grown(ours), grown(theirs));
          expect(new Set(found.map((one) => /: (\w+) /.exec(one)?.[1]))).toEqual(new Set(spoilt));
          expect((await problems(merged(ours, theirs))).length > 0).toBe(found.length > 0);
        },
      ),
      { numRuns: 100 },
    );
  });

  function spoil(one: Made, what: readonly string[], theirs: readonly Made[]): Made {
    const last = theirs.at(-1)!;
    return {
      ...one,
      ...(what.includes('idx') ? { idx: last.idx } : {}),
      ...(what.includes('prefix') ? { tag: `${indexPrefix(last.idx)}_spoilt` } : {}),
      ...(what.includes('when') ? { when: last.when } : {}),
      ...(what.includes('parent') ? { prevId: snapshotId(BASE - 1) } : {}),
    };
  }
});

describe('one branch with a journal, and one that ran drizzle-kit up', () => {
  /** As `up` moves the migrations; its snapshots count for nothing here. */
  const moved = (files: Files): Files =>
    Object.fromEntries(
      (
        JSON.parse(String(files['drizzle/meta/_journal.json'])) as { entries: JournalEntry[] }
      ).entries
        .map(({ tag, when }, at) => ({
          folder: planUp('drizzle', [{ tag, when }])[0]?.folder ?? '',
          sql: files[`drizzle/${tag}.sql`] ?? '',
          prevIds: [at === 0 ? ORIGIN_ID : `id-${at - 1}`],
          id: `id-${at}`,
        }))
        .flatMap(({ folder, sql, ...json }) => [
          [`drizzle/${folder}/migration.sql`, sql],
          [
            `drizzle/${folder}/snapshot.json`,
            JSON.stringify({ version: '9', dialect: 'postgres', type: 'base', ddl: [], ...json }),
          ],
        ]),
    );

  test('is refused, whichever of the two it is, with the commands that put it in order', async () => {
    const ahead = grown([made('mine')]);
    for (const [ours, theirs] of [
      [ahead, moved(migrations(BASE))],
      [moved(migrations(BASE)), ahead],
    ] as const) {
      const found = await said(ours, theirs);
      expect(found).toMatchObject([
        {
          entities: ['0003_mine_0: other layout (origin/main)'],
          message: expect.stringContaining('0003_mine_0 of '),
          fix: [
            { run: 'git merge --no-commit --no-ff origin/main' },
            { run: 'npx drizzle-guard rebase --continue' },
          ],
        },
      ]);
      expect(found[0]?.severity).toBeUndefined();
    }
  });

  test('is not, where nothing was made in the journal since, or what was is in folders', async () => {
    const ahead = grown([made('mine')]);
    expect(await kinds(migrations(BASE), moved(migrations(BASE)))).toEqual([]);
    expect(await kinds(moved(migrations(BASE)), migrations(BASE))).toEqual([]);
    expect(await kinds(ahead, moved(ahead))).toEqual([]);
    expect(await kinds(moved(ahead), ahead)).toEqual([]);
  });
});
