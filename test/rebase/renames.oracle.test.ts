import { describe, expect, it } from 'vitest';
import { column, inShort, openBranches, pg, play, table } from './branches.ts';

describe('renames, postgresql', () => {
  const scene = openBranches('postgresql');
  const { make } = scene;
  const planned = play(scene);
  const TEAMS = pg(table('teams', 'name: text()'));

  it('a column, while the base adds one to the table: renamed, from the record in the SQL', async () => {
    const fork = await make({}, { name: 'init', schema: TEAMS });
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text(), age: integer()')),
    });
    const own = await make(fork, {
      name: 'mine',
      schema: pg(table('teams', 'title: text()')),
      renames: [column('teams', 'name', 'title')],
    });
    const merged = pg(table('teams', 'title: text(), age: integer()'));
    const { short, sql } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_mine -> 0002_mine kept']);
    expect(sql).toEqual(['ALTER TABLE "teams" RENAME COLUMN "name" TO "title";']);
  });

  it('a column renamed twice, and one renamed beside a new one', async () => {
    const fork = await make({}, { name: 'init', schema: TEAMS });
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text(), age: integer()')),
    });
    const own = await make(
      fork,
      {
        name: 'one',
        schema: pg(table('teams', 'title: text()')),
        renames: [column('teams', 'name', 'title')],
      },
      {
        name: 'two',
        schema: pg(table('teams', 'label: text(), size: integer()')),
        renames: [column('teams', 'title', 'label')],
      },
    );
    const merged = pg(table('teams', 'label: text(), age: integer(), size: integer()'));
    const { short } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_one -> 0002_one kept', '0002_two -> 0003_two kept']);
  });

  it('a column altered, then renamed, then altered again, while the base changes its default', async () => {
    const fork = await make({}, { name: 'init', schema: TEAMS });
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', `name: text().default('x')`)),
    });
    const own = await make(
      fork,
      { name: 'one', schema: pg(table('teams', 'name: varchar({ length: 9 })')) },
      {
        name: 'two',
        schema: pg(table('teams', 'title: varchar({ length: 9 })')),
        renames: [column('teams', 'name', 'title')],
      },
      { name: 'three', schema: pg(table('teams', 'title: varchar({ length: 9 }).notNull()')) },
    );
    const merged = pg(table('teams', `title: varchar({ length: 9 }).notNull().default('x')`));
    const { short, sql } = await planned({ fork, base, own, merged });
    expect(short.map((one) => one.replace(/.*-> /, ''))).toEqual([
      '0002_one generated',
      '0003_two kept',
      '0004_three kept',
    ]);
    expect(sql[0]).toContain('SET DATA TYPE varchar(9)');
  });

  it('a table that the base refers to: the foreign key gets its new name', async () => {
    const fork = await make({}, { name: 'init', schema: TEAMS });
    const posts = (to: string): string =>
      table('posts', `team: integer().references(() => ${to}.id)`);
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'name: text()'), posts('teams')),
    });
    const own = await make(fork, {
      name: 'mine',
      schema: pg(table('squads', 'name: text()')),
      renames: [{ kind: 'table', from: 'teams', to: 'squads' }],
    });
    const merged = pg(table('squads', 'name: text()'), posts('squads'));
    const { short, sql } = await planned({ fork, base, own, merged });
    expect(short).toEqual(['0001_mine -> 0002_mine generated']);
    expect(sql[0]).toContain('ALTER TABLE "teams" RENAME TO "squads"');
    expect(sql[0]).toContain('DROP CONSTRAINT "posts_team_teams_id_fk"');
    expect(sql[0]).toContain('ADD CONSTRAINT "posts_team_squads_id_fk"');
    expect(sql[0]).not.toContain('CREATE TABLE');
  });

  it('what the base renamed, and the branch alters: the column under its new name', async () => {
    const fork = await make({}, { name: 'init', schema: TEAMS });
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('teams', 'title: text()')),
      renames: [column('teams', 'name', 'title')],
    });
    const own = await make(fork, {
      name: 'mine',
      schema: pg(table('teams', 'name: text().notNull()')),
    });
    const merged = pg(table('teams', 'title: text().notNull()'));
    const { sql } = await planned({ fork, base, own, merged });
    expect(sql).toEqual(['ALTER TABLE "teams" ALTER COLUMN "title" SET NOT NULL;']);
  });

  it('a table that the base renamed, in which the branch adds, indexes and refers', async () => {
    const fork = await make({}, { name: 'init', schema: TEAMS });
    const base = await make(fork, {
      name: 'theirs',
      schema: pg(table('squads', 'name: text()')),
      renames: [{ kind: 'table', from: 'teams', to: 'squads' }],
    });
    const more = (name: string): string =>
      pg(
        table(name, 'name: text(), age: integer()', `index('name_idx').on(t.name)`),
        table('posts', `team: integer().references(() => ${name}.id)`),
      );
    const own = await make(fork, { name: 'mine', schema: more('teams') });
    const { sql, short } = await planned({ fork, base, own, merged: more('squads') });
    expect(short).toEqual(['0001_mine -> 0002_mine generated']);
    expect(sql[0]).toContain('ALTER TABLE "squads" ADD COLUMN "age" integer');
    expect(sql[0]).toContain('"posts_team_squads_id_fk"');
    expect(sql[0]).not.toContain('teams_id');
  });

  it('a table that the base renamed twice, and one of the branch in which the base renamed a column', async () => {
    const both = (
      first: string,
      name: string,
      second: string,
      title: string,
      type = 'text()',
    ): string => pg(table(first, `${name}: text()`), table(second, `${title}: ${type}`));
    const fork = await make({}, { name: 'init', schema: both('teams', 'name', 'posts', 'title') });
    const base = await make(
      fork,
      {
        name: 'theirs1',
        schema: both('squads', 'name', 'posts', 'title'),
        renames: [{ kind: 'table', from: 'teams', to: 'squads' }],
      },
      {
        name: 'theirs2',
        schema: both('crews', 'name', 'posts', 'headline'),
        renames: [
          { kind: 'table', from: 'squads', to: 'crews' },
          column('posts', 'title', 'headline'),
        ],
      },
    );
    const own = await make(
      fork,
      {
        name: 'one',
        schema: both('teams', 'label', 'articles', 'title'),
        renames: [
          column('teams', 'name', 'label'),
          { kind: 'table', from: 'posts', to: 'articles' },
        ],
      },
      {
        name: 'two',
        schema: both('teams', 'label', 'articles', 'title', 'varchar({ length: 9 })'),
      },
    );
    const merged = both('crews', 'label', 'articles', 'headline', 'varchar({ length: 9 })');
    const { sql } = await planned({ fork, base, own, merged });
    expect(sql).toEqual([
      'ALTER TABLE "posts" RENAME TO "articles";--> statement-breakpoint\nALTER TABLE "crews" RENAME COLUMN "name" TO "label";',
      'ALTER TABLE "articles" ALTER COLUMN "headline" SET DATA TYPE varchar(9);',
    ]);
  });

  it('an enum that the base renamed, of a column that the branch adds', async () => {
    const mood = (name: string, more = ''): string =>
      pg(`export const mood = pgEnum('${name}', ['a']);`, table('teams', `mood: mood()${more}`));
    const fork = await make({}, { name: 'init', schema: mood('mood') });
    const base = await make(fork, {
      name: 'theirs',
      schema: mood('state'),
      renames: [{ kind: 'enum', from: 'mood', to: 'state' }],
    });
    const own = await make(fork, { name: 'mine', schema: mood('mood', ', other: mood()') });
    const { sql } = await planned({ fork, base, own, merged: mood('state', ', other: mood()') });
    expect(sql).toEqual(['ALTER TABLE "teams" ADD COLUMN "other" "state";']);
  });

  it('a column on both sides to other names: a person has to say', async () => {
    const fork = await make({}, { name: 'init', schema: TEAMS });
    const renamed = (to: string, name: string) => ({
      name,
      schema: pg(table('teams', `${to}: text()`)),
      renames: [column('teams', 'name', to)],
    });
    const base = await make(fork, renamed('label', 'theirs'));
    const own = await make(fork, renamed('title', 'mine'));
    const branches = { fork, base, own, merged: pg(table('teams', 'title: text()')) };
    const { plan } = await scene.plan(branches);
    expect(plan).toEqual({
      status: 'stopped',
      stops: [
        {
          reason: 'rename-unknown',
          migration: '0001_mine',
          entities: ['teams.title', 'teams.label'],
          answers: ['--renamed teams.label=teams.title', '--new teams.title'],
        },
      ],
    });
    const answered = await planned({
      ...branches,
      answers: { renamed: ['teams.label=teams.title'] },
    });
    expect(answered.sql).toEqual(['ALTER TABLE "teams" RENAME COLUMN "label" TO "title";']);
    const fresh = { ...branches, answers: { fresh: ['teams.title'] } };
    expect(inShort((await scene.plan(fresh)).plan)).toEqual(['takes-back: teams.label']);
    const both = await planned({ ...fresh, answers: { ...fresh.answers, takeBack: true } });
    expect(both.sql[0]).toContain('DROP COLUMN "label"');
    const theirs = await planned({ ...branches, merged: pg(table('teams', 'label: text()')) });
    expect(theirs.short).toEqual(['0001_mine dropped']);
  });

  it('a schema and its tables, while the base adds to one of them', async () => {
    const auth = (name: string, columns = '', more = ''): string =>
      pg(
        `export const auth = pgSchema('${name}');`,
        `export const users = auth.table('users', { id: serial().primaryKey(), ${columns} });`,
        more,
      );
    const fork = await make({}, { name: 'init', schema: auth('auth') });
    const base = await make(fork, { name: 'theirs', schema: auth('auth', 'age: integer()') });
    const own = await make(fork, {
      name: 'mine',
      schema: auth('login'),
      renames: [{ kind: 'schema', from: 'auth', to: 'login' }],
    });
    const { sql } = await planned({ fork, base, own, merged: auth('login', 'age: integer()') });
    expect(sql).toEqual(['ALTER SCHEMA "auth" RENAME TO "login";\n']);
  });
});

describe.each(['mysql', 'sqlite', 'turso', 'singlestore'] as const)('renames, %s', (dialect) => {
  const scene = openBranches(dialect);
  const { make } = scene;
  const core = dialect === 'turso' ? 'sqlite' : dialect;
  const number = core === 'sqlite' ? 'integer' : 'int';
  const teams = (name: string, columns: string): string =>
    `import { ${number}, ${core}Table, index, text } from 'drizzle-orm/${core}-core';\nexport const ${name} = ${core}Table('${name}', { id: ${number}().primaryKey(), ${columns} });\n`;

  it('a column on the branch, the table on the base', async () => {
    const fork = await make({}, { name: 'init', schema: teams('teams', 'name: text()') });
    const base = await make(fork, {
      name: 'theirs',
      schema: teams('squads', `name: text(), age: ${number}()`),
      renames: [{ kind: 'table', from: 'teams', to: 'squads' }],
    });
    const own = await make(fork, {
      name: 'mine',
      schema: teams('teams', `title: text(), size: ${number}()`),
      renames: [column('teams', 'name', 'title')],
    });
    const merged = teams('squads', `title: text(), age: ${number}(), size: ${number}()`);
    const { sql, files } = await play(scene)({ fork, base, own, merged });
    expect(sql[0]).toMatch(/ALTER TABLE .squads. (?:RENAME COLUMN|CHANGE) .name. (?:TO )?.title./);
    expect(sql[0]).toMatch(/ALTER TABLE .squads. ADD .size./);
    expect(JSON.parse(files['drizzle/meta/0002_snapshot.json']!)).toMatchObject({
      _meta: { columns: { '"squads"."name"': '"squads"."title"' } },
    });
  });
});
