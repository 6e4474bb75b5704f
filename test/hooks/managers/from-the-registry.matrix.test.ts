import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../support/repository.ts';
import { scene } from '../../support/scene.ts';
import { comparable } from './comparable.ts';
import { done, filesOf, guards, hears, ownModules, said, STAND_IN } from './installed.ts';

/**
 * The tools as the registry has them today. The pre-commit framework comes from elsewhere: its file
 * is tested as text.
 */
let tools: string;

beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'guard-tools-'));
  await writeFile(join(tools, 'package.json'), '{ "private": true }');
  // Without their install scripts, which would look for a repository.
  await promisify(execFile)(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', 'lefthook@2', 'simple-git-hooks@2'],
    { cwd: tools },
  );
});
afterAll(() => rm(tools, { recursive: true, force: true }));

const CASES = [
  [
    'lefthook',
    'lefthook.yml',
    '# ours\npre-commit:\n  parallel: true\n  jobs:\n    - run: "true"\n',
    '{ "devDependencies": { "lefthook": "^2.0.0" } }',
  ],
  [
    'lefthook',
    '.lefthook.toml',
    '[pre-push.commands.test]\nrun = "true"',
    '{ "devDependencies": { "lefthook": "^2.0.0" } }',
  ],
  [
    'lefthook',
    'lefthook.json',
    '{\n\t"pre-commit": { "commands": {} }\n}',
    '{ "devDependencies": { "lefthook": "^2.0.0" } }',
  ],
  [
    'simple-git-hooks',
    '.simple-git-hooks.json',
    '{ "pre-commit": "true && true", "pre-push": "cat > ../eaten" }',
    '{ "devDependencies": { "simple-git-hooks": "^2.0.0" } }',
  ],
  [
    'simple-git-hooks',
    'package.json',
    '{\n  "devDependencies": { "simple-git-hooks": "^2.0.0" }\n}\n',
    undefined,
  ],
] as const;

describe.each(CASES)('%s with %s', (id, path, text, packageJson) => {
  it('calls the guard at commit, merge and push, and no more afterwards', async () => {
    const repo = await repository({
      ...(packageJson === undefined ? {} : { 'package.json': packageJson }),
      [path]: text,
    });
    await ownModules(repo, 'stand-in', join(tools, 'node_modules'));
    if (id === 'simple-git-hooks') await repo.run('npx', ['--no-install', 'simple-git-hooks']);
    await repo.commit('start');
    await done(repo, id, 'add');
    await hears(repo);
    await done(repo, id, 'remove');
    expect(comparable({ [path]: (await filesOf(repo))[path] ?? '' })).toEqual(
      comparable({ [path]: text }),
    );
    await said(repo);
    await repo.write('z', '1');
    await repo.git('add', '--all');
    await repo.run('git', ['commit', '-m', 'z'], {
      env: { GUARD_SAID: join(repo.around, 'said') },
    });
    await repo.run('git', ['push', 'origin', 'main'], {
      env: { GUARD_SAID: join(repo.around, 'said') },
    });
    expect(await said(repo)).toBe('');
  });
});

describe('the built guard refuses a commit and a push', () => {
  it.each(['husky', 'lefthook', 'simple-git-hooks', 'git'] as const)('through %s', async (id) => {
    const repo = await scene();
    await ownModules(repo, 'built', join(tools, 'node_modules'));
    const packageJson = `{\n  "scripts": { "prepare": "husky" },\n  "devDependencies": { "${id}": "^9.0.0" }\n}\n`;
    await repo.write('package.json', packageJson);
    await repo.commit(id);
    await done(repo, id, 'add');
    await repo.commit('hooks');
    await guards(repo);
    await done(repo, id, 'remove');
    expect(JSON.parse(await repo.read('package.json'))).toEqual(JSON.parse(packageJson));
    expect(
      Object.keys(await filesOf(repo)).filter((name) =>
        /hooks\/pre-|lefthook|husky\/pre/.test(name),
      ),
    ).toEqual([]);
  });
});

it('lefthook alone would let a push that only deletes go by', async () => {
  const repo = await repository({
    'package.json': '{}',
    'lefthook.yml':
      'pre-push:\n  commands:\n    plain:\n      run: sh node_modules/drizzle-guard/dist/hook.sh plain\n',
  });
  await ownModules(repo, 'stand-in', join(tools, 'node_modules'));
  await repo.write('a', '1');
  await done(repo, 'lefthook', 'add');
  await repo.commit('start');
  await repo.git('init', '--quiet', '--bare', '../remote.git');
  await repo.git('remote', 'add', 'origin', '../remote.git');
  await repo.git('push', '--quiet', '--no-verify', '--set-upstream', 'origin', 'main');
  await repo.remove('a');
  await repo.git('commit', '--quiet', '--no-verify', '--all', '-m', 'deleted');
  await repo.run('git', ['push'], { env: { GUARD_SAID: join(repo.around, 'said') } });
  expect(await said(repo)).toMatch(
    /^3:pre-push origin \.\.\/remote\.git\nrefs\/heads\/main \S+ refs\/heads\/main \S+\n$/,
  );
});

it('husky, where there is none, is installed, set up, and taken out again', async () => {
  const text = '{\r\n\t"private": true\r\n}';
  const repo = await repository({
    'package.json': text,
    '.gitignore': 'node_modules\npackage-lock.json\n',
  });
  await repo.write('.git/hooks/commit-msg', '#!/bin/sh\n');
  await repo.commit('start');
  const before = await filesOf(repo);
  const plan = await done(repo, 'husky', 'add');
  expect(plan.notes).toEqual([
    expect.stringContaining('husky || true'),
    expect.stringContaining('commit-msg'),
  ]);
  await repo.write('node_modules/drizzle-guard/dist/hook.sh', STAND_IN);
  await hears(repo);
  await done(repo, 'husky', 'remove');
  const { c: _, 'package-lock.json': __, ...left } = await filesOf(repo);
  expect(left).toEqual(before);
  await expect(readFile(join(repo.dir, '.husky/_/h'))).rejects.toThrow(/ENOENT/);
});
