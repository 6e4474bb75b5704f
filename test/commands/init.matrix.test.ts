import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { managerNamed, shop } from '../package/managers.ts';
import { WHOLE } from '../support/run-settings.ts';
import { addColumn, fromRegistry, TEAMS } from './from-registry.ts';

const { line, must } = fromRegistry();

const CALLS = [
  ['npm', 'npx --yes drizzle-guard', ''],
  ['pnpm', 'pnpm dlx drizzle-guard', 'packages: [packages/*]\n'],
  ['yarn 1', 'node_modules/.bin/drizzle-guard', ''],
] as const;

describe.each(WHOLE ? CALLS : CALLS.slice(0, 1))('%s', (name, call, workspace) => {
  it('brings the guard and husky into a project that has neither, and takes both out again to the byte', async () => {
    const repo = await shop(managerNamed(name));
    await cp(TEAMS, repo.dir, { recursive: true });
    if (workspace !== '') await repo.write('pnpm-workspace.yaml', workspace);
    const add = {
      npm: 'npm install --save-dev --no-audit --no-fund',
      pnpm: 'pnpm add -D -w',
      'yarn 1': 'yarn add -D',
    }[name];
    await must(repo, `${add} drizzle-kit@0.31 drizzle-orm@0.45`);
    const start = await repo.commit('start');
    // Classic yarn has nothing like npx.
    if (name === 'yarn 1')
      await must(repo, `npm install --prefix ${repo.around}/elsewhere --no-save drizzle-guard`);
    const guard = name === 'yarn 1' ? `${repo.around}/elsewhere/${call}` : call;

    const done = await line(repo, `${guard} init --yes --ci github`);
    expect(done.exitCode, done.stdout + done.stderr).toBe(0);
    expect(done.stdout).toContain(
      'ok     the check passed: 1 project, 2 migrations, no pre-existing findings',
    );
    const names = Object.keys(
      (
        JSON.parse(await readFile(join(repo.dir, 'package.json'), 'utf8')) as {
          devDependencies: object;
        }
      ).devDependencies,
    );
    expect(names.toSorted()).toEqual(['drizzle-guard', 'drizzle-kit', 'drizzle-orm', 'husky']);
    expect((await repo.git('config', 'core.hooksPath')).trim()).toBe('.husky/_');
    await repo.git('add', '--all');
    const first = await repo.call(['git', 'commit', '-qm', 'the guard']);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(await must(repo, 'node_modules/.bin/drizzle-guard init --yes')).toContain(
      'everything is set up already; nothing was changed',
    );
    expect(await repo.git('status', '--short')).toBe('');

    await addColumn(repo.dir, 'motto');
    const refused = await repo.call(['git', 'commit', '-qam', 'half']);
    expect(refused.exitCode, refused.stderr).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('schema-drift');
    await repo.git('checkout', '-q', '--', '.');

    const gone = await line(repo, 'node_modules/.bin/drizzle-guard uninstall --yes');
    expect(gone.exitCode, gone.stdout + gone.stderr).toBe(0);
    await repo.git('add', '--all');
    expect(await repo.git('diff', '--cached', '--stat', start)).toBe('');
    expect((await repo.run('git', ['config', 'core.hooksPath'])).exitCode).toBe(1);
    expect(
      (
        await line(
          repo,
          'test ! -e node_modules/.bin/drizzle-guard && test ! -e node_modules/.bin/husky && test ! -e .husky',
        )
      ).exitCode,
    ).toBe(0);
  });
});
