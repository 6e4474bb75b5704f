import { describe, expect, test } from 'vitest';
import type { ProjectState } from '../../src/facts/change.ts';
import { entityKey } from '../../src/model/entity.ts';
import { PREFIXES } from '../../src/project/project.ts';
import { DIALECTS } from '../../src/model/dialect.ts';
import { RULE_IDS, RULES } from '../../src/rules/index.ts';
import { rule as journalInvalid } from '../../src/rules/journal-invalid.ts';
import { rule as migrationIncomplete } from '../../src/rules/migration-incomplete.ts';
import { rule as migrationOrphaned } from '../../src/rules/migration-orphaned.ts';
import { rule as snapshotInvalid } from '../../src/rules/snapshot-invalid.ts';
import {
  edited,
  judge,
  migrations,
  snapshot,
  snapshotId,
  stateOf,
  withEntries,
  without,
  type Files,
} from '../support/history.ts';

const JOURNAL = 'drizzle/meta/_journal.json';

/** What all rules say, as "rule: entity". */
function entities(state: ProjectState): readonly string[] {
  return RULES.filter(({ judges }) => judges === 'state').flatMap((rule) =>
    judge(rule, state).flatMap((one) => one.entities.map((name) => `${rule.id}: ${name}`)),
  );
}

const all = async (files: Files, options = {}) => entities(await stateOf(files, options));

test('the list holds every rule, in the order of the report', () => {
  expect(RULES.map(({ id }) => id)).toEqual([...RULE_IDS]);
});

describe('an honest history passes every rule', () => {
  test.each(
    DIALECTS.flatMap((dialect) =>
      PREFIXES.filter((prefix) => prefix !== 'none').map((prefix) => [dialect, prefix] as const),
    ),
  )('%s with prefix %s', async (dialect, prefix) => {
    expect(await all(migrations(4, { dialect, prefix }), { dialect, prefix })).toEqual([]);
  });

  test('before the first migration, and without any folder', async () => {
    expect(await all(migrations(0))).toEqual([]);
    expect(await all({})).toEqual([]);
  });

  test('with a prefix that changed half-way', async () => {
    const [first, second] = [migrations(2), migrations(4, { prefix: 'timestamp' })];
    const old = JSON.parse(first[JOURNAL] ?? '').entries;
    const joined = {
      ...without(
        second,
        ...Object.keys(second)
          .filter((path) => path !== JOURNAL)
          .slice(0, 4),
      ),
      ...without(first, JOURNAL),
    };
    expect(
      await all(
        withEntries(joined, (entries) => [...old, ...entries.slice(2)]),
        { prefix: 'timestamp' },
      ),
    ).toEqual([]);
  });

  test('when a predecessor has no snapshot: drizzle-kit chains over it', async () => {
    const files = {
      ...without(migrations(3), 'drizzle/meta/0001_snapshot.json'),
      'drizzle/meta/0002_snapshot.json': snapshot(snapshotId(2), snapshotId(0)),
    };
    expect(await all(files)).toEqual(['migration-incomplete: 0001_step_1: no snapshot']);
  });
});

describe('journal-invalid', () => {
  test('conflict markers are named, with the line, and nothing else is said', async () => {
    const files = edited(migrations(2), JOURNAL, (text) =>
      text.replace('    {\n', '<<<<<<< HEAD\n    {\n'),
    );
    const state = await stateOf(files);
    expect(entities(state)).toEqual(['journal-invalid: holds conflict markers']);
    expect(judge(journalInvalid, state)).toMatchObject([
      { path: JOURNAL, line: 5, message: `${JOURNAL} holds conflict markers` },
    ]);
  });

  test('several problems are one finding', async () => {
    const files = edited(migrations(2), JOURNAL, (text) =>
      text.replaceAll(/"when": \d+/g, '"when": "now"'),
    );
    expect(judge(journalInvalid, await stateOf(files))).toMatchObject([
      {
        message: `${JOURNAL} has 2 errors`,
        detail: expect.stringMatching(
          /^line \d+: has a wrong shape: `when` of entries\[0\] \(0000_step_0\) is a string/,
        ),
      },
    ]);
  });

  test('a missing one beside snapshots, but not a folder of SQL that another tool may own', async () => {
    expect(await all(without(migrations(2), JOURNAL))).toEqual(['journal-invalid: missing']);
    const state = await stateOf({ 'drizzle/1_by_hand.sql': '', 'drizzle/2_by_hand.sql': '' });
    expect(judge(journalInvalid, state)).toEqual([]);
    expect(judge(migrationOrphaned, state)).toMatchObject([
      { entities: ['1_by_hand.sql', '2_by_hand.sql'], severity: 'warning' },
    ]);
  });

  test.each([
    ['postgresql', 'sqlite', ['journal-invalid']],
    ['postgresql', 'pg', []],
    ['turso', 'sqlite', []],
    ['sqlite', 'postgresql', ['journal-invalid']],
    ['mysql', 'singlestore', ['journal-invalid']],
  ] as const)('a project of %s with a journal of %s', async (dialect, word, rules) => {
    const files = migrations(1, { dialect });
    const written: unknown = JSON.parse(files[JOURNAL] ?? '').dialect;
    const state = await stateOf(
      word === written
        ? files
        : edited(files, JOURNAL, (text) =>
            text.replace(`"dialect": "${String(written)}"`, `"dialect": "${word}"`),
          ),
      { dialect },
    );
    expect(judge(journalInvalid, state).map(({ rule }) => rule)).toEqual(rules);
  });
});

describe('migration-incomplete', () => {
  test('the last snapshot missing: the next generate would repeat its statements', async () => {
    const state = await stateOf(without(migrations(3), 'drizzle/meta/0002_snapshot.json'));
    expect(entities(state)).toEqual(['migration-incomplete: 0002_step_2: no snapshot']);
    expect(judge(migrationIncomplete, state)).toMatchObject([
      {
        message:
          '0002_step_2 has a journal entry but no snapshot: the next `drizzle-kit generate` would repeat its statements',
      },
    ]);
  });

  test('one finding a migration, naming what is missing', async () => {
    const state = await stateOf(
      without(
        migrations(3),
        'drizzle/0001_step_1.sql',
        'drizzle/meta/0001_snapshot.json',
        'drizzle/0002_step_2.sql',
      ),
    );
    expect(judge(migrationIncomplete, state)).toMatchObject([
      {
        entities: ['0001_step_1: no SQL', '0001_step_1: no snapshot'],
        detail: 'missing: drizzle/0001_step_1.sql\nmissing: drizzle/meta/0001_snapshot.json',
      },
      {
        entities: ['0002_step_2: no SQL'],
        message: expect.stringContaining('the migrator throws'),
      },
    ]);
  });

  test('SQL with conflict markers, journalled or not', async () => {
    const state = await stateOf(
      edited(
        { ...migrations(1), 'drizzle/other.sql': 'SELECT 1;\n>>>>>>> main\n' },
        'drizzle/0000_step_0.sql',
        (text) => `<<<<<<< HEAD\n${text}`,
      ),
    );
    expect(judge(migrationIncomplete, state)).toMatchObject([
      {
        path: 'drizzle/0000_step_0.sql',
        line: 1,
        message: 'drizzle/0000_step_0.sql holds conflict markers: no database can run it',
      },
      { path: 'drizzle/other.sql', line: 2 },
    ]);
  });

  test('only the new part is reported', async () => {
    const state = await stateOf(
      without(migrations(1), 'drizzle/0000_step_0.sql', 'drizzle/meta/0000_snapshot.json'),
    );
    const [draft] = [...migrationIncomplete.check(state)];
    const lacking = draft?.entities.filter((one) => entityKey(one) === '0000_step_0: no snapshot');
    expect(lacking).toHaveLength(1);
    expect(draft?.describe(lacking ?? [])).toMatchObject({
      message: expect.stringContaining('but no snapshot'),
      detail: 'missing: drizzle/meta/0000_snapshot.json',
    });
  });
});

describe('migration-orphaned', () => {
  test('SQL and snapshot of one lost entry are one finding, and it says when drizzle-kit would diff against it', async () => {
    const state = await stateOf(withEntries(migrations(3), (entries) => entries.slice(0, 2)));
    expect(entities(state)).toEqual([
      'migration-orphaned: 0002_step_2.sql',
      'migration-orphaned: meta/0002_snapshot.json',
      'migration-orphaned: meta/0002_snapshot.json: newest',
    ]);
    expect(judge(migrationOrphaned, state)).toMatchObject([
      {
        path: 'drizzle/0002_step_2.sql',
        message:
          'drizzle/0002_step_2.sql and drizzle/meta/0002_snapshot.json have no entry in the journal: drizzle-kit would diff the next migration against that snapshot, and the migrator never runs the SQL',
      },
    ]);
  });

  test('SQL alone; in the folder of the Supabase CLI only a warning', async () => {
    const state = await stateOf({ ...migrations(1), 'drizzle/seed.sql': '' });
    expect(judge(migrationOrphaned, state)).toMatchObject([
      { entities: ['seed.sql'], message: expect.stringContaining('the migrator never runs it') },
    ]);
    expect(judge(migrationOrphaned, state)[0]?.severity).toBeUndefined();
    const out = 'supabase/migrations';
    expect(
      judge(
        migrationOrphaned,
        await stateOf(
          { ...migrations(1, { out, prefix: 'supabase' }), [`${out}/20240501000000_rls.sql`]: '' },
          { out, prefix: 'supabase' },
        ),
      ),
    ).toMatchObject([{ severity: 'warning' }]);
  });

  test('another orphan, a copy that is not even JSON, does not count twice', async () => {
    expect(await all({ ...migrations(2), 'drizzle/meta/0000_copy.json': '{' })).toEqual([
      'migration-orphaned: meta/0000_copy.json',
      'migration-orphaned: meta/0000_copy.json: unreadable',
    ]);
  });
});

describe('snapshot-invalid', () => {
  test.each([
    [
      'conflict markers',
      (text: string) => `<<<<<<< HEAD\n${text}`,
      '0001_snapshot.json: holds conflict markers',
    ],
    [
      'not JSON',
      (text: string) => text.slice(1),
      '0001_snapshot.json: is not JSON (expected the end)',
    ],
    [
      'a byte order mark',
      (text: string) => `\uFEFF${text}`,
      '0001_snapshot.json: begins with a byte order mark, which drizzle-kit cannot parse',
    ],
    [
      'a wrong shape',
      (text: string) => text.replace('"tables"', '"table"'),
      '0001_snapshot.json: has no `tables`',
    ],
    [
      'another dialect',
      (text: string) => text.replace('postgresql', 'mysql'),
      '0001_snapshot.json: dialect mysql',
    ],
    [
      'a newer version',
      (text: string) => text.replace('"7"', '"8"'),
      '0001_snapshot.json: version 8',
    ],
    [
      'an older version',
      (text: string) => text.replace('"7"', '"6"'),
      '0001_snapshot.json: version 6',
    ],
  ])('%s', async (_, change, name) => {
    expect(await all(edited(migrations(3), 'drizzle/meta/0001_snapshot.json', change))).toEqual([
      `snapshot-invalid: ${name}`,
    ]);
  });

  test('newer: update drizzle-kit; older: drizzle-kit up, and one finding for all of them', async () => {
    const older = Object.fromEntries(
      Object.entries(migrations(3)).map(([path, text]) => [
        path,
        path.includes('snapshot') ? text.replace('"7"', '"5"').replace('postgresql', 'pg') : text,
      ]),
    );
    expect(judge(snapshotInvalid, await stateOf(older))).toMatchObject([
      {
        message:
          '3 snapshots have version 5, but the installed drizzle-kit reads 7: it generates nothing and exits with 0',
        fix: [{ run: 'npx drizzle-kit up\ngit add :/drizzle' }],
      },
    ]);
    const newer = edited(migrations(1), 'drizzle/meta/0000_snapshot.json', (text) =>
      text.replace('"7"', '"8"'),
    );
    expect(judge(snapshotInvalid, await stateOf(newer))).toMatchObject([
      { fix: [{ text: expect.stringContaining('newer drizzle-kit'), run: 'npm install' }] },
    ]);
  });

  test('any other file in meta/, which drizzle-kit would parse', async () => {
    expect(
      await all({
        ...migrations(1),
        'drizzle/meta/README.md': '# hi',
        'drizzle/meta/.gitkeep': '',
        'drizzle/meta/_notes.json': '-',
      }),
    ).toEqual(['snapshot-invalid: .gitkeep: stray', 'snapshot-invalid: README.md: stray']);
  });

  test('a newest snapshot without an entry that cannot be read', async () => {
    expect(await all({ ...migrations(1), 'drizzle/meta/0001_snapshot.json': '{' })).toEqual([
      'snapshot-invalid: 0001_snapshot.json: is not JSON (it ends too early)',
    ]);
  });
});

/** One finding of four rules. */
const spoil = (files: Files) =>
  withEntries(
    edited(
      without({ ...files, 'drizzle/lost.sql': '' }, 'drizzle/0001_step_1.sql'),
      'drizzle/meta/0002_snapshot.json',
      (text) => text.replace(snapshotId(1), snapshotId(99)),
    ),
    (entries) => entries.map((entry) => (entry.idx === 3 ? { ...entry, when: 5 } : entry)),
  );

test('a finding keeps its entities when an unrelated migration is added after it', async () => {
  const [five, six] = [await all(spoil(migrations(5))), await all(spoil(migrations(6)))];
  expect(five).toHaveLength(4);
  expect(six).toEqual(five);
});
