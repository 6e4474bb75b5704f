import { PGlite } from '@electric-sql/pglite';
import { citext } from '@electric-sql/pglite/contrib/citext';
import { createClient } from '@libsql/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReviewRuleId } from '../../../src/rules/index.ts';
import { says, sqlOf, type Literal } from '../../support/review.ts';
import { CASES } from './cases.ts';

/** The SQL of the safe way, with a value where one has to be chosen. */
const safe = (id: ReviewRuleId, literal: Literal = CASES[id].reported, value = "'x'"): string =>
  sqlOf(says(id, literal)).replaceAll('<value>', value);
const migration = (id: ReviewRuleId): string => CASES[id].reported.sql;

describe('PostgreSQL with rows', () => {
  let db: PGlite;
  beforeAll(async () => {
    db = new PGlite({ extensions: { citext } });
    await db.waitReady;
  });
  afterAll(() => db.close());
  /** Each in a transaction that is taken back; the code of the error. */
  const tried = async (...steps: readonly string[]): Promise<string> => {
    await db.exec('ROLLBACK').catch(() => undefined);
    await db.exec('BEGIN');
    try {
      for (const sql of steps) await db.exec(sql);
      return 'ran';
    } catch (error) {
      return String((error as { code?: unknown }).code);
    } finally {
      await db.exec('ROLLBACK');
    }
  };
  const SET_UP = [
    'CREATE TABLE users (id integer PRIMARY KEY, email text)',
    'CREATE TABLE posts (id integer PRIMARY KEY, author integer)',
    "INSERT INTO users VALUES (1, 'a'), (2, 'a'), (3, NULL)",
    'INSERT INTO posts VALUES (1, 1), (2, 9)',
  ].join(';');

  it('a NOT NULL column without a value fails; nullable, filled, and NOT NULL then runs', async () => {
    const id = 'not-null-without-default';
    expect(await tried(SET_UP, migration(id))).toBe('23502');
    const add = 'ALTER TABLE users ADD COLUMN plan text';
    const set = 'ALTER TABLE users ALTER COLUMN plan SET NOT NULL';
    expect(await tried(SET_UP, add, set)).toBe('23502');
    expect(await tried(SET_UP, add, safe(id), set)).toBe('ran');
  });

  it('SET NOT NULL fails on a NULL, and runs behind the UPDATE and the validated check', async () => {
    const id = 'set-not-null';
    expect(await tried(SET_UP, migration(id))).toBe('23502');
    expect(await tried(SET_UP, safe(id), migration(id))).toBe('ran');
  });

  it('a unique constraint fails on twins, which the SELECT finds', async () => {
    const id = 'unique-on-existing-rows';
    expect(await tried(SET_UP, migration(id))).toBe('23505');
    expect(await tried(SET_UP, 'DELETE FROM users WHERE id = 2', migration(id))).toBe('ran');
    await db.exec(`BEGIN;${SET_UP}`);
    expect((await db.query(safe(id))).rows).toEqual([{ email: 'a', count: 2 }]);
    await db.exec('ROLLBACK');
  });

  it('a unique constraint takes the index that was built by hand, and builds it where there is none', async () => {
    const [byHand = '', inMigration = ''] = says(
      'index-blocks-writes',
      CASES['unique-on-existing-rows'].reported,
    ).flatMap(({ safe: ways }) => ways.flatMap(({ sql }) => sql ?? []));
    const own = `${SET_UP};DELETE FROM users WHERE id = 2`;
    const twin = "INSERT INTO users VALUES (4, 'a')";
    expect(await tried(own, inMigration)).toBe('ran');
    expect(await tried(own, byHand.replace('CONCURRENTLY ', ''), inMigration)).toBe('ran');
    expect(await tried(own, inMigration, twin)).toBe('23505');
  });

  it('a foreign key fails on an orphan; NOT VALID runs, and is validated when it is gone', async () => {
    const id = 'foreign-key-on-existing-rows';
    expect(await tried(SET_UP, migration(id))).toBe('23503');
    const [select = '', notValid = '', validate = ''] = says(id, CASES[id].reported)
      .flatMap((one) => one.safe)
      .flatMap(({ sql }) => sql ?? []);
    expect(await tried(SET_UP, notValid)).toBe('ran');
    expect(await tried(SET_UP, notValid, validate)).toBe('23503');
    expect(await tried(SET_UP, notValid, 'DELETE FROM posts WHERE id = 2', validate)).toBe('ran');
    await db.exec(`BEGIN;${SET_UP}`);
    expect((await db.query(select)).rows).toEqual([{ id: 2, author: 9 }]);
    await db.exec('ROLLBACK');
  });

  it('a check likewise', async () => {
    const id = 'check-on-existing-rows';
    const [, notValid = '', validate = ''] = says(id, CASES[id].reported)
      .flatMap((one) => one.safe)
      .flatMap(({ sql }) => sql ?? []);
    expect(await tried(SET_UP, migration(id))).toBe('23514');
    expect(await tried(SET_UP, notValid)).toBe('ran');
    expect(await tried(SET_UP, notValid, 'UPDATE users SET id = id + 20', validate)).toBe('ran');
  });

  it('a value that goes from an enum fails where a row has it, and runs behind the UPDATE', async () => {
    const id = 'enum-value-removed';
    const own =
      "CREATE TYPE status AS ENUM ('a', 'b', 'c');CREATE TABLE users (id int, status status);INSERT INTO users VALUES (1, 'b')";
    expect(await tried(own, migration(id))).toBe('22P02');
    expect(await tried(own, safe(id, undefined, "'a'"), migration(id))).toBe('ran');
  });

  it('a new value of an enum that is used at once', async () => {
    const { earlier = [], sql } = CASES['enum-value-used-at-once'].reported;
    const own = "CREATE TYPE status AS ENUM ('a');CREATE TABLE users (id int, status status)";
    await db.exec(own);
    expect(await tried(...earlier, sql)).toBe('55P04');
    await db.exec(earlier.join(';'));
    expect(await tried(sql)).toBe('ran');
    await db.exec('DROP TABLE users;DROP TYPE status');
  });

  it('CONCURRENTLY runs in no transaction; by hand and with IF NOT EXISTS it does', async () => {
    const id = 'concurrently-in-transaction';
    expect(await tried(SET_UP, migration(id))).toBe('25001');
    const [byHand = '', kept = ''] = says(id, CASES[id].reported)
      .flatMap((one) => one.safe)
      .flatMap(({ sql }) => sql ?? []);
    await db.exec(SET_UP);
    await db.exec(byHand);
    expect(await tried(kept)).toBe('ran');
    await db.exec('DROP TABLE users, posts');
  });

  const TYPES = [
    'smallint integer bigint serial numeric(9,2) real text varchar(9) char(5) date timestamp',
    'uuid boolean bytea inet cidr jsonb',
  ].flatMap((some) => some.split(' '));
  it.each(['double precision', 'timestamp with time zone', ...TYPES])(
    'a foreign key to %s: the rule says what PostgreSQL says',
    async (to) => {
      for (const from of ['double precision', 'timestamp with time zone', ...TYPES]) {
        const sql = `CREATE TABLE "a" ("x" ${from} REFERENCES "b"("y"));`;
        const said = says('foreign-key-type-mismatch', {
          before: { b: { columns: { y: `${to} pk` } } },
          after: {
            b: { columns: { y: `${to} pk` } },
            a: { columns: { x: from }, foreignKeys: { fk: 'x -> b.y' } },
          },
          sql,
        });
        const answer = await tried(`CREATE TABLE "b" ("y" ${to} PRIMARY KEY)`, sql);
        expect([from, answer]).toEqual([from, said.length === 0 ? 'ran' : '42804']);
      }
    },
  );

  it('a foreign key to what is not there, or not unique; a unique index makes it run', async () => {
    expect(await tried(SET_UP, migration('foreign-key-target-missing'))).toBe('42P01');
    const id = 'foreign-key-target-not-unique';
    const other = `${SET_UP};ALTER TABLE posts ALTER author TYPE text;DELETE FROM users WHERE id = 2`;
    const key = migration(id);
    expect(await tried(other, key)).toBe('42830');
    const fitting = "UPDATE posts SET author = 'a'";
    expect(await tried(other, fitting, safe(id), key)).toBe('ran');
  });

  it('a foreign key that went with its table; IF EXISTS makes it run', async () => {
    const id = 'constraint-already-gone';
    const other = `${SET_UP};DELETE FROM posts WHERE id = 2;ALTER TABLE posts ADD CONSTRAINT "fk" FOREIGN KEY (author) REFERENCES users (id)`;
    expect(await tried(other, migration(id))).toBe('42704');
    expect(await tried(other, 'DROP TABLE users CASCADE', safe(id))).toBe('ran');
    expect(await tried(other, CASES[id].passes.sql)).toBe('ran');
  });

  it('a name that is used twice', async () => {
    const id = 'name-used-twice';
    const first = 'ALTER TABLE users ADD CONSTRAINT name_idx UNIQUE (email)';
    const one = `${SET_UP};DELETE FROM users WHERE id = 2`;
    expect(await tried(one, first, migration(id))).toBe('42P07');
    expect(await tried(one, first, CASES[id].passes.sql)).toBe('ran');
  });

  it('an index of a foreign key, and a key of a new column that is validated later', async () => {
    expect(await tried(SET_UP, safe('foreign-key-without-index'))).toBe('ran');
    const id = 'foreign-key-on-new-column';
    const without = SET_UP.replace('author integer)', 'other integer)');
    const [add = ''] = migration(id).split(';');
    expect(await tried(without, add, safe(id))).toBe('ran');
  });

  it('what is dropped or renamed stays readable, and what does not fit is found', async () => {
    expect(
      await tried(
        SET_UP,
        safe('drop-column'),
        migration('drop-column'),
        'SELECT id, email FROM users_email_kept',
      ),
    ).toBe('ran');
    expect(await tried(SET_UP, safe('drop-table'), 'SELECT id FROM posts_unused')).toBe('ran');
    expect(
      await tried(
        SET_UP,
        migration('rename-table'),
        safe('rename-table'),
        'INSERT INTO users VALUES (4)',
      ),
    ).toBe('ran');
    expect(
      await tried(
        SET_UP,
        safe('rows-without-where').replaceAll(/-->.*/g, ''),
        migration('rows-without-where'),
      ),
    ).toBe('ran');
    expect(await tried(SET_UP, safe('primary-key-changed'))).toBe('ran');
    const id = 'type-change-may-fail';
    const long = `${SET_UP};UPDATE users SET email = repeat('x', 10)`;
    expect(await tried(long, migration(id))).toBe('22001');
    const [look = '', copy = ''] = safe(id).split('\n');
    expect(await tried(long, look)).toBe('ran');
    const next = 'ALTER TABLE users ADD email_new varchar(9)';
    expect(await tried(SET_UP, next, copy)).toBe('ran');
    // What does not fit is not cut.
    expect(await tried(long, next, copy)).toBe('22001');
  });

  const rows = async (sql: string): Promise<readonly unknown[]> =>
    (await db.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row));

  it('CASCADE drops the columns of a type; made text first they stay, and without it nothing runs', async () => {
    const id = 'drop-cascades';
    const table =
      'CREATE TABLE users (id int, email citext, tags citext[] DEFAULT ARRAY[]::citext[])';
    const own = `CREATE EXTENSION citext;${table};INSERT INTO users VALUES (1, 'A', '{B}')`;
    const columns = { id: 'integer', email: 'citext', tags: 'citext[] default ARRAY[]::citext[]' };
    const before = { users: { columns } };
    const { sql } = CASES[id].reported;
    const said = says(id, { before, after: before, sql });
    expect(said[0]?.message).toContain('users.email and users.tags');
    const without = sql.replace(' CASCADE', '');
    expect(await tried(own, sql, 'SELECT email FROM users')).toBe('42703');
    expect(await tried(own, without)).toBe('2BP01');
    expect(await tried(own, sqlOf(said), without, 'SELECT email, tags[1] FROM users')).toBe('ran');
  });

  it('what rests on an enum or is in a schema is listed, whatever their names', async () => {
    const enums = [{ Odd: ['a'] }, {}] as const;
    const used = safe('drop-enum', {
      ...CASES['drop-enum'].reported,
      enums,
      sql: 'DROP TYPE "Odd";',
    });
    const schemas = [['My app'], []] as const;
    const sql = 'DROP SCHEMA "My app";';
    const [inside = ''] = safe('drop-schema', {
      ...CASES['drop-schema'].reported,
      schemas,
      sql,
    }).split('\n');
    await db.exec(
      `BEGIN;CREATE TYPE "Odd" AS ENUM ('a');CREATE SCHEMA "My app";CREATE TABLE "My app".t (a "Odd")`,
    );
    expect((await rows(used)).flat()).toContain('column a of table "My app".t');
    expect((await rows(inside)).flat()).toContain('"My app".t');
    await db.exec('ROLLBACK');
  });

  it('DROP OWNED takes tables without a CASCADE; handed over, they stay', async () => {
    const literal = { ...CASES['drop-cascades'].reported, sql: 'DROP OWNED BY app;' };
    const own = `CREATE ROLE app;${SET_UP};ALTER TABLE posts OWNER TO app`;
    expect(await tried(own, literal.sql, 'SELECT id FROM posts')).toBe('42P01');
    const kept = safe('drop-cascades', literal);
    expect(await tried(own, kept, literal.sql, 'SELECT id FROM posts')).toBe('ran');
  });

  it('a trigger that is switched off sees nothing, until it is switched on by what the rule prints', async () => {
    const id = 'checks-left-off';
    const own = `${SET_UP};CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO posts VALUES (3, 3); RETURN NEW; END';CREATE TRIGGER audit AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION seen()`;
    const update = 'UPDATE users SET email = 1 WHERE id = 1';
    for (const name of ['"audit"', 'ALL', 'USER']) {
      const sql = `ALTER TABLE "users" DISABLE TRIGGER ${name};`;
      const on = safe(id, { ...CASES[id].reported, sql });
      await db.exec(`BEGIN;${own};${sql};${update}`);
      expect(await rows('SELECT count(*) FROM posts')).toEqual([[2]]);
      await db.exec(`${on};${update}`);
      expect(await rows('SELECT count(*) FROM posts')).toEqual([[3]]);
      await db.exec('ROLLBACK');
    }
    for (const sql of [
      "SET session_replication_role TO 'replica';",
      "SELECT set_config('session_replication_role', 'replica', false);",
    ]) {
      await db.exec(`BEGIN;${sql};COMMIT`);
      expect(await rows('SHOW session_replication_role')).toEqual([['replica']]);
      await db.exec(safe(id, { ...CASES[id].reported, sql }));
      expect(await rows('SHOW session_replication_role')).toEqual([['origin']]);
    }
  });

  it.each([
    ['LOCK TABLE users IN EXCLUSIVE MODE', 'ExclusiveLock'],
    ['LOCK TABLE users IN ROW SHARE MODE', 'RowShareLock'],
    ['CLUSTER users USING users_pkey', 'AccessExclusiveLock'],
    ['REINDEX TABLE users', 'ShareLock'],
    ['REINDEX INDEX users_pkey', 'ShareLock'],
    ['ALTER TABLE users SET UNLOGGED', 'AccessExclusiveLock'],
    ['ALTER TABLE parts ATTACH PARTITION users DEFAULT', 'AccessExclusiveLock'],
  ])('%s takes a %s', async (sql, lock) => {
    await db.exec(SET_UP);
    await db.exec('CREATE TABLE parts (id integer, email text) PARTITION BY LIST (id)');
    await db.exec(`BEGIN;${sql}`);
    const held = await rows(
      "SELECT mode FROM pg_locks WHERE relation = 'users'::regclass AND pid = pg_backend_pid()",
    );
    await db.exec('ROLLBACK;DROP TABLE users, posts, parts');
    expect(held.flat()).toContain(lock);
    const reported = says('table-locked', {
      before: { users: { columns: { id: 'integer pk' }, indexes: { users_pkey: ['id'] } } },
      after: {},
      sql,
    });
    expect(reported).toHaveLength(lock === 'RowShareLock' ? 0 : 1);
  });

  it.each([
    ['users PARTITION BY LIST (id)', 'PARTITION OF users DEFAULT', 'users DETACH PARTITION part'],
    ['users', '() INHERITS (users)', 'part NO INHERIT users'],
  ])('%s: the rows of a part leave the table', async (table, part, alter) => {
    const id = 'partition-removed';
    const sql = `ALTER TABLE ${alter};`;
    const own = table.replace('users', 'users (id integer)');
    await db.exec(`BEGIN;CREATE TABLE ${own};CREATE TABLE part ${part}`);
    await db.exec('INSERT INTO part VALUES (1), (2)');
    const count = safe(id, { ...CASES[id].reported, sql });
    expect(await rows('SELECT count(*) FROM users')).toEqual([[2]]);
    expect(await rows(count)).toEqual([[2]]);
    await db.exec(sql);
    expect(await rows('SELECT count(*) FROM users')).toEqual([[0]]);
    expect(await rows(count)).toEqual([[2]]);
    await db.exec('ROLLBACK');
  });

  it('a renamed value of an enum stays in the rows, and the old one fails', async () => {
    const id = 'enum-value-removed';
    const own =
      "CREATE TYPE status AS ENUM ('a');CREATE TABLE users (status status);INSERT INTO users VALUES ('a')";
    const sql = "ALTER TYPE status RENAME VALUE 'a' TO 'c';";
    const insert = "INSERT INTO users VALUES ('a')";
    await db.exec(`BEGIN;${own};${sql}`);
    expect(await rows('SELECT status FROM users')).toEqual([['c']]);
    await db.exec('ROLLBACK');
    expect(await tried(own, sql, insert)).toBe('22P02');
    const { enums: _, ...literal } = CASES[id].reported;
    const add = safe(id, { ...literal, enums: [{ status: ['a'] }, { status: ['a'] }], sql });
    expect(await tried(own, add, insert)).toBe('ran');
  });

  it('what is said to run in no transaction runs in none', async () => {
    for (const sql of ['REINDEX SCHEMA public', 'CLUSTER', 'VACUUM', 'CREATE DATABASE x']) {
      expect(says('not-in-transaction', { ...CASES['drop-cascades'].reported, sql })).toHaveLength(
        1,
      );
      expect(await tried(sql)).toBe('25001');
    }
  });
});

describe('SQLite with rows', () => {
  let db: ReturnType<typeof createClient>;
  beforeEach(async () => {
    db = createClient({ url: ':memory:' });
    await db.executeMultiple(
      'CREATE TABLE users (id integer PRIMARY KEY, email text);INSERT INTO users VALUES (1, 1), (2, 2);' +
        'CREATE TABLE posts (id integer PRIMARY KEY, author integer REFERENCES users(id) ON DELETE cascade);' +
        'INSERT INTO posts VALUES (1, 1), (2, 2);',
    );
  });
  const tried = async (sql: string): Promise<string> => {
    try {
      await db.executeMultiple(sql.replaceAll('--> statement-breakpoint', ''));
      return 'ran';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const rows = async (sql: string): Promise<readonly unknown[]> =>
    (await db.execute(sql)).rows.map((row) => Object.values(row));

  it.each([
    '(unixepoch())',
    'CURRENT_TIMESTAMP',
    '(1+1)',
    "(lower('A'))",
    '1',
    '-1',
    "('a')",
    '(1)',
    'true',
    'NULL',
    "x'00'",
  ])('the default %s: the rule says what SQLite says', async (value) => {
    const reported = says('sqlite-default-not-constant', {
      dialect: 'sqlite',
      before: CASES['sqlite-default-not-constant'].reported.before,
      after: {
        users: { columns: { id: 'integer pk', email: 'text', at: `text default ${value}` } },
      },
      sql: `ALTER TABLE users ADD at text DEFAULT ${value};`,
    });
    const answer = await tried(`ALTER TABLE users ADD at text DEFAULT ${value}`);
    expect(answer).toContain(reported.length === 0 ? 'ran' : 'non-constant default');
    if (reported.length === 0) return;
    expect(await tried(`ALTER TABLE users ADD at text;${sqlOf(reported)}`)).toBe('ran');
    expect((await rows('SELECT at FROM users'))[0]).not.toEqual([null]);
  });

  it('a rebuild wipes the children where foreign keys are on; saved, they are back', async () => {
    const { sql } = CASES['sqlite-rebuild-wipes-children'].reported;
    // The PRAGMA of the file does nothing in the transaction of a migrator.
    const rebuild = sql.replaceAll(/PRAGMA[^;]*;/g, '');
    const all = 'SELECT count(*) FROM posts';
    expect(await tried(`PRAGMA foreign_keys=ON;BEGIN;${rebuild}COMMIT`)).toBe('ran');
    expect(await rows(all)).toEqual([[0]]);
    await tried('INSERT INTO posts VALUES (1, 1), (2, 2)');
    const [, saving = ''] = says(
      'sqlite-rebuild-wipes-children',
      CASES['sqlite-rebuild-wipes-children'].reported,
    )
      .flatMap((one) => one.safe)
      .flatMap(({ sql: own }) => own ?? []);
    expect(await tried(`BEGIN;${saving.replace('-- the rebuild', rebuild)}COMMIT`)).toBe('ran');
    expect(await rows(all)).toEqual([[2]]);
  });

  it('a copy that reads a new column fails, or takes its name for the value; the safe one runs', async () => {
    const id = 'sqlite-rebuild-copies-new-column';
    await tried('PRAGMA foreign_keys=OFF;ALTER TABLE users DROP COLUMN email');
    const copy = 'INSERT INTO other(id, email) SELECT "id", "email" FROM users';
    const answer = await tried(`CREATE TABLE other (id integer, email text);${copy}`);
    if (answer === 'ran')
      expect(await rows('SELECT email FROM other')).toEqual([['email'], ['email']]);
    else expect(answer).toContain('no such column');
    const literal = CASES[id].reported;
    const nullable = {
      ...literal,
      sql: literal.sql.replace('`email` text NOT NULL', '`email` text'),
    };
    const [statement = ''] = safe(id, nullable).split('\n').slice(1);
    expect(await tried(nullable.sql.replace(/INSERT[^;]*;/, statement))).toBe('ran');
    expect(await rows('SELECT email FROM users')).toEqual([[null], [null]]);
  });

  it('a reference without its action keeps the parent; with it the rows go', async () => {
    const id = 'sqlite-added-reference-loses-action';
    await tried('PRAGMA foreign_keys=ON');
    for (const [sql, left] of [
      [CASES[id].reported.sql, 'FOREIGN KEY constraint failed'],
      [safe(id), 'ran'],
    ] as const) {
      await tried(
        'DROP TABLE posts;CREATE TABLE posts (id integer PRIMARY KEY);INSERT INTO posts VALUES (1)',
      );
      expect(await tried(sql)).toBe('ran');
      await tried('UPDATE posts SET author = 1');
      expect(await tried('DELETE FROM users WHERE id = 1')).toContain(left);
    }
    expect(await rows('SELECT count(*) FROM posts')).toEqual([[0]]);
  });

  it('an index whose name another table has fails; foreign keys of other types find nothing', async () => {
    const literal: Literal = {
      dialect: 'sqlite',
      before: { users: { columns: { email: 'text' }, indexes: { name_idx: ['email'] } } },
      after: {
        users: { columns: { email: 'text' }, indexes: { name_idx: ['email'] } },
        posts: { columns: { author: 'integer' }, indexes: { Name_idx: ['author'] } },
      },
      sql: 'CREATE INDEX `Name_idx` ON `posts` (`author`);',
    };
    expect(says('name-used-twice', literal)).toHaveLength(1);
    await tried('CREATE INDEX name_idx ON users (email)');
    expect(await tried(literal.sql)).toContain('already exists');
    await tried('PRAGMA foreign_keys=ON');
    expect(
      await tried('CREATE TABLE a (x text PRIMARY KEY);CREATE TABLE b (y blob REFERENCES a(x))'),
    ).toBe('ran');
    await tried("INSERT INTO a VALUES ('k')");
    expect(await tried("INSERT INTO b VALUES (x'6b')")).toContain('FOREIGN KEY constraint failed');
  });

  it('REPLACE deletes the row with what refers to it; the insert that updates leaves all there', async () => {
    const id = 'replace-loses-values';
    const setUp =
      'DROP TABLE posts;DROP TABLE users;' +
      'CREATE TABLE users (id integer PRIMARY KEY, email text UNIQUE, age integer);' +
      'CREATE TABLE posts (id integer PRIMARY KEY, author integer REFERENCES users(id) ON DELETE cascade);' +
      "INSERT INTO users VALUES (7, 'a', 40);INSERT INTO posts VALUES (1, 7);PRAGMA foreign_keys = ON;";
    const before = {
      users: {
        columns: { id: 'integer pk', email: 'text', age: 'integer' },
        unique: { u: ['email'] },
      },
      posts: {
        columns: { id: 'integer pk', author: 'integer' },
        foreignKeys: { fk: 'author -> users.id cascade' },
      },
    };
    for (const [sql, after, kept] of [
      ["REPLACE INTO users (id, email) VALUES (7, 'b')", [7, 'b', null], [7, 'b', 40]],
      ['REPLACE INTO users (id) VALUES (7)', [7, null, null], [7, 'a', 40]],
      ["REPLACE INTO users (email, age) VALUES ('a', 41)", [8, 'a', 41], [7, 'a', 41]],
      [
        "INSERT OR REPLACE INTO users (id, email) SELECT id, 'b' FROM users",
        [7, 'b', null],
        [7, 'b', 40],
      ],
      ['REPLACE INTO users SELECT * FROM users', [7, 'a', 40], [7, 'a', 40]],
    ] as const) {
      await tried(setUp);
      expect(await tried(sql)).toBe('ran');
      expect(await rows('SELECT * FROM users')).toEqual([after]);
      expect(await rows('SELECT count(*) FROM posts')).toEqual([[0]]);
      await tried(setUp);
      const end = safe(id, { dialect: 'sqlite', before, after: before, sql });
      expect(await tried(`${sql.replace(/^.*? INTO/, 'INSERT INTO')} ${end}`)).toBe('ran');
      expect(await rows('SELECT * FROM users')).toEqual([kept]);
      expect(await rows('SELECT count(*) FROM posts')).toEqual([[1]]);
    }
    // One without a key is another row.
    const sql = 'REPLACE INTO users (age) VALUES (1)';
    expect(says(id, { dialect: 'sqlite', before, after: before, sql })).toEqual([]);
    await tried(`${setUp}${sql}`);
    expect(await rows('SELECT count(*) FROM posts')).toEqual([[1]]);
  });

  it.each([
    ['foreign_keys', 'OFF', 'stays as it was'],
    ['ignore_check_constraints', 'ON', 'stays'],
    ['writable_schema', 'ON', 'stays'],
  ])('PRAGMA %s = %s in the transaction of a migrator %s', async (name, value, how) => {
    const id = 'checks-left-off';
    const sql = `PRAGMA ${name} = ${value};`;
    const literal: Literal = { ...CASES[id].reported, dialect: 'sqlite', sql };
    await tried(`PRAGMA foreign_keys = ON;BEGIN;${sql}COMMIT`);
    expect(await rows(`PRAGMA ${name}`)).toEqual([[1]]);
    // By hand, without a transaction.
    await tried(sql);
    expect(await rows(`PRAGMA ${name}`)).toEqual([[value === 'ON' ? 1 : 0]]);
    expect(says(id, literal)[0]?.message).toContain(how === 'stays' ? 'stays on' : 'does nothing');
    await tried(safe(id, literal));
    expect(await rows(`PRAGMA ${name}`)).toEqual([[value === 'ON' ? 0 : 1]]);
  });

  it('a migrator has a transaction open, in which there is no other one and no VACUUM', async () => {
    // As drizzle-orm's session for libsql does.
    const migrated = (...steps: string[]): Promise<string> =>
      db.migrate(steps).then(
        () => 'ran',
        (error: unknown) => String(error),
      );
    for (const refused of ['BEGIN', 'COMMIT', 'ROLLBACK', 'VACUUM', 'PRAGMA synchronous = OFF'])
      expect(await migrated(refused, 'SELECT 1'), refused).not.toBe('ran');
    expect(await migrated('SAVEPOINT a', 'SELECT 1', 'ROLLBACK TO a', 'RELEASE a')).toBe('ran');
  });

  it('a foreign key to no table is taken, and refuses every row', async () => {
    await tried('PRAGMA foreign_keys=ON');
    expect(await tried('CREATE TABLE a (x integer REFERENCES nowhere(id))')).toBe('ran');
    expect(await tried('INSERT INTO a VALUES (1)')).toContain('no such table');
    expect(
      await tried(
        sqlOf(
          says('foreign-key-without-index', {
            ...CASES['foreign-key-without-index'].reported,
            dialect: 'sqlite',
          }),
        ),
      ),
    ).toBe('ran');
  });
});
