import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commitTree } from '../../src/git/trees/commit-tree.ts';
import { indexTree } from '../../src/git/trees/index-tree.ts';
import { openRepository } from '../../src/git/repository.ts';
import { stagedPaths } from '../../src/git/worktree/staged.ts';
import { EMPTY_TREE } from '../../src/git/trees/tree.ts';
import { worktreeTree } from '../../src/git/trees/worktree-tree.ts';
import { repository } from '../support/repository.ts';
import { recorded, seen, text } from './truth.ts';

test('before the first commit', async () => {
  const repo = await repository({ 'a.txt': 'a' });
  await repo.stage('a.txt');
  const opened = await openRepository({ cwd: repo.dir, env: repo.env });
  expect(opened).toMatchObject({
    topLevel: repo.dir,
    gitDir: join(repo.dir, '.git'),
    commonDir: join(repo.dir, '.git'),
    prefix: '',
    shallow: false,
  });
  expect(opened.head).toBeUndefined();
  const index = await indexTree(opened);
  expect(index.before).toBe(EMPTY_TREE);
  expect(index.changed.map(({ path }) => path)).toEqual(['a.txt']);
  expect(text((await index.after.read(['a.txt'])).get('a.txt'))).toBe('a');
  expect(await stagedPaths({ cwd: repo.dir, env: repo.env })).toBeUndefined();
  const tree = await worktreeTree(opened, index);
  expect([...(await tree.after.entries()).keys()]).toEqual(['a.txt']);
});

test('from a subdirectory, in a folder with blanks and umlauts', async () => {
  const repo = await repository({ 'sub/deep/a.txt': 'a', 'b.txt': 'b' }, { name: 'mein Ördner' });
  const oid = await repo.commit();
  await repo.write('b.txt', 'bb');
  await repo.stage('b.txt');
  const cwd = join(repo.dir, 'sub/deep');
  const opened = await openRepository({ cwd, env: repo.env });
  expect(opened).toMatchObject({
    topLevel: repo.dir,
    gitDir: join(repo.dir, '.git'),
    prefix: 'sub/deep/',
    head: oid,
  });
  expect((await indexTree(opened)).changed.map(({ path }) => path)).toEqual(['b.txt']);
  expect(await stagedPaths({ cwd, env: repo.env })).toEqual(['b.txt']);
});

test('a linked worktree has its own index, merge and HEAD', async () => {
  const repo = await repository({ a: '1' });
  await repo.commit();
  const linked = join(repo.around, 'linked');
  await repo.git('worktree', 'add', '--quiet', '-b', 'other', linked);
  await repo.run('git', ['commit', '--allow-empty', '-qm', 'ahead'], { cwd: linked });
  await repo.write('a', '2');
  await repo.commit();
  await repo.run('git', ['merge', '--no-commit', '--no-ff', 'main'], { cwd: linked });
  await repo.write('../linked/b', 'b');
  await repo.run('git', ['add', 'b'], { cwd: linked });
  const gitDir = join(repo.dir, '.git/worktrees/linked');
  const plain = await openRepository({ cwd: linked, env: repo.env });
  expect(plain).toMatchObject({ topLevel: linked, gitDir, commonDir: join(repo.dir, '.git') });
  const { changed, mergeHeads } = await indexTree(plain);
  expect(changed.map(({ path }) => path)).toEqual(['a', 'b']);
  expect(mergeHeads).toEqual([(await repo.git('rev-parse', 'main')).trim()]);
  // As in a hook of a linked worktree: GIT_DIR is set, GIT_WORK_TREE is not; and as what the hook
  // calls from a subfolder.
  await mkdir(join(linked, 'sub'));
  for (const cwd of [linked, join(linked, 'sub')]) {
    expect(await openRepository({ cwd, env: { ...repo.env, GIT_DIR: gitDir } })).toMatchObject({
      topLevel: linked,
      gitDir,
    });
  }
});

describe('GIT_DIR and GIT_WORK_TREE', () => {
  test('relative ones count from where the caller stands', async () => {
    const repo = await repository({ 'tree/sub/a': 'a' });
    await repo.run('mv', ['.git', 'store']);
    const store = { ...repo.env, GIT_DIR: '../../store', GIT_WORK_TREE: '..' };
    const cwd = join(repo.dir, 'tree/sub');
    await repo.run('git', ['add', '-A', '..'], { cwd, env: store });
    const opened = await openRepository({ cwd, env: store });
    expect(opened).toMatchObject({
      topLevel: join(repo.dir, 'tree'),
      gitDir: join(repo.dir, 'store'),
      prefix: 'sub/',
    });
    expect([...(await (await indexTree(opened)).after.entries()).keys()]).toEqual(['sub/a']);
    await repo.write('tree/new', 'new');
    const tree = await worktreeTree(opened, await indexTree(opened));
    expect(text((await tree.after.read(['new'])).get('new'))).toBe('new');
  });

  test('a work tree alone', async () => {
    const repo = await repository({ a: 'a' });
    await repo.commit();
    await mkdir(join(repo.around, 'elsewhere'));
    const opened = await openRepository({
      cwd: repo.dir,
      env: { ...repo.env, GIT_WORK_TREE: '../elsewhere' },
    });
    const tree = await worktreeTree(opened, await indexTree(opened));
    expect(tree.changed.map(({ path, after }) => [path, after])).toEqual([['a', undefined]]);
  });

  test('a relative index counts from the top, also from a subfolder', async () => {
    const repo = await repository({ 'sub/a': 'a' });
    await repo.commit();
    await repo.run('cp', ['.git/index', '.git/other']);
    await repo.write('b', 'b');
    await repo.run('git', ['add', 'b'], { env: { GIT_INDEX_FILE: '.git/other' } });
    const env = { ...repo.env, GIT_INDEX_FILE: '.git/other' };
    for (const cwd of [repo.dir, join(repo.dir, 'sub')]) {
      expect(
        (await indexTree(await openRepository({ cwd, env }))).changed.map(({ path }) => path),
      ).toEqual(['b']);
      expect(await stagedPaths({ cwd, env })).toEqual(['b']);
    }
    // From a subfolder with GIT_DIR alone, git would look for the index there and see everything
    // deleted.
    expect(
      await stagedPaths({
        cwd: join(repo.dir, 'sub'),
        env: { ...env, GIT_DIR: join(repo.dir, '.git') },
      }),
    ).toBeUndefined();
    const opened = await openRepository({
      cwd: join(repo.dir, 'sub'),
      env: { ...env, GIT_DIR: join(repo.dir, '.git') },
    });
    expect((await indexTree(opened)).changed.map(({ path }) => path)).toEqual(['b']);
  });
});

test('SHA-256', async () => {
  const repo = await repository({ a: 'a', 'b/c': 'c' }, { objectFormat: 'sha256' });
  await repo.stage('a');
  const unborn = await openRepository({ cwd: repo.dir, env: repo.env });
  expect((await indexTree(unborn)).changed.map(({ path }) => path)).toEqual(['a']);
  await repo.commit();
  await repo.write('b/c', 'cc');
  const opened = await openRepository({ cwd: repo.dir, env: repo.env });
  expect(opened.emptyTree).toHaveLength(64);
  const index = await indexTree(opened);
  expect(await seen(index.after)).toEqual(await recorded(repo, 'HEAD'));
  const { changed, after } = await worktreeTree(opened, index);
  expect(changed.map(({ path, after: entry }) => [path, entry?.oid.length])).toEqual([['b/c', 64]]);
  expect(text((await after.read(['b/c'])).get('b/c'))).toBe('cc');
});

test('a submodule is a repository of its own, and an entry of the one around it, with its files', async () => {
  const inner = await repository({ i: 'i' });
  await inner.commit();
  const repo = await repository({ a: 'a' });
  await repo.git(
    '-c',
    'protocol.file.allow=always',
    'submodule',
    '--quiet',
    'add',
    inner.dir,
    'sub',
  );
  await repo.commit();
  expect(await openRepository({ cwd: join(repo.dir, 'sub'), env: repo.env })).toMatchObject({
    topLevel: join(repo.dir, 'sub'),
    gitDir: join(repo.dir, '.git/modules/sub'),
  });
  await repo.write('sub/i', 'changed');
  await repo.write('sub/new', 'new');
  await repo.run('git', ['commit', '-aqm', 'inner'], { cwd: join(repo.dir, 'sub') });
  const opened = await openRepository({ cwd: repo.dir, env: repo.env });
  const tree = await worktreeTree(opened, await indexTree(opened));
  expect(tree.changed).toEqual([]);
  expect((await tree.after.read(['sub', '.gitmodules'])).size).toBe(1);
  await repo.git('-c', 'diff.ignoreSubmodules=all', 'add', 'sub');
  await repo.git('config', 'diff.ignoreSubmodules', 'all');
  expect((await indexTree(opened)).changed.map(({ path, after }) => [path, after?.mode])).toEqual([
    ['sub', '160000'],
    ['sub/i', '100644'],
  ]);
});

describe('where it cannot check', () => {
  test('no repository', async () => {
    const repo = await repository();
    await expect(
      openRepository({
        cwd: repo.around,
        env: { ...repo.env, GIT_CEILING_DIRECTORIES: await realpath(join(repo.around, '..')) },
      }),
    ).rejects.toMatchObject({ code: 'not-a-repository' });
  });

  test('a bare repository, and the inside of .git', async () => {
    const repo = await repository({ a: 'a' });
    await repo.commit();
    await expect(
      openRepository({ cwd: join(repo.dir, '.git'), env: repo.env }),
    ).rejects.toMatchObject({ code: 'not-a-repository' });
    await repo.git('clone', '--quiet', '--bare', '.', '../bare');
    await expect(
      openRepository({ cwd: join(repo.around, 'bare'), env: repo.env }),
    ).rejects.toMatchObject({ code: 'bare-repository' });
  });

  test('a revision that is not there, and one that looks like an option', async () => {
    const repo = await repository({ a: 'a' });
    const oid = await repo.commit();
    await repo.git('tag', '-a', '-m', 'x', 'v1');
    const opened = await openRepository({ cwd: repo.dir, env: repo.env });
    for (const rev of ['nope', '--all', '-h', 'HEAD:a', 'HEAD~1', ''])
      await expect(commitTree(opened, rev)).rejects.toMatchObject({ code: 'unknown-revision' });
    await expect((await commitTree(opened, 'f'.repeat(40))).entries()).rejects.toMatchObject({
      code: 'unknown-revision',
    });
    expect((await commitTree(opened, 'v1')).oid).toBe(oid);
    expect(await seen(await commitTree(opened, 'HEAD'))).toEqual(await recorded(repo, 'HEAD'));
  });
});
