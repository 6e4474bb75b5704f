import { PGlite } from '@electric-sql/pglite';
import { createClient } from '@libsql/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReviewRuleId } from '../../../src/rules/index.ts';
import { says, sqlOf, type Literal, type Tables } from '../../support/review.ts';

const USERS: Tables = {
  users: {
    columns: { id: 'integer pk', email: 'text', team: 'integer' },
    unique: { users_email_unique: ['email'] },
    policies: ['own team: is_member(team)'],
    rls: true,
  },
  posts: {
    columns: { id: 'integer pk', author: 'integer' },
    foreignKeys: { posts_author_fk: 'author -> users.id cascade' },
  },
};
const VIEWS = {
  members: 'select id, team from users where team is not null',
  teams: 'select team, count(*) as size from members group by team',
};
const custom = (sql: string, more: Partial<Literal> = {}): Literal => ({
  before: USERS,
  after: USERS,
  sql,
  ...more,
});
/** What can be pasted, without the breakpoints. */
const safe = (id: ReviewRuleId, literal: Literal): string =>
  sqlOf(says(id, literal)).replaceAll('--> statement-breakpoint', '');

describe('PostgreSQL with rows', () => {
  let db: PGlite;
  beforeAll(async () => {
    db = new PGlite();
    await db.exec(
      [
        'CREATE TABLE users (id integer PRIMARY KEY, email text UNIQUE, team integer)',
        "INSERT INTO users VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', NULL)",
        ...Object.entries(VIEWS).map(([name, query]) => `CREATE VIEW ${name} AS ${query}`),
        'CREATE FUNCTION is_member(integer) RETURNS boolean LANGUAGE sql RETURN $1 = 1',
        'ALTER TABLE users ENABLE ROW LEVEL SECURITY',
        'CREATE POLICY "own team" ON users USING (is_member(team))',
        'CREATE ROLE app',
        'GRANT SELECT ON users TO app',
      ].join(';'),
    );
  });
  afterAll(() => db.close());
  /** Each in a transaction that is taken back: the code of the error, or the rows of the last one. */
  const tried = async (...steps: readonly string[]): Promise<unknown> => {
    await db.exec('BEGIN');
    try {
      let last: readonly unknown[] = [];
      for (const sql of steps)
        last = (await db.exec(sql)).at(-1)?.rows.map((row) => Object.values(row)) ?? [];
      return last;
    } catch (error) {
      return String((error as { code?: unknown }).code);
    } finally {
      await db.exec('ROLLBACK');
    }
  };

  it('a view takes those that rest on it along; made again by what is printed, they are there', async () => {
    const drop = 'DROP VIEW members CASCADE;';
    const again = 'CREATE VIEW members AS SELECT id, team, email FROM users WHERE team > 0;';
    const size = 'SELECT size FROM teams WHERE team = 1';
    const [alone] = says('drop-cascades', custom(drop, { views: VIEWS }));
    expect(alone?.message).toContain('CASCADE drops the view teams with it');
    expect(await tried(drop, size)).toBe('42P01');
    expect(await tried(drop.replace(' CASCADE', ''))).toBe('2BP01');
    const made = custom(drop + again, { views: VIEWS });
    expect(await tried(made.sql, size)).toBe('42P01');
    expect(await tried(made.sql, safe('drop-cascades', made), size)).toEqual([[1]]);
    const both = custom(`${made.sql}CREATE VIEW teams AS ${VIEWS.teams};`, { views: VIEWS });
    expect(says('drop-cascades', both)).toEqual([]);
    expect(await tried(both.sql, size)).toEqual([[1]]);
  });

  it('a function takes the policies along that call it, also where it is made again', async () => {
    const again = 'CREATE FUNCTION is_member(integer) RETURNS boolean LANGUAGE sql RETURN $1 = 2;';
    const sql = `DROP FUNCTION is_member(integer) CASCADE;${again}`;
    const seen = 'SET LOCAL ROLE app;SELECT id FROM users';
    expect(says('drop-cascades', custom(sql))[0]?.message).toContain(
      'the policy own team of users',
    );
    expect(await tried(seen)).toEqual([[1]]);
    expect(await tried(sql, seen)).toEqual([]);
    const policy = 'CREATE POLICY "own team" ON users USING (is_member(team));';
    expect(says('drop-cascades', custom(sql + policy))).toEqual([]);
    expect(await tried(sql + policy, seen)).toEqual([[2]]);
  });

  it('a policy with USING (true) undoes the others, and what is printed shows it', async () => {
    const sql = 'CREATE POLICY every ON users FOR SELECT USING (true);';
    const literal = custom(sql);
    expect(says('row-security-off', literal)[0]?.message).toBe(
      'the policy every lets public through to every row of users, whatever other policies say',
    );
    const seen = 'SET LOCAL ROLE app;SELECT id FROM users';
    expect(await tried(seen)).toEqual([[1]]);
    expect(await tried(sql, seen)).toEqual([[1], [2], [3]]);
    expect(await tried(sql.replace('FOR', 'AS RESTRICTIVE FOR'), seen)).toEqual([[1]]);
    expect(await tried(sql, safe('row-security-off', literal))).toHaveLength(2);
  });

  it('a default, a serial or an identity that goes makes the INSERT fail; what is printed puts it back', async () => {
    const orders =
      "CREATE TABLE orders (id serial PRIMARY KEY, no int GENERATED BY DEFAULT AS IDENTITY, state varchar(9) NOT NULL DEFAULT 'new', gross int GENERATED ALWAYS AS (1 + 1) STORED);INSERT INTO orders DEFAULT VALUES;";
    const insert = 'INSERT INTO orders DEFAULT VALUES RETURNING *';
    const ORDERS: Tables = {
      orders: {
        columns: {
          id: 'serial pk',
          no: 'integer counts',
          state: "varchar(9) not null default 'new'",
          gross: 'integer stored',
        },
      },
    };
    expect(await tried(orders, insert)).toEqual([[2, 2, 'new', 2]]);
    for (const change of [
      'ALTER COLUMN id DROP DEFAULT',
      'ALTER COLUMN no DROP IDENTITY',
      'ALTER COLUMN state DROP DEFAULT',
    ]) {
      const literal = { before: ORDERS, after: ORDERS, sql: `ALTER TABLE orders ${change};` };
      expect(await tried(orders, literal.sql, insert)).toBe('23502');
      expect(
        await tried(orders, literal.sql, safe('column-attribute-lost', literal), insert),
      ).toEqual([[2, 2, 'new', 2]]);
    }
    const frozen = 'ALTER TABLE orders ALTER COLUMN gross DROP EXPRESSION;';
    expect(await tried(orders, frozen, insert)).toEqual([[2, 2, 'new', null]]);
  });

  it('ALTER DOMAIN fails on the rows of its columns; what is printed finds them, and runs', async () => {
    const made =
      "CREATE DOMAIN phone AS text; CREATE TABLE calls (id int, \"from\" phone, \"to\" phone); INSERT INTO calls VALUES (1, 'VALUE', ''), (2, '9', NULL);";
    const tables: Tables = { calls: { columns: { id: 'integer', from: 'phone', to: 'phone' } } };
    const add =
      "ALTER DOMAIN phone ADD CONSTRAINT filled CHECK (VALUE <> '' AND VALUE <> 'VALUE');";
    const literal = custom(add, { before: tables, after: tables });
    expect(await tried(made, add)).toBe('23514');
    const [said] = says('check-on-existing-rows', literal);
    const [rows = '', notValid = '', validate = ''] = said?.safe.map(({ sql = '' }) => sql) ?? [];
    expect(await tried(made, rows)).toEqual([[1, 'VALUE', '']]);
    expect(await tried(made, notValid, validate)).toBe('23514');
    const corrected = 'UPDATE calls SET "from" = \'1\', "to" = \'2\';';
    expect(await tried(made, notValid, corrected, validate)).toEqual([]);

    const strict = custom('ALTER DOMAIN phone SET NOT NULL;', { before: tables, after: tables });
    expect(await tried(made, strict.sql)).toBe('23502');
    const filled = safe('set-not-null', strict).replaceAll('<value>', "'0'");
    expect(filled.match(/UPDATE/g)).toHaveLength(2);
    expect(await tried(made, filled, strict.sql)).toEqual([]);
  });

  it('a counter that starts again makes an INSERT fail; what is printed lets it go on', async () => {
    const made =
      'CREATE TABLE "Notes" (id int PRIMARY KEY, no serial UNIQUE); INSERT INTO "Notes" VALUES (1), (2), (3);';
    const insert = 'INSERT INTO "Notes" VALUES (9) RETURNING no';
    const tables: Tables = { Notes: { columns: { id: 'integer pk', no: 'serial' } } };
    const sequence = 'ALTER SEQUENCE "Notes_no_seq" RESTART;';
    const counted = 'ALTER TABLE "Notes" ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;';
    for (const [sql, next] of [
      [sequence, insert],
      ['SELECT setval(\'"Notes_no_seq"\', 1);', insert],
      ["SELECT setval(pg_get_serial_sequence('\"Notes\"', 'no'), 1, false);", insert],
      [counted, 'INSERT INTO "Notes" DEFAULT VALUES RETURNING id'],
    ] as const) {
      const literal = custom(sql, { before: tables, after: tables });
      expect(await tried(made, sql, next)).toBe('23505');
      expect(await tried(made, sql, safe('counter-set-back', literal), next)).toEqual([[4]]);
    }
    const twice = counted.replace('IDENTITY', 'IDENTITY (START WITH 4)');
    const [note] = says('counter-set-back', custom(twice, { before: tables, after: tables }));
    expect(note?.message).toContain('Notes.id counts from 4');
    expect(await tried(made, twice, 'INSERT INTO "Notes" DEFAULT VALUES RETURNING id')).toEqual([
      [4],
    ]);
  });

  it('EXCLUDE fails on two rows that meet; what is printed finds them', async () => {
    const made =
      "CREATE TABLE stays (id int PRIMARY KEY, room text, first int, last int); INSERT INTO stays VALUES (1, 'a', 1, 5), (2, 'b', 1, 5), (3, 'b', 4, 6), (4, 'b', 0, 0);";
    const tables: Tables = {
      stays: { columns: { id: 'integer pk', room: 'text', first: 'integer', last: 'integer' } },
    };
    const literal = custom(
      "ALTER TABLE stays ADD CONSTRAINT apart EXCLUDE USING gist (int4range(first, last) WITH &&, box(point(ascii(room), 0), point(ascii(room), 0)) box_ops WITH &&) WHERE (room <> 'c');",
      { before: tables, after: tables },
    );
    expect(await tried(made, literal.sql)).toBe('23P01');
    const [said] = says('unique-on-existing-rows', literal);
    const rows = said?.safe[0]?.sql ?? '';
    expect(await tried(made, `SELECT id FROM stays WHERE false; ${rows}`)).toHaveLength(1);
    const apart = 'UPDATE stays SET first = 5 WHERE id = 3;';
    expect(await tried(made, apart, rows)).toEqual([]);
    expect(await tried(made, apart, literal.sql)).toEqual([]);
  });

  it('USING that does not read the column leaves nothing of its values', async () => {
    const sql = 'ALTER TABLE users ALTER COLUMN team TYPE bigint USING NULL;';
    const after = { users: { columns: { id: 'integer pk', email: 'text', team: 'bigint' } } };
    expect(says('type-change-may-fail', custom(sql, { after }))[0]?.message).toContain('are gone');
    const clear = 'DROP VIEW teams, members; DROP POLICY "own team" ON users;';
    expect(await tried(clear, sql, 'SELECT count(team)::int FROM users')).toEqual([[0]]);
    const kept = sql.replace('NULL', 'team');
    expect(await tried(clear, kept, 'SELECT count(team)::int FROM users')).toEqual([[2]]);
    expect(says('type-change-may-fail', custom(kept, { after }))).toEqual([]);
  });

  it('an attribute of a type goes in each column; what is printed keeps the values', async () => {
    const made =
      "CREATE TYPE address AS (street text, zip text); CREATE TABLE homes (id int PRIMARY KEY, at address, old address[]); INSERT INTO homes VALUES (1, ROW('a', '9'), ARRAY[ROW('b', '8')::address]);";
    const tables: Tables = {
      homes: { columns: { id: 'integer pk', at: 'address', old: 'address[]' } },
    };
    const sql = 'ALTER TYPE address DROP ATTRIBUTE zip;';
    const literal = custom(sql, { before: tables, after: tables });
    const values = 'SELECT at::text, old::text FROM homes';
    expect(await tried(made, sql, values)).toEqual([['(a)', '{(b)}']]);
    const [said] = says('drop-column', literal);
    expect(said?.message).toBe(
      'zip of the type address is dropped, with its values in homes.at and homes.old',
    );
    const kept = 'SELECT * FROM homes_at_kept JOIN homes_old_kept USING (id)';
    expect(await tried(made, safe('drop-column', literal), sql, kept)).toEqual([
      [1, '(a,9)', '{"(b,8)"}'],
    ]);
  });

  it('REPLICA IDENTITY NOTHING lets an UPDATE fail; what is printed lets it run', async () => {
    const sql = 'ALTER TABLE users REPLICA IDENTITY NOTHING;';
    const [publication, update] = [
      'CREATE PUBLICATION p FOR TABLE users',
      'UPDATE users SET team = 1',
    ];
    expect(await tried(sql, publication, update)).toBe('55000');
    expect(await tried(sql, safe('checks-left-off', custom(sql)), publication, update)).toEqual([]);
  });

  it('rows that are in their own table are all of them', async () => {
    const sql = 'DELETE FROM users WHERE id IN (SELECT id FROM users);';
    expect(await tried(sql, 'SELECT * FROM users')).toEqual([]);
    const said = safe('rows-without-where', custom(sql));
    expect(await tried(said, sql, 'SELECT count(*)::int FROM users_kept')).toEqual([[3]]);
    const some = sql.replace('id IN (SELECT id', 'team IN (SELECT team');
    expect(says('rows-without-where', custom(some))).toEqual([]);
    expect(await tried(some, 'SELECT id FROM users')).toEqual([[3]]);
  });

  it('a rule that is switched off does not hold; what is printed switches it on', async () => {
    const rule = 'CREATE RULE kept AS ON DELETE TO users DO INSTEAD NOTHING';
    const sql = 'ALTER TABLE users DISABLE RULE kept;';
    const [gone, left] = ['DELETE FROM users', 'SELECT count(*)::int FROM users'];
    expect(await tried(rule, sql, gone, left)).toEqual([[0]]);
    expect(await tried(rule, sql, safe('checks-left-off', custom(sql)), gone, left)).toEqual([[3]]);
  });

  it('a temporary table hides one of the same name, and goes alone', async () => {
    const sql = 'CREATE TEMP TABLE users AS SELECT 9 AS id; DELETE FROM users; DROP TABLE users;';
    expect(await tried(sql, 'SELECT count(*)::int FROM users')).toEqual([[3]]);
    const explicit = 'CREATE TEMP TABLE users AS SELECT 9 AS id; DROP TABLE public.users CASCADE;';
    expect(await tried(explicit, 'SELECT * FROM users')).toEqual([[9]]);
    expect(says('drop-table', custom(explicit))).toHaveLength(1);
  });
});

describe('SQLite with rows', () => {
  let db: ReturnType<typeof createClient>;
  beforeEach(async () => {
    db = createClient({ url: ':memory:' });
    await db.executeMultiple(
      'PRAGMA foreign_keys = ON;' +
        'CREATE TABLE users (id integer PRIMARY KEY, email text UNIQUE, team integer);' +
        "INSERT INTO users VALUES (1, 'a', 1), (2, 'b', 2);" +
        'CREATE TABLE posts (id integer PRIMARY KEY, author integer REFERENCES users(id) ON DELETE cascade);' +
        'INSERT INTO posts VALUES (1, 1), (2, 2);',
    );
  });
  const tried = async (sql: string): Promise<string> =>
    db.executeMultiple(sql).then(() => 'ran', String);
  const count = async (table: string): Promise<unknown> =>
    (await db.execute(`SELECT count(*) FROM ${table}`)).rows[0]?.[0];

  it('UPDATE OR REPLACE deletes another row with what refers to it; without it nothing goes', async () => {
    const id = 'replace-loses-values';
    const literal = custom("UPDATE OR REPLACE users SET email = 'b' WHERE id = 1;", {
      dialect: 'sqlite',
    });
    expect(says(id, literal)[0]?.message).toBe(
      'other rows of users that have the new email already are deleted, and each takes its rows of posts along where foreign keys are on',
    );
    expect(await tried(safe(id, literal))).toContain('UNIQUE constraint failed');
    expect([await count('users'), await count('posts')]).toEqual([2, 2]);
    expect(await tried(literal.sql)).toBe('ran');
    expect([await count('users'), await count('posts')]).toEqual([1, 1]);
  });

  it("libSQL's ALTER COLUMN drops what it does not say; what is printed says it", async () => {
    const ORDERS: Tables = {
      ...USERS,
      orders: {
        columns: { id: 'integer pk', state: "text not null default 'new'", user: 'integer' },
        foreignKeys: { fk: 'user -> users.id cascade' },
      },
    };
    const alter = (sql: string): Literal => ({
      dialect: 'turso',
      before: ORDERS,
      after: ORDERS,
      sql,
    });
    const insert = 'INSERT INTO orders (user) VALUES (1) RETURNING state';
    const orders =
      "DROP TABLE IF EXISTS orders; CREATE TABLE orders (id integer PRIMARY KEY, state text NOT NULL DEFAULT 'new', user integer NOT NULL DEFAULT 1 REFERENCES users(id) ON DELETE cascade);";
    const lost = alter('ALTER TABLE orders ALTER COLUMN state TO state text;');
    const before = says('column-attribute-lost', lost);
    expect(before[0]?.message).toContain("loses DEFAULT 'new' and NOT NULL");
    expect(await tried(orders + lost.sql)).toBe('ran');
    expect((await db.execute(insert)).rows[0]?.['state']).toBeNull();
    expect(await tried(orders + safe('column-attribute-lost', lost))).toBe('ran');
    expect((await db.execute(insert)).rows[0]?.['state']).toBe('new');
    expect(await tried('INSERT INTO orders (state) VALUES (NULL)')).toContain('NOT NULL');
    const nobody = 'INSERT INTO orders (user) VALUES (99)';
    expect(await tried(nobody)).toContain('FOREIGN KEY constraint failed');
    const alone = alter('ALTER TABLE orders ALTER COLUMN user TO user integer;');
    expect(says('guarantee-dropped', alone)).toHaveLength(1);
    expect(await tried(alone.sql)).toBe('ran');
    expect(await tried(nobody)).toBe('ran');
  });

  it('a temporary table hides one of the same name, and goes alone', async () => {
    const sql = 'CREATE TEMP TABLE users AS SELECT 1 AS id; DELETE FROM users; DROP TABLE users;';
    expect(await tried(sql)).toBe('ran');
    expect(await count('users')).toBe(2);
    expect(await tried('CREATE TEMP TABLE users AS SELECT 1 AS id; DELETE FROM main.users;')).toBe(
      'ran',
    );
    expect(await count('main.users')).toBe(0);
  });
});
