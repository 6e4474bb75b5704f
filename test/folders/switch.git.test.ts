import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { config, teams, type ProjectDialect } from '../support/drizzle-project.ts';
import { generate1, linkKit1 } from '../support/kit1.ts';
import { repository, type TestRepository } from '../support/repository.ts';
import { guardIn, refusals, type Scene } from '../support/scene.ts';
import { editJournal, grownProject, up1 } from '../support/switch.ts';

interface Switching extends TestRepository, Pick<Scene, 'check' | 'guard'> {
  readonly dialect: ProjectDialect;
  /** The names of the folders, in order. */
  folders(): Promise<readonly string[]>;
  /** Changes the text of a file, and stages it. */
  edit(path: string, change: (text: string) => string): Promise<void>;
}

const kept = new Map<ProjectDialect, Promise<Switching>>();
afterAll(async () => {
  for (const repo of kept.values()) await (await repo)[Symbol.asyncDispose]();
});

/** A history of drizzle-kit 0.31 that is on the remote, with 1.x installed. */
function beforeSwitch(dialect: ProjectDialect): Promise<Switching> {
  const known = kept.get(dialect) ?? published(dialect);
  kept.set(dialect, known);
  return known;
}

async function published(dialect: ProjectDialect): Promise<Switching> {
  const made = await repository(await grownProject(dialect), { shared: true });
  await made.commit('a history of 0.31');
  const origin = join(made.around, 'origin.git');
  await made.git('init', '-q', '--bare', origin);
  await made.git('remote', 'add', 'origin', origin);
  await made.git('push', '-q', '-u', 'origin', 'HEAD');
  await made.git('tag', 'start');
  await linkKit1(made.dir, 'rc5');
  return Object.assign(made, {
    ...guardIn(made),
    dialect,
    folders: async () => (await readdir(join(made.dir, 'drizzle'))).sort(),
    async edit(path: string, change: (text: string) => string) {
      const text = await readFile(join(made.dir, path), 'utf8');
      expect(change(text)).not.toBe(text);
      await made.write(path, change(text));
      await made.git('add', path);
    },
  });
}

async function back(repo: Switching): Promise<void> {
  await repo.git('update-ref', 'refs/remotes/origin/main', 'start');
  await repo.git('reset', '-q', '--hard', 'start');
  await repo.git('clean', '-qfd');
}

/** After `drizzle-kit up`, staged. */
async function switched(dialect: ProjectDialect): Promise<Switching> {
  const repo = await beforeSwitch(dialect);
  await back(repo);
  expect(await up1('rc5', repo.dir, dialect)).toMatchObject({ status: 'ok' });
  await repo.git('add', '--all');
  return repo;
}

async function refused(repo: Switching): Promise<readonly string[]> {
  return refusals(await repo.check());
}

let step = 0;

/** One more migration, made by 1.x. */
async function grow(repo: Switching): Promise<string> {
  step += 1;
  const before = await repo.folders();
  const schema = `src/db/schema/teams.ts`;
  await repo.write(
    schema,
    teams(repo.dialect, ["note: text('note'),", `at${step}: text('at${step}'),`]),
  );
  await generate1('rc5', {
    dir: repo.dir,
    dialect: repo.dialect,
    schema: [join(repo.dir, 'src/db/schema/index.ts')],
  });
  await repo.git('add', '--all');
  return (await repo.folders()).find((name) => !before.includes(name)) ?? '';
}

describe('the commit that switches to drizzle-kit 1.x', () => {
  it.each(['postgresql', 'mysql', 'sqlite', 'turso', 'singlestore'] as const)(
    '%s: what up wrote passes, and a new migration beside it',
    async (dialect) => {
      const repo = await switched(dialect);
      // What 0.31 and 1.x write differently for one schema.
      const differs = ['postgresql', 'sqlite', 'turso'].includes(dialect);
      expect(await refused(repo)).toEqual(differs ? ['schema-drift'] : []);
      const added = await grow(repo);
      expect(await refused(repo)).toEqual([]);
      await repo.edit(`drizzle/${added}/migration.sql`, () => 'SELECT 1;');
      expect(await refused(repo)).toEqual(['sql-edited']);
    },
  );

  interface Spoil {
    readonly name: string;
    readonly make: (repo: Switching, folders: readonly string[]) => Promise<unknown>;
    readonly refused: readonly string[];
  }

  const snapshot = (folder = ''): string => `drizzle/${folder}/snapshot.json`;
  const sql = (folder = ''): string => `drizzle/${folder}/migration.sql`;
  const SPOILS: readonly Spoil[] = [
    {
      name: 'the SQL of a migration is edited',
      make: (repo, [, second]) => repo.edit(sql(second), (text) => `${text}\nSELECT 1;`),
      refused: ['migration-edited'],
    },
    {
      name: 'the snapshot of a migration is edited',
      make: (repo, [, second]) =>
        repo.edit(snapshot(second), (text) => text.replaceAll('seats', 'chairs')),
      refused: ['migration-edited', 'sql-edited', 'schema-drift'],
    },
    {
      name: 'a snapshot has another id',
      make: (repo, [, , , last]) =>
        repo.edit(snapshot(last), (text) => text.replace(/"id": "[^"]{8}/, '"id": "00000000')),
      refused: ['migration-edited'],
    },
    {
      name: 'a migration is missing',
      make: (repo, [, , third]) => repo.git('rm', '-rqf', `drizzle/${third}`),
      refused: ['migration-removed', 'sql-edited'],
    },
    {
      name: 'the last migration is missing',
      make: (repo, [, , , last]) => repo.git('rm', '-rqf', `drizzle/${last}`),
      refused: ['migration-removed'],
    },
    {
      name: 'a folder has another name',
      make: (repo, [, , , last]) => repo.git('mv', `drizzle/${last}`, `drizzle/${last}_again`),
      refused: ['migration-removed'],
    },
    {
      name: 'the SQL of a migration is missing',
      make: (repo, [, second]) => repo.git('rm', '-qf', sql(second)),
      refused: ['migration-removed'],
    },
    {
      name: 'the snapshot of a migration is missing',
      make: (repo, [, second]) => repo.git('rm', '-qf', snapshot(second)),
      refused: ['migration-removed'],
    },
    {
      name: 'the journal stays',
      make: (repo) => repo.git('restore', '--staged', '--worktree', 'drizzle/meta'),
      refused: ['journal-invalid'],
    },
    {
      name: 'a snapshot is not lifted',
      make: async (repo, [, , , last]) => {
        const old = await repo.git('show', 'HEAD:drizzle/meta/0003_snapshot.json');
        await repo.edit(snapshot(last), () => old);
      },
      refused: ['snapshot-invalid', 'sql-edited'],
    },
    {
      name: 'the schema is ahead',
      make: (repo) =>
        repo.edit('src/db/schema/teams.ts', (text) =>
          text.replace("note: text('note')", "memo: text('memo')"),
        ),
      refused: ['schema-drift'],
    },
  ];

  it.each(SPOILS)('$name', async ({ make, refused: expected }) => {
    const repo = await switched('postgresql');
    await grow(repo);
    await make(repo, await repo.folders());
    expect(await refused(repo)).toEqual(expected);
  });

  it('sqlite: up leaves out a migration without SQL, and puts others in another order', async () => {
    const repo = await beforeSwitch('sqlite');
    await back(repo);
    await repo.remove('drizzle/0001_seats.sql');
    await up1('rc5', repo.dir, 'sqlite');
    await repo.git('add', '--all');
    expect(await refused(repo)).toEqual(['migration-removed']);
    await back(repo);
    await editJournal(repo.dir, (entries) =>
      entries.map((entry, at) => ({ ...entry, when: entry.when - at * 100_000 })),
    );
    await repo.commit('a falling time');
    await up1('rc5', repo.dir, 'sqlite');
    await repo.git('add', '--all');
    expect(await refused(repo)).toContain('migration-order');
  });

  it('sqlite: the SQL that 0.31 wrote is not compared, where a snapshot before it is edited', async () => {
    const repo = await switched('sqlite');
    await grow(repo);
    const [first] = await repo.folders();
    await repo.edit(snapshot(first), (text) => text.replaceAll('motto', 'slogan'));
    expect(await refused(repo)).toEqual(['migration-edited']);
  });

  const ROOT = '00000000-0000-0000-0000-000000000000';
  const [oldest, next] = ['drizzle/meta/0000_snapshot.json', 'drizzle/meta/0001_snapshot.json'];

  /** A history that began with `drizzle-kit pull` of 0.31. */
  async function pulled(dialect: ProjectDialect): Promise<Switching> {
    const repo = await beforeSwitch(dialect);
    await back(repo);
    await withIds(repo, ROOT, '');
    await repo.commit('as pull makes it');
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    return repo;
  }

  async function withIds(repo: Switching, id: string, prevId: string): Promise<void> {
    const put = (changes: object) => (text: string) =>
      JSON.stringify({ ...(JSON.parse(text) as object), ...changes }, null, 2);
    await repo.edit(oldest, put({ id, prevId }));
    await repo.edit(next, put({ prevId: id }));
  }

  it.each(['mysql', 'sqlite'] as const)('%s: a history that pull began', async (dialect) => {
    const repo = await pulled(dialect);
    expect(await up1('rc5', repo.dir, dialect)).toMatchObject({ status: 'ok' });
    await grow(repo);
    expect(await refused(repo)).toEqual([]);
  });

  it('postgresql: up refuses one that pull began, until it has an id', async () => {
    const repo = await pulled('postgresql');
    expect(await up1('rc5', repo.dir, 'postgresql')).toMatchObject({ error: { kind: 'history' } });
    await withIds(repo, '0b54629c-1d17-4456-b0d3-a77e2f1d3c65', ROOT);
    expect(await up1('rc5', repo.dir, 'postgresql')).toMatchObject({ status: 'ok' });
    await grow(repo);
    expect(await refused(repo)).toEqual([]);
    const [first] = await repo.folders();
    await repo.edit(snapshot(first), (text) => text.replaceAll('motto', 'slogan'));
    expect(await refused(repo)).toContain('migration-edited');
  });

  it('what is committed, and what is pushed', async () => {
    const repo = await switched('mysql');
    await repo.commit('the switch');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
    await grow(repo);
    await repo.commit('one more');
    expect(refusals(await repo.check('--range', 'origin/main..HEAD'))).toEqual([]);
    expect(refusals(await repo.check('--base', 'origin/main'))).toEqual([]);
  });

  it('the fix is pasted', async () => {
    const repo = await switched('mysql');
    const [, second = ''] = await repo.folders();
    await repo.edit(sql(second), (text) => `${text}\nSELECT 1;`);
    const { findings } = await repo.check();
    const run = findings[0]?.fix?.find((fix) => fix.run !== undefined)?.run ?? '';
    expect(run).toContain('drizzle-kit up');
    const { exitCode, stderr } = await repo.run('sh', ['-ec', run], { cwd: join(repo.dir, 'src') });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(await refused(repo)).toEqual([]);
  });

  it('what up of rc.4 wrote, judged with rc.5: all of it, and then up of rc.5', async () => {
    const repo = await beforeSwitch('postgresql');
    await back(repo);
    await up1('rc4', repo.dir, 'postgresql');
    await repo.git('add', '--all');
    const report = await repo.check();
    expect([...new Set(refusals(report))]).toEqual(['snapshot-invalid']);
    expect(JSON.stringify(report.findings)).toContain('drizzle-kit up');
    const [, , , last = ''] = await repo.folders();
    await repo.edit(snapshot(last), (text) => text.replace('"type": "text"', '"type": "varchar"'));
    expect(await refused(repo)).toContain('migration-edited');
  });

  it('version 8 to 9, and a snapshot of that which is edited', async () => {
    const repo = await beforeSwitch('postgresql');
    await back(repo);
    await up1('rc4', repo.dir, 'postgresql');
    await repo.commit('version 8');
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    expect(await up1('rc5', repo.dir, 'postgresql')).toMatchObject({ status: 'ok' });
    await grow(repo);
    expect(await refused(repo)).toEqual([]);
    const [, , , last = ''] = await repo.folders();
    await repo.edit(snapshot(last), (text) => text.replace('"type": "text"', '"type": "varchar"'));
    expect(await refused(repo)).toContain('migration-edited');
  });

  it('migrations.js goes with it: as up writes it, and with a new migration', async () => {
    await using repo = await repository({
      ...(await grownProject('sqlite')),
      'drizzle.config.ts': config('sqlite', { driver: 'durable-sqlite' }),
    });
    const bundle = 'drizzle/migrations.js';
    const tags = (await readdir(join(repo.dir, 'drizzle')))
      .filter((name) => name.endsWith('.sql'))
      .map((name) => name.slice(0, -4));
    const old = [
      "import journal from './meta/_journal.json';",
      ...tags.map((tag) => `import m${tag.slice(0, 4)} from './${tag}.sql';`),
      `export default { journal, migrations: { ${tags.map((tag) => `m${tag.slice(0, 4)}`).join(', ')} } };`,
    ].join('\n');
    await repo.write(bundle, old);
    await repo.commit('0.31');
    await linkKit1(repo.dir, 'rc5');
    await up1('rc5', repo.dir, 'sqlite');
    const text = await readFile(join(repo.dir, bundle), 'utf8');
    expect(text).not.toBe(old);
    const { check } = guardIn(repo);
    const said = async (written: string | undefined): Promise<readonly string[]> => {
      if (written === undefined) await repo.remove(bundle);
      else await repo.write(bundle, written);
      await repo.git('add', '--all');
      return refusals(await check());
    };
    // What 0.31 and 1.x write differently for one schema.
    expect(await said(text)).toEqual(['schema-drift']);
    for (const wrong of [old, undefined, text.replace(/import m0001.*\n/, '')])
      expect(await said(wrong)).toEqual(['schema-drift', 'bundle-stale']);
    await repo.write(bundle, text);
    await generate1('rc5', {
      dir: repo.dir,
      dialect: 'sqlite',
      schema: [join(repo.dir, 'src/db/schema/index.ts')],
      driver: 'durable-sqlite',
    });
    const grown = await readFile(join(repo.dir, bundle), 'utf8');
    expect(grown).not.toBe(text);
    expect(await said(grown)).toEqual([]);
    expect(await said(text)).toEqual(['bundle-stale']);
  });
});
