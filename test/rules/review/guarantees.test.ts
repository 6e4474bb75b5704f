import { describe, expect, it } from 'vitest';
import type { ProjectState } from '../../../src/facts/change.ts';
import { RULES, type ReviewRuleId } from '../../../src/rules/index.ts';
import { HOW } from '../../support/history.ts';
import { review, says, sqlOf, type Literal, type Tables } from '../../support/review.ts';
import { CASES } from './cases.ts';

const messages = (id: ReviewRuleId, literal: Literal): readonly string[] =>
  says(id, literal).map(({ message }) => message);

function levelsOf(id: ReviewRuleId, literal: Literal): readonly unknown[] {
  const rule = RULES.find((one) => one.id === id);
  if (rule?.judges !== 'migration') throw new Error(`${id} reviews nothing`);
  return [...rule.check(review(literal), { how: HOW } as ProjectState)].map((one) => one.severity);
}

describe('check-on-existing-rows', () => {
  const id = 'check-on-existing-rows';

  const again = (from: string, to: string, more: Partial<Literal> = {}): readonly string[] =>
    messages(id, {
      before: { users: { columns: { id: 'integer pk', age: 'integer' }, checks: { c: from } } },
      after: { users: { columns: { id: 'integer pk', age: 'integer' }, checks: { c: to } } },
      sql: `ALTER TABLE "users" DROP CONSTRAINT "c";ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (${to});`,
      ...more,
    });
  const HELD = [
    'c is checked for the rows of users: none breaks it, and all are read under a lock',
  ];
  const MAY_FAIL = ['c is checked for the rows of users, which fails if one breaks it'];

  it.each([
    ["state in ('a', 'b')", "state IN ('a', 'c', 'b')"],
    ['"users"."state" in (1)', '("users"."state" in (1, 2))'],
    ["lower(state) in ('a')", "lower(state) in ('a', 'b')"],
    ["state = 'a'", "state in ('a', 'b')"],
    ['age > 1 OR id > 1', '(id > 1) OR state OR (age > 1)'],
    ['age > 1 AND id > 1', 'id > 1'],
    ['(age > 1 AND id > 1) OR state', 'state OR age > 1'],
    ['age BETWEEN 1 AND 2 AND id > 1', 'age BETWEEN 1 AND 2'],
    ['(state AND age > 1) OR (state AND id > 1)', 'state'],
  ])('is a note of PostgreSQL alone where %s becomes %s', (from, to) => {
    expect(again(from, to)).toEqual(HELD);
    expect(again(from, to, { dialect: 'sqlite' })).toEqual([]);
    expect(again(to, from)).toEqual(MAY_FAIL);
  });

  it.each([
    ["state in ('a', 'b')", "state in ('a', 'c')"],
    ["state not in ('a')", "state not in ('a', 'b')"],
    ["NOT state in ('a')", "NOT state in ('a', 'b')"],
    // IN binds tighter: whether "on" is what the rest says.
    ['on = state in (1)', 'on = state in (1, 2)'],
    ['on IS DISTINCT FROM state in (1)', 'on IS DISTINCT FROM state in (1, 2)'],
    ['CASE WHEN a OR b THEN c ELSE d END', 'CASE WHEN a OR x OR b THEN c ELSE d END'],
    ['age > 1', 'age > 1 AND id > 1'],
    ['a XOR b AND c', 'c'],
    ['a OR b AND c', 'c'],
  ])('says that it may fail where %s becomes %s', (from, to) => {
    expect(again(from, to)).toEqual(MAY_FAIL);
  });

  it('may fail where the rows have got other values since', () => {
    const drop = 'ALTER TABLE "users" DROP CONSTRAINT "c";';
    const add = 'ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (age in (1, 2));';
    const written = (sql: string): readonly string[] =>
      again('age in (1)', 'age in (1, 2)', { sql: drop + sql + add });
    expect(written('')).toEqual(HELD);
    expect(written('UPDATE "users" SET "age" = 3 WHERE "age" = 1;')).toEqual(MAY_FAIL);
    expect(written('INSERT INTO "users" VALUES (1, 3);')).toEqual(MAY_FAIL);
    expect(written('ALTER TABLE "users" ALTER "age" TYPE bigint USING age + 9;')).toEqual(MAY_FAIL);
    const copied = (value: string): readonly string[] =>
      again('age in (1)', 'age in (1, 2)', {
        dialect: 'sqlite',
        sql: `CREATE TABLE "__new_users" (id, age);INSERT INTO "__new_users"("id", "age") SELECT "id", ${value} FROM "users";DROP TABLE "users";ALTER TABLE "__new_users" RENAME TO "users";`,
      });
    expect([copied('"age"'), copied('"age" + 1').length]).toEqual([[], 1]);
    const more = 'FROM "users";INSERT INTO "__new_users" VALUES (9, 9);SELECT 1';
    expect(copied(`"age" ${more}`)).toHaveLength(1);
    expect(copied('"age" FROM "users";UPDATE "__new_users" SET "age" = 3;SELECT 1')).toHaveLength(
      1,
    );
    const earlier = ['ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (age in (1)) NOT VALID;'];
    expect(again('age in (1)', 'age in (1, 2)', { sql: drop + add, earlier })).toEqual(MAY_FAIL);
  });

  it('knows what holds for a new column that is empty, and for one that is NOT NULL', () => {
    const added = (own: string, condition: string): readonly string[] =>
      messages(id, {
        before: { users: { columns: { id: 'integer pk', own } } },
        after: {
          users: {
            columns: { id: 'integer pk', own: 'text', other: 'text' },
            checks: { c: condition },
          },
        },
        sql: `ALTER TABLE "users" ADD COLUMN "other" text;ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (${condition});`,
      });
    const one = '(own IS NOT NULL AND "other" IS NULL) OR (own IS NULL AND other IS NOT NULL)';
    expect(added('text not null', one)).toEqual(HELD);
    expect(added('text', one)).toEqual(MAY_FAIL);
    expect(added('text', "(other IS NULL OR other <> '')")).toEqual([]);
    expect(added('text', "own <> '' OR other IS NULL")).toEqual(HELD);
    expect(added('text', "own <> '' AND other IS NULL")).toEqual(MAY_FAIL);
  });

  it('may fail where SQLite keeps or compares the values in another way', () => {
    const copied = (from: string, to: string, type = 'text'): number =>
      messages(id, {
        dialect: 'sqlite',
        before: { users: { columns: { id: 'integer pk', age: 'text' }, checks: { c: from } } },
        after: { users: { columns: { id: 'integer pk', age: type }, checks: { c: to } } },
        sql: `CREATE TABLE "__new_users" (id, age);INSERT INTO "__new_users"("id", "age") SELECT "id", "age" FROM "users";DROP TABLE "users";ALTER TABLE "__new_users" RENAME TO "users";`,
      }).length;
    expect(copied("age = 'x'", "age in ('x', 'y')")).toBe(0);
    // Tried with libsql: the values go from text to numbers, `01` is `1`; IN has no affinity or collation.
    expect(copied("age <> '1'", "age <> '1' OR id = 0", 'integer')).toBe(1);
    expect(copied('age = id', 'age in (id, 1)')).toBe(1);
    expect(copied("age = 'x' COLLATE nocase", "age in ('x' COLLATE nocase, 'y')")).toBe(1);
  });

  it('knows what is written under the names that a column had before', () => {
    const columns = (age: string) => ({ id: 'integer pk', [age]: 'integer' });
    const sql = (written: string): Literal => ({
      before: { users: { columns: columns('age'), checks: { c: 'age in (1)' } } },
      after: { users: { columns: columns('years'), checks: { c: 'years in (1, 2)' } } },
      sql: `ALTER TABLE users DROP CONSTRAINT c;${written}ALTER TABLE users RENAME COLUMN age TO years;ALTER TABLE users ADD CONSTRAINT c CHECK (years in (1, 2));`,
    });
    expect(messages(id, sql(''))).toEqual(HELD);
    expect(messages(id, sql('UPDATE users SET age = 9;'))).toEqual(MAY_FAIL);
  });

  it('warns of the lock for a big table, and shows no SELECT for rows that break nothing', () => {
    const literal: Literal = {
      before: { users: { columns: { id: 'integer pk' }, checks: { c: 'id > 1' } } },
      after: { users: { columns: { id: 'integer pk' }, checks: { c: 'id > 1 OR id = 0' } } },
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (id > 1 OR id = 0);',
    };
    const levels = (bigTables: string[]): readonly unknown[] =>
      levelsOf(id, { ...literal, said: { bigTables } });
    expect([levels([]), levels(['users'])]).toEqual([['note'], ['warning']]);
    expect(sqlOf(says(id, literal))).not.toContain('SELECT');
    expect(sqlOf(says(id, literal))).toContain('NOT VALID');
  });

  it('knows a condition again by the new names of its columns and its table', () => {
    const columns = { id: 'integer pk' };
    const literal: Literal = {
      before: {
        users: { columns: { ...columns, age: 'integer' }, checks: { c: '"users"."age" > 1' } },
      },
      after: {
        people: {
          columns: { ...columns, years: 'integer' },
          checks: { c: '"people"."years" > 1' },
        },
      },
      sql: 'ALTER TABLE "users" RENAME TO "people";ALTER TABLE "people" RENAME COLUMN "age" TO "years";ALTER TABLE "people" DROP CONSTRAINT "c";ALTER TABLE "people" ADD CONSTRAINT "c" CHECK ("people"."years" > 1);',
    };
    expect(messages(id, literal)).toEqual([]);
    expect(messages('guarantee-dropped', literal)).toEqual([]);
  });
});

describe('guarantee-dropped', () => {
  const users: Tables[string] = { columns: { id: 'integer pk', email: 'text', team: 'integer' } };
  const lost = (before: Partial<Tables[string]>, after: Partial<Tables[string]>, sql: string) =>
    messages('guarantee-dropped', {
      before: { users: { ...users, ...before } },
      after: { users: { ...users, ...after } },
      sql,
    });

  it('a foreign key goes, and others of the table stay', () => {
    const [own, other] = ['team -> users.id', 'id -> users.team'];
    const sql = 'ALTER TABLE "users" DROP CONSTRAINT "own";';
    const before = { foreignKeys: { own, other } };
    expect(lost(before, { foreignKeys: { other } }, sql)).toEqual([
      'own is dropped: the reference of team of users is no longer guaranteed',
    ]);
    expect(lost(before, { foreignKeys: { other, own2: own } }, sql)).toEqual([]);
    // A wider one looks at nothing where its other column is NULL.
    const wide = 'team,email -> users.id,email';
    const kept = (email: string): readonly string[] => {
      const columns = { ...users.columns, email };
      return lost({ columns, foreignKeys: { own, wide } }, { columns, foreignKeys: { wide } }, sql);
    };
    expect([kept('text not null').length, kept('text').length]).toEqual([0, 1]);
    const moved = { foreignKeys: { other, moved: 'team -> teams.id' } };
    expect(lost(before, moved, sql)).toEqual([]);
  });

  it('a foreign key that is added again NOT VALID is there, with what it does', () => {
    const add = 'ADD CONSTRAINT "own" FOREIGN KEY ("team") REFERENCES "users"("id")';
    const said = lost(
      { foreignKeys: { own: 'team -> users.id' } },
      { foreignKeys: { own: 'team -> users.id cascade' } },
      `ALTER TABLE "users" DROP CONSTRAINT "own";ALTER TABLE "users" ${add} ON DELETE cascade NOT VALID;`,
    );
    expect(said).toEqual([
      'a DELETE from users deletes its rows of users too from now on; it failed while there were some before',
    ]);
  });

  it.each<[string, readonly string[], readonly string[], number]>([
    ['another column', ['email'], ['team', 'email'], 1],
    ['a condition', ['email'], ['email', 'where:team > 1'], 1],
    ['one more condition', ['email', 'where:team > 1'], ['email', 'where:team > 1 AND id > 1'], 1],
    ['one condition less', ['email', 'where:team > 1 AND id > 1'], ['email', 'where:team > 1'], 0],
    ['the same in another order', ['email', 'team'], ['team', 'email'], 0],
    ['one column less', ['email', 'team'], ['email'], 0],
    ['small letters', ['email'], ['lower("email")'], 0],
    ['no small letters any more', ['lower("email")'], ['email'], 1],
    [
      'rows that can be the same at all',
      ['email'],
      ['email', 'where:"users"."email" IS NOT NULL'],
      0,
    ],
    ['what nothing is known of', ['email', 'where:f(team)'], ['email', 'where:g(team)'], 0],
    ['another column alone', ['email'], ['team'], 1],
    ['another column of two', ['email', 'team'], ['email', 'id'], 1],
  ])('a unique index is about %s', (_, from, to, count) => {
    const sql = 'DROP INDEX "u";CREATE UNIQUE INDEX "u" ON "users" ("email");';
    const [before, after] = [{ uniqueIndexes: { u: from } }, { uniqueIndexes: { u: to } }];
    expect(lost(before, after, sql)).toHaveLength(count);
    if (count > 0)
      expect(lost(before, after, sql)[0]).toMatch(
        /^u changes: uniqueness of .* of users is no longer/,
      );
  });

  it('under another name a condition that nothing is known of, and an expression, count', () => {
    const sql = 'DROP INDEX "u";';
    const unique = (name: string, ...parts: string[]) => ({ uniqueIndexes: { [name]: parts } });
    const partial = unique('v', 'email', 'where:g(team)');
    expect(lost(unique('u', 'email', 'where:f(team)'), partial, sql)).toHaveLength(1);
    expect(lost(unique('u', 'lower("email")'), {}, sql)).toHaveLength(1);
  });

  it('a check goes whose parts others have, or a column of it goes too', () => {
    const sql = 'ALTER TABLE "users" DROP CONSTRAINT "c";';
    const check = { checks: { c: '(team > 1) AND (id > 1)' } };
    expect(lost(check, { checks: { a: 'team > 1', b: 'id > 1 AND id < 9' } }, sql)).toEqual([]);
    expect(lost(check, { checks: { a: 'team > 1' } }, sql)).toHaveLength(1);
    const { team: _, ...columns } = users.columns;
    const gone = `${sql}ALTER TABLE "users" DROP COLUMN "team";`;
    expect(lost(check, { columns }, gone)).toEqual([]);
    const partial = { uniqueIndexes: { u: ['email', 'where:team > 1'] } };
    expect(lost(partial, { columns }, 'ALTER TABLE "users" DROP COLUMN "team";')).toEqual([]);
  });
});

describe('unique-on-existing-rows', () => {
  const made = (from: readonly string[], to: readonly string[]): readonly string[] =>
    messages('unique-on-existing-rows', {
      before: { users: { columns: USERS, uniqueIndexes: { old: from } } },
      after: { users: { columns: USERS, uniqueIndexes: { u: to } } },
      sql: 'DROP INDEX "old";CREATE UNIQUE INDEX "u" ON "users" ("email");',
    });

  it.each([
    [
      ['email', 'team'],
      ['email', "coalesce(name, '')", 'team'],
    ],
    [['email'], ['lower("email")']],
    [['lower("email")'], ['lower("email")', 'team']],
    [['lower("email")'], ['email']],
    [
      ['email', 'where:team > 1'],
      ['email', 'where:team > 1 AND id > 1'],
    ],
    [['email', 'where:"users"."email" IS NOT NULL'], ['email']],
  ])('%j guarantees %j, or does not', (from, to) => {
    const isWeaker = from[0] !== 'email' || to[0] !== 'lower("email")';
    expect(made(from, to)).toHaveLength(isWeaker ? 0 : 1);
  });

  it.each<[string, string, string, number]>([
    ['nothing', 'text', '', 0],
    ['nothing, where it must have a value', 'text not null', '', 1],
    ['what may be the same', 'text', 'UPDATE "users" SET "code" = lower("name");', 1],
    ['NULL', 'text', 'UPDATE "users" SET "name" = 1, "code" = NULL, "team" = 2;', 0],
    [
      'random bytes',
      'text',
      'UPDATE "users" SET "code" = lower(hex(randomblob(8))) WHERE true;',
      0,
    ],
    [
      'a UUID that must be there',
      'uuid not null',
      'UPDATE "users" SET "code" = gen_random_uuid();',
      0,
    ],
    ['few random bytes', 'bytea', 'UPDATE users SET code = gen_random_bytes(1);', 1],
    ['less of a UUID', 'text', 'UPDATE users SET code = gen_random_uuid()::varchar(2);', 1],
    [
      'a UUID of a name',
      'uuid',
      "UPDATE users SET code = uuid_generate_v5(uuid_ns_dns(), 'a');",
      1,
    ],
    ['the key', 'text', "UPDATE users SET code = 'u-' || id WHERE code IS NULL;", 0],
    ['a part of the key', 'integer', 'UPDATE users SET code = id % 9;', 1],
    ['a default for all', "text default 'a'", '', 1],
    ['a default for each', 'uuid not null default gen_random_uuid()', '', 0],
    ['a counter', 'serial counts', '', 0],
  ])('a new column is filled with %s', (_, words, fill, count) => {
    const said = messages('unique-on-existing-rows', {
      before: { users: { columns: USERS } },
      after: { users: { columns: { ...USERS, code: words }, uniqueIndexes: { u: ['code'] } } },
      sql: `ALTER TABLE "users" ADD COLUMN "code" ${words};${fill}CREATE UNIQUE INDEX "u" ON "users" ("code");`,
    });
    expect(said).toHaveLength(count);
  });

  it('with NULLS NOT DISTINCT rows with NULL are the same', () => {
    const [plain, strict] = [{ u: ['email'] }, { u: ['nulls:', 'email'] }];
    const said = (from: object, to: object, words = 'text', more = ''): readonly number[] => {
      const [before, after] = [from, to].map((one) => ({
        users: { columns: { ...USERS, email: words }, ...one },
      }));
      const sql = `ALTER TABLE "users" DROP CONSTRAINT "u";DROP INDEX "u";ALTER TABLE "users" ADD CONSTRAINT "u" UNIQUE ("email");${more}`;
      return (['unique-on-existing-rows', 'guarantee-dropped'] as const).map(
        (rule) => says(rule, { before: before ?? {}, after: after ?? {}, sql }).length,
      );
    };
    expect(said({ unique: plain }, { unique: strict })).toEqual([1, 0]);
    expect(said({ unique: strict }, { unique: plain })).toEqual([0, 1]);
    expect(said({ unique: strict }, { unique: plain }, 'text not null')).toEqual([0, 0]);
    expect(said({ unique: strict }, { unique: { v: ['nulls:', 'email'] } })).toEqual([0, 0]);
    const index = { uniqueIndexes: { v: ['email'] } };
    const built = 'CREATE UNIQUE INDEX "v" ON "users" ("email") NULLS NOT DISTINCT;';
    expect(said({ unique: plain }, index, 'text', built)).toEqual([1, 0]);
    expect(said({ unique: plain }, index, 'text', built.replace(/ NULLS.*/, ';'))).toEqual([0, 0]);
    const added = (parts: readonly string[], words = 'text'): number =>
      says('unique-on-existing-rows', {
        before: { users: { columns: USERS } },
        after: { users: { columns: { ...USERS, code: words }, unique: { u: parts } } },
        sql: `ALTER TABLE "users" ADD COLUMN "code" ${words};ALTER TABLE "users" ADD CONSTRAINT "u" UNIQUE ("code");`,
      }).length;
    expect([added(['code']), added(['nulls:', 'code'])]).toEqual([0, 1]);
    expect(added(['nulls:', 'code'], 'uuid default gen_random_uuid()')).toBe(0);
  });

  it('what is made for more rows than before, or tells fewer apart', () => {
    expect(made(['email', 'team'], ['email'])).toHaveLength(1);
    expect(made(['email', 'where:team > 1'], ['email'])).toHaveLength(1);
    expect(made(['email', 'where:team IS NOT NULL'], ['email'])).toHaveLength(1);
    expect(made(['email', "coalesce(name, '')"], ['email', 'name'])).toHaveLength(1);
  });
});

const USERS = { id: 'integer pk', email: 'text', name: 'text', team: 'integer' };

describe('indexes', () => {
  const indexed = (columns: Tables[string]['columns'], parts?: readonly string[]): Tables => ({
    users: { columns, ...(parts === undefined ? {} : { indexes: { i: parts } }) },
  });

  it('drop-index is silent where the first column of it goes, and not where another does', () => {
    const { team: _, ...left } = USERS;
    const sql = 'ALTER TABLE "users" DROP COLUMN "team";DROP INDEX "i";';
    const dropped = (...parts: string[]) =>
      messages('drop-index', { before: indexed(USERS, parts), after: indexed(left), sql });
    expect(dropped('team', 'email')).toEqual([]);
    expect(dropped('email', 'team')).toEqual(['i on users (email, team) is dropped']);
  });

  it('one that is made again under its name is dropped and built too', () => {
    const literal: Literal = {
      before: indexed(USERS, ['email']),
      after: indexed(USERS, ['name']),
      sql: 'DROP INDEX "i";CREATE INDEX "i" ON "users" ("name");',
    };
    expect(messages('drop-index', literal)).toEqual(['i on users (email) changes']);
    expect(messages('index-blocks-writes', literal)).toEqual([
      'i is built while nobody can write to users',
    ]);
    const wider = { ...literal, after: indexed(USERS, ['email', 'name']) };
    expect(messages('drop-index', wider)).toEqual([]);
  });

  it('that of a unique constraint keeps readers out, and is built by hand first', () => {
    const said = says('index-blocks-writes', {
      before: { users: { columns: USERS } },
      after: { users: { columns: USERS, unique: { u: ['email', 'team'] } } },
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "u" UNIQUE NULLS NOT DISTINCT("email","team");',
    });
    expect(said.map(({ message }) => message)).toEqual([
      'u is built while nobody can read or write users',
    ]);
    const index = '"u" ON "users" ("email", "team") NULLS NOT DISTINCT;';
    expect(sqlOf(said)).toBe(
      `CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ${index}\n` +
        `-- guard-allow sql-edited: built by hand before the release\nCREATE UNIQUE INDEX IF NOT EXISTS ${index}\n` +
        'ALTER TABLE "users" ADD CONSTRAINT "u" UNIQUE USING INDEX "u";',
    );
  });

  it('what the SQL adds and both snapshots have is new to databases', () => {
    const users: Tables[string] = {
      columns: USERS,
      unique: { u: ['email'] },
      checks: { c: 'team > 1' },
      foreignKeys: { fk: 'team -> users.id' },
    };
    const added = (sql: string): readonly string[] =>
      (
        [
          'unique-on-existing-rows',
          'check-on-existing-rows',
          'foreign-key-on-existing-rows',
        ] as const
      ).flatMap((id) =>
        says(id, { before: { users }, after: { users }, sql }).map(({ about }) => about),
      );
    const all = [
      'ADD CONSTRAINT u UNIQUE (email)',
      'ADD CONSTRAINT c CHECK (team > 1)',
      'ADD CONSTRAINT fk FOREIGN KEY (team) REFERENCES users (id)',
    ].map((one) => `ALTER TABLE users ${one};`);
    expect(added(all.join(''))).toEqual(['users.u', 'users.c', 'users.fk']);
    const dropped = ['u', 'c', 'fk'].map((one) => `ALTER TABLE users DROP CONSTRAINT ${one};`);
    expect(added([...dropped, ...all].join(''))).toEqual([]);
  });

  it('a new column that the SQL lets be NULL, whatever the snapshot says', () => {
    const said = (sql: string): readonly string[] =>
      messages('not-null-without-default', {
        before: { users: { columns: USERS } },
        after: { users: { columns: { ...USERS, slug: 'text not null' } } },
        sql,
      });
    const add = 'ALTER TABLE "users" ADD COLUMN "slug" text';
    expect(said(`${add};`)).toEqual([]);
    expect(said(`${add} NOT NULL;`)).toHaveLength(1);
    expect(said(`${add};ALTER TABLE "users" ALTER COLUMN "slug" SET NOT NULL;`)).toHaveLength(1);
  });

  it('a column whose custom type says what it is computed from is rewritten', () => {
    const type = "tsvector generated always as (to_tsvector('simple', email)) stored";
    const said = messages('added-column-rewrites', {
      before: { users: { columns: USERS } },
      after: { users: { columns: { ...USERS, search: type } } },
      sql: `ALTER TABLE "users" ADD COLUMN "search" ${type};`,
    });
    expect(said).toEqual([
      'users.search is generated and stored: every row of users is rewritten under a lock',
    ]);
  });

  it('SQLite: the DROP INDEX of what a rebuilt table has as a constraint takes nothing away', () => {
    const sql = `${CASES['set-not-null'].reported.sql}DROP INDEX IF EXISTS \`u\`;`;
    expect(
      messages('guarantee-dropped', {
        dialect: 'sqlite',
        before: { users: { columns: USERS, uniqueIndexes: { u: ['email'] } } },
        after: { users: { columns: USERS, unique: { u: ['email'] } } },
        sql,
      }),
    ).toEqual([]);
    const literal: Literal = {
      dialect: 'sqlite',
      before: { users: { columns: USERS, uniqueIndexes: { u: ['email'] } } },
      after: { users: { columns: USERS, uniqueIndexes: { u: ['email'] } } },
      sql: 'DROP INDEX IF EXISTS `u`;',
    };
    expect(messages('guarantee-dropped', literal)).toHaveLength(1);
  });
});
