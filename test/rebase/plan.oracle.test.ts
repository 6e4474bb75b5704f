import { describe, expect, it } from 'vitest';
import { column, openBranches, pg, play, table } from './branches.ts';

describe('postgresql', () => {
  const scene = openBranches('postgresql');
  const { make } = scene;
  const planned = play(scene);
  const TEAMS = pg(table('teams', 'name: text()'));
  const start = (): Promise<Record<string, string>> =>
    make({}, { name: 'init', schema: TEAMS }) as Promise<Record<string, string>>;

  it('independent tables: the SQL keeps its bytes, and drizzle-kit is asked once', async () => {
    const fork = await start();
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text()'), table('posts')),
    });
    const own = await make(fork, {
      name: 'mine',
      schema: pg(table('teams', 'name: text()'), table('users')),
    });
    const merged = pg(table('teams', 'name: text()'), table('posts'), table('users'));
    const { short, sql, asked } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_mine -> 0002_mine kept']);
    expect(sql).toEqual([own['drizzle/0001_mine.sql']]);
    expect(asked).toBe(1);
  });

  it('three own on two of the base', async () => {
    const fork = await start();
    const T = table('teams', 'name: text()');
    const base = await make(
      fork,
      { name: 'theirs1', schema: pg(T, table('posts')) },
      { name: 'theirs2', schema: pg(T, table('posts', 'title: text()')) },
    );
    const own = await make(
      fork,
      { name: 'a', schema: pg(T, table('users')) },
      { name: 'b', schema: pg(T, table('users', 'age: integer()')) },
      { name: 'c', schema: pg(T, table('users', 'age: integer()'), table('tags')) },
    );
    const merged = pg(
      T,
      table('posts', 'title: text()'),
      table('users', 'age: integer()'),
      table('tags'),
    );
    const { short, sql } = await planned({ fork, base, own, merged });
    expect(short).toEqual([
      '0001_a -> 0003_a kept',
      '0002_b -> 0004_b kept',
      '0003_c -> 0005_c kept',
    ]);
    expect(sql).toEqual(['0001_a', '0002_b', '0003_c'].map((tag) => own[`drizzle/${tag}.sql`]));
  });

  it('the same table, other columns', async () => {
    const fork = await start();
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text(), age: integer()')),
    });
    const own = await make(fork, {
      name: 'mine',
      schema: pg(table('teams', 'name: text(), size: integer()')),
    });
    const merged = pg(table('teams', 'name: text(), age: integer(), size: integer()'));
    const { short } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_mine -> 0002_mine kept']);
  });

  it('the same column on both sides: the own migration is dropped', async () => {
    const fork = await start();
    const schema = pg(table('teams', 'name: text(), age: integer()'));
    const base = await make(fork, { name: 'theirs', schema });
    const own = await make(fork, { name: 'mine', schema });
    const { short, plan: result, files } = await planned({ fork, base, own, merged: schema });
    expect(short).toEqual(['0001_mine dropped']);
    expect(result).toMatchObject({
      migrations: [{ reasons: [{ by: 'has', change: 'added', entity: 'teams.age' }] }],
      removed: ['drizzle/0001_mine.sql'],
    });
    expect(files['drizzle/meta/_journal.json']).toBe(base['drizzle/meta/_journal.json']);
  });

  it('the same column and one more: generated again, with the one statement', async () => {
    const fork = await start();
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text(), age: integer()')),
    });
    const merged = pg(table('teams', 'name: text(), age: integer(), size: integer()'));
    const own = await make(fork, { name: 'mine', schema: merged });
    const { short, sql } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_mine -> 0002_mine generated']);
    expect(sql).toEqual(['ALTER TABLE "teams" ADD COLUMN "size" integer;']);
  });

  it('the same column in two types, resolved to ours: it is altered', async () => {
    const fork = await start();
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text(), age: integer()')),
    });
    const merged = pg(table('teams', 'name: text(), age: varchar({ length: 9 })'));
    const own = await make(fork, { name: 'mine', schema: merged });
    const { sql } = await planned({ fork, base, own, merged });
    expect(sql).toEqual(['ALTER TABLE "teams" ALTER COLUMN "age" SET DATA TYPE varchar(9);']);
  });

  it('the same column in two types, resolved to theirs: dropped', async () => {
    const fork = await start();
    const merged = pg(table('teams', 'name: text(), age: integer()'));
    const base = await make(fork, { name: 'theirs', schema: merged });
    const own = await make(fork, {
      name: 'mine',
      schema: pg(table('teams', 'name: text(), age: varchar({ length: 9 })')),
    });
    const { short } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_mine dropped']);
  });

  it('a custom migration between generated ones, and only a custom one', async () => {
    const fork = await start();
    const T = table('teams', 'name: text()');
    const base = await make(fork, { name: 'theirs', schema: pg(T, table('posts')) });
    const one = { name: 'a', schema: pg(T, table('users')) };
    const custom = {
      name: 'fill',
      edit: (sql: string) => `${sql}\nUPDATE "teams" SET "name" = 'x';\n`,
    };
    const two = { name: 'b', schema: pg(T, table('users', 'age: integer()')) };
    const own = await make(fork, one, custom, two);
    const merged = pg(T, table('posts'), table('users', 'age: integer()'));
    const { short, sql } = await planned({ fork, base, own, merged });
    expect(short).toEqual([
      '0001_a -> 0002_a kept',
      '0002_fill -> 0003_fill custom',
      '0003_b -> 0004_b kept',
    ]);
    expect(sql[1]).toBe(own['drizzle/0002_fill.sql']);
    const alone = await make(fork, custom);
    const only = await planned({ fork, base, own: alone, merged: pg(T, table('posts')) });
    expect(only.short).toEqual(['0001_fill -> 0002_fill custom']);
    expect(only.asked).toBe(0);
  });

  it('a value of an enum on both sides, in the order of the schema', async () => {
    const mood = (...values: readonly string[]): string =>
      pg(
        `export const mood = pgEnum('mood', ${JSON.stringify(values)});`,
        table('teams', 'mood: mood()'),
      );
    const fork = await make({}, { name: 'init', schema: mood('a', 'b') });
    const base = await make(fork, { name: 'theirs', schema: mood('a', 'b', 'theirs') });
    const own = await make(fork, { name: 'mine', schema: mood('a', 'b', 'mine') });
    const first = await planned({ fork, base, own, merged: mood('a', 'b', 'mine', 'theirs') });
    expect(first.sql).toEqual([`ALTER TYPE "public"."mood" ADD VALUE 'mine' BEFORE 'theirs';`]);
    const last = await planned({ fork, base, own, merged: mood('a', 'b', 'theirs', 'mine') });
    expect(last.short).toEqual(['0001_mine -> 0002_mine kept']);
  });

  it('a type made again on the branch gets the value that the base added', async () => {
    const mood = (...values: readonly string[]): string =>
      pg(
        `export const mood = pgEnum('mood', ${JSON.stringify(values)});`,
        table('teams', 'mood: mood()'),
      );
    const fork = await make({}, { name: 'init', schema: mood('a', 'b', 'c') });
    const base = await make(fork, { name: 'theirs', schema: mood('a', 'b', 'c', 'theirs') });
    const own = await make(fork, { name: 'mine', schema: mood('a', 'b') });
    const { sql, short } = await planned({ fork, base, own, merged: mood('a', 'b', 'theirs') });
    expect(short).toEqual(['0001_mine -> 0002_mine generated']);
    expect(sql[0]).toContain(`CREATE TYPE "public"."mood" AS ENUM('a', 'b', 'theirs');`);
  });

  it('the base dropped the table that the branch alters', async () => {
    const fork = await make({}, { name: 'init', schema: pg(table('teams'), table('posts')) });
    const base = await make(fork, { name: 'theirs', schema: pg(table('posts')) });
    const changed = table('teams', 'age: integer()');
    const own = await make(fork, { name: 'mine', schema: pg(changed, table('posts')) });
    const dropped = await planned({ fork, base, own, merged: pg(table('posts')) });
    expect(dropped.short).toEqual(['0001_mine dropped']);
    const kept = await planned({ fork, base, own, merged: pg(changed, table('posts')) });
    expect(kept.sql[0]).toMatch(/^CREATE TABLE "teams"/);
  });

  it('the branch drops the column that the base alters', async () => {
    const fork = await start();
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text().notNull()')),
    });
    const own = await make(fork, { name: 'mine', schema: pg(table('teams')) });
    const { short } = await planned({ fork, base, own, merged: pg(table('teams')) });
    expect(short).toEqual(['0001_mine -> 0002_mine kept']);
  });

  it('one of two was cherry-picked to the base', async () => {
    const fork = await start();
    const T = table('teams', 'name: text()');
    const picked = await make(fork, { name: 'a', schema: pg(T, table('users')) });
    const base = await make(picked, {
      name: 'theirs',
      schema: pg(T, table('users'), table('posts')),
    });
    const own = await make(picked, { name: 'b', schema: pg(T, table('users', 'age: integer()')) });
    const merged = pg(T, table('users', 'age: integer()'), table('posts'));
    const { short } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0002_b -> 0003_b kept']);
  });
});

describe('sqlite', () => {
  const scene = openBranches('sqlite');
  const { make } = scene;
  const planned = play(scene);
  const sqlite = (...parts: readonly string[]): string =>
    `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n${parts.join('\n')}\n`;
  const teams = (columns: string): string =>
    sqlite(
      `export const teams = sqliteTable('teams', { id: integer().primaryKey(), ${columns} });`,
    );

  it('a table that the branch rebuilds keeps the column that the base added', async () => {
    const fork = await make({}, { name: 'init', schema: teams('name: text()') });
    const base = await make(fork, {
      name: 'theirs',
      schema: teams('name: text(), age: integer()'),
    });
    const own = await make(fork, { name: 'mine', schema: teams('name: text().notNull()') });
    const merged = teams('name: text().notNull(), age: integer()');
    const { sql, short, plan } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_mine -> 0002_mine generated']);
    expect(sql[0]).toContain(
      'INSERT INTO `__new_teams`("id", "name", "age") SELECT "id", "name", "age" FROM `teams`;',
    );
    expect(plan).toMatchObject({
      migrations: [{ reasons: [{ by: 'base', change: 'added', entity: 'teams.age' }] }],
    });
  });

  it('both rebuild the table', async () => {
    const fork = await make({}, { name: 'init', schema: teams('name: text(), age: integer()') });
    const base = await make(fork, {
      name: 'theirs',
      schema: teams('name: text(), age: integer().notNull()'),
    });
    const own = await make(fork, {
      name: 'mine',
      schema: teams('name: text().notNull(), age: integer()'),
    });
    const merged = teams('name: text().notNull(), age: integer().notNull()');
    const { sql } = await planned({ fork, base, own, merged });
    expect(sql[0]).toContain('`name` text NOT NULL,\n\t`age` integer NOT NULL');
  });

  it('a column renamed while the base adds one: renamed, not made again', async () => {
    const fork = await make({}, { name: 'init', schema: teams('name: text()') });
    const base = await make(fork, {
      name: 'theirs',
      schema: teams('name: text(), age: integer()'),
    });
    const own = await make(fork, {
      name: 'mine',
      schema: teams('title: text()'),
      renames: [column('teams', 'name', 'title')],
    });
    const { short } = await planned({
      fork,
      base,
      own,
      merged: teams('title: text(), age: integer()'),
    });
    expect(short).toEqual(['0001_mine -> 0002_mine kept']);
  });
});

describe('mysql', () => {
  const scene = openBranches('mysql');
  const { make } = scene;
  const planned = play(scene);
  const teams = (values: string, more = ''): string =>
    `import { int, mysqlEnum, mysqlTable } from 'drizzle-orm/mysql-core';\nexport const teams = mysqlTable('teams', { id: int().primaryKey(), mood: mysqlEnum([${values}])${more} });\n`;

  it('a value of an enum on both sides: no step loses one', async () => {
    const fork = await make({}, { name: 'init', schema: teams(`'a'`) });
    const base = await make(fork, { name: 'theirs', schema: teams(`'a', 'theirs'`) });
    const own = await make(
      fork,
      { name: 'one', schema: teams(`'a', 'mine'`) },
      { name: 'two', schema: teams(`'a', 'mine', 'more'`, ', age: int()') },
    );
    const merged = teams(`'a', 'theirs', 'mine', 'more'`, ', age: int()');
    const { sql } = await planned({ fork, base, own, merged });
    expect(sql).toEqual([
      "ALTER TABLE `teams` MODIFY COLUMN `mood` enum('a','theirs','mine');",
      "ALTER TABLE `teams` MODIFY COLUMN `mood` enum('a','theirs','mine','more');--> statement-breakpoint\nALTER TABLE `teams` ADD `age` int;",
    ]);
  });

  it('the first of two changes what the base changed: the merged schema has the last word at once', async () => {
    const typed = (type: string, more = ''): string =>
      `import { bigint, int, mysqlTable, varchar } from 'drizzle-orm/mysql-core';\nexport const teams = mysqlTable('teams', { id: int().primaryKey(), size: ${type}${more} });\n`;
    const fork = await make({}, { name: 'init', schema: typed('varchar({ length: 10 })') });
    const base = await make(fork, { name: 'theirs', schema: typed('varchar({ length: 30 })') });
    const own = await make(
      fork,
      { name: 'one', schema: typed('varchar({ length: 20 }).notNull()') },
      { name: 'two', schema: typed('varchar({ length: 20 }).notNull()', ', age: int()') },
    );
    const merged = typed('varchar({ length: 30 }).notNull()', ', age: int()');
    const { sql, short } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_one -> 0002_one generated', '0002_two -> 0003_two kept']);
    expect(sql[0]).toBe('ALTER TABLE `teams` MODIFY COLUMN `size` varchar(30) NOT NULL;');
  });
});

describe('expo', () => {
  const scene = openBranches('sqlite', 'index', { driver: 'expo' });
  const { make } = scene;
  const tables = (...names: readonly string[]): string =>
    `import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\n${names.map((name) => `export const ${name} = sqliteTable('${name}', { id: integer() });`).join('\n')}\n`;

  it('migrations.js lists all of them, as drizzle-kit writes it', async () => {
    const js = 'drizzle/migrations.js';
    const fork = await make({}, { name: 'init', schema: tables('a') });
    const base = { ...(await make(fork, { name: 'theirs', schema: tables('a', 'b') })), [js]: '' };
    const own = await make(fork, { name: 'mine', schema: tables('a', 'c') });
    const { files } = await play(scene)({ fork, base, own, merged: tables('a', 'b', 'c') });
    const head =
      '// This file is required for Expo/React Native SQLite migrations - https://orm.drizzle.team/quick-sqlite/expo\n\n';
    expect(files[js]).toBe(
      `${head}import journal from './meta/_journal.json';\nimport m0000 from './0000_init.sql';\nimport m0001 from './0001_theirs.sql';\nimport m0002 from './0002_mine.sql';\n\n  export default {\n    journal,\n    migrations: {\n      m0000,\nm0001,\nm0002\n    }\n  }\n  `,
    );
  });
});

describe('the timestamp prefix', () => {
  const scene = openBranches('sqlite', 'timestamp');
  const { make } = scene;
  const planned = play(scene);
  const tables = (...names: readonly string[]): string =>
    `import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\n${names.map((name) => `export const ${name} = sqliteTable('${name}', { id: integer() });`).join('\n')}\n`;

  it('is of the new time, and another one for each within one second', async () => {
    const fork = await make({}, { name: 'init', schema: tables('a') });
    const base = await make(fork, { name: 'theirs', schema: tables('a', 'b') });
    const own = await make(
      fork,
      { name: 'mine', schema: tables('a', 'c') },
      { name: 'more', schema: tables('a', 'c', 'd') },
    );
    const merged = tables('a', 'b', 'c', 'd');
    const { short, files } = await planned({ fork, base, own, merged });
    expect(short).toEqual([
      '20240101020000_mine -> 20250601123015_mine kept',
      '20240101030000_more -> 20250601123016_more kept',
    ]);
    expect(Object.keys(files)).toContain('drizzle/meta/20250601123016_snapshot.json');
  });

  it('is above that of the base within one second', async () => {
    const fork = await make({}, { name: 'init', schema: tables('a') });
    const base = await make(fork, { name: 'theirs', schema: tables('a', 'b') });
    const own = await make(fork, { name: 'mine', schema: tables('a', 'c') });
    const now = Date.UTC(2024, 0, 1, 2) + 500;
    const { short } = await planned({ fork, base, own, merged: tables('a', 'b', 'c'), now });
    expect(short).toEqual(['20240101020000_mine -> 20240101020001_mine kept']);
  });
});
