import { describe, expect, it } from 'vitest';
import type { SqlOrigin, Unrecorded } from '../../src/facts/sql-origin/origin.ts';
import { rule } from '../../src/rules/sql-edited.ts';
import { changeOf, judge, migrations, tagOf, without, type Files } from '../support/history.ts';

const SQL = `drizzle/${tagOf(2)}.sql`;
const GENERATED = [
  'CREATE TABLE "two" ("id" integer);',
  'ALTER TABLE "one" ADD COLUMN "a" text;',
  'CREATE INDEX "i" ON "one" USING btree ("a");',
];

/** What the rule says of a third migration of this origin, after two that were there before. */
async function says(origin: SqlOrigin) {
  const after: Files = { ...migrations(3), [SQL]: origin.sql };
  const change = await changeOf([migrations(2)], after);
  return judge(rule, { ...change, sqlOrigins: new Map([[tagOf(2), origin]]) });
}

async function saysEdited(sql: string, unrecorded: readonly Unrecorded[] = []) {
  const [said, ...more] = await says({ kind: 'edited', sql, expected: GENERATED, unrecorded });
  if (said === undefined || more.length > 0) throw new Error('the rule is to say one thing');
  return said;
}

const unrecorded = (at: number, sql: string): Unrecorded => ({
  tag: tagOf(at),
  sqlPath: `drizzle/${tagOf(at)}.sql`,
  snapshotPath: `drizzle/meta/${tagOf(at).slice(0, 4)}_snapshot.json`,
  sql,
});

describe('where the line that gives the reason is to stand', () => {
  it.each<[string, string, string]>([
    [
      'an added statement',
      `${GENERATED[0]}\n${GENERATED[1]}\n\nUPDATE one SET a = '';\n${GENERATED[2]}\n`,
      `above line 4 of ${SQL}`,
    ],
    [
      'a changed one',
      `${GENERATED[0]}\n${GENERATED[1]}\nCREATE INDEX "i" ON "one" USING hash ("a");\n`,
      `above line 3 of ${SQL}`,
    ],
    ['a missing one', `${GENERATED[0]}\n${GENERATED[2]}`, `above line 2 of ${SQL}`],
    ['a missing one at the end', `${GENERATED[0]}\n${GENERATED[1]}`, `at the end of ${SQL}`],
    [
      'two places',
      `SELECT 1;\n${GENERATED[0]}\nSELECT 2;\nSELECT 3;\n${GENERATED[1]}\n${GENERATED[2]}`,
      `above each of the lines 1 and 3 of ${SQL}`,
    ],
    [
      'a place and the end',
      `SELECT 1;\n${GENERATED[0]}\n${GENERATED[1]}`,
      `above line 1 and at the end of ${SQL}`,
    ],
    ['nothing left', '-- nothing\n', `at the end of ${SQL}`],
  ])('%s', async (_, sql, where) => {
    const { fix } = await saysEdited(sql);
    expect(fix.at(-1)?.text).toContain(`the line "-- guard-allow sql-edited: <reason>" ${where}.`);
    // Put where it says, it excuses all.
    const lines = sql.split('\n');
    const places = [...where.matchAll(/\d+(?=[, ].*of )/g)]
      .map(([line]) => Number(line) - 1)
      .filter((line) => line < lines.length);
    for (const line of places.toReversed())
      lines.splice(line, 0, '-- guard-allow sql-edited: it is meant');
    if (where.includes('end')) lines.push('-- guard-allow sql-edited: it is meant');
    expect(await says({ kind: 'edited', sql: lines.join('\n'), expected: GENERATED })).toEqual([]);
  });
});

describe('statements that were taken out because drizzle-kit repeats them', () => {
  it('are distinguished from others by the migration without a snapshot that holds them', async () => {
    const { message, fix } = await saysEdited(`${GENERATED[0]}\n`, [
      unrecorded(1, `${GENERATED[1]}\n${GENERATED[2]}`),
    ]);
    expect(message).toBe(
      `the SQL of ${tagOf(2)} is not what drizzle-kit generates from its snapshots: 2 statements missing. All of it is in ${tagOf(1)}, which has no snapshot, so drizzle-kit repeats what it did`,
    );
    expect(fix.map(({ run }) => run)).toEqual([
      'git log --all --oneline -- :/drizzle/meta/0001_snapshot.json',
      `git log --diff-filter=A --oneline -- :/drizzle/${tagOf(1)}.sql`,
      expect.stringContaining('npm run db:generate\ngit add :/drizzle'),
      undefined,
    ]);
    expect(fix[0]?.text).toContain(
      `Generating again would repeat them, as long as ${tagOf(1)} has no snapshot`,
    );
  });

  it('leave the rest to be moved out', async () => {
    const { message, fix } = await saysEdited(
      `${GENERATED[0]}\n${GENERATED[1]}\nUPDATE one SET a = '';`,
      [unrecorded(0, 'SELECT 1'), unrecorded(1, `${GENERATED[2]?.replaceAll(' ', '\n')}`)],
    );
    expect(message).toContain(`1 of the statements is in ${tagOf(1)}, which has no snapshot`);
    expect(message).not.toContain(tagOf(0));
    expect(fix.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('Keep SQL that was written by hand'),
    );
  });

  it('of several such migrations', async () => {
    const { message } = await saysEdited(GENERATED[1] ?? '', [
      unrecorded(0, GENERATED[0] ?? ''),
      unrecorded(1, GENERATED[2] ?? ''),
    ]);
    expect(message).toContain(
      `All of it is in ${tagOf(0)} and ${tagOf(1)}, which have no snapshots, so drizzle-kit repeats what they did`,
    );
  });

  it('are not looked for where the other migration holds something else', async () => {
    const { message, fix } = await saysEdited(`${GENERATED[0]}\n`, [
      unrecorded(1, 'ALTER TABLE "one" ADD COLUMN "b" text;'),
    ]);
    expect(message).not.toContain('no snapshot');
    expect(fix[0]?.text).toContain('generate the new one again');
    expect(fix.map(({ text }) => text)).not.toContainEqual(
      expect.stringContaining('Keep SQL that was written by hand'),
    );
  });
});

it('published SQL whose snapshot alone is new has to stay: no fix edits it', async () => {
  const sql = `${GENERATED[0]}\n`;
  const before = { ...migrations(3), [SQL]: sql };
  const change = await changeOf([without(before, 'drizzle/meta/0002_snapshot.json')], before);
  const edited: SqlOrigin = { kind: 'edited', sql, expected: GENERATED };
  const [said] = judge(rule, { ...change, sqlOrigins: new Map([[tagOf(2), edited]]) });
  expect(said?.fix).toEqual([
    {
      text: expect.stringContaining('make drizzle/meta/0002_snapshot.json describe what it does'),
      run: 'npm run db:generate\ngit add :/drizzle',
    },
    {
      text: expect.stringContaining(
        `{ "rule": "sql-edited", "migration": "${tagOf(2)}", "reason": "<reason>" }`,
      ),
    },
  ]);
});

it('what cannot be verified is refused; where another drizzle-kit may have written it, a note says so', async () => {
  const [refused, ...others] = await says({
    kind: 'unverifiable',
    sql: 'SELECT 1',
    why: 'its parent is not in the history',
  });
  expect(refused).toMatchObject({
    path: SQL,
    message: `the SQL of ${tagOf(2)} cannot be verified: its parent is not in the history`,
    fix: [{ run: expect.stringContaining('npm run db:generate') }],
  });
  expect(refused?.severity).toBe(undefined);
  expect(others).toEqual([]);
  expect(
    await says({
      kind: 'unverifiable',
      sql: 'SELECT 1',
      why: 'bun.lock names 0.30.6',
      by: 'drizzle-kit 0.31.11',
    }),
  ).toMatchObject([
    {
      severity: 'note',
      path: SQL,
      message: `the SQL of ${tagOf(2)} is not verifiable with drizzle-kit 0.31.11: bun.lock names 0.30.6`,
    },
  ]);
});

it.each<SqlOrigin>([
  { kind: 'generated', sql: GENERATED.join('\n'), expected: GENERATED },
  { kind: 'custom', sql: GENERATED.join('\n') },
  { kind: 'introspected', sql: GENERATED.join('\n') },
])('$kind SQL is not spoken of', async (origin) => {
  expect(await says(origin)).toEqual([]);
});
