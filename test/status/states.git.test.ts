import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE } from '../support/run-settings.ts';
import { folderOf, historyScene, makes, states, type HistoryScene } from './history-scene.ts';
import { EMPTY, postgresql, sqlite, type Database, type Line } from './migrators.ts';

// Each state is made by the real migrator, then forecast, and then the real migrator runs again.
const [a, b, c, d] = [makes('a', 0), makes('b', 10), makes('c', 20), makes('d', 30)] as const;
const edited = { ...b, sql: `${b.sql}-- for the team\n` };

let pg: Database | undefined;
afterAll(() => pg?.close());

const onPglite = async (): Promise<Database> => {
  pg ??= await postgresql();
  await pg.run(EMPTY);
  return pg;
};
const ENGINES: readonly (readonly [string, () => Promise<Database>])[] = [
  ['libsql', async () => sqlite()],
  ...(WHOLE ? ([['PGlite', onPglite]] as const) : []),
];

describe.each(ENGINES)('drizzle-orm 0.x on %s', (_, open) => {
  let repo: HistoryScene;
  beforeEach(async () => {
    repo = await historyScene('0.x', await open());
    await repo.migrations([a, b]);
    await repo.commit('Two tables');
  });

  it('a database that no migrator has seen: all is pending, and runs', async () => {
    const status = await repo.status();
    expect(states(status)).toEqual({ m_a: 'pending', m_b: 'pending' });
    expect(status).toMatchObject({ exitCode: 0, outcome: 'passed', unknown: [] });
    expect(await repo.migrate()).toBe(undefined);
    expect(await repo.db.tables()).toEqual(['a', 'b']);
    expect(states(await repo.status())).toEqual({ m_a: 'applied', m_b: 'applied' });
  });

  it('a new one is pending, and runs', async () => {
    await repo.migrate();
    await repo.migrations([a, b, c]);
    expect(states(await repo.status())).toEqual({ m_a: 'applied', m_b: 'applied', m_c: 'pending' });
    await repo.migrate();
    expect(await repo.db.tables()).toEqual(['a', 'b', 'c']);
  });

  it('one whose `when` is not above the newest applied is skipped for ever', async () => {
    await repo.migrate();
    await repo.migrations([a, makes('late', 5), b, c]);
    const status = await repo.status();
    expect(states(status)).toMatchObject({ m_late: 'skipped', m_c: 'pending' });
    expect(status.exitCode).toBe(1);
    await repo.migrate();
    expect(await repo.db.tables()).toEqual(['a', 'b', 'c']);
    expect(states(await repo.status())).toMatchObject({ m_late: 'skipped', m_c: 'applied' });
  });

  it('one that was edited is named with the commit that has what ran', async () => {
    await repo.migrate();
    await repo.migrations([a, edited]);
    const second = await repo.commit('Edit it');
    const status = await repo.status();
    expect(states(status)).toEqual({ m_a: 'applied', m_b: 'edited' });
    expect(status.migrations[1]?.ranAs).toMatchObject({ subject: 'Two tables' });
    expect(status.fix[0]?.run).toMatch(
      /^git restore --source=[0-9a-f]{12} -- :\/drizzle\/m_b.sql$/,
    );
    expect(second).not.toContain(status.migrations[1]?.ranAs?.commit);
    expect(status.exitCode).toBe(1);
    await repo.run('sh', ['-c', status.fix[0]?.run ?? '']);
    expect(await repo.status()).toMatchObject({ exitCode: 0 });
  });

  it('a journal that is gone makes it throw, until it is back', async () => {
    await repo.migrate();
    await repo.run('rm', ['-r', 'drizzle/meta']);
    const status = await repo.status();
    expect(status).toMatchObject({ throws: 'drizzle/meta/_journal.json is not there' });
    await repo.run('sh', ['-c', status.fix[0]?.run ?? ''], { cwd: join(repo.dir, 'drizzle') });
    expect(await repo.status()).toMatchObject({ exitCode: 0, fix: [] });
  });

  it('one that was edited and renamed comes back as it ran, pasted in any folder', async () => {
    await repo.migrate();
    await repo.migrations([a, { ...edited, name: 'm_other' }]);
    await repo.commit('Edit and rename it');
    await repo.write('docs/note.md', '');
    const status = await repo.status();
    const { fix } = status;
    expect(states(status)).toEqual({ m_a: 'applied', m_other: 'edited' });
    const cwd = join(repo.dir, 'docs');
    expect(await repo.run('sh', ['-c', fix[0]?.run ?? ''], { cwd })).toMatchObject({ exitCode: 0 });
    expect(await repo.status()).toMatchObject({ exitCode: 0 });
  });

  it('other line endings are no edit', async () => {
    await repo.migrations([{ ...a, sql: a.sql.replaceAll('\n', '\r\n') }, b]);
    await repo.migrate();
    await repo.migrations([a, b]);
    const status = await repo.status();
    expect(states(status)).toEqual({ m_a: 'applied-other-line-endings', m_b: 'applied' });
    expect(status.exitCode).toBe(0);
  });

  it('one that got a later `when` would run a second time, and does', async () => {
    await repo.migrate();
    await repo.migrations([a, { ...b, when: c.when }]);
    const status = await repo.status();
    expect(states(status)).toEqual({ m_a: 'applied', m_b: 'runs-again' });
    expect(status.exitCode).toBe(1);
    expect(await repo.migrate()).toMatch(/already exists/);
    await repo.db.run(status.fix[0]?.sql ?? '');
    expect(await repo.status()).toMatchObject({ exitCode: 0, unknown: [] });
    expect(await repo.migrate()).toBe(undefined);
  });

  it('one that got an earlier `when` is applied all the same', async () => {
    await repo.migrations([a, b, c]);
    await repo.migrate();
    await repo.migrations([a, { ...b, when: b.when - 5000 }, c]);
    const status = await repo.status();
    expect(status.migrations[1]).toMatchObject({
      state: 'applied',
      why: `it was applied as ${b.when}, and its \`when\` is ${b.when - 5000} now`,
    });
    expect(status.exitCode).toBe(0);
    expect(await repo.migrate()).toBe(undefined);
  });

  it('rows of another branch are unknown here, and git says what they are', async () => {
    await repo.git('checkout', '-q', '-b', 'topic');
    await repo.migrations([a, b, c]);
    const commit = await repo.commit('A third table');
    await repo.migrate();
    await repo.git('checkout', '-q', '-');
    const status = await repo.status();
    expect(status.unknown).toMatchObject([
      { ranAs: { commit, subject: 'A third table', path: 'drizzle/m_c.sql' } },
    ]);
    expect(status.exitCode).toBe(1);
    const pasted = await repo.run('sh', ['-c', status.fix[0]?.run ?? '']);
    expect(pasted).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('topic') });
    expect(await repo.status('--commit', 'topic')).toMatchObject({ exitCode: 0, unknown: [] });
  });

  it('a row of nobody is unknown, whatever it is', async () => {
    await repo.migrate();
    const table =
      repo.db.dialect === 'postgresql' ? 'drizzle.__drizzle_migrations' : '__drizzle_migrations';
    await repo.db.run(
      `insert into ${table} (hash, created_at) values ('${'0'.repeat(64)}', ${c.when})`,
    );
    const status = await repo.status();
    expect(status).toMatchObject({ exitCode: 1, unknown: [{ createdAt: String(c.when) }] });
    expect(status.unknown[0]?.ranAs).toBe(undefined);
  });

  it('SQL that is not there makes the migrator throw', async () => {
    await repo.migrate();
    await repo.migrations([a, b, c, d]);
    await repo.remove('drizzle/m_c.sql');
    expect(await repo.status()).toMatchObject({ throws: 'm_c.sql is not there', exitCode: 1 });
    expect(await repo.migrate()).toMatch(/No file .*m_c.sql found/);
    expect(await repo.db.tables()).toEqual(['a', 'b']);
  });

  it('SQL that is gone comes back by what is printed, pasted in any folder', async () => {
    await repo.migrations([a, b, c]);
    await repo.commit('A third table');
    await repo.migrate();
    await repo.write('docs/note.md', '');
    for (const isCommitted of [false, true]) {
      await repo.remove('drizzle/m_c.sql');
      if (isCommitted) await repo.commit('Lose it');
      const { fix } = await repo.status();
      const cwd = join(repo.dir, 'docs');
      const pasted = await repo.run('sh', ['-c', fix[0]?.run ?? ''], { cwd });
      expect(pasted).toMatchObject({ exitCode: 0 });
      expect(await repo.status()).toMatchObject({ exitCode: 0 });
      expect(await repo.migrate()).toBe(undefined);
    }
  });

  it('a row twice, as two migrators at once leave it, is of one migration', async () => {
    await repo.migrate();
    const table =
      repo.db.dialect === 'postgresql' ? 'drizzle.__drizzle_migrations' : '__drizzle_migrations';
    await repo.db.run(
      `insert into ${table} (hash, created_at) select hash, created_at from ${table}`,
    );
    const status = await repo.status();
    expect(status).toMatchObject({ exitCode: 0, unknown: [] });
    expect(status.migrations[0]?.why).toBe('there are 2 rows of it');
  });
});

describe.each(ENGINES)('drizzle-orm 1.x on %s', (_, open) => {
  let repo: HistoryScene;
  const line: Line = 'rc5';
  beforeEach(async () => {
    repo = await historyScene(line, await open());
    await repo.migrations([a, b]);
    await repo.commit('Two tables');
  });

  it('an older one that arrives later is pending, and runs', async () => {
    await repo.migrate();
    await repo.migrations([a, makes('late', 5), b]);
    expect(states(await repo.status())).toEqual({
      m_a: 'applied',
      m_late: 'pending',
      m_b: 'applied',
    });
    expect(await repo.migrate()).toBe(undefined);
    expect(await repo.db.tables()).toEqual(['a', 'b', 'late']);
  });

  it('a renamed folder would run a second time, and does; the name put right, it does not', async () => {
    await repo.migrate();
    await repo.migrations([a, { ...b, name: 'better' }]);
    const status = await repo.status();
    expect(states(status)).toEqual({ m_a: 'applied', better: 'runs-again' });
    expect(status.migrations[1]?.why).toBe(`it was applied as ${folderOf(b)}`);
    expect(await repo.migrate()).toMatch(/already exists/);
    await repo.db.run(status.fix[0]?.sql ?? '');
    expect(await repo.status()).toMatchObject({ exitCode: 0, unknown: [] });
    expect(await repo.migrate()).toBe(undefined);
  });

  it('an edited one is named, though its hash is never compared', async () => {
    await repo.migrate();
    await repo.migrations([a, edited]);
    const status = await repo.status();
    expect(states(status)).toEqual({ m_a: 'applied', m_b: 'edited' });
    expect(status.migrations[1]?.ranAs?.subject).toBe('Two tables');
    expect(await repo.migrate()).toBe(undefined);
    expect(await repo.db.tables()).toEqual(['a', 'b']);
  });

  it('a snapshot without SQL never runs', async () => {
    await repo.migrate();
    await repo.write(`drizzle/${folderOf(c)}/snapshot.json`, '{}');
    const status = await repo.status();
    expect(status.migrations.at(-1)).toMatchObject({
      state: 'skipped',
      why: 'it has no migration.sql',
    });
    expect(status.exitCode).toBe(1);
    expect(await repo.migrate()).toBe(undefined);
  });

  /** A journal that drizzle-kit 0.x wrote, while drizzle-kit 1.x is installed. */
  const journalBeside = async (): Promise<void> => {
    await repo.write(
      'drizzle/meta/_journal.json',
      '{ "version": "7", "dialect": "x", "entries": [] }',
    );
    // Which of both is meant, the installed drizzle-kit says.
    const packages = 'node_modules/drizzle-kit/package.json';
    await repo.write(
      packages,
      '{ "name": "drizzle-kit", "version": "1.0.0-rc.5", "main": "index.js" }',
    );
    await repo.write('node_modules/drizzle-kit/index.js', '');
    await repo.write('node_modules/drizzle-kit/cli.js', '');
    await repo.write('node_modules/drizzle-orm/package.json', '{ "version": "1.0.0-rc.5" }');
    await repo.write('.git/info/exclude', 'node_modules\n');
  };

  it('a journal beside the folders makes it throw, until it is gone', async () => {
    await journalBeside();
    // A migration that somebody moved by hand.
    await repo.write('drizzle/0000_m_a.sql', a.sql);
    const status = await repo.status();
    expect(status).toMatchObject({
      throws: 'there is a `meta/_journal.json` beside the folders',
      exitCode: 1,
    });
    expect(await repo.migrate()).toMatch(/old drizzle-kit migration folders/);
    const cwd = join(repo.dir, `drizzle/${folderOf(a)}`);
    await repo.run('sh', ['-c', status.fix[0]?.run ?? ''], { cwd });
    expect(await repo.status()).toMatchObject({ exitCode: 0, fix: [] });
    expect(await repo.migrate()).toBe(undefined);
  });

  it('a folder whose name is no time makes it throw, until it has one', async () => {
    await repo.run('mv', [`drizzle/${folderOf(b)}`, 'drizzle/by_hand']);
    const status = await repo.status();
    expect(status.throws).toContain('by_hand does not begin with 14 digits');
    await repo.run('sh', ['-c', status.fix[0]?.run ?? ''], { cwd: join(repo.dir, 'drizzle') });
    const then = await repo.status();
    expect(then).toMatchObject({ exitCode: 0, fix: [] });
    expect(then.migrations[1]?.name).toBe('20240101120001_by_hand');
    expect(await repo.migrate()).toBe(undefined);
    expect(await repo.db.tables()).toEqual(['a', 'b']);
  });

  it('a journal with migrations that are no folders is converted, by drizzle-kit', async () => {
    await journalBeside();
    await repo.write('drizzle/0000_m_c.sql', c.sql);
    const run = '( cd ./$(git rev-parse --show-cdup) && npx drizzle-kit up )\ngit add :/drizzle';
    expect((await repo.status()).fix).toMatchObject([{ run }]);
    await repo.run('rm', ['-r', `drizzle/${folderOf(a)}`, `drizzle/${folderOf(b)}`]);
    expect((await repo.status()).fix).toMatchObject([
      { text: 'Make a folder of each migration:', run },
    ]);
  });

  describe('a table of 0.x', () => {
    const before: typeof a = { ...a, name: '0000_m_a', when: a.when + 123 };
    let from0x: HistoryScene;
    beforeEach(async () => {
      from0x = await historyScene('0.x', repo.db);
      await from0x.migrations([before, { ...b, name: '0001_m_b' }]);
      await from0x.migrate();
    });

    it('is matched by the second', async () => {
      await repo.migrations([a, b, c]);
      expect(states(await repo.status())).toEqual({
        m_a: 'applied',
        m_b: 'applied',
        m_c: 'pending',
      });
      expect(await repo.migrate()).toBe(undefined);
      expect(await repo.db.tables()).toEqual(['a', 'b', 'c']);
      expect((await repo.db.table()).rows.map(({ name }) => name)).toEqual([a, b, c].map(folderOf));
    });

    it('survives an edit or another stamp, and not both', async () => {
      await repo.migrations([a, edited]);
      expect(states(await repo.status())).toEqual({ m_a: 'applied', m_b: 'edited' });
      await repo.migrations([a, { ...b, when: c.when }]);
      expect(states(await repo.status())).toEqual({ m_a: 'applied', m_b: 'applied' });
      await repo.migrations([a, { ...edited, when: c.when }]);
      const status = await repo.status();
      expect(status.throws).toContain(`(created_at ${b.when}) is of no migration`);
      expect(status).toMatchObject({ exitCode: 1, unknown: [{ createdAt: String(b.when) }] });
      expect(await repo.migrate()).toMatch(/do not match any local migration/);
    });

    it('a later 0.x migrator leaves a row without a name, which then runs again', async () => {
      expect(await repo.migrate()).toBe(undefined);
      await from0x.migrations([before, b, c]);
      expect(await from0x.migrate()).toBe(undefined);
      await repo.migrations([a, b, c]);
      const status = await repo.status();
      expect(status.migrations.at(-1)).toMatchObject({
        state: 'runs-again',
        why: 'its row has no name: the migrator of drizzle-orm 0.x made it',
      });
      expect(await repo.migrate()).toMatch(/already exists/);
    });
  });
});
