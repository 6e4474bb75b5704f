import { PGlite } from '@electric-sql/pglite';
import { afterAll, describe, expect, it } from 'vitest';
import { RULES, type ReviewRuleId } from '../../../src/rules/index.ts';
import type { ProjectState } from '../../../src/facts/change.ts';
import { HOW } from '../../support/history.ts';
import { review, type Literal } from '../../support/review.ts';

const db = new PGlite();
afterAll(async () => db.close());

const COLUMNS = { id: 'integer pk', age: 'integer', team: 'integer', name: 'text' };
const TABLES =
  'DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE SEQUENCE s;' +
  'CREATE TABLE teams (id int PRIMARY KEY, title text);' +
  'CREATE TABLE users (id int PRIMARY KEY, age int, team int, name text);';
const ROWS =
  "INSERT INTO teams VALUES (1, 'one'); INSERT INTO users VALUES " +
  "(1, 1, 2, 'a1'), (11, 1, 2, 'a'), (12, 1, 2, 'b');";

/** Whether a rule warns, and whether the migration fails in PostgreSQL. */
async function warnsAndFails(id: ReviewRuleId, literal: Literal, made = ''): Promise<unknown> {
  const rule = RULES.find((one) => one.id === id);
  if (rule?.judges !== 'migration') throw new Error(`${id} reviews nothing`);
  const said = [...rule.check(review(literal), { how: HOW } as ProjectState)];
  await db.exec(TABLES + made + ROWS);
  const ran = await db.exec(`BEGIN; ${literal.sql} COMMIT;`).then(
    () => 'passes',
    () => 'fails',
  );
  if (ran === 'fails') await db.exec('ROLLBACK');
  return [said.some(({ severity }) => severity !== 'note') ? 'warns' : 'is silent', ran];
}

describe('unique over a new column', () => {
  const filled = (type: string, fill: string): Promise<unknown> =>
    warnsAndFails('unique-on-existing-rows', {
      before: { users: { columns: COLUMNS } },
      after: {
        users: {
          columns: { ...COLUMNS, code: type === 'serial' ? 'serial counts' : type },
          uniqueIndexes: { u: ['code'] },
        },
      },
      sql: `ALTER TABLE users ADD COLUMN code ${type}; ${fill} CREATE UNIQUE INDEX u ON users (code);`,
    });
  const NIL = "'00000000-0000-0000-0000-000000000000'";

  it.each([
    ["text default 'uuid'", ''],
    [`uuid default ${NIL}::uuid`, ''],
    ['uuid default gen_random_uuid()', `UPDATE users SET code = ${NIL};`],
    ['uuid', `UPDATE users SET code = ${NIL}::uuid;`],
    ['uuid', `UPDATE users SET code = CAST(${NIL} AS uuid);`],
    ['uuid', 'UPDATE users SET code = (SELECT gen_random_uuid());'],
    ['text', 'UPDATE users SET code = left(gen_random_uuid()::text, 0);'],
    ['integer', "UPDATE users SET code = nextval('s') % 2;"],
    ['integer', 'UPDATE users SET code = id >> 3;'],
    [
      'integer',
      "UPDATE users SET code = id WHERE id = 1; UPDATE users SET code = nextval('s') WHERE id > 1;",
    ],
    ['text', "UPDATE users SET code = CASE WHEN id > 5 THEN 'a' ELSE 'b' END;"],
    ['text', 'UPDATE users SET code = left(id::text, 1);'],
    ['text', 'UPDATE users SET code = name || id;'],
    ['text', "UPDATE users SET code = format('u', id);"],
    ['text', 'UPDATE users SET code = md5(age::text);'],
    ['text', 'UPDATE users SET code = teams.id FROM teams;'],
    [
      'text',
      'UPDATE users SET code = (SELECT title FROM teams WHERE teams.id <> users.id LIMIT 1) WHERE id > 1;',
    ],
  ])('%s: %s', async (type, fill) => {
    expect(await filled(type, fill)).toEqual(['warns', 'fails']);
  });

  it.each([
    ['text', ''],
    ['text', 'UPDATE users SET code = NULL;'],
    ['uuid default gen_random_uuid()', ''],
    ['uuid', 'UPDATE users SET code = gen_random_uuid();'],
    [
      'text',
      "UPDATE users SET code = 'u_' || replace(gen_random_uuid()::text, '-', '') WHERE age = 1;",
    ],
    ['text', "UPDATE users SET code = concat('u-', upper(CAST(gen_random_uuid() AS text)));"],
    ['integer', 'UPDATE users SET code = id;'],
    ['integer', 'UPDATE users SET code = users.id + 1000;'],
    ['text', 'UPDATE users SET code = (id)::text;'],
    ['text', "UPDATE users SET code = 'u' || id || 'x';"],
    ['text', "UPDATE users SET code = lower(replace(name, ' ', '-')) || '-' || id;"],
    ['text', "UPDATE users SET code = id || '-' || name;"],
    ['text', "UPDATE users SET code = format('u-%s', id);"],
    ['text', 'UPDATE users SET code = md5(random()::text);'],
    ['varchar(40)', 'UPDATE users SET code = gen_random_uuid()::varchar(36);'],
    ['integer', "UPDATE users SET code = nextval('s');"],
    ['serial', ''],
  ])('is silent of %s: %s', async (type, fill) => {
    expect(await filled(type, fill)).toEqual(['is silent', 'passes']);
  });
});

it('with NULLS NOT DISTINCT two rows with NULL are the same', async () => {
  const code = (parts: readonly string[], words = 'text'): Literal => ({
    before: { users: { columns: COLUMNS } },
    after: { users: { columns: { ...COLUMNS, code: words }, unique: { u: parts } } },
    sql:
      `ALTER TABLE users ADD COLUMN code ${words}; ALTER TABLE users ADD CONSTRAINT u UNIQUE ` +
      `${parts.length > 1 ? 'NULLS NOT DISTINCT' : ''} (code);`,
  });
  const id = 'unique-on-existing-rows';
  expect(await warnsAndFails(id, code(['nulls:', 'code']))).toEqual(['warns', 'fails']);
  expect(await warnsAndFails(id, code(['code']))).toEqual(['is silent', 'passes']);
  const random = code(['nulls:', 'code'], 'uuid default gen_random_uuid()');
  expect(await warnsAndFails(id, random)).toEqual(['is silent', 'passes']);
});

describe('a check that lets through what the old one did', () => {
  const changed = (from: string, between: string, to: string): Promise<unknown> =>
    warnsAndFails(
      'check-on-existing-rows',
      {
        before: { users: { columns: COLUMNS, checks: { c: from } } },
        after: { users: { columns: COLUMNS, checks: { c: to } } },
        sql: `ALTER TABLE users DROP CONSTRAINT c; ${between} ALTER TABLE users ADD CONSTRAINT c CHECK (${to});`,
      },
      `ALTER TABLE users ADD CONSTRAINT c CHECK (${from});`,
    );
  const [old, now] = ['age in (1)', 'age in (1, 2)'];
  const added = 'ALTER TABLE users ADD a2 integer; UPDATE users SET a2 = age + 9;';
  const replaced = 'ALTER TABLE users DROP age; ALTER TABLE users RENAME COLUMN a2 TO age;';

  it.each([
    ['(age, team) in ((1, 2))', '', '(age, team) in ((2, 1))'],
    [old, 'UPDATE users SET AGE = 3;', now],
    [old, 'ALTER TABLE users DROP age; ALTER TABLE users ADD age integer DEFAULT 5;', now],
    [old, added + replaced, now],
    [
      old,
      'ALTER TABLE users RENAME age TO x; ALTER TABLE users RENAME team TO age; ALTER TABLE users RENAME x TO team;',
      now.replace('2', '3'),
    ],
    [old, "DO $$ BEGIN EXECUTE 'UPDATE users ' || 'SET age = 7'; END $$;", now],
  ])('%s, %s, %s', async (from, between, to) => {
    expect(await changed(from, between, to)).toEqual(['warns', 'fails']);
  });

  it.each([
    [old, '', now],
    [old, "UPDATE users SET name = 'x';", now],
    [old, 'ALTER TABLE users DROP team;', now],
    ['age in (1, -1)', '', 'age in (-1, 1, 2)'],
    ['(age, team) in ((1, 2))', '', '(age, team) in ((1, 2)) OR age = 3'],
  ])('is no warning of %s, %s, %s', async (from, between, to) => {
    expect(await changed(from, between, to)).toEqual(['is silent', 'passes']);
  });

  it('and is about the time: rows that kept to it need not any more', async () => {
    const [of, or] = ['now() < at', 'now() < at OR age = 9'] as const;
    const columns = { ...COLUMNS, at: 'timestamp' };
    // now() is when a transaction began: the sleep puts the migration's own behind the rows' time.
    const made =
      "ALTER TABLE users ADD at timestamptz DEFAULT now() + interval '1 ms'; SELECT pg_sleep(0.01);";
    for (const [name, to] of [
      ['c', or],
      ['d', of],
    ] as const) {
      const literal: Literal = {
        before: { users: { columns, checks: { c: of } } },
        after: { users: { columns, checks: { [name]: to } } },
        sql: `ALTER TABLE users DROP CONSTRAINT c; ALTER TABLE users ADD CONSTRAINT ${name} CHECK (${to});`,
      };
      const check = `ALTER TABLE users ADD CONSTRAINT c CHECK (${of});`;
      await expect(warnsAndFails('check-on-existing-rows', literal, made + check)).resolves.toEqual(
        ['warns', 'fails'],
      );
    }
  });

  it('a column whose name differs in its case alone is another one', async () => {
    const columns = { ...COLUMNS, Age: 'integer not null' };
    const literal: Literal = {
      before: { users: { columns } },
      after: { users: { columns, checks: { c: 'team IS NULL OR age IS NOT NULL' } } },
      sql: 'UPDATE users SET name = NULL; ALTER TABLE users ADD CONSTRAINT c CHECK (team IS NULL OR age IS NOT NULL);',
    };
    const made = 'ALTER TABLE users ADD "Age" int NOT NULL DEFAULT 1;';
    const emptied = 'CREATE RULE r AS ON INSERT TO users DO ALSO UPDATE users SET age = NULL;';
    expect(await warnsAndFails('check-on-existing-rows', literal, made + emptied)).toEqual([
      'warns',
      'fails',
    ]);
  });
});
