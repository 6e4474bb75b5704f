import { generateDrizzleJson, generateMySQLDrizzleJson } from 'drizzle-kit/api';
import { eq, sql } from 'drizzle-orm';
import * as mysql from 'drizzle-orm/mysql-core';
import * as pg from 'drizzle-orm/pg-core';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { madeAgain } from '../../../src/facts/sql-origin/made-again.ts';
import { isRegrouped } from '../../../src/facts/sql-origin/regrouped.ts';
import { wordsOf } from '../../../src/facts/sql-origin/words-of.ts';
import type { Dialect } from '../../../src/model/dialect.ts';
import { scratch } from '../../support/drizzle-project.ts';
import { generate1, linkKit1, snapshotsIn, writeSchema } from '../../support/kit1.ts';

type Json = Readonly<Record<string, unknown>>;

/** Snapshots that the real drizzle-kit makes of one schema. */
const snapshots = new Map<string, Json>();

const SCHEMA_1 = `import { check, index, integer, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const owners = pgTable('owners', { id: integer('id').primaryKey() });
export const teams = pgTable('teams', { id: integer('id').primaryKey(), a: integer('a'), state: text('state'), owner: integer('owner').references(() => owners.id, { onDelete: 'cascade' }) }, (t) => [
  check('positive', sql\`\${t.a} > 0 AND (\${t.state} = 'x' OR \${t.state} IN ('y', 'z'))\`),
  unique('one').on(t.a, t.state), uniqueIndex('part').on(t.owner).where(sql\`\${t.a} IS NULL\`),
  index('words').on(sql\`lower(\${t.state})\`, sql\`\${t.state} text_pattern_ops\`, t.a.desc()),
]);
`;

beforeAll(async () => {
  const owners = pg.pgTable('owners', { id: pg.integer('id').primaryKey() });
  const teams = pg.pgTable(
    'teams',
    {
      id: pg.integer('id').primaryKey(),
      a: pg.integer('a'),
      state: pg.text('state'),
      owner: pg.integer('owner').references(() => owners.id, { onDelete: 'cascade' }),
    },
    (t) => [
      pg.check('positive', sql`${t.a} > 0 AND (${t.state} = 'x' OR ${t.state} IN ('y', 'z'))`),
      pg.unique('one').on(t.a, t.state),
      pg
        .uniqueIndex('part')
        .on(t.owner)
        .where(sql`${t.a} IS NULL`),
      pg.index('words').on(sql`lower(${t.state})`, sql`${t.state} text_pattern_ops`, t.a.desc()),
      pg.index('given').on(t.a).where(eq(t.state, 'x')),
    ],
  );
  snapshots.set('0.31', { ...generateDrizzleJson({ owners, teams }) });
  const users = mysql.mysqlTable(
    'users',
    { id: mysql.int('id').primaryKey(), a: mysql.varchar('a', { length: 99 }) },
    (t) => [mysql.check('positive', sql`${t.a} > 0`), mysql.uniqueIndex('short').on(t.a)],
  );
  snapshots.set('mysql', { ...(await generateMySQLDrizzleJson({ users })) });
  const dir = await scratch('drizzle-guard-made-again-');
  await linkKit1(dir, 'rc5');
  await generate1('rc5', {
    dir,
    dialect: 'postgresql',
    schema: [await writeSchema(dir, 1, SCHEMA_1)],
  });
  snapshots.set('1.0', (await snapshotsIn(dir))[0]?.json ?? {});
});

function found(
  text: string,
  kit: string,
  dialect: Dialect = 'postgresql',
  earlier: readonly string[] = [],
): readonly string[] {
  return madeAgain(text, dialect, snapshots.get(kit) ?? {}, earlier).map(({ what }) => what);
}

describe.each([
  ['0.31', 'teams_owner_owners_id_fk'],
  ['1.0', 'teams_owner_owners_id_fkey'],
])('custom SQL, drizzle-kit %s', (kit, key) => {
  const check = (condition: string): string =>
    `ALTER TABLE "teams" DROP CONSTRAINT IF EXISTS "positive";\nALTER TABLE "teams" ADD CONSTRAINT "positive" ${condition};`;
  const foreign = (rest: string): string =>
    `ALTER TABLE teams DROP CONSTRAINT ${key}, ADD CONSTRAINT ${key} FOREIGN KEY (owner) ${rest};`;
  const unique = (list: string): string =>
    `ALTER TABLE teams DROP CONSTRAINT one; ALTER TABLE ONLY teams ADD CONSTRAINT one UNIQUE ${list};`;
  const SAME = `CHECK ("a" > 0 AND ("state" = 'x' OR "state" IN ('y', 'z')))`;

  it.each([
    ['as drizzle-kit writes it', check(SAME)],
    [
      'validated later',
      `${check(`${SAME} NOT VALID`)} ALTER TABLE teams VALIDATE CONSTRAINT positive;`,
    ],
    [
      'as pg_dump writes it',
      check(
        `CHECK (((public.teams.a > 0) AND (((state)::text = 'x'::text) OR (state = ANY (ARRAY['y'::character varying(9), 'z'::text])))))`,
      ),
    ],
    ['not dropped before', 'CREATE INDEX IF NOT EXISTS "part" ON teams (a);'],
    ['not made again', 'DROP INDEX part; ALTER TABLE teams DROP CONSTRAINT positive;'],
    ['dropped at last', 'DROP INDEX part; CREATE INDEX part ON teams (a); DROP INDEX part;'],
    ['of no snapshot', 'DROP INDEX more; CREATE INDEX more ON teams (a);'],
    ['of another table', 'DROP INDEX part; CREATE INDEX part ON others (a);'],
    [
      'in the place of the old one',
      'CREATE UNIQUE INDEX new ON teams (owner) WHERE (a IS NULL); DROP INDEX public.part; ALTER INDEX new RENAME TO part;',
    ],
    ['renamed there and back', 'ALTER INDEX part RENAME TO old; ALTER INDEX old RENAME TO part;'],
    ['otherwise, and at last right', check('CHECK (true)') + check(SAME)],
    [
      'an index',
      'DROP INDEX CONCURRENTLY "part"; CREATE UNIQUE INDEX CONCURRENTLY part ON public.teams USING btree (owner int4_ops DESC NULLS LAST) NULLS NOT DISTINCT WITH (fillfactor=70) WHERE (a is null);',
    ],
    [
      'an index of expressions',
      'DROP INDEX words; CREATE INDEX words ON "teams" (lower((state)::text) COLLATE "C" text_pattern_ops, state, a ASC NULLS FIRST);',
    ],
    [
      'an index with a value',
      "DROP INDEX given; CREATE INDEX given ON teams (a) WHERE state = 'x';",
    ],
    [
      'with more parentheses, in another order',
      check(`CHECK ((("state" IN ('y', 'z')) OR ("state" = 'x')) AND ("a" > 0))`),
    ],
    [
      'spread over both sides',
      check(`CHECK (a > 0 AND state = 'x' OR a > 0 AND state IN ('y', 'z'))`),
    ],
    ['a unique constraint', unique('NULLS NOT DISTINCT (a, "state") WITH (fillfactor=70)')],
    [
      'a unique constraint of an index',
      'ALTER TABLE teams DROP CONSTRAINT one; CREATE UNIQUE INDEX one_idx ON teams (a, state); ALTER TABLE teams ADD CONSTRAINT one UNIQUE USING INDEX one_idx;',
    ],
    ['a foreign key', foreign('REFERENCES public.owners (id) ON DELETE CASCADE NOT VALID')],
    [
      'a foreign key to the primary key',
      foreign('REFERENCES "owners" ON DELETE cascade DEFERRABLE'),
    ],
  ])('passes: %s', (_, text) => {
    expect(found(text, kit)).toEqual([]);
  });

  it.each([
    ['another value', 'check positive', check(SAME.replace('0', '5'))],
    ['half of it', 'check positive', check('CHECK (a > 0)')],
    ['another literal', 'check positive', check(SAME.replace("'x'", "'X'"))],
    ['not validated', 'check positive', check('CHECK (true) NOT VALID')],
    ['in a block', 'check positive', `DO $$ BEGIN ${check('CHECK (a > 9)')} END $$;`],
    [
      'a turned condition',
      'index part',
      'DROP INDEX part; CREATE UNIQUE INDEX part ON teams (owner) WHERE a IS NOT NULL;',
    ],
    [
      'without condition',
      'index part',
      'DROP INDEX part; CREATE UNIQUE INDEX IF NOT EXISTS part ON teams (owner);',
    ],
    [
      'in the place of the old one',
      'index part',
      'CREATE UNIQUE INDEX new ON teams (owner); DROP INDEX public.part; ALTER INDEX IF EXISTS new RENAME TO part;',
    ],
    [
      'beside the old one, under its name',
      'check positive',
      'ALTER TABLE teams RENAME CONSTRAINT positive TO old; ALTER TABLE teams ADD CONSTRAINT positive CHECK (true);',
    ],
    [
      'not unique',
      'index part',
      'DROP INDEX part; CREATE INDEX part ON teams (owner) WHERE a IS NULL;',
    ],
    [
      'another expression',
      'index words',
      'DROP INDEX words; CREATE INDEX words ON teams (upper(state), state, a);',
    ],
    [
      'another order',
      'index words',
      'DROP INDEX words; CREATE INDEX words ON teams (lower(state), a, state);',
    ],
    ['fewer columns', 'index one', unique('(a)')],
    [
      'grouped otherwise',
      'check positive',
      check(`CHECK (("a" > 0 AND "state" = 'x') OR "state" IN ('y', 'z'))`),
    ],
    [
      'without the parentheses',
      'check positive',
      check(`CHECK ("a" > 0 AND "state" = 'x' OR "state" IN ('y', 'z'))`),
    ],
    ['a foreign key that keeps rows', `foreign key ${key}`, foreign('REFERENCES owners (id)')],
    ['another target', `foreign key ${key}`, foreign('REFERENCES teams (id) ON DELETE CASCADE')],
  ])('is refused: %s', (_, what, text) => {
    expect(found(text, kit)).toEqual([`the ${what} of teams`]);
  });
});

test('what one new migration drops, and another makes again, is seen in the one that makes it', () => {
  const drop = ['ALTER TABLE teams DROP CONSTRAINT positive; DROP INDEX part;', 'SELECT 1;'];
  const wrong =
    'ALTER TABLE teams ADD CONSTRAINT positive CHECK (a > 5); CREATE INDEX part ON teams (a);';
  const right =
    `ALTER TABLE teams ADD CONSTRAINT positive CHECK (a > 0 AND (state = 'x' OR state IN ('y', 'z')));` +
    'CREATE UNIQUE INDEX part ON teams (owner) WHERE a IS NULL;';
  const both = ['the check positive of teams', 'the index part of teams'];
  const again = (text: string, ...earlier: readonly string[]): readonly string[] =>
    found(text, '0.31', 'postgresql', earlier);
  expect(again(wrong, ...drop)).toEqual(both);
  expect(again(right, ...drop)).toEqual([]);
  // Said of the one before already, where it is wrong; and put right where it is not the last.
  expect(again('UPDATE teams SET a = 1;', drop.join('') + wrong)).toEqual([]);
  expect(again(`${drop.join('')}${right}`, drop.join('') + wrong)).toEqual([]);
  expect(
    again('DROP INDEX part; ALTER INDEX new RENAME TO part;', 'CREATE INDEX new ON teams (a);'),
  ).toEqual(['the index part of teams']);
  expect(again('ALTER INDEX new RENAME TO more;', 'CREATE INDEX new ON teams (a);')).toEqual([]);
});

test('MySQL drops a check by a word of its own, names have no case, and columns of an index a length', () => {
  const sqlOf = (value: number, list: string): string =>
    `ALTER TABLE \`Users\` DROP CHECK \`positive\`; ALTER TABLE users ADD CONSTRAINT Positive CHECK (\`users\`.\`A\` > ${value});
     DROP INDEX short ON users; CREATE UNIQUE INDEX short ON users (${list}) USING BTREE;`;
  expect(found(sqlOf(0, '`a`(10) DESC'), 'mysql', 'mysql')).toEqual([]);
  expect(found(sqlOf(1, 'id'), 'mysql', 'mysql')).toEqual([
    'the check positive of users',
    'the index short of users',
  ]);
});

test.each([
  ['a > 0 AND b > 0', '((t.b > (0)::numeric) and ("a" > \'0\'))', true],
  ['a <> 0', 'a != 0', true],
  ['a NOT IN (1, 2)', 'a <> ALL (ARRAY[1, 2])', true],
  ['a BETWEEN 1 AND 5', '((a >= 1) AND (a <= 5))', true],
  ['done', 'done = true', true],
  ['NOT done', 'done IS FALSE', true],
  ['a = CAST(b AS text)', 'a = b::text', true],
  ['a = \'x y\'::"public"."state"[]', "a = 'x y'", true],
  ['lower(a)', 'lower (a)', true],
  ['a > -1', "a > '-1'::integer", true],
  ['a > 0', 'a < 0', false],
  ['a > 0 OR b > 0', 'a > 0 AND b > 0', false],
  ['done', 'NOT done', false],
  ['done = true', 'done = false', false],
  ['a IS NULL', 'a IS NOT NULL', false],
  ["a = 'B'", "a = 'b'", false],
  ["a = 'x y'", "a = 'x'", false],
])('%s and %s: the same is %s', (one, other, same) => {
  expect(wordsOf(one, 'postgresql') === wordsOf(other, 'postgresql')).toBe(same);
});

test.each([
  // As written, or as an engine writes it.
  ['a > 0', '((a > 0))', false],
  ['a > 0 AND b > 0', '(a > 0) AND (b > 0)', false],
  ['a AND b AND c', '((a AND b) AND c)', false],
  ['a AND b AND c', 'c AND (b AND a)', false],
  ['a OR b AND c', '(a OR (b AND c))', false],
  ['a AND (b OR c)', '((c OR b) AND a)', false],
  ['a AND (b OR c)', '(a AND b) OR (a AND c)', false],
  ['NOT (a AND b)', '(NOT (a AND b))', false],
  ['NOT a = 1 AND b', '((NOT (a = 1)) AND b)', false],
  ['a BETWEEN 1 AND 5 AND b', '((a BETWEEN 1 AND 5) AND b)', false],
  ['a AND b BETWEEN 1 AND 5 OR c', '(a AND (b BETWEEN 1 AND 5)) OR c', false],
  ['coalesce(a AND b, c)', '(coalesce(a AND b, c))', false],
  ['(a + b) > (c) AND d', '((a + b) > c) AND d', false],
  ["(a)::text = 'x' OR b", "((((a)::text = 'x'::text)) OR b)", false],
  [
    'case when a and b then c else d end > 1 and e',
    '(CASE WHEN a AND b THEN c ELSE d END > 1) AND e',
    false,
  ],
  ["a = 'b AND c' AND d", "(a = 'b AND c') AND (d)", false],
  ['"and" OR b AND c', '("and") OR (b AND c)', false],
  // Their parts are not the same words.
  ['a IN (1, 2) AND b OR c', 'a = 1 AND b OR (a = 2 OR c)', false],
  ['a = $1 AND (b OR c)', '(a = $1 AND b) OR c', false],
  ['', '', false],
  // Other rows pass.
  ['a AND (b OR c)', '(a AND b) OR c', true],
  ['a AND (b OR c)', 'a AND b OR c', true],
  ['a OR (b AND c)', '(a OR b) AND c', true],
  ['NOT (a AND b)', 'NOT a AND b', true],
  ['NOT (a OR b)', '(NOT a) OR b', true],
  ['a > 0 AND (b IS NOT NULL OR c > 1)', '(a > 0 AND b IS NOT NULL) OR (c > 1)', true],
  ['a BETWEEN 1 AND 5 AND (b OR c)', '(a BETWEEN 1 AND 5 AND b) OR c', true],
  ['a AND (b OR (c AND (d OR e)))', 'a AND (b OR ((c AND d) OR e))', true],
])('%s, made again as %s: grouped otherwise is %s', (one, other, regrouped) => {
  expect(isRegrouped(one, other, 'postgresql')).toBe(regrouped);
  expect(isRegrouped(other, one, 'mysql')).toBe(regrouped);
});

test.each([
  ['a && (b || c)', '(a AND (b OR c))', false],
  ['a || b && c', 'a OR (b AND c)', false],
  ['a && !(b || c)', '(!(b OR c)) AND a', false],
  ['!a = 1 && b', '(!a = 1) AND b', false],
  ['a && (b || c)', '(a && b) || c', true],
  ['a && (b || c)', 'a AND b OR c', true],
  ['a && !(b || c)', 'a && (!b || c)', true],
] as const)('as MySQL writes conditions: %s, and %s', (one, other, regrouped) => {
  expect(isRegrouped(one, other, 'mysql')).toBe(regrouped);
  expect(isRegrouped(other, one, 'singlestore')).toBe(regrouped);
  // The words are the same, and elsewhere `||` joins texts.
  expect(wordsOf('a && b || c', 'mysql')).toBe(wordsOf('a AND b OR c', 'mysql'));
  expect(wordsOf('a || c', 'sqlite')).not.toBe(wordsOf('a OR c', 'sqlite'));
  expect(isRegrouped('a || b = c', 'a || (b = c)', 'postgresql')).toBe(false);
});
