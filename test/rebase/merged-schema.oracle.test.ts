import { describe, expect, it } from 'vitest';
import { inShort, openBranches, pg, play, table } from './branches.ts';

describe('the merged schema has the last word', () => {
  const scene = openBranches('postgresql');
  const { make } = scene;
  const planned = play(scene);
  const T = table('teams', 'name: text()');

  it('a third form of what both changed', async () => {
    const typed = (length: number): string =>
      pg(table('teams', `name: varchar({ length: ${length} })`));
    const fork = await make({}, { name: 'init', schema: typed(10) });
    const base = await make(fork, { name: 'theirs', schema: typed(30) });
    const own = await make(fork, { name: 'mine', schema: typed(20) });
    const { sql } = await planned({ fork, base, own, merged: typed(40) });
    expect(sql).toEqual(['ALTER TABLE "teams" ALTER COLUMN "name" SET DATA TYPE varchar(40);']);
  });

  it('what the merge decided about an own table is in the step that makes it', async () => {
    const users = (type: string, more = ''): string => table('users', `age: ${type}${more}`);
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, { name: 'theirs', schema: pg(T, table('posts')) });
    const own = await make(
      fork,
      { name: 'one', schema: pg(T, users('integer()')) },
      { name: 'two', schema: pg(T, users('integer()', ', size: integer()')) },
    );
    const merged = pg(T, table('posts'), users('text()', ', extra: text(), size: integer()'));
    const { sql, short } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_one -> 0002_one generated', '0002_two -> 0003_two kept']);
    expect(sql[0]).toContain('"age" text,\n\t"extra" text\n');
  });

  it('a view of the branch over a table that the base widened', async () => {
    const view = `export const all = pgView('all').as((qb) => qb.select().from(teams));`;
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const wide = table('teams', 'name: text(), age: integer()');
    const base = await make(fork, { name: 'theirs', schema: pg(wide) });
    const own = await make(fork, { name: 'mine', schema: pg(T, view) });
    const { sql } = await planned({ fork, base, own, merged: pg(wide, view) });
    expect(sql).toEqual([
      'CREATE VIEW "public"."all" AS (select "id", "name", "age" from "teams");',
    ]);
  });

  it('names that drizzle-kit derives, of what the base renamed', async () => {
    const named = (name: string, more = ''): string =>
      pg(table('teams', `${name}: text()${more}`), table('posts'));
    const fork = await make({}, { name: 'init', schema: named('name') });
    const base = await make(fork, {
      name: 'theirs',
      schema: named('title'),
      renames: [
        { kind: 'column', table: { schema: '', table: 'teams' }, from: 'name', to: 'title' },
      ],
    });
    const own = await make(
      fork,
      { name: 'one', schema: named('name', '.unique()') },
      { name: 'two', schema: named('name', '.unique(), size: integer()') },
    );
    const { sql, short } = await planned({
      fork,
      base,
      own,
      merged: named('title', '.unique(), size: integer()'),
    });
    expect(short).toEqual(['0001_one -> 0002_one generated', '0002_two -> 0003_two kept']);
    expect(sql[0]).toBe('ALTER TABLE "teams" ADD CONSTRAINT "teams_title_unique" UNIQUE("title");');
  });

  it('something new is taken by the last own migration, and there has to be one', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, { name: 'theirs', schema: pg(T, table('posts')) });
    const merged = pg(T, table('posts'), table('tags'));
    const custom = await make(fork, { name: 'fill', edit: () => 'SELECT 1;' });
    const { plan } = await scene.plan({ fork, base, own: custom, merged });
    expect(plan).toEqual({
      status: 'stopped',
      stops: [{ reason: 'not-migrated', entities: ['tags'], answers: [] }],
    });
    const own = await make(fork, { name: 'mine', schema: pg(T, table('users')) });
    const taken = await planned({
      fork,
      base,
      own,
      merged: pg(T, table('posts'), table('users'), table('tags')),
    });
    expect(taken.sql[0]).toContain('CREATE TABLE "tags"');
    expect(taken.plan).toMatchObject({
      remarks: [{ kind: 'taken-in', migration: '0002_mine', entities: ['tags'] }],
    });
  });

  it('a column or a whole table of the base is lost, or one that it dropped is back', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T, table('old')) });
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(
        table('teams', 'name: text(), age: integer()', `index('age').on(t.age)`),
        table('posts'),
      ),
    });
    const own = await make(fork, { name: 'mine', schema: pg(T, table('old'), table('users')) });
    const lost = { fork, base, own, merged: pg(T, table('old'), table('users')) };
    const { plan } = await scene.plan(lost);
    expect(plan).toEqual({
      status: 'stopped',
      stops: [
        {
          reason: 'takes-back',
          entities: ['old', 'teams.age', 'posts'],
          answers: ['--take-back'],
        },
      ],
    });
    const meant = await planned({ ...lost, answers: { takeBack: true, fresh: ['old'] } });
    expect(meant.sql[0]).toContain('DROP COLUMN "age"');
  });

  it('a value of the base is lost from an enum that the branch changed too', async () => {
    const mood = (...values: readonly string[]): string =>
      pg(
        `export const mood = pgEnum('mood', ${JSON.stringify(values)});`,
        table('teams', 'mood: mood()'),
      );
    const fork = await make({}, { name: 'init', schema: mood('a') });
    const base = await make(fork, { name: 'theirs', schema: mood('a', 'theirs') });
    const own = await make(fork, { name: 'mine', schema: mood('a', 'mine') });
    const { plan } = await scene.plan({ fork, base, own, merged: mood('a', 'mine') });
    expect(inShort(plan)).toEqual([`takes-back: enum mood 'theirs'`]);
  });

  it('a schema that differed from its snapshot before is left as it is', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const drifted = pg(T, table('posts'), table('forgotten'));
    const base = {
      ...(await make(fork, { name: 'theirs', schema: pg(T, table('posts')) })),
      'schema.ts': drifted,
    };
    const own = await make(fork, { name: 'mine', schema: pg(T, table('users')) });
    const branches = {
      fork,
      base,
      own,
      merged: pg(T, table('posts'), table('forgotten'), table('users')),
    };
    const { plan } = await scene.plan(branches);
    expect(inShort(plan)).toEqual(['0001_mine -> 0002_mine kept']);
    expect(plan).toMatchObject({ remarks: [{ kind: 'drift', entities: ['forgotten'] }] });
  });
});

describe('what stops a plan', () => {
  const scene = openBranches('postgresql');
  const { make } = scene;
  const T = table('teams', 'name: text()');
  const SNAPSHOT = 'drizzle/meta/0001_snapshot.json';

  it('conflict markers in the schema', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, { name: 'theirs', schema: pg(T, table('posts')) });
    const own = await make(fork, { name: 'mine', schema: pg(T, table('users')) });
    const merged = `${pg(T)}<<<<<<< HEAD\n`;
    const { plan } = await scene.plan({ fork, base, own, merged });
    expect(plan).toMatchObject({
      stops: [{ reason: 'no-schema', entities: ['schema.ts:3'], answers: [] }],
    });
  });

  it('files of own migrations that are missing or cannot be read, each', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, { name: 'theirs', schema: pg(T, table('posts')) });
    const made = await make(fork, { name: 'mine', schema: pg(T, table('users')) });
    const merged = pg(T, table('posts'), table('users'));
    const { 'drizzle/0001_mine.sql': _, ...withoutSql } = made;
    const broken: readonly (readonly [Record<string, string>, string, string])[] = [
      [withoutSql, 'drizzle/0001_mine.sql', 'is missing'],
      [{ ...made, [SNAPSHOT]: '{' }, SNAPSHOT, 'is not JSON'],
      [{ ...made, 'drizzle/0001_mine.sql': '<<<<<<< HEAD\n' }, 'drizzle/0001_mine.sql', 'conflict'],
    ];
    for (const [own, path, detail] of broken) {
      const { plan } = await scene.plan({ fork, base, own, merged });
      expect(plan).toMatchObject({
        stops: [
          {
            reason: 'own-broken',
            migration: '0001_mine',
            entities: [path],
            detail: expect.stringContaining(detail),
          },
        ],
      });
    }
  });

  it('a parent that is not there, unless the SQL follows from the snapshot before', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, { name: 'theirs', schema: pg(T, table('posts')) });
    const made = await make(fork, { name: 'mine', schema: pg(T, table('users')) });
    const merged = pg(T, table('posts'), table('users'));
    const lost = made[SNAPSHOT]!.replace(/"prevId": ".{8}/, '"prevId": "deadbeef');
    const own = { ...made, [SNAPSHOT]: lost };
    expect((await play(scene)({ fork, base, own, merged })).short).toEqual([
      '0001_mine -> 0002_mine kept',
    ]);
    const edited = { ...own, 'drizzle/0001_mine.sql': 'SELECT 1;' };
    const { plan } = await scene.plan({ fork, base, own: edited, merged });
    expect(plan).toMatchObject({
      stops: [{ reason: 'own-broken', detail: expect.stringContaining('deadbeef') }],
    });
  });

  it('a journal or newest snapshot of the base that cannot be read, or an older version', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const made = await make(fork, { name: 'theirs', schema: pg(T, table('posts')) });
    const own = await make(fork, { name: 'mine', schema: pg(T, table('users')) });
    const merged = pg(T, table('posts'), table('users'));
    const old = made[SNAPSHOT]!.replace('"version": "7"', '"version": "6"');
    for (const base of [
      { ...made, 'drizzle/meta/_journal.json': '<<<<<<<' },
      { ...made, [SNAPSHOT]: '' },
      { ...made, [SNAPSHOT]: old },
    ]) {
      const { plan } = await scene.plan({ fork, base, own, merged });
      expect(plan).toMatchObject({ stops: [{ reason: 'base-broken' }] });
    }
  });

  it('two migrations of one name: both stay', async () => {
    const fork = await make({}, { name: 'init', schema: pg(T) });
    const base = await make(fork, { name: 'same', schema: pg(T, table('posts')) });
    const own = await make(fork, { name: 'same', schema: pg(T, table('users')) });
    const { short, files } = await play(scene)({
      fork,
      base,
      own,
      merged: pg(T, table('posts'), table('users')),
    });
    expect(short).toEqual(['0001_same -> 0002_same kept']);
    expect(files['drizzle/0001_same.sql']).toBe(base['drizzle/0001_same.sql']);
  });
});
