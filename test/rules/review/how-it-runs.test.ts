import { describe, expect, it } from 'vitest';
import {
  typeChangeInMysql,
  typeChangeInPostgresql,
  type TypeChange,
} from '../../../src/facts/review/type-change.ts';
import type { Dialect } from '../../../src/model/dialect.ts';
import type { RuleId } from '../../../src/rules/index.ts';
import { says, sqlOf, type Literal, type Tables } from '../../support/review.ts';
import { CASES } from './cases.ts';

const messages = (id: keyof typeof CASES, change: Partial<Literal> = {}): readonly string[] =>
  says(id as RuleId, { ...CASES[id].reported, ...change }).map(({ message }) => message);

describe('a type that changes', () => {
  it.each<[string, string, TypeChange]>([
    ['varchar(255)', 'text', 'free'],
    ['varchar(9)', 'varchar(20)', 'free'],
    ['varchar(20)', 'varchar(9)', 'may fail'],
    ['text', 'varchar', 'free'],
    ['text', 'varchar(20)', 'may fail'],
    ['char(3)', 'text', 'rewrites'],
    ['integer', 'bigint', 'rewrites'],
    ['bigint', 'integer', 'may fail'],
    ['serial', 'integer', 'free'],
    ['integer', 'numeric', 'rewrites'],
    ['integer', 'numeric(12, 2)', 'rewrites'],
    ['integer', 'numeric(10, 2)', 'may fail'],
    ['integer', 'text', 'rewrites'],
    ['integer', 'varchar', 'rewrites'],
    ['integer', 'varchar(11)', 'rewrites'],
    ['integer', 'varchar(10)', 'may fail'],
    ['text', 'integer', 'may fail'],
    ['text', 'uuid', 'may fail'],
    ['numeric(10, 2)', 'numeric(12, 2)', 'free'],
    ['numeric(10, 2)', 'numeric', 'free'],
    ['numeric(10, 2)', 'numeric(12, 6)', 'may fail'],
    ['numeric(10, 2)', 'numeric(14, 4)', 'rewrites'],
    ['timestamp', 'timestamp with time zone', 'rewrites'],
    ['timestamp (3)', 'timestamp', 'free'],
    ['timestamp', 'timestamp (3)', 'rewrites'],
    ['date', 'timestamp', 'rewrites'],
    ['timestamp', 'date', 'may fail'],
    ['json', 'jsonb', 'rewrites'],
    ['text', 'jsonb', 'may fail'],
    ['text[]', 'text', 'rewrites'],
    ['text', 'text[]', 'may fail'],
    ['integer[]', 'bigint[]', 'rewrites'],
    ['text', 'status', 'may fail'],
    ['cidr', 'inet', 'free'],
    ['jsonb', 'varchar', 'rewrites'],
    ['integer[]', 'varchar', 'rewrites'],
    ['uuid', 'varchar(36)', 'rewrites'],
    ['uuid', 'varchar(35)', 'may fail'],
    ['numeric(10, 7)', 'varchar(12)', 'rewrites'],
    ['numeric(10, 7)', 'varchar(11)', 'may fail'],
    ['numeric(7, 7)', 'varchar(10)', 'rewrites'],
    ['numeric(7, 7)', 'varchar(9)', 'may fail'],
    ['numeric', 'varchar(99)', 'may fail'],
    ['numeric(3, -2)', 'varchar(6)', 'rewrites'],
    ['numeric(3, -2)', 'varchar(5)', 'may fail'],
    ['numeric(1, 0)', 'varchar(3)', 'rewrites'],
    // NaN
    ['numeric(1, 0)', 'varchar(2)', 'may fail'],
    ['real', 'varchar(99)', 'may fail'],
  ])('postgresql: %s to %s: %s', (from, to, change) => {
    expect(typeChangeInPostgresql(from, to)).toBe(change);
  });

  it.each<[string, string, TypeChange]>([
    ['varchar(20)', 'varchar(255)', 'free'],
    ['varchar(255)', 'varchar(20)', 'may fail'],
    ['varchar(255)', 'text', 'rewrites'],
    ['text', 'varchar(255)', 'may fail'],
    ['text', 'longtext', 'rewrites'],
    ['longtext', 'text', 'may fail'],
    ['int', 'bigint', 'rewrites'],
    ['bigint', 'int', 'may fail'],
    ['int', 'int unsigned', 'may fail'],
    ['boolean', 'tinyint(1)', 'free'],
    ["enum('a','b')", 'varchar(20)', 'rewrites'],
    ['varchar(20)', "enum('a','b')", 'may fail'],
    ['datetime', 'date', 'may fail'],
    ['BLOB', 'LONGBLOB', 'rewrites'],
    ['longblob', 'blob', 'may fail'],
    ['varbinary(255)', 'tinyblob', 'rewrites'],
    ['varchar(64)', 'tinytext', 'may fail'],
    ['varchar(63)', 'tinytext', 'rewrites'],
    ['decimal(10,7)', 'varchar(30)', 'rewrites'],
    ['decimal', 'decimal(10,0)', 'free'],
    ['decimal(12,4)', 'decimal', 'may fail'],
    ['bigint', 'decimal', 'may fail'],
    ['decimal', 'decimal(12,2)', 'rewrites'],
    ['date', 'varchar(10)', 'rewrites'],
    ['date', 'varchar(9)', 'may fail'],
  ])('mysql: %s to %s: %s', (from, to, change) => {
    expect(typeChangeInMysql(from, to)).toBe(change);
  });

  it.each<[string, string, string, boolean]>([
    ['postgresql', 'state', 'varchar(6)', true],
    ['postgresql', 'state', 'varchar(5)', false],
    ['postgresql', 'state', 'status', true],
    ['postgresql', 'status', 'state', false],
    ['mysql', "enum('open','closed')", 'varchar(6)', true],
    ['mysql', "enum('open','closed')", 'varchar(5)', false],
  ])('%s: an enum that becomes another type: %s to %s', (dialect, from, to, fits) => {
    const enums = { state: ['open', 'closed'], status: ['closed', 'new', 'open'] };
    const change = {
      dialect: dialect as Dialect,
      before: { users: { columns: { email: from } } },
      after: { users: { columns: { email: to } } },
      enums: [enums, enums] as const,
      sql:
        dialect === 'mysql'
          ? `ALTER TABLE \`users\` MODIFY COLUMN \`email\` ${to};`
          : `ALTER TABLE "users" ALTER COLUMN "email" SET DATA TYPE ${to} USING "email"::text::${to};`,
    };
    expect(messages('type-change-may-fail', change)).toHaveLength(fits ? 0 : 1);
    expect(messages('type-change-rewrites', change)).toHaveLength(fits ? 1 : 0);
  });

  it('an enum that becomes words: not where its values change, or got others', () => {
    const said = (sql: string, earlier: readonly string[] = []): number =>
      messages('type-change-may-fail', {
        before: { users: { columns: { email: 'state' } } },
        after: { users: { columns: { email: 'varchar(4)' } } },
        enums: [{ state: ['open'] }, { state: ['open'] }],
        sql,
        earlier,
      }).length;
    const change = 'ALTER TABLE "users" ALTER COLUMN "email" SET DATA TYPE varchar(4)';
    expect(said(`${change};`)).toBe(0);
    expect(said(`${change} USING "email"::varchar(4);`)).toBe(0);
    expect(said(`${change} USING 'x' || email;`)).toBe(1);
    expect(said(`${change} USING concat(email, email);`)).toBe(1);
    expect(said(`${change};`, ["ALTER TYPE state ADD VALUE 'closed';"])).toBe(1);
    expect(said(`ALTER TYPE state RENAME VALUE 'open' TO 'opened';${change};`)).toBe(1);
  });

  it('SQLite, whose types hold nothing, is not asked', () => {
    expect(messages('type-change-may-fail', { dialect: 'sqlite' })).toEqual([]);
    expect(
      messages('type-change-may-fail', {
        dialect: 'mysql',
        sql: 'ALTER TABLE `users` MODIFY COLUMN `email` varchar(9);',
      }),
    ).toHaveLength(1);
    expect(sqlOf(says('type-change-may-fail', CASES['type-change-may-fail'].reported))).toContain(
      'WHERE char_length("email") > 9;',
    );
  });
});

describe('enum-value-used-at-once', () => {
  const id = 'enum-value-used-at-once';
  const ADD = 'ALTER TYPE "status" ADD VALUE \'b\';';
  const SET = 'ALTER TABLE "users" ALTER COLUMN "status" SET DEFAULT \'b\';';

  it.each<[string, string]>([
    ['in one migration', `${ADD}${SET}`],
    ['in an UPDATE', `${ADD}UPDATE users SET status = 'b' WHERE id = 1;`],
    ['in a cast', `${ADD}SELECT 'b'::status;`],
  ])('%s', (_, sql) => {
    expect(messages(id, { sql, earlier: [] })).toEqual([
      "'b' of status is used before the transaction that adds it has ended",
    ]);
  });

  it.each<[string, Partial<Literal>]>([
    ['before it', { sql: `${SET}${ADD}`, earlier: [] }],
    ['in another type of the same value', { sql: "CREATE TYPE other AS ENUM('b');" }],
    ['in a table without the type', { sql: "INSERT INTO tags VALUES ('b');" }],
    ['another value', { sql: SET.replace("'b'", "'a'") }],
    ['behind a COMMIT', { sql: `${ADD}COMMIT;${SET}`, earlier: [] }],
    ['what an earlier migration uses', { sql: 'SELECT 1;', earlier: [`${ADD}${SET}`] }],
    ['another dialect', { dialect: 'cockroach' }],
  ])('not %s', (_, change) => {
    expect(messages(id, change)).toEqual([]);
  });
});

describe('transactions', () => {
  it('CONCURRENTLY: what to run by hand, and what the migration keeps', () => {
    const sql = sqlOf(
      says('concurrently-in-transaction', CASES['concurrently-in-transaction'].reported),
    );
    expect(sql).toContain('CREATE INDEX CONCURRENTLY IF NOT EXISTS "users_email" ON');
    expect(sql).toContain('CREATE INDEX IF NOT EXISTS "users_email" ON');
    const drop = messages('concurrently-in-transaction', {
      sql: 'DROP INDEX CONCURRENTLY "users_email";',
    });
    expect(drop).toEqual([expect.stringContaining('is dropped CONCURRENTLY')]);
  });

  it('a COMMIT in front makes it run, and is reported itself', () => {
    const sql = `COMMIT;${CASES['concurrently-in-transaction'].reported.sql}`;
    expect(messages('concurrently-in-transaction', { sql })).toEqual([]);
    expect(messages('own-transaction', { sql })).toHaveLength(1);
    expect(messages('own-transaction', { sql, dialect: 'mysql' })).toEqual([]);
    const block = 'DO $$ BEGIN PERFORM 1; END $$;';
    expect(messages('own-transaction', { sql: block })).toEqual([]);
  });

  it('SQLite refuses a second one, and VACUUM; a trigger and a savepoint are neither', () => {
    const of = (sql: string): readonly string[] =>
      (['own-transaction', 'not-in-transaction'] as const).flatMap((id) =>
        messages(id, { sql, dialect: 'sqlite' }),
      );
    expect(of('BEGIN;DELETE FROM "users" WHERE id = 1;COMMIT;')).toEqual([
      expect.stringMatching(
        /^BEGIN works on the transaction of the migrator.*: the migration fails$/,
      ),
    ]);
    expect(of('COMMIT TRANSACTION;VACUUM;BEGIN TRANSACTION;')).toEqual([
      'COMMIT works on the transaction of the migrator, which has one open',
    ]);
    expect(of('VACUUM;')).toEqual([expect.stringContaining('VACUUM runs in no transaction')]);
    for (const sql of [
      'CREATE TRIGGER t AFTER DELETE ON users BEGIN DELETE FROM posts; SELECT 1; END;',
      'SAVEPOINT a;DELETE FROM users WHERE id = 1;ROLLBACK TO a;RELEASE a;',
      'UPDATE users SET plan = CASE WHEN id = 1 THEN 2 ELSE 3 END WHERE id > 0;',
      'ANALYZE;',
    ])
      expect(of(sql), sql).toEqual([]);
  });
});

describe('constraints', () => {
  const users: Tables[string] = { columns: { id: 'integer pk', email: 'text' } };

  it('a check under another name is none, and one that changes is', () => {
    const before = { users: { ...users, checks: { old: 'id > 1' } } };
    const renamed = { users: { ...users, checks: { adult: 'id > 1' } } };
    const sql = 'ALTER TABLE "users" ADD CONSTRAINT "adult" CHECK (id > 1);';
    expect(messages('check-on-existing-rows', { before, after: renamed, sql })).toEqual([]);
    const changed = { users: { ...users, checks: { old: 'id > 2' } } };
    expect(
      messages('check-on-existing-rows', {
        before,
        after: changed,
        sql: sql.replace('adult', 'old'),
      }),
    ).toHaveLength(1);
  });

  it.each(['mysql', 'sqlite'] as const)('%s: no NOT VALID, which it does not know', (dialect) => {
    const sql = 'ALTER TABLE `users` ADD CONSTRAINT `adult` CHECK (id > 18);';
    const said = says('check-on-existing-rows', {
      ...CASES['check-on-existing-rows'].reported,
      dialect,
      sql,
    });
    expect(said).toHaveLength(1);
    expect(sqlOf(said)).not.toContain('VALID');
  });

  it('a foreign key that only changes its action keeps its guarantee', () => {
    const keyed = (words: string): Tables => ({
      users,
      posts: { columns: { by: 'integer' }, foreignKeys: { [`k_${words.length}`]: words } },
    });
    const literal = {
      before: keyed('by -> users.id'),
      after: keyed('by -> users.id cascade'),
      sql: 'ALTER TABLE "posts" DROP CONSTRAINT "k_14";',
    };
    expect(says('guarantee-dropped', literal)).toEqual([]);
    expect(
      says('guarantee-dropped', {
        ...literal,
        after: { users, posts: { columns: { by: 'integer' } } },
      }),
    ).toHaveLength(1);
  });

  it('a primary key: the SELECT that finds twins and NULLs, in each dialect', () => {
    const { reported } = CASES['primary-key-changed'];
    expect(sqlOf(says('primary-key-changed', reported))).toContain(
      'SELECT "id", "email", count(*) FROM "users" GROUP BY "id", "email" HAVING count(*) > 1;',
    );
    const sql = 'ALTER TABLE `users` DROP PRIMARY KEY, ADD PRIMARY KEY(`id`,`email`);';
    expect(says('primary-key-changed', { ...reported, dialect: 'mysql', sql })).toHaveLength(1);
  });

  it('a renamed table: a view bridges it on PostgreSQL alone', () => {
    const { reported } = CASES['rename-table'];
    expect(sqlOf(says('rename-table', reported))).toBe(
      'CREATE VIEW "users" AS SELECT * FROM "people";',
    );
    expect(sqlOf(says('rename-table', { ...reported, dialect: 'sqlite' }))).toBe('');
  });
});

it('primary-key-changed: where the key goes, whatever its name, and not where another constraint does', () => {
  const before = { users: { columns: { id: 'int' }, primaryKey: ['id'], checks: { c: 'id > 0' } } };
  const after = { users: { columns: { id: 'int' } } };
  const sql =
    'ALTER TABLE "users" DROP CONSTRAINT "c";\nALTER TABLE "users" DROP CONSTRAINT "any";';
  expect(says('primary-key-changed', { before, after, sql })).toMatchObject([{ line: 2 }]);
});

it('set-not-null: libSQL looks at new values alone where it alters the column, and at all in a copy', () => {
  const column = (type: string): Tables => ({ users: { columns: { id: 'integer pk', a: type } } });
  const changed = {
    dialect: 'turso',
    before: column('text'),
    after: column('text not null'),
  } as const;
  const message = (sql: string): readonly string[] =>
    says('set-not-null', { ...changed, sql }).map((one) => one.message);
  expect(message('ALTER TABLE `users` ALTER COLUMN "a" TO "a" text NOT NULL;')).toEqual([
    'users.a becomes NOT NULL for new values alone: libSQL does not look at the rows that are there',
  ]);
  const copied =
    'CREATE TABLE `__new_users` (`id` integer PRIMARY KEY, `a` text NOT NULL);' +
    'INSERT INTO `__new_users`("id", "a") SELECT "id", "a" FROM `users`;' +
    'DROP TABLE `users`;ALTER TABLE `__new_users` RENAME TO `users`;';
  expect(message(copied)).toEqual([
    'users.a becomes NOT NULL, which fails while the table is copied if a row has NULL there',
  ]);
});
