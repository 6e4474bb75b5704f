import { expect, test } from 'vitest';
import { answerQuestion } from '../../src/schema/kit/rename-prompts.ts';

/** The adapter puts what it knows of the table where drizzle-kit has its name. */
const inTable = (table: string, kind = 'column', schema = ''): string =>
  JSON.stringify([kind, schema, table]);
const COLUMN = `\nIs slogan column in ${inTable('teams')} table created or renamed from another column?\n❯ + slogan         create column\n  ~ label › slogan rename column\n  ~ motto › slogan rename column`;
const ENUM = `\nIs mood enum created or renamed from another enum?\n❯ + mood          create enum\n  ~ auth.state › mood rename enum`;
const answerTo = (...question: Parameters<typeof answerQuestion>): number | undefined =>
  answerQuestion(...question)?.downs;
const recorded = (meta: unknown, sql = '') => ({ answer: 'recorded', meta, sql }) as const;

test('text that is no question has no answer', () => {
  expect(answerTo('column will be renamed', { answer: 'created' })).toBeUndefined();
});

test('created, and the first that is offered', () => {
  expect(answerTo(COLUMN, { answer: 'created' })).toBe(0);
  expect(answerTo(COLUMN, { answer: 'renamed' })).toBe(1);
});

test('what the snapshot records', () => {
  expect(answerTo(COLUMN, recorded({ columns: { '"teams"."motto"': '"teams"."slogan"' } }))).toBe(
    2,
  );
  expect(
    answerTo(
      COLUMN,
      recorded({ columns: { '"public"."teams"."label"': '"public"."teams"."slogan"' } }),
    ),
  ).toBe(1);
  expect(answerTo(COLUMN, recorded({ columns: { '"others"."motto"': '"others"."slogan"' } }))).toBe(
    0,
  );
  expect(answerTo(COLUMN, recorded(undefined))).toBe(0);
});

test.each([
  [
    'table',
    '"public"."squads"',
    '"public"."teams"',
    'Is teams table created or renamed from another table?\n❯ + teams  create table\n  ~ squads › teams rename table',
  ],
  [
    'schema',
    'old',
    'auth',
    'Is auth schema created or renamed from another schema?\n❯ + auth  create schema\n  ~ old › auth rename schema',
  ],
])('a %s', (kind, from, to, question) => {
  expect(answerTo(question, recorded({ [`${kind}s`]: { [from]: to } }))).toBe(1);
  expect(answerTo(question, recorded({ [`${kind}s`]: {} }))).toBe(0);
});

test('what only the SQL records', () => {
  expect(
    answerTo(
      ENUM,
      recorded(
        {},
        'ALTER TYPE "auth"."state" SET SCHEMA "public";--> statement-breakpoint\nALTER TYPE "public"."state" RENAME TO "mood";',
      ),
    ),
  ).toBe(1);
  expect(answerTo(ENUM, recorded({}, 'ALTER TYPE "auth"."state" RENAME TO "mood";'))).toBe(0);
  expect(
    answerTo(
      ENUM,
      recorded(
        {},
        'CREATE TYPE "public"."mood" AS ENUM();--> statement-breakpoint\nDROP TYPE "auth"."state";',
      ),
    ),
  ).toBe(0);
});

test('a rename of one kind is none of another', () => {
  expect(
    answerTo(
      COLUMN,
      recorded(
        {},
        'ALTER TABLE "motto" RENAME TO "slogan";ALTER TABLE "teams" ADD COLUMN "slogan" text;',
      ),
    ),
  ).toBe(0);
  expect(
    answerTo(COLUMN, recorded({}, 'ALTER TABLE "others" RENAME COLUMN "motto" TO "slogan";')),
  ).toBe(0);
  expect(
    answerTo(
      COLUMN,
      recorded({}, 'alter table "public"."teams"\n rename column "motto" to "slogan";'),
    ),
  ).toBe(2);
  expect(
    answerTo(
      ENUM,
      recorded(
        {},
        'ALTER TABLE "auth"."state" SET SCHEMA "public";ALTER TABLE "state" RENAME TO "mood";',
      ),
    ),
  ).toBe(0);
});

test('names of any letters', () => {
  const table =
    'Is a; b.c table created or renamed from another table?\n❯ + a; b.c          create table\n  ~ old › a; b.c    rename table\n  ~ x.y -- z › a; b.c rename table';
  expect(answerTo(table, recorded({}, 'ALTER TABLE "x.y -- z" RENAME TO "a; b.c";'))).toBe(2);
  expect(answerTo(table, recorded({}, 'RENAME TABLE `x.y -- z` TO `a; b.c`;'))).toBe(2);
});

const asked = (name: string, from: string, place: string): string =>
  `Is ${name} column in ${place} table created or renamed from another column?\n❯ + ${name}   create column\n  ~ ${from} › ${name} rename column`;

test('a policy and a column of one table with the same names are two things', () => {
  const policy =
    'ALTER POLICY "motto" ON "teams" TO x;\nALTER POLICY "motto" ON "teams" RENAME TO "slogan";';
  const column = 'ALTER TABLE "teams" RENAME COLUMN "motto" TO "slogan";';
  const [ofColumn, ofPolicy] = [
    asked('slogan', 'motto', inTable('teams')),
    asked('slogan', 'motto', inTable('teams', 'policy')),
  ];
  expect([ofColumn, ofPolicy].map((question) => answerTo(question, recorded({}, policy)))).toEqual([
    0, 1,
  ]);
  expect([ofColumn, ofPolicy].map((question) => answerTo(question, recorded({}, column)))).toEqual([
    1, 0,
  ]);
  expect(answerTo(ofPolicy, recorded({ columns: { '"teams"."motto"': '"teams"."slogan"' } }))).toBe(
    0,
  );
});

test('tables of one name in two schemas are two things', () => {
  const sql = 'ALTER TABLE "auth"."teams" RENAME COLUMN "motto" TO "slogan";';
  expect(
    ['auth', '', 'other'].map((schema) =>
      answerTo(asked('slogan', 'motto', inTable('teams', 'column', schema)), recorded({}, sql)),
    ),
  ).toEqual([1, 0, 0]);
  const plain = sql.replace('"auth".', '');
  expect(
    ['auth', '', 'public'].map((schema) =>
      answerTo(asked('slogan', 'motto', inTable('teams', 'column', schema)), recorded({}, plain)),
    ),
  ).toEqual([0, 1, 1]);
});

test.each([
  'say "it"',
  'a`b',
  'x column in y',
  'a › b',
  '$& \\ (.*) [a]',
  "it's",
  '日本 \u{1F600}',
])('a name that holds %s', (name) => {
  const there = asked(name, 'plain', inTable('teams'));
  const back = asked('plain', name, inTable('teams'));
  expect(
    answerTo(there, recorded({}, `ALTER TABLE "teams" RENAME COLUMN "plain" TO "${name}";`)),
  ).toBe(1);
  expect(
    answerTo(back, recorded({}, `ALTER TABLE \`teams\` RENAME COLUMN \`${name}\` TO \`plain\`;`)),
  ).toBe(1);
  expect(answerTo(back, recorded({ columns: { [`"teams"."${name}"`]: '"teams"."plain"' } }))).toBe(
    1,
  );
  expect(
    answerTo(there, recorded({}, 'ALTER TABLE "teams" RENAME COLUMN "plain" TO "other";')),
  ).toBe(0);
});

test('what is between the words does not matter', () => {
  expect(
    answerTo(
      COLUMN,
      recorded(
        {},
        '/* the name */ ALTER TABLE "teams"\r\n  -- was a motto\r\n  RENAME /* ; */ COLUMN "motto"\tTO "slogan";',
      ),
    ),
  ).toBe(2);
  expect(
    answerTo(
      ENUM,
      recorded(
        {},
        'ALTER TYPE "auth"."state" RENAME TO "mood";ALTER TYPE "auth"."mood" SET SCHEMA public;',
      ),
    ),
  ).toBe(1);
});

test('a name of other letters is another name', () => {
  expect(
    answerTo(COLUMN, recorded({}, 'ALTER TABLE "teams" RENAME COLUMN "Motto" TO "slogan";')),
  ).toBe(0);
});

test('those that are given, of the same table, with the question and its answer', () => {
  const rename = {
    kind: 'column',
    table: { schema: '', table: 'teams' },
    from: 'motto',
    to: 'slogan',
  };
  const question = {
    kind: 'column',
    table: rename.table,
    name: 'slogan',
    from: ['label', 'motto'],
  };
  expect(answerQuestion(COLUMN, { answer: 'given', renames: [rename] })).toEqual({
    asked: { ...question, answer: 'motto' },
    downs: 2,
  });
  const others = [
    { ...rename, table: { schema: 'auth', table: 'teams' } },
    { ...rename, kind: 'policy' },
    { ...rename, to: 'label' },
  ];
  expect(answerQuestion(COLUMN, { answer: 'given', renames: others })).toEqual({
    asked: question,
    downs: 0,
  });
});
