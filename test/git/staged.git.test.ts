import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commonGitFolder, plainGitFolder } from '../../src/git/git-folder.ts';
import { stagedChanges, stagedPaths } from '../../src/git/worktree/staged.ts';
import { repository } from '../support/repository.ts';

test('names of what is staged, against HEAD or another commit; undefined where there is no plain answer', async () => {
  const repo = await repository({ a: 'a', 'li\nne': 'b', x: 'x' });
  const where = { cwd: repo.dir, env: repo.env };
  const first = await repo.commit();
  await repo.write('x', 'xx');
  await repo.commit();
  expect(await stagedPaths(where)).toEqual([]);
  await repo.write('li\nne', 'bb');
  await repo.write('a', 'not staged');
  await repo.stage('li\nne');
  expect(await stagedPaths(where)).toEqual(['li\nne']);
  expect((await stagedChanges(where, first))?.map(({ path }) => path)).toEqual(['li\nne', 'x']);
  expect(await stagedChanges(where, 'f'.repeat(40))).toBeUndefined();
  expect(
    await stagedPaths({
      ...where,
      cwd: repo.around,
      env: { ...repo.env, GIT_CEILING_DIRECTORIES: repo.around },
    }),
  ).toBeUndefined();
});

test('both sides of a rename are named', async () => {
  const repo = await repository({ 'db/0000.sql': 'CREATE TABLE x;\n'.repeat(20) });
  await repo.commit();
  await repo.git('config', 'diff.renames', 'true');
  await repo.git('mv', 'db/0000.sql', 'elsewhere');
  expect(await stagedPaths({ cwd: repo.dir, env: repo.env })).toEqual(['db/0000.sql', 'elsewhere']);
});

test('the git folder, where it needs no git to tell', async () => {
  const repo = await repository({ 'sub/a': 'a' });
  const { dir, env } = repo;
  const folder = join(dir, '.git');
  expect(plainGitFolder({ cwd: dir, env })).toBe(folder);
  expect(plainGitFolder({ cwd: dir, env: { ...env, GIT_DIR: '.git' } })).toBe(folder);
  expect(
    plainGitFolder({ cwd: dir, env: { ...env, GIT_DIR: join(repo.around, 'x') } }),
  ).toBeUndefined();
  expect(plainGitFolder({ cwd: join(dir, 'sub'), env })).toBeUndefined();
  await repo.commit();
  await repo.git('worktree', 'add', '-q', '../linked');
  const linked = join(repo.around, 'linked');
  for (const [cwd, more] of [
    [dir, {}],
    [dir, { GIT_DIR: '.git' }],
    [join(dir, 'sub'), {}],
    [linked, {}],
    [linked, { GIT_DIR: join(folder, 'worktrees/linked') }],
    [repo.around, { GIT_COMMON_DIR: folder }],
  ] as const)
    expect(commonGitFolder({ cwd, env: { ...env, ...more } })).toBe(folder);
});
