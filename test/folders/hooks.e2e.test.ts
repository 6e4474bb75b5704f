import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInit } from '../commands/init-scene.ts';
import { recorded, refused } from '../hooks/committing.ts';
import { installGuard } from '../hooks/managers/installed.ts';
import { linkKit1 } from '../support/kit1.ts';
import { repository, type TestRepository } from '../support/repository.ts';
import { scene1, schema1, type Scene1 } from '../support/scene1.ts';
import { grownProject, up1 } from '../support/switch.ts';

const HUSKY = fileURLToPath(new URL('../../node_modules/husky', import.meta.url));
const MANIFEST = {
  type: 'module',
  scripts: { prepare: 'husky', 'db:generate': 'drizzle-kit generate' },
  devDependencies: { 'drizzle-guard': '^0.1.0', husky: '^9.1.7' },
};

/** The hooks of `guard init --yes` in a project with husky, committed and pushed. */
async function withHooks(repo: TestRepository): Promise<void> {
  const modules = join(repo.dir, 'node_modules');
  await installGuard(modules);
  await symlink(HUSKY, join(modules, 'husky'), 'dir');
  await repo.write('package.json', JSON.stringify(MANIFEST));
  await repo.write('.gitignore', 'node_modules\n');
  await repo.run(process.execPath, [join(modules, 'husky/bin.js')]);
  const { exitCode, stdout } = await runInit(repo, { yes: true });
  expect(exitCode, stdout).toBe(0);
  await repo.commit('the guard');
  const origin = join(repo.around, 'origin.git');
  await repo.git('init', '-q', '--bare', origin);
  await repo.git('remote', 'add', 'origin', origin);
  await repo.git('push', '-q', '--no-verify', '-u', 'origin', 'HEAD');
}

const push = (repo: TestRepository): ReturnType<TestRepository['run']> =>
  repo.run('git', ['push', 'origin', 'HEAD']);

describe('the hooks of init in a project of drizzle-kit 1.x', () => {
  let repo: Scene1;
  beforeAll(async () => {
    repo = await scene1('rc5', 'postgresql', { shared: true });
    await repo.grow([]);
    await repo.commit('first');
    await withHooks(repo);
  });
  afterAll(() => repo[Symbol.asyncDispose]());

  it('a commit: half, whole, and one of no concern', async () => {
    const folder = await repo.grow(['a']);
    await repo.stage('schema.ts', `drizzle/${folder}/migration.sql`);
    expect(await refused(repo, ['split-commit'], ['commit', '-qm', 'half'])).toContain(
      `drizzle/${folder}/snapshot.json`,
    );
    await repo.stage('drizzle');
    expect(await recorded(repo, ['commit', '-qm', 'whole'])).toContain('passed: 1 project');
    await repo.write('src/app.ts', 'export {};\n');
    await repo.stage('src');
    expect(await recorded(repo, ['commit', '-qm', 'elsewhere'])).toBe('');
  });

  it('a push: what went past the commit hook is refused, and an honest one passes', async () => {
    expect(await push(repo)).toMatchObject({ exitCode: 0 });
    const folder = await repo.grow(['a', 'b']);
    await repo.write(`drizzle/${folder}/migration.sql`, 'SELECT 1;');
    await repo.commit('past the hook');
    const { exitCode, stderr } = await push(repo);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('✖ sql-edited: ') as string,
    });
    await repo.git('reset', '-q', '--hard', 'HEAD~1');
  });

  it('a merge of two branches that do not go together, and of two that do', async () => {
    await repo.git('branch', 'start');
    const branch = async (name: string, columns: readonly string[], more = ''): Promise<void> => {
      await repo.git('checkout', '-q', '-B', name, 'start');
      await repo.grow(columns, more);
      await repo.git('add', '--all');
      await recorded(repo, ['commit', '-qm', name]);
    };
    await branch('mine', ['a', 'mine']);
    await branch('same', ['a', 'mine']);
    await branch(
      'tags',
      ['a'],
      schema1('postgresql', []).replaceAll('teams', 'tags').split('\n').slice(1).join('\n'),
    );
    await repo.git('checkout', '-q', 'mine');
    // The schemas are equal: git merges without a conflict, and calls pre-merge-commit.
    await refused(repo, ['branch-conflict'], ['merge', '-q', '--no-edit', 'same']);
    await repo.git('reset', '-q', '--hard');
    await recorded(repo, ['merge', '-q', '--no-edit', 'tags']);
    expect(await push(repo)).toMatchObject({ exitCode: 0 });
  });
});

it('the commit that switches to drizzle-kit 1.x goes through the hooks, and a spoilt one does not', async () => {
  await using repo = await repository(await grownProject('mysql'));
  await repo.commit('a history of 0.31');
  await linkKit1(repo.dir, 'rc5');
  await withHooks(repo);
  expect(await up1('rc5', repo.dir, 'mysql')).toMatchObject({ status: 'ok' });
  await repo.git('add', '--all');
  const [sql = ''] = (await repo.git('ls-files', 'drizzle/*/migration.sql')).split('\n');
  const text = await repo.git('show', `:${sql}`);
  await repo.write(sql, `${text}\nSELECT 1;`);
  await repo.git('add', '--all');
  await refused(repo, ['migration-edited'], ['commit', '-qm', 'spoilt']);
  await repo.write(sql, text);
  await repo.git('add', '--all');
  expect(await recorded(repo, ['commit', '-qm', 'the switch'])).toContain('passed: 1 project');
  expect(await push(repo)).toMatchObject({ exitCode: 0 });
});
