import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/model/dialect.ts';
import { says, sqlOf, type Literal, type Tables } from '../../support/review.ts';

const users: Tables[string] = { columns: { id: 'integer pk', email: 'text' } };
const posts: Tables[string] = { columns: { id: 'integer pk', author: 'integer' } };
const all = { users, posts };
const withUsers = (table: Partial<Tables[string]>): Tables => ({
  users: { ...users, ...table },
  posts,
});
const q = (dialect: Dialect, sql: string): string =>
  dialect === 'postgresql' ? sql.replaceAll('`', '"') : sql;
const DIALECTS = ['postgresql', 'mysql', 'sqlite', 'turso', 'singlestore'] as const;

/** SQLite's way to alter a table, as drizzle-kit writes it. */
const rebuild = (columns: string, copied: string, into = copied): string =>
  [
    'PRAGMA foreign_keys=OFF;--> statement-breakpoint',
    `CREATE TABLE \`__new_users\` (${columns});`,
    '--> statement-breakpoint',
    `INSERT INTO \`__new_users\`(${into}) SELECT ${copied} FROM \`users\`;--> statement-breakpoint`,
    'DROP TABLE `users`;--> statement-breakpoint',
    'ALTER TABLE `__new_users` RENAME TO `users`;--> statement-breakpoint',
    'PRAGMA foreign_keys=ON;',
  ].join('\n');

describe('drop-column', () => {
  const dropped = withUsers({ columns: { id: 'integer pk' } });
  const literal: Literal = {
    before: all,
    after: dropped,
    sql: 'CREATE TABLE "x" ("id" int);\n--> statement-breakpoint\nALTER TABLE "users" DROP COLUMN "email";',
  };

  it.each(DIALECTS)('%s: names the column, the line, and how to keep the values', (dialect) => {
    const sql = q(
      dialect,
      'SELECT 1;--> statement-breakpoint\nALTER TABLE `users` DROP COLUMN `email`;',
    );
    const said = says('drop-column', { dialect, before: all, after: dropped, sql });
    expect(said).toMatchObject([
      { about: 'users.email', line: 2, message: 'users.email (text) is dropped, with its values' },
    ]);
    expect(sqlOf(said)).toBe(
      q(dialect, 'CREATE TABLE `users_email_kept` AS SELECT `id`, `email` FROM `users`;'),
    );
  });

  it('also where SQLite copies the table without it', () => {
    const sql = rebuild('`id` integer PRIMARY KEY', '"id"');
    const said = says('drop-column', { dialect: 'sqlite', before: all, after: dropped, sql });
    expect(said).toMatchObject([{ about: 'users.email', line: 2 }]);
  });

  it.each<[string, Partial<Literal>]>([
    [
      'one that is renamed',
      {
        sql: 'ALTER TABLE "users" RENAME COLUMN "email" TO "mail";',
        after: withUsers({ columns: { id: 'integer pk', mail: 'text' } }),
      },
    ],
    ['one that only unpublished migrations made', { published: dropped }],
    ['one of a table that only they made', { published: { posts } }],
    ['one that the SQL does not drop: that is for sql-edited', { sql: 'SELECT 1;' }],
    ['one of a table that is dropped', { after: { posts }, sql: 'DROP TABLE "users";' }],
  ])('not %s', (_, change) => {
    expect(says('drop-column', literal)).toHaveLength(1);
    expect(says('drop-column', { ...literal, ...change })).toEqual([]);
  });

  it('one of a renamed table, by its name afterwards', () => {
    const said = says('drop-column', {
      ...literal,
      after: { people: { columns: { id: 'integer pk' } }, posts },
      sql: 'ALTER TABLE "users" RENAME TO "people";\nALTER TABLE "people" DROP COLUMN "email";',
    });
    expect(said).toMatchObject([{ about: 'people.email', line: 2 }]);
  });
});

describe('drop-table', () => {
  const referring: Tables = {
    users,
    posts: { ...posts, foreignKeys: { fk: 'author -> users.id' } },
  };

  it.each(DIALECTS)('%s: names the table and who referred to it', (dialect) => {
    const sql = q(dialect, 'DROP TABLE `users`;');
    const said = says('drop-table', { dialect, before: referring, after: { posts }, sql });
    expect(said).toMatchObject([
      {
        about: 'users',
        line: 1,
        message: 'the table users is dropped, with all its rows; posts referred to it',
      },
    ]);
    expect(sqlOf(said)).toBe(q(dialect, 'ALTER TABLE `users` RENAME TO `users_unused`;'));
  });

  it.each<[string, string, Literal]>([
    [
      'what custom SQL drops and no snapshot has',
      'legacy',
      { before: all, after: all, sql: 'DROP TABLE IF EXISTS "legacy" CASCADE;' },
    ],
    [
      'a table that is made again without its rows',
      'users',
      {
        before: all,
        after: withUsers({ columns: { id: 'text pk' } }),
        sql: 'DROP TABLE "users";\nCREATE TABLE "users" ("id" text PRIMARY KEY);',
      },
    ],
    [
      'one of another schema',
      'auth.users',
      { before: { 'auth.users': users }, after: {}, sql: 'DROP TABLE "auth"."users" CASCADE;' },
    ],
  ])('%s', (_, table, literal) => {
    expect(says('drop-table', literal).map(({ about }) => about)).toEqual([table]);
  });

  it.each<[string, Literal]>([
    [
      'a rename',
      {
        before: { users },
        after: { people: users },
        sql: 'ALTER TABLE "users" RENAME TO "people";',
      },
    ],
    [
      'a rebuild',
      {
        dialect: 'sqlite',
        before: all,
        after: withUsers({ columns: { id: 'integer pk' } }),
        sql: rebuild('`id` integer', '"id"'),
      },
    ],
    [
      'a rebuild by hand',
      {
        dialect: 'sqlite',
        before: all,
        after: all,
        sql: 'CREATE TABLE `u2` (`id` integer);INSERT INTO `u2` SELECT `id` FROM `users`;DROP TABLE `users`;ALTER TABLE `u2` RENAME TO `users`;',
      },
    ],
    [
      'a table that only unpublished migrations made',
      {
        before: all,
        after: { posts },
        published: { posts },
        earlier: ['CREATE TABLE "users" ("id" integer);'],
        sql: 'DROP TABLE "users";',
      },
    ],
    [
      'a table that the same migration makes',
      { before: all, after: all, sql: 'CREATE TABLE "t" ("a" int);DROP TABLE "t";' },
    ],
  ])('not %s', (_, literal) => {
    expect(says('drop-table', literal)).toEqual([]);
  });
});

describe('not-null-without-default', () => {
  const after = withUsers({ columns: { ...users.columns, plan: 'text not null' } });
  const ADD = 'ALTER TABLE `users` ADD `plan` text NOT NULL;';

  it.each(['postgresql', 'sqlite', 'turso'] as const)('%s: a column without a value', (dialect) => {
    const said = says('not-null-without-default', {
      dialect,
      before: all,
      after,
      sql: q(dialect, ADD),
    });
    expect(said).toMatchObject([{ about: 'users.plan', line: 1 }]);
    expect(sqlOf(said)).toBe(
      q(dialect, 'UPDATE `users` SET `plan` = <value> WHERE `plan` IS NULL;'),
    );
  });

  it.each<[string, Partial<Literal>]>([
    ['MySQL, which has a rule of its own', { dialect: 'mysql', sql: ADD }],
    [
      'a default',
      { after: withUsers({ columns: { ...users.columns, plan: "text not null default 'a'" } }) },
    ],
    [
      'a generated column',
      { after: withUsers({ columns: { ...users.columns, plan: 'text not null stored' } }) },
    ],
    ['a serial', { after: withUsers({ columns: { ...users.columns, plan: 'serial not null' } }) }],
    ['a table that only unpublished migrations made', { published: { posts } }],
    [
      'what is filled by hand before it becomes NOT NULL',
      {
        sql: 'ALTER TABLE "users" ADD COLUMN "plan" text;\nUPDATE "users" u SET "plan" = \'a\';\nALTER TABLE "users" ALTER COLUMN "plan" SET NOT NULL;',
      },
    ],
    [
      'a default that the SQL alone has',
      { sql: 'ALTER TABLE "users" ADD "plan" text DEFAULT \'a\' NOT NULL;' },
    ],
    [
      'a copy that makes a value up',
      {
        dialect: 'sqlite',
        sql: rebuild('`id` integer, `plan` text NOT NULL', 'id, coalesce(plan, 1)', 'id, plan'),
      },
    ],
  ])('not %s', (_, change) => {
    const literal: Literal = { before: all, after, sql: q('postgresql', ADD) };
    expect(says('not-null-without-default', literal)).toHaveLength(1);
    expect(says('not-null-without-default', { ...literal, ...change })).toEqual([]);
  });

  it('an UPDATE behind it is too late', () => {
    const sql = `${ADD}\nUPDATE users SET plan = 'a';`;
    expect(
      says('not-null-without-default', { before: all, after, sql: q('postgresql', sql) }),
    ).toHaveLength(1);
  });
});

describe('set-not-null', () => {
  const after = withUsers({ columns: { id: 'integer pk', email: 'text not null' } });
  const SET: Record<string, string> = {
    postgresql: 'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;',
    mysql: 'ALTER TABLE `users` MODIFY COLUMN `email` text NOT NULL;',
    singlestore: 'ALTER TABLE `users` MODIFY COLUMN `email` text NOT NULL;',
    sqlite: rebuild('`id` integer, `email` text NOT NULL', '"id", "email"'),
    turso: 'ALTER TABLE `users` ALTER COLUMN "email" TO "email" text NOT NULL;',
  };

  it.each(DIALECTS)('%s: with the SELECT that counts and the UPDATE that fills', (dialect) => {
    const said = says('set-not-null', { dialect, before: all, after, sql: SET[dialect] ?? '' });
    expect(said).toMatchObject([{ about: 'users.email', line: dialect === 'sqlite' ? 2 : 1 }]);
    expect(sqlOf(said)).toContain(
      q(dialect, 'UPDATE `users` SET `email` = <value> WHERE `email` IS NULL;'),
    );
    expect(sqlOf(said).includes('NOT VALID')).toBe(dialect === 'postgresql');
  });

  const fills = [
    'UPDATE "users" SET "x" = 1, "email" = \'\' WHERE "email" IS NULL;',
    'UPDATE users AS u SET email = a.email FROM accounts a WHERE a.id = u.id;',
    'DELETE FROM "users" WHERE "email" IS NULL;',
    'WITH a AS (SELECT 1) UPDATE "users" SET "email" = \'\';',
    'DO $$ BEGIN\n  UPDATE "users" SET "email" = \'\';\nEND $$;',
  ];
  it.each(fills)('not behind %s', (fill) => {
    const sql = SET['postgresql'] ?? '';
    expect(says('set-not-null', { before: all, after, sql: `${fill}\n${sql}` })).toEqual([]);
    expect(says('set-not-null', { before: all, after, sql, earlier: [fill] })).toEqual([]);
    expect(says('set-not-null', { before: all, after, sql: `${sql}\n${fill}` })).toHaveLength(1);
  });

  it('an UPDATE of something else does not count', () => {
    const sql = `UPDATE "users" SET "name" = "email";\nUPDATE "posts" SET "email" = 1;\n${SET['postgresql']}`;
    expect(says('set-not-null', { before: all, after, sql })).toMatchObject([{ line: 3 }]);
  });
});

describe('unique-on-existing-rows', () => {
  const named = { ...users.columns, name: 'text' };
  const unique = withUsers({ uniqueIndexes: { users_email: ['email'] } });
  const INDEX = 'CREATE UNIQUE INDEX `users_email` ON `users` (`email`);';

  it.each(DIALECTS)('%s: with the SELECT that finds twins', (dialect) => {
    const said = says('unique-on-existing-rows', {
      dialect,
      before: all,
      after: unique,
      sql: q(dialect, INDEX),
    });
    expect(said).toMatchObject([{ about: 'users.users_email', line: 1 }]);
    expect(sqlOf(said)).toBe(
      q(
        dialect,
        'SELECT `email`, count(*) FROM `users` WHERE `email` IS NOT NULL GROUP BY `email` HAVING count(*) > 1;',
      ),
    );
  });

  it('a constraint, a partial one with its condition, and a new column that has a default', () => {
    const constraint = withUsers({ unique: { users_email_unique: ['email'] } });
    const sql = 'ALTER TABLE "users" ADD CONSTRAINT "users_email_unique" UNIQUE("email");';
    expect(says('unique-on-existing-rows', { before: all, after: constraint, sql })).toHaveLength(
      1,
    );
    const partial = withUsers({ uniqueIndexes: { users_email: ['email', 'where:id > 5'] } });
    expect(
      sqlOf(
        says('unique-on-existing-rows', {
          before: all,
          after: partial,
          sql: q('postgresql', INDEX),
        }),
      ),
    ).toContain('WHERE id > 5 AND');
    const added = withUsers({
      columns: { ...users.columns, code: "text default 'a'" },
      uniqueIndexes: { users_code: ['code'] },
    });
    expect(
      says('unique-on-existing-rows', {
        before: all,
        after: added,
        sql: 'CREATE UNIQUE INDEX "users_code" ON "users" ("code");',
      }),
    ).toHaveLength(1);
  });

  it.each<[string, Tables, Tables]>([
    [
      'a new column in which all is NULL',
      all,
      withUsers({
        columns: { ...users.columns, code: 'text' },
        uniqueIndexes: { users_email: ['code'] },
      }),
    ],
    ['another name for the same', withUsers({ unique: { old: ['email'] } }), unique],
    [
      'what the primary key already says',
      all,
      withUsers({ uniqueIndexes: { users_email: ['id', 'email'] } }),
    ],
    ['a new table', { posts }, unique],
    [
      'a wider key than before',
      { users: { columns: named, uniqueIndexes: { users_email: ['email'] } }, posts },
      { users: { columns: named, uniqueIndexes: { users_email: ['email', 'name'] } }, posts },
    ],
  ])('not %s', (_, before, after) => {
    expect(says('unique-on-existing-rows', { before, after, sql: q('postgresql', INDEX) })).toEqual(
      [],
    );
  });
});

describe('foreign-key-on-existing-rows', () => {
  const keyed: Tables = {
    users,
    posts: { ...posts, foreignKeys: { posts_author_fk: 'author -> users.id cascade' } },
  };
  const KEY =
    'ALTER TABLE `posts` ADD CONSTRAINT `posts_author_fk` FOREIGN KEY (`author`) REFERENCES `users`(`id`) ON DELETE cascade;';

  it.each(DIALECTS)('%s: with the SELECT that finds orphans', (dialect) => {
    const said = says('foreign-key-on-existing-rows', {
      dialect,
      before: all,
      after: keyed,
      sql: q(dialect, KEY),
    });
    expect(said).toMatchObject([{ about: 'posts.posts_author_fk', line: 1 }]);
    expect(sqlOf(said)).toContain(
      q(
        dialect,
        'SELECT c.* FROM `posts` c WHERE c.`author` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `users` p WHERE p.`id` = c.`author`);',
      ),
    );
    expect(sqlOf(said).includes('ON DELETE cascade NOT VALID;')).toBe(dialect === 'postgresql');
  });

  it.each<[string, Tables, Tables, string]>([
    [
      'a new nullable column',
      { users, posts: { columns: { id: 'integer pk' } } },
      keyed,
      `ALTER TABLE "posts" ADD COLUMN "author" integer;\n${KEY}`,
    ],
    [
      'another action and name',
      { users, posts: { ...posts, foreignKeys: { old: 'author -> users.id' } } },
      keyed,
      KEY,
    ],
    ['a new table', { users }, keyed, KEY],
    [
      'a renamed target',
      { people: users, posts: { ...posts, foreignKeys: { old: 'author -> people.id' } } },
      keyed,
      `ALTER TABLE "people" RENAME TO "users";\n${KEY}`,
    ],
  ])('not %s', (_, before, after, sql) => {
    expect(
      says('foreign-key-on-existing-rows', { before, after, sql: q('postgresql', sql) }),
    ).toEqual([]);
  });
});

describe('what a custom migration drops, and the snapshots say stays', () => {
  const said = (id: 'drop-table' | 'drop-column', sql: string, after: Tables = all): unknown =>
    says(id, { before: all, after, sql }).map(({ about }) => about);

  it('a table, unless the SQL makes it again', () => {
    expect(said('drop-table', 'DROP TABLE IF EXISTS users;')).toEqual(['users']);
    expect(said('drop-table', 'DROP TABLE users; ALTER TABLE users_copy RENAME TO users;')).toEqual(
      [],
    );
  });

  it('a column, also where it is added again, and not where its values are computed', () => {
    const sql = 'ALTER TABLE users DROP COLUMN email; ALTER TABLE users ADD COLUMN email text;';
    expect(said('drop-column', sql)).toEqual(['users.email']);
    const computed = withUsers({ columns: { id: 'integer pk', email: 'text stored' } });
    expect(said('drop-column', sql, computed)).toEqual([]);
  });
});

describe('names that change hands', () => {
  const wide: Tables[string] = { columns: { ...users.columns, plan: 'text not null' } };
  const swapped = 'RENAME TABLE users TO t, users_v2 TO users, t TO users_v2;';

  it('mysql: later statements are of the table that has the name then', () => {
    const literal: Literal = {
      dialect: 'mysql',
      before: { users, users_v2: wide },
      after: { users: wide, users_v2: users },
      sql: `${swapped}ALTER TABLE users DROP COLUMN plan;`,
    };
    expect(says('drop-column', literal)).toMatchObject([{ about: 'users.plan' }]);
    expect(says('rename-table', literal).map(({ about }) => about)).toEqual([
      'users_v2 users',
      'users users_v2',
    ]);
    expect(says('drop-table', literal)).toEqual([]);
  });

  it.each(DIALECTS)('%s: the table that made room and is dropped is lost', (dialect) => {
    const sql =
      'ALTER TABLE `users` RENAME TO `old`; ALTER TABLE `users_v2` RENAME TO `users`; DROP TABLE `old`;';
    const before = { users, users_v2: wide };
    const said = says('drop-table', {
      dialect,
      before,
      after: { users: wide },
      sql: q(dialect, sql),
    });
    expect(said).toMatchObject([
      { about: 'users', message: 'the table users is dropped, with all its rows' },
    ]);
  });

  it('a statement before a rename of the snapshots is found', () => {
    const sql = 'ALTER TABLE users DROP COLUMN email; ALTER TABLE users RENAME TO people;';
    const after = { people: { columns: { id: 'integer pk' } } };
    expect(says('drop-column', { before: { users }, after, sql })).toMatchObject([
      { about: 'people.email' },
    ]);
  });

  it('rows that stay in another table can be copied from there', () => {
    const sql = 'CREATE TABLE n (id int, email text); RENAME TABLE users TO old, n TO users;';
    const said = says('drop-table', { dialect: 'mysql', before: all, after: all, sql });
    expect(said[0]?.message).toBe(
      'an empty table takes the place of users, whose rows stay in old',
    );
    expect(sqlOf(said)).toContain(
      'INSERT INTO `users` (`id`, `email`) SELECT `id`, `email` FROM `old`;',
    );
    expect(
      says('drop-table', {
        dialect: 'mysql',
        before: all,
        after: all,
        sql: sql + sqlOf(said).replace(/^.*\n/, ''),
      }),
    ).toEqual([]);
  });
});

describe('a column that another one takes the place of, with its values', () => {
  const REPLACED = [
    'ALTER TABLE "users" ADD COLUMN "email_ci" text;',
    'UPDATE "users" SET "email_ci" = "email";',
    'ALTER TABLE "users" DROP COLUMN "email";',
    'ALTER TABLE "users" RENAME COLUMN "email_ci" TO "email";',
    'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;',
  ];
  const tables: Tables = { users: { columns: { id: 'integer pk', email: 'text not null' } } };
  const said = (sql: readonly string[]): readonly string[] =>
    (['drop-column', 'set-not-null'] as const).flatMap((id) =>
      says(id, { before: tables, after: tables, sql: sql.join('\n') }).map(
        ({ message }) => message,
      ),
    );

  it('is neither dropped nor without values', () => {
    expect(said(REPLACED)).toEqual([]);
  });

  it.each([
    ['nothing is copied', REPLACED.filter((one) => !one.startsWith('UPDATE'))],
    ['another table is', REPLACED.map((one) => one.replace('UPDATE "users"', 'UPDATE "posts"'))],
    ['it never gets the name', REPLACED.map((one) => one.replace('TO "email"', 'TO "mail"'))],
  ])('is both where %s', (_, sql) => {
    expect(said(sql)).toEqual([
      'users.email (text) is dropped, with its values',
      'users.email becomes NOT NULL, which fails if a row has NULL there',
    ]);
  });

  it('takes its index and its keys along, unless they are made again', () => {
    const keyed: Tables = {
      users: {
        columns: { id: 'integer pk', email: 'text not null' },
        unique: { one_email: ['email'] },
        indexes: { email_idx: ['email', 'id'] },
        checks: { some_email: "email <> ''" },
        foreignKeys: { known: 'email -> emails.email' },
      },
    };
    const lost = (more: readonly string[]): readonly string[] =>
      (['guarantee-dropped', 'drop-index'] as const).flatMap((id) =>
        says(id, { before: keyed, after: keyed, sql: [...REPLACED, ...more].join('\n') }).map(
          ({ about }) => about,
        ),
      );
    const names = ['known', 'one_email', 'some_email', 'email_idx'];
    expect(lost([])).toEqual(names.map((name) => `users.${name}`));
    const add = (constraint: string) => `ALTER TABLE "users" ADD CONSTRAINT ${constraint};`;
    expect(
      lost([
        add('one_email UNIQUE (email)'),
        add("some_email CHECK (email <> '')"),
        add('known FOREIGN KEY (email) REFERENCES emails (email)'),
        'CREATE INDEX email_idx ON users (email, id);',
      ]),
    ).toEqual([]);
  });

  const filling = (update: string): readonly string[] =>
    said(REPLACED.map((one) => (one.startsWith('UPDATE') ? update : one)));
  const GONE = 'users.email (text) is dropped, with its values';
  const NULLS = 'users.email becomes NOT NULL, which fails if a row has NULL there';

  it.each([
    'UPDATE users SET email_ci = lower(users.email) WHERE true;',
    'UPDATE users SET email_ci = email WHERE email IS NOT NULL;',
    'UPDATE users SET email_ci = email WHERE email_ci IS NULL;',
    "UPDATE users SET email_ci = CASE WHEN email = 'a' THEN 'b' ELSE email END;",
  ])('is there by %s', (update) => {
    expect(filling(update)).toEqual([]);
  });

  it.each([
    ['UPDATE users SET email_ci = email WHERE id > 3;', [GONE, NULLS]],
    ["UPDATE users SET email_ci = 'x' WHERE email IS NULL;", [GONE, NULLS]],
    ["UPDATE users SET email_ci = 'x', name = email;", [GONE]],
    ['UPDATE users SET email_ci = t.email FROM teams t;', [GONE, NULLS]],
    ['UPDATE users SET email_ci = (SELECT email FROM teams);', [GONE, NULLS]],
  ])('is not, or not in each row, by %s', (update, expected) => {
    expect(filling(update)).toEqual(expected);
  });

  it('may have no value where the old one had none', () => {
    const nullable = (update: string): readonly string[] =>
      says('set-not-null', {
        before: { users: { columns: { id: 'integer pk', email: 'text' } } },
        after: tables,
        sql: REPLACED.map((one) => (one.startsWith('UPDATE') ? update : one)).join(''),
      }).map(({ message }) => message);
    expect(nullable('UPDATE users SET email_ci = email;')).toEqual([NULLS]);
    expect(nullable('UPDATE users SET email_ci = CASE WHEN id > 1 THEN email END;')).toEqual([
      NULLS,
    ]);
    expect(nullable('UPDATE users SET email_ci = NULL;')).toEqual([NULLS]);
    const filled = "UPDATE users SET email_ci = coalesce(email, '')";
    expect(nullable(`${filled} WHERE id > 1;`)).toEqual([NULLS]);
    expect(nullable(`${filled};`)).toEqual([]);
  });

  it('takes along the indexes whose expressions and conditions have it', () => {
    const keyed: Tables[string] = {
      columns: { id: 'integer pk', email: 'text not null', name: 'text' },
      uniqueIndexes: { a: ['lower("email")'], b: ['name', 'where:email IS NOT NULL'] },
      indexes: { c: ['name'] },
    };
    const lost = (sql: readonly string[]): readonly string[] =>
      says('guarantee-dropped', {
        before: { users: keyed },
        after: { users: keyed },
        sql: sql.join(''),
      }).map(({ about }) => about);
    expect(lost(REPLACED)).toEqual(['users.a', 'users.b']);
    const again = [
      'ALTER TABLE "users" DROP COLUMN "email";',
      'ALTER TABLE "users" ADD COLUMN "email" text;',
    ];
    expect(lost(again)).toEqual(['users.a', 'users.b']);
    expect(lost(again.slice(1))).toEqual([]);
  });

  it('is dropped where other values are written', () => {
    const sql = REPLACED.map((one) => one.replace('= "email"', "= ''"));
    expect(said(sql)).toEqual(['users.email (text) is dropped, with its values']);
  });
});
