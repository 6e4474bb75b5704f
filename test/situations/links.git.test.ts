import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { config } from '../support/drizzle-project.ts';
import { ownWorkers } from '../support/evaluation-worker.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

ownWorkers();

/** Config, schema folder and migrations lie elsewhere; links that git records lead to them. */
let repo: Scene;
let start: string;

const link = async (target: string, path: string): Promise<void> => {
  await rm(join(repo.dir, path), { recursive: true, force: true });
  await mkdir(dirname(join(repo.dir, path)), { recursive: true });
  await symlink(target, join(repo.dir, path));
};

beforeAll(async () => {
  repo = await scene('sqlite', { shared: true });
  const move = async (from: string, to: string): Promise<void> => {
    await mkdir(dirname(join(repo.dir, to)), { recursive: true });
    await rename(join(repo.dir, from), join(repo.dir, to));
  };
  await move('src/db/schema', 'shared/tables');
  await move('drizzle', 'data/migrations');
  await link('../../shared/tables', 'src/db/schema');
  await link('data/migrations', 'drizzle');
  await repo.write('ops/kit.ts', config('sqlite', { schema: './src/db/schema/*.ts' }));
  await link('ops/kit.ts', 'drizzle.config.ts');
  start = await repo.commit('links');
});
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(async () => {
  await repo.git('reset', '--quiet', '--hard', start);
  await repo.git('clean', '--quiet', '-fd');
});

const column = (name: string): Promise<void> =>
  repo.edit('shared/tables/teams.ts', (text) =>
    text.replace('motto:', `${name}: text('${name}'),\n  motto:`),
  );

describe('links that git records are followed', () => {
  it('by every way in: whole passes, drift behind the link does not', async () => {
    expect(await repo.check('--all')).toMatchObject({
      outcome: 'passed',
      projects: [{ config: 'drizzle.config.ts', out: 'data/migrations', migrations: 1 }],
    });
    await column('slug');
    expect(await repo.check()).toMatchObject({ outcome: 'passed' });
    expect(refusals(await repo.check('--worktree'))).toEqual(['schema-drift']);
    await repo.stage('shared');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    expect(await repo.guard(['pre-commit'])).toMatchObject({ exitCode: 1 });
    await repo.commit('drift');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['schema-drift']);
    await repo.generate('slug');
    await repo.commit('migration');
    const range = await repo.check('--range', `${start}..HEAD`);
    expect(refusals(range)).toEqual(['split-commit']);
    expect(await repo.check('--commit', 'HEAD')).toMatchObject({ outcome: 'passed' });
  });

  it('a new file behind the link, and one that only the link makes part of the schema', async () => {
    const TAGS = `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\nexport const tags = sqliteTable('tags', { id: text('id') });\n`;
    // Nothing is staged but a file that no name of the project leads to.
    expect(await repo.check('--all')).toMatchObject({ outcome: 'passed' });
    await repo.write('shared/tables/tags.ts', TAGS);
    await repo.stage('shared');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    await repo.generate('tags');
    await repo.stage('data');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', projects: [{ migrations: 2 }] });
    await repo.commit('tags');

    await repo.write('other/labels.ts', TAGS.replaceAll('tags', 'labels'));
    await repo.commit('no table yet');
    await link('../../other/labels.ts', 'shared/tables/labels.ts');
    await repo.stage('shared');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    await repo.generate('labels');
    await repo.stage('data');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', projects: [{ migrations: 3 }] });
  });

  it('a link that leads elsewhere now', async () => {
    await repo.write(
      'v2/teams.ts',
      (await repo.read('shared/tables/teams.ts')).replace(/^.*motto.*\n/m, ''),
    );
    for (const name of ['index', 'members'])
      await repo.write(`v2/${name}.ts`, await repo.read(`shared/tables/${name}.ts`));
    await repo.commit('v2, not in use');
    await link('../../v2', 'src/db/schema');
    await repo.stage('src');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]).toMatchObject({ path: 'v2/teams.ts' });
  });

  it('the migrations: an edited published one, its snapshot taken away', async () => {
    const remote = join(repo.around, 'remote.git');
    await repo.git('init', '--quiet', '--bare', remote);
    await repo.git('remote', 'add', 'origin', remote);
    await repo.git('push', '--quiet', '--no-verify', 'origin', 'HEAD:main');
    await repo.git('fetch', '--quiet', 'origin');
    await repo.edit('data/migrations/0000_init.sql', (text) => text.replace('motto', 'creed'));
    await repo.stage('data');
    expect(refusals(await repo.check())).toContain('migration-edited');
    await repo.git('reset', '--quiet', '--hard', start);
    await repo.git('rm', '--quiet', 'data/migrations/meta/0000_snapshot.json');
    expect(refusals(await repo.check())).not.toEqual([]);
    await repo.git('remote', 'remove', 'origin');
  });

  it('only the staged half counts', async () => {
    await column('slug');
    await repo.stage('shared');
    await repo.generate('slug');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['split-commit']);
    // A path beyond a link cannot be staged: the command names the real one.
    const [fix] = report.findings[0]?.fix ?? [];
    expect(fix?.run).toMatch(/^git add .*data\/migrations/);
    expect(await repo.run('sh', ['-c', fix?.run ?? 'false'])).toMatchObject({ exitCode: 0 });
    expect(await repo.check()).toMatchObject({ outcome: 'passed' });
  });
});

describe('a link that leads nowhere is said', () => {
  it.each([
    ['src/db/schema', '../../../elsewhere', 'schema-unreadable', 'leaves the repository'],
    ['src/db/schema', '/srv/schema', 'schema-unreadable', 'leaves the repository (/srv/schema)'],
    ['src/db/schema', 'schema', 'schema-unreadable', 'leads back to itself'],
    ['src/db/schema', '../gone', 'schema-unreadable', 'leads to src/gone, which is not in git'],
    ['shared/tables/x.ts', '../../../x.ts', 'schema-unreadable', 'leaves the repository'],
    ['drizzle.config.ts', 'ops/gone.ts', 'config-unreadable', 'leads to ops/gone.ts, which is not'],
    ['drizzle', '../migrations', 'config-unreadable', 'drizzle is a symbolic link that leaves'],
  ])('%s -> %s', async (path, target, rule, words) => {
    await link(target, path);
    await repo.stage(path);
    const report = await repo.check();
    expect(refusals(report)).toEqual([rule]);
    expect(report.findings[0]?.message).toContain(words);
  });
});
