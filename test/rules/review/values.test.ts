import { describe, expect, it } from 'vitest';
import type { ProjectState } from '../../../src/facts/change.ts';
import { pictureOf } from '../../../src/facts/review/snapshot-picture.ts';
import { RULES } from '../../../src/rules/index.ts';
import { HOW } from '../../support/history.ts';
import { review, says, sqlOf, type Literal, type Tables } from '../../support/review.ts';
import { CASES } from './cases.ts';

describe('enum-value-removed', () => {
  const id = 'enum-value-removed';
  const { reported } = CASES[id];

  it('postgresql: names the values and every column that may have them', () => {
    const tables: Tables = {
      users: { columns: { status: 'status' } },
      posts: { columns: { states: 'status[]' } },
      tags: { columns: { status: 'text' } },
    };
    const said = says(id, { ...reported, before: tables, after: tables });
    expect(said).toMatchObject([
      {
        about: 'status',
        line: 2,
        message:
          "'b' is removed from status, which fails if a row of users.status and posts.states has it",
      },
    ]);
    expect(sqlOf(said)).toBe(
      'UPDATE "users" SET "status" = <value> WHERE "status" = \'b\';\n--> statement-breakpoint\n' +
        'UPDATE "posts" SET "states" = <value> WHERE "states" = \'b\';',
    );
  });

  it.each(['mysql', 'singlestore'] as const)('%s: in the type of the column', (dialect) => {
    const said = says(id, {
      dialect,
      before: { users: { columns: { size: "enum('s','it''s','l')" } } },
      after: { users: { columns: { size: "enum('s')" } } },
      sql: "ALTER TABLE `users` MODIFY COLUMN `size` enum('s');",
    });
    expect(said).toMatchObject([{ about: 'users.size', line: 1 }]);
    expect(sqlOf(said)).toBe("UPDATE `users` SET `size` = <value> WHERE `size` IN ('it''s', 'l');");
  });

  it.each<[string, Partial<Literal>]>([
    ['a type that no table has', { before: {}, after: {} }],
    ['a value that is added', { enums: [{ status: ['a'] }, { status: ['a', 'b'] }] }],
    [
      'one of which the rows were deleted',
      { earlier: ['DELETE FROM "users" WHERE "status" = \'b\';'] },
    ],
    ['a type that only unpublished migrations made', { published: {} }],
  ])('not %s', (_, change) => {
    expect(says(id, { ...reported, ...change })).toEqual([]);
  });
});

describe('column-attribute-lost', () => {
  const id = 'column-attribute-lost';
  const seen = 'timestamp(3) default CURRENT_TIMESTAMP(3)';
  const before: Tables = {
    notes: {
      columns: {
        title: 'varchar(9) COLLATE utf8mb4_bin',
        seen: seen.replace(' default', ' on update default'),
      },
    },
  };
  const whole =
    'ALTER TABLE `notes` MODIFY COLUMN `seen` timestamp(3) DEFAULT CURRENT_TIMESTAMP(3) ' +
    'ON UPDATE CURRENT_TIMESTAMP(3);';
  const printed = (after: Tables, sql: string): readonly string[] => {
    const said = says(id, { dialect: 'mysql', before, after, sql });
    return [said.map(({ message }) => message).join(), sqlOf(said)];
  };

  it('mysql: a MODIFY by hand that leaves out ON UPDATE or a collation, and one that restates all', () => {
    expect(printed(before, `ALTER TABLE notes MODIFY seen ${seen};`)).toEqual([
      'notes.seen loses ON UPDATE CURRENT_TIMESTAMP: an UPDATE leaves the old time there',
      whole,
    ]);
    expect(printed(before, 'ALTER TABLE notes MODIFY title varchar(20);')).toEqual([
      'notes.title loses COLLATE utf8mb4_bin: its text compares as the default of the table does, and a unique key may fail',
      'ALTER TABLE `notes` MODIFY COLUMN `title` varchar(20) COLLATE utf8mb4_bin;',
    ]);
    expect(printed(before, whole)).toEqual(['', '']);
  });

  it('mysql: a generated one that says what the schema has left', () => {
    const after = { notes: { columns: { ...before['notes']!.columns, seen } } };
    expect(printed(after, `ALTER TABLE \`notes\` MODIFY COLUMN \`seen\` ${seen};`)[1]).toBe(whole);
  });

  it('drizzle-kit 1.x has them in fields of their own', () => {
    const column = { name: 'title', type: 'text', charSet: 'utf8mb4', collation: 'utf8mb4_bin' };
    const at = { name: 'at', type: 'timestamp', onUpdateNow: true };
    expect(
      [column, at].map((one) =>
        pictureOf({ tables: { t: { name: 't', columns: { [one.name]: one } } } })
          .tables.get('t')
          ?.columns.get(one.name),
      ),
    ).toMatchObject([
      { collation: 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin' },
      { onUpdate: true },
    ]);
  });
});

describe('mysql-enum-reordered', () => {
  it('a value that goes is another rule, and a value at the end is free', () => {
    const said = (before: string, after: string): number =>
      says('mysql-enum-reordered', {
        dialect: 'mysql',
        before: { users: { columns: { size: before } } },
        after: { users: { columns: { size: after } } },
        sql: `ALTER TABLE \`users\` MODIFY COLUMN \`size\` ${after};`,
      }).length;
    expect(said("enum('a','b')", "enum('b','a')")).toBe(1);
    expect(said("enum('a','b')", "enum('a','b','c')")).toBe(0);
    expect(said("enum('a','b')", "enum('b')")).toBe(0);
    expect(said("enum('a','b')", 'text')).toBe(0);
  });
});

describe('drop-and-create-looks-renamed', () => {
  const id = 'drop-and-create-looks-renamed';
  const users: Tables[string] = { columns: { id: 'integer pk', email: 'text', plan: 'text' } };
  const ADDED = 'ALTER TABLE "users" ADD COLUMN "x" text;ALTER TABLE "users" DROP COLUMN "email";';
  const to = (columns: Tables[string]['columns'], more: Partial<Literal> = {}) =>
    says(id, { before: { users }, after: { users: { columns } }, sql: ADDED, ...more });

  it('a column that comes to the same place, or shares a word', () => {
    expect(to({ id: 'integer pk', contact: 'text', plan: 'text' })).toHaveLength(1);
    const said = to({ id: 'integer pk', plan: 'text', emailAddress: 'text' });
    expect(said).toMatchObject([{ about: 'users.email emailAddress' }]);
    expect(sqlOf(said)).toContain('ALTER TABLE "users" RENAME COLUMN "email" TO "emailAddress";');
  });

  it('not one of another type, another place and name, or that refers to something', () => {
    expect(to({ id: 'integer pk', contact: 'integer', plan: 'text' })).toEqual([]);
    expect(to({ id: 'integer pk', plan: 'text', contact: 'text' })).toEqual([]);
    const after = {
      users: {
        columns: { id: 'integer pk', contact: 'text', plan: 'text' },
        foreignKeys: { fk: 'contact -> users.id' },
      },
    };
    expect(to({}, { after })).toEqual([]);
  });

  it('a table that comes with the same columns; not where its rows are copied', () => {
    const members: Tables[string] = { columns: { ...users.columns, since: 'date' } };
    const literal = {
      before: { members },
      after: { people: members },
      sql: 'CREATE TABLE "people" ("id" int);DROP TABLE "members";',
    };
    expect(says(id, literal)).toMatchObject([{ about: 'members people', line: 1 }]);
    const sql = `INSERT INTO "people" SELECT * FROM "members";${literal.sql}`;
    expect(says(id, { ...literal, sql })).toEqual([]);
    const other = { people: { columns: { id: 'integer pk', name: 'text' } } };
    expect(says(id, { ...literal, after: other })).toEqual([]);
  });
});

describe('rows-without-where', () => {
  const id = 'rows-without-where';
  const { before } = CASES[id].reported;
  const said = (sql: string, more: Partial<Literal> = {}): readonly string[] =>
    says(id, { before, after: before, sql, ...more }).map(({ message }) => message);

  it.each<[string, string]>([
    ['DELETE FROM posts', 'DELETE without WHERE takes every row of posts away'],
    [
      'UPDATE "users" SET "email" = NULL',
      'UPDATE without WHERE changes email in every row of users',
    ],
    [
      'UPDATE users SET (email, id) = (1, 2)',
      'UPDATE without WHERE changes email and id in every row of users',
    ],
    [
      'UPDATE users SET email = (SELECT 1 FROM posts WHERE author = 1)',
      'UPDATE without WHERE changes email in every row of users',
    ],
    ['DO $$ BEGIN DELETE FROM posts; END $$', 'DELETE without WHERE takes every row of posts away'],
    [
      'DELETE FROM unknown_to_drizzle',
      'DELETE without WHERE takes every row of unknown_to_drizzle away',
    ],
  ])('%s', (sql, message) => {
    expect(said(`${sql};`)).toEqual([message]);
  });

  it.each<[string, string, Partial<Literal>]>([
    ['a WHERE', 'UPDATE users SET email = NULL WHERE id = 1', {}],
    [
      'a column that the change adds',
      'UPDATE users SET plan = 1',
      {
        after: { ...before, users: { columns: { ...before['users']!.columns, plan: 'text' } } },
      },
    ],
    ['a column that the SQL adds', 'ALTER TABLE users ADD plan text;UPDATE users SET plan = 1', {}],
    [
      'a table that the change makes',
      'DELETE FROM posts',
      { published: { users: before['users']! } },
    ],
    [
      'a table that it drops',
      'DELETE FROM posts;DROP TABLE posts',
      { after: { users: before['users']! } },
    ],
    ['a table that the SQL makes', 'CREATE TABLE tmp (a int);DELETE FROM tmp', {}],
    ['a function', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ DELETE FROM posts; $$', {}],
  ])('not %s', (_, sql, more) => {
    expect(said(`${sql};`, more)).toEqual([]);
  });
});

describe('what the config says of databases', () => {
  const said = (id: 'index-blocks-writes' | 'drop-index', bigTables: readonly string[]) => {
    const rule = RULES.find((one) => one.id === id);
    if (rule?.judges !== 'migration') throw new Error(`${id} reviews nothing`);
    const literal = { ...CASES[id].reported, said: { bigTables: [...bigTables] } };
    return [...rule.check(review(literal), { how: HOW } as ProjectState)].map(
      ({ severity }) => severity,
    );
  };

  it.each(['index-blocks-writes', 'drop-index'] as const)('%s warns of a big table', (id) => {
    expect(said(id, ['users'])).toEqual(['warning']);
    expect(said(id, ['public.Users'])).toEqual(['warning']);
    expect(said(id, ['posts', 'audit.users'])).toEqual([undefined]);
  });

  it('foreign keys that are on or off', () => {
    const id = 'sqlite-rebuild-wipes-children';
    const messages = (more: Partial<Literal>): readonly string[] =>
      says(id, { ...CASES[id].reported, ...more }).map(({ message }) => message);
    expect(messages({ said: { foreignKeys: 'off' } })).toEqual([]);
    expect(messages({ dialect: 'turso' })).toEqual([]);
    const known = ['rebuilding users deletes the rows of posts'];
    expect(messages({ said: { foreignKeys: 'on' } })).toEqual(known);
    expect(messages({ dialect: 'turso', said: { foreignKeys: 'on' } })).toEqual(known);
    expect(messages({})).toEqual([`where foreign keys are on, ${known[0]}`]);
  });
});

describe('secret-in-sql', () => {
  const id = 'secret-in-sql';
  const { reported } = CASES[id];
  const shown = (sql: string, more: Partial<Literal> = {}) =>
    says(id, { ...reported, ...more, sql });

  // In pieces, so that no scanner of this repository takes them for real ones.
  it.each([
    `INSERT INTO settings VALUES ('${'AKIA'}${'IOSFODNN7EXAMPLE'}');`,
    `UPDATE settings SET stripe = '${'sk_'}live_${'4eC39HqLyjWDarjtT1zdp7dc'}';`,
    `INSERT INTO t VALUES ('{"token": "${'ghp_'}${'a1B2'.repeat(9)}"}');`,
    `INSERT INTO t VALUES ('postgres://app:${'hG7tzq2Lm'}@db.example.com:5432/app');`,
    "ALTER USER app WITH PASSWORD 'hG7-tzq2-Lm';",
    "DO $$ BEGIN CREATE ROLE app LOGIN PASSWORD 'hG7-tzq2-Lm'; END $$;",
    `INSERT INTO t VALUES ('-----BEGIN ${'RSA'} PRIVATE KEY-----\nMIIE');`,
  ])('%s', (sql) => {
    expect(shown(sql)).toHaveLength(1);
  });

  it('in MySQL', () => {
    const sql = "CREATE USER 'app'@'%' IDENTIFIED BY 'hG7-tzq2-Lm';";
    expect(shown(sql, { dialect: 'mysql' })).toMatchObject([{ about: 'a password' }]);
  });

  it.each([
    "INSERT INTO users (email, password) VALUES ('a@b.c', '$2b$10$N9qo8uLOickgx2ZMRZoMye');",
    "INSERT INTO t VALUES ('postgres://postgres:postgres@localhost:5432/app');",
    "INSERT INTO t VALUES ('https://example.com:8080/a@b');",
    "CREATE ROLE app PASSWORD 'SCRAM-SHA-256$4096:salt$key';",
    "CREATE ROLE app PASSWORD '${APP_PASSWORD}';",
    'ALTER TABLE "users" ADD COLUMN "password" text;',
    "COMMENT ON COLUMN users.password IS 'hG7-tzq2-Lm';",
    "ALTER TABLE users ALTER COLUMN password SET DEFAULT 'hG7-tzq2-Lm';",
  ])('not %s', (sql) => {
    expect(shown(sql)).toEqual([]);
  });

  it('is shown without it', () => {
    const rule = RULES.find((one) => one.id === id);
    if (rule?.judges !== 'migration') throw new Error('it reviews nothing');
    const [notice] = [...rule.check(review(reported), { how: HOW } as ProjectState)];
    expect(notice?.shown).toBe("CREATE ROLE app LOGIN PASSWORD '...'");
  });
});

describe('trigger-changed', () => {
  const id = 'trigger-changed';
  it.each([
    ['CREATE TRIGGER a AFTER INSERT ON users BEGIN SELECT 1; END;', 'the trigger a is made'],
    ['CREATE OR REPLACE TRIGGER "a" AFTER INSERT ON users;', 'the trigger a is made'],
    ['CREATE TRIGGER IF NOT EXISTS a AFTER INSERT ON users;', 'the trigger a is made'],
    ['CREATE CONSTRAINT TRIGGER a AFTER INSERT ON users;', 'the trigger a is made'],
    ['ALTER TRIGGER a ON users RENAME TO b;', 'the trigger a is changed'],
    ['ALTER TABLE ONLY users DISABLE TRIGGER a;', 'the trigger a is switched off'],
    ['ALTER TABLE users ENABLE ALWAYS TRIGGER a;', 'the trigger a is switched on'],
    ['DROP TRIGGER IF EXISTS a ON users;', 'the trigger a is dropped'],
    ['CREATE RULE a AS ON INSERT TO users DO INSTEAD NOTHING;', 'the rule a is made'],
    ['CREATE OR REPLACE RULE "a" AS ON DELETE TO users DO INSTEAD NOTHING;', 'the rule a is made'],
    ['ALTER TABLE users DISABLE RULE a;', 'the rule a is switched off'],
    ['DROP RULE IF EXISTS a ON users;', 'the rule a is dropped'],
    ['CREATE INDEX rule ON users (id);', undefined],
    ['CREATE TABLE rule (id int);', undefined],
    ['ALTER TABLE users DROP rule;', undefined],
  ])('%s', (sql, message) => {
    const { before } = CASES[id].reported;
    const said = says(id, { before, after: before, sql }).map((one) => one.message);
    expect(said).toEqual(message === undefined ? [] : [message]);
  });
});

describe('check-on-existing-rows', () => {
  const id = 'check-on-existing-rows';
  const checked = (condition: string) =>
    says(id, {
      before: { users: { columns: { id: 'integer pk', age: 'integer' } } },
      after: {
        users: {
          columns: { id: 'integer pk', age: 'integer', used: 'integer not null default 0' },
          checks: { c: condition },
        },
      },
      sql: `ALTER TABLE "users" ADD COLUMN "used" integer DEFAULT 0 NOT NULL;ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (${condition});`,
    }).length;

  it('is silent where all columns of it are new', () => {
    expect(checked('"users"."used" >= 0')).toBe(0);
    expect(checked("used in (1, 'age')")).toBe(0);
    expect(checked('"users"."used" <= "users"."age"')).toBe(1);
    expect(checked('age > 0')).toBe(1);
    expect(checked('1 = 1')).toBe(1);
  });
});

it('type-change-may-fail: at the statement that changes the type', () => {
  const sql = [
    'ALTER TABLE "users" ALTER COLUMN "email" DROP DEFAULT;',
    'ALTER TABLE "users" ALTER COLUMN "email" SET DATA TYPE varchar(9);',
  ].join('\n--> statement-breakpoint\n');
  const [said] = says('type-change-may-fail', { ...CASES['type-change-may-fail'].reported, sql });
  expect(said?.line).toBe(3);
});

describe('guarantee-dropped', () => {
  const keyed = (action: string): Tables => ({
    users: { columns: { id: 'integer pk' } },
    posts: {
      columns: { id: 'integer pk', author: 'integer' },
      foreignKeys: { fk: `author -> users.id ${action}`.trim() },
    },
  });
  const dropped = 'ALTER TABLE "posts" DROP CONSTRAINT "fk";';
  const made =
    'ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users"("id")';
  const changes = (from: string, to: string): ReturnType<typeof says> =>
    says('guarantee-dropped', {
      before: keyed(from),
      after: keyed(to),
      sql: `${dropped}${made} ON DELETE ${to};`,
    });

  it.each([
    ['', 'it failed while there were some before'],
    ['restrict', 'it failed while there were some before'],
    ['set null', 'it emptied the column before'],
  ])('a foreign key goes from "%s" to ON DELETE CASCADE', (from, then) => {
    const said = changes(from, 'cascade');
    expect(said.map(({ message }) => message)).toEqual([
      `a DELETE from users deletes its rows of posts too from now on; ${then}`,
    ]);
    expect(sqlOf(said)).toContain('FROM "posts" GROUP BY "author"');
  });

  it('what deletes less than before passes, and what is as it was', () => {
    expect(changes('cascade', 'set null')).toEqual([]);
    expect(changes('', 'set null')).toEqual([]);
    expect(changes('cascade', 'cascade')).toEqual([]);
  });
});
