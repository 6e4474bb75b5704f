import { describe, expect, it } from 'vitest';
import { inShort, openBranches, pg, play, table } from './branches.ts';

describe('SQL by hand', () => {
  const scene = openBranches('postgresql');
  const { make } = scene;
  const planned = play(scene);
  const fill = `--> statement-breakpoint\n-- guard-allow sql-edited: fill before the next release\nUPDATE "teams" SET "size" = 1;`;
  const T = table('teams', 'name: text()');

  it('a statement behind a generated one stays there, with its comment; bytes are kept', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, { name: 'theirs', schema: pg(T, table('posts')) });
    const mine = pg(table('teams', 'name: text(), size: integer()'), table('users'));
    const own = await make(fork, { name: 'mine', schema: mine, edit: (sql) => `${sql}${fill}` });
    const merged = pg(
      table('teams', 'name: text(), size: integer()'),
      table('users'),
      table('posts'),
    );
    const { short, sql } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_mine -> 0002_mine kept']);
    expect(sql).toEqual([own['drizzle/0001_mine.sql']]);
  });

  it('the generated part is made again around it', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text(), age: integer()')),
    });
    const columns = 'name: text(), age: integer(), size: integer()';
    const own = await make(fork, {
      name: 'mine',
      schema: pg(table('teams', columns), table('users')),
      edit: (sql) => `-- what this is for\n${sql}${fill}`,
    });
    const { short, sql } = await planned({
      fork,
      base,
      own,
      merged: pg(table('teams', columns), table('users')),
    });
    expect(short).toEqual(['0001_mine -> 0002_mine generated']);
    expect(sql).toEqual([
      `-- what this is for\nCREATE TABLE "users" (\n\t"id" serial PRIMARY KEY NOT NULL\n);\n--> statement-breakpoint\nALTER TABLE "teams" ADD COLUMN "size" integer;${fill}`,
    ]);
  });

  it('comments stay above the statement that they were above, and behind the last one', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text(), age: integer()')),
    });
    const columns = 'name: text(), age: integer(), size: integer()';
    const own = await make(fork, {
      name: 'mine',
      schema: pg(table('teams', columns)),
      edit: (sql) =>
        `${sql.replace('ALTER TABLE "teams" ADD COLUMN "size"', (found) => `-- guard-allow x: why\n${found}`)}\n-- the end\n`,
    });
    const { sql } = await planned({ fork, base, own, merged: pg(table('teams', columns)) });
    expect(sql).toEqual([
      '-- guard-allow x: why\nALTER TABLE "teams" ADD COLUMN "size" integer;\n-- the end\n',
    ]);
  });

  it('the same SQL under the same name is the same migration, as often as the base has it', async () => {
    const fork = await make(
      {},
      { name: 'init', schema: pg(T) },
      { name: 'refresh', edit: () => 'SELECT 1;' },
    );
    const base = await make(
      fork,
      { name: 'theirs', schema: pg(T, table('posts')) },
      { name: 'fill', edit: () => 'SELECT 2;' },
    );
    const own = await make(
      fork,
      { name: 'fill', edit: () => 'SELECT 2;' },
      { name: 'refresh', edit: () => 'SELECT 1;' },
    );
    const { short, plan } = await planned({ fork, base, own, merged: pg(T, table('posts')) });
    expect(short).toEqual(['0002_fill dropped', '0003_refresh -> 0004_refresh custom']);
    expect(plan).toMatchObject({ removed: ['drizzle/0002_fill.sql', 'drizzle/0003_refresh.sql'] });
  });

  it('what was taken out stays out, and an edited statement stays as it was edited', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text(), age: integer()')),
    });
    const columns = 'name: text(), age: integer(), size: integer(), extra: integer()';
    const own = await make(fork, {
      name: 'mine',
      schema: pg(table('teams', columns)),
      edit: (sql) =>
        sql
          .replace('ADD COLUMN "size" integer', 'ADD COLUMN "size" integer DEFAULT 1')
          .replace('--> statement-breakpoint\nALTER TABLE "teams" ADD COLUMN "extra" integer;', ''),
    });
    const { sql } = await planned({
      fork,
      base,
      own,
      merged: pg(table('teams', columns)),
      runs: false,
    });
    expect(sql).toEqual(['ALTER TABLE "teams" ADD COLUMN "size" integer DEFAULT 1;']);
  });

  it('an edited statement that is generated differently now: both forms, and two ways on', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text(), size: integer()')),
    });
    const mine = pg(table('teams', 'name: text(), size: varchar({ length: 9 })'));
    const own = await make(fork, {
      name: 'mine',
      schema: mine,
      edit: (sql) => sql.replace(';', ` DEFAULT 'x';`),
    });
    const branches = { fork, base, own, merged: mine, runs: false } as const;
    const { plan } = await scene.plan(branches);
    expect(plan).toMatchObject({
      stops: [
        {
          reason: 'edited-differs',
          migration: '0001_mine',
          answers: ['--keep 0001_mine', '--drop 0001_mine'],
          detail: expect.stringContaining(`ADD COLUMN "size" varchar(9) DEFAULT 'x'`),
        },
      ],
    });
    const dropped = await planned({ ...branches, answers: { drop: ['0001_mine'] } });
    expect(dropped.sql).toEqual([
      'ALTER TABLE "teams" ALTER COLUMN "size" SET DATA TYPE varchar(9);',
    ]);
    const kept = await planned({ ...branches, answers: { keep: ['0001_mine'] } });
    expect(kept.sql).toEqual([`ALTER TABLE "teams" ADD COLUMN "size" varchar(9) DEFAULT 'x';`]);
  });

  it('statements left of a migration that the base has: kept as custom, or dropped', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const schema = pg(table('teams', 'name: text(), size: integer()'));
    const base = await make(fork, { name: 'theirs', schema });
    const own = await make(fork, { name: 'mine', schema, edit: (sql) => `${sql}${fill}` });
    const branches = { fork, base, own, merged: schema };
    expect(inShort((await scene.plan(branches)).plan)).toEqual(['statements-left: 0001_mine']);
    const filled = await make(fork, { name: 'theirs', schema, edit: (sql) => `${sql}${fill}` });
    expect((await planned({ ...branches, base: filled })).short).toEqual(['0001_mine dropped']);
    const dropped = await planned({ ...branches, answers: { drop: ['0001_mine'] } });
    expect(dropped.short).toEqual(['0001_mine dropped']);
    const kept = await planned({ ...branches, answers: { keep: ['0001_mine'] } });
    expect(kept.short).toEqual(['0001_mine -> 0002_mine custom']);
    expect(kept.sql).toEqual([fill.replace('--> statement-breakpoint\n', '')]);
  });

  it('custom SQL that names what the base removed: a remark', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, { name: 'theirs', schema: pg(table('teams')) });
    const own = await make(
      fork,
      { name: 'fill', edit: () => `UPDATE teams SET name = 'x';\n` },
      { name: 'other', edit: () => `UPDATE "teams" SET "id" = 1; SELECT 'name';\n` },
    );
    const { plan } = await planned({ fork, base, own, merged: pg(table('teams')), runs: false });
    expect(plan).toMatchObject({
      remarks: [{ kind: 'names-changed', migration: '0002_fill', entities: ['teams.name'] }],
    });
  });

  it('a hand-written migration without a snapshot gets a number, and the next one its parent', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, { name: 'theirs', schema: pg(T, table('posts')) });
    const one = await make(fork, { name: 'hand', edit: () => 'SELECT 1;\n' });
    const { 'drizzle/meta/0001_snapshot.json': _, ...own } = one;
    const { plan } = await scene.plan({ fork, base, own, merged: pg(T, table('posts')) });
    expect(inShort(plan)).toEqual(['0001_hand -> 0002_hand custom']);
    expect(plan).toMatchObject({
      remarks: [
        {
          kind: 'no-snapshot',
          migration: '0002_hand',
          entities: ['drizzle/meta/0001_snapshot.json'],
        },
      ],
      removed: ['drizzle/0001_hand.sql'],
    });
  });

  it('CRLF, tabs and an end of line stay as the files had them', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const made = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text(), age: integer()')),
    });
    const journal = 'drizzle/meta/_journal.json';
    const base = { ...made, [journal]: `${made[journal]!.replaceAll('  ', '\t')}\n` };
    const columns = 'name: text(), age: integer(), size: integer()';
    const mine = await make(fork, {
      name: 'mine',
      schema: pg(table('teams', columns), table('users')),
    });
    const windows = (text: string): string => `${text.replaceAll('\n', '\r\n')}\r\n`;
    const snapshot = 'drizzle/meta/0001_snapshot.json';
    const own = {
      ...mine,
      [snapshot]: windows(mine[snapshot]!.replaceAll('  ', '    ')),
      'drizzle/0001_mine.sql': windows(mine['drizzle/0001_mine.sql']!),
    };
    const { files } = await planned({
      fork,
      base,
      own,
      merged: pg(table('teams', columns), table('users')),
    });
    expect(files[journal]).toMatch(
      /^\{\n\t"version"[^]*\n\t\t\{\n\t\t\t"idx": 2,[^]*\n\t\t\}\n\t\]\n\}\n$/,
    );
    expect(files['drizzle/meta/0002_snapshot.json']).toMatch(/^\{\r\n {4}"version"[^]*\r\n\}\r\n$/);
    expect(files['drizzle/0002_mine.sql']).not.toMatch(/[^\r]\n/);
    expect(files['drizzle/0002_mine.sql']).toMatch(/\r\n$/);
  });
});
