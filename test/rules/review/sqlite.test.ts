import { describe, expect, it } from 'vitest';
import type { RuleId } from '../../../src/rules/index.ts';
import { says, sqlOf, type Literal } from '../../support/review.ts';
import { CASES } from './cases.ts';

const without = (id: keyof typeof CASES, change: Partial<Literal>): readonly string[] =>
  says(id as RuleId, { ...CASES[id].reported, ...change }).map(({ message }) => message);

describe('a rebuild and the rows of other tables', () => {
  const id = 'sqlite-rebuild-wipes-children';
  const { reported } = CASES[id];
  const posts = reported.before['posts']!;

  it('says whose rows go and whose columns are emptied, and how to save them', () => {
    const before = {
      ...reported.before,
      tags: { columns: { by: 'integer' }, foreignKeys: { fk: 'by -> users.id set null' } },
    };
    const said = says(id, { ...reported, before, after: { ...reported.after, tags: before.tags } });
    expect(said.map(({ message, line }) => [message, line])).toEqual([
      [
        'where foreign keys are on, rebuilding users deletes the rows of posts and empties tags.by',
        2,
      ],
    ]);
    expect(sqlOf(said)).toContain('INSERT INTO `posts` SELECT * FROM `posts_kept`;');
  });

  it.each<[string, Partial<Literal>]>([
    ['turso, whose migrator turns foreign keys off', { dialect: 'turso' }],
    ['a file that ends the transaction', { sql: `COMMIT;${reported.sql}` }],
    [
      'rows that the migration puts back',
      { sql: `${reported.sql}INSERT INTO posts SELECT * FROM kept;` },
    ],
    [
      'a table that refers to itself',
      {
        before: {
          users: { ...reported.before['users']!, foreignKeys: { fk: 'id -> users.id cascade' } },
        },
        after: reported.after,
      },
    ],
    [
      'a child that only unpublished migrations made',
      { published: { users: reported.before['users']! } },
    ],
    [
      'a table that is not rebuilt',
      { sql: 'ALTER TABLE `users` ADD `x` text;', after: { ...reported.before, posts } },
    ],
  ])('not %s', (_, change) => {
    expect(without(id, {})).toHaveLength(1);
    expect(without(id, change)).toEqual([]);
  });
});

describe('the copy of a rebuilt table', () => {
  const id = 'sqlite-rebuild-copies-new-column';

  it('gives the statement with a value in the place of the column', () => {
    expect(sqlOf(says(id, CASES[id].reported))).toContain(
      'INSERT INTO `__new_users`("id", "email") SELECT "id", NULL FROM `users`;',
    );
  });

  it('may read what was added or renamed before it', () => {
    const { sql } = CASES[id].reported;
    expect(without(id, { sql: `ALTER TABLE \`users\` ADD \`email\` text;${sql}` })).toEqual([]);
    expect(without(id, { earlier: ['ALTER TABLE `users` ADD `email` text;'] })).toEqual([]);
  });
});

describe('a default that is not constant', () => {
  const id = 'sqlite-default-not-constant';
  const withDefault = (value: string, dialect: 'sqlite' | 'turso' | 'postgresql' = 'sqlite') =>
    says(id, {
      dialect,
      before: CASES[id].reported.before,
      after: {
        users: { columns: { id: 'integer pk', email: 'text', at: `text default ${value}` } },
      },
      sql: `ALTER TABLE \`users\` ADD \`at\` text DEFAULT ${value};`,
    });

  it.each([
    '(unixepoch())',
    'CURRENT_TIMESTAMP',
    '(CURRENT_TIMESTAMP)',
    "(strftime('%s', 'now'))",
    '(1+1)',
    "(lower('A'))",
    '(json_array())',
  ])('%s fails', (value) => {
    expect(withDefault(value)).toHaveLength(1);
    expect(withDefault(value, 'turso')).toHaveLength(1);
    expect(withDefault(value, 'postgresql')).toEqual([]);
    expect(sqlOf(withDefault(value))).toBe(
      `UPDATE \`users\` SET \`at\` = ${value} WHERE \`at\` IS NULL;`,
    );
  });

  it.each(['1', '-1', '1.5e3', "'it''s'", "('a')", '(1)', 'true', 'NULL', "x'00'"])(
    '%s passes',
    (value) => {
      expect(withDefault(value)).toEqual([]);
    },
  );
});

describe('a reference that is added', () => {
  const id = 'sqlite-added-reference-loses-action';

  it.each(['sqlite', 'turso'] as const)('%s: gives the statement with the action', (dialect) => {
    expect(sqlOf(says(id, { ...CASES[id].reported, dialect }))).toBe(
      '-- guard-allow sql-edited: drizzle-kit leaves the action out\n' +
        'ALTER TABLE `posts` ADD `author` integer REFERENCES users(id) ON DELETE cascade;',
    );
  });

  it.each<[string, Partial<Literal>]>([
    ['another dialect', { dialect: 'mysql' }],
    ['a schema without an action', { after: CASES[id].reported.before }],
    [
      'what a later statement gives it, as on libsql',
      {
        dialect: 'turso',
        sql: `${CASES[id].reported.sql}ALTER TABLE \`posts\` ALTER COLUMN "author" TO "author" integer REFERENCES users(id) ON DELETE cascade;`,
      },
    ],
  ])('not %s', (_, change) => {
    expect(without(id, change)).toEqual([]);
  });
});

describe('a rebuild that copies a column under another name', () => {
  const copying = (list: string): Literal => ({
    dialect: 'sqlite',
    before: { users: { columns: { id: 'integer pk', userName: 'text', plan: 'text' } } },
    after: { users: { columns: { id: 'integer pk', user_name: 'text not null', plan: 'text' } } },
    sql: [
      'CREATE TABLE `__new_users` (`id` integer PRIMARY KEY, `user_name` text NOT NULL, `plan` text);',
      `INSERT INTO \`__new_users\`("id", "user_name", "plan") SELECT ${list} FROM \`users\`;`,
      'DROP TABLE `users`;',
      'ALTER TABLE `__new_users` RENAME TO `users`;',
    ].join('\n--> statement-breakpoint\n'),
  });
  const about = (id: Parameters<typeof says>[0], list: string): readonly string[] =>
    says(id, copying(list)).map((one) => one.about);

  it('is a rename: nothing is dropped, and nothing comes without a value', () => {
    const list = '"id", "userName", "plan"';
    expect(about('drop-column', list)).toEqual([]);
    expect(about('not-null-without-default', list)).toEqual([]);
    expect(about('rename-column', list)).toHaveLength(1);
    // What could be NULL may still be it.
    expect(about('set-not-null', list)).toEqual(['users.user_name']);
  });

  it('may make a value of it, or lose it', () => {
    expect(about('not-null-without-default', '"id", upper("userName"), "plan"')).toEqual([]);
    expect(about('drop-column', '"id", upper("userName"), "plan"')).toEqual(['users.userName']);
    expect(about('not-null-without-default', '"id", NULL, "plan"')).toEqual(['users.user_name']);
    expect(about('not-null-without-default', '"id", "user_name", "plan"')).toHaveLength(1);
  });
});
