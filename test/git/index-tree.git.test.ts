import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changedBetween } from '../../src/git/trees/changed.ts';
import { indexTree } from '../../src/git/trees/index-tree.ts';
import { openRepository } from '../../src/git/repository.ts';
import { repository, type TestRepository } from '../support/repository.ts';
import { recorded, seen, text } from './truth.ts';

const ODD = [
  'with blank',
  'quo"te',
  "apo'strophe",
  'line\nbreak',
  'tab\t',
  'ünï/çödé 名',
  ':(glob)*',
  ':colon',
  '-dash',
  'back\\slash',
  'a*[b]?',
];

const open = (repo: TestRepository) => openRepository({ cwd: repo.dir, env: repo.env });

test('paths of every kind, byte for byte', async () => {
  const repo = await repository(
    Object.fromEntries(ODD.map((path) => [path, `bytes of ${path}\r\n \n`])),
  );
  await repo.commit();
  for (const path of ODD.slice(0, 6)) await repo.write(path, `new ${path}`);
  await repo.remove(...ODD.slice(9));
  await repo.stage(...ODD);
  const { after, changed } = await indexTree(await open(repo));
  expect(changed.map(({ path }) => path).sort()).toEqual(
    [...ODD.slice(0, 6), ...ODD.slice(9)].sort(),
  );
  const contents = await after.read(ODD);
  expect(Object.fromEntries([...contents].map(([path, bytes]) => [path, text(bytes)]))).toEqual(
    Object.fromEntries(
      ODD.slice(0, 9).map((path, at) => [path, at < 6 ? `new ${path}` : `bytes of ${path}\r\n \n`]),
    ),
  );
  const guarded = await seen(after);
  await repo.git('commit', '-qm', 'next');
  expect(guarded).toEqual(await recorded(repo, 'HEAD'));
});

test('modes and kinds: executable, symlink for file, file for folder', async () => {
  const repo = await repository({ run: '#!', link: 'x', 'folder/a': 'a' });
  const first = await repo.commit();
  await chmod(join(repo.dir, 'run'), 0o755);
  await repo.remove('link', 'folder');
  await symlink('run', join(repo.dir, 'link'));
  await repo.write('folder', 'now a file');
  await repo.git('add', '-A');
  const opened = await open(repo);
  const { after, changed } = await indexTree(opened);
  expect(changed.map(({ path, before, after: now }) => [path, before?.mode, now?.mode])).toEqual([
    ['folder', undefined, '100644'],
    ['folder/a', '100644', undefined],
    ['link', '100644', '120000'],
    ['run', '100644', '100755'],
  ]);
  expect(text((await after.read(['link'])).get('link'))).toBe('run');
  const second = await repo.commit();
  expect(await changedBetween(opened, first, second)).toEqual(changed);
});

test('a file that is only intended to be added is not recorded', async () => {
  const repo = await repository({ a: 'a', folder: 'x' });
  await repo.commit();
  await repo.write('later', 'later');
  await repo.git('add', '--intent-to-add', 'later');
  expect((await indexTree(await open(repo))).changed).toEqual([]);
  expect(await seen((await indexTree(await open(repo))).after)).toEqual(
    await recorded(repo, 'HEAD'),
  );
});

test('sparse checkout: what is not checked out is still recorded', async () => {
  const repo = await repository({ 'in/a': 'a', 'out/b': 'b', 'out/deep/c': 'c', top: 't' });
  await repo.commit();
  await repo.git('sparse-checkout', 'init', '--cone', '--sparse-index');
  await repo.git('sparse-checkout', 'set', 'in');
  await repo.write('in/a', 'aa');
  await repo.git('add', 'in/a');
  const { after, changed } = await indexTree(await open(repo));
  expect(changed.map(({ path }) => path)).toEqual(['in/a']);
  expect(Object.keys(await seen(after))).toEqual(['in/a', 'out/b', 'out/deep/c', 'top']);
  expect(text((await after.read(['out/deep/c'])).get('out/deep/c'))).toBe('c');
});

test('flags that hide changes of the working tree hide nothing of the index', async () => {
  const repo = await repository({ a: 'a', b: 'b' });
  await repo.commit();
  await repo.write('a', 'staged');
  await repo.stage('a');
  await repo.git('update-index', '--assume-unchanged', 'a');
  await repo.git('update-index', '--skip-worktree', 'b');
  await repo.remove('b');
  expect((await indexTree(await open(repo))).changed.map(({ path }) => path)).toEqual(['a']);
});

test("neither the person's diff settings nor replaced objects change the answer", async () => {
  const repo = await repository({ 'x/a': 'a\n'.repeat(50), b: 'b' });
  await repo.commit();
  await repo.git('mv', 'x/a', 'x/moved');
  for (const [key, value] of [
    ['diff.renames', 'copies'],
    ['diff.relative', 'true'],
    ['diff.external', 'false'],
    ['diff.noprefix', 'true'],
    ['core.abbrev', '5'],
  ])
    await repo.git('config', key ?? '', value ?? '');
  await repo.write('other', 'other');
  const other = (await repo.git('hash-object', '-w', 'other')).trim();
  await repo.git('replace', (await repo.git('rev-parse', 'HEAD:b')).trim(), other);
  const opened = await openRepository({ cwd: join(repo.dir, 'x'), env: repo.env });
  const { after, changed } = await indexTree(opened);
  expect(changed.map(({ path, after: now }) => [path, now?.oid.length])).toEqual([
    ['x/a', undefined],
    ['x/moved', 40],
  ]);
  expect(text((await after.read(['b'])).get('b'))).toBe('b');
});

test('an unfinished merge cannot be judged; a finished one has two parents', async () => {
  const repo = await repository({ a: 'a', b: 'b' });
  await repo.commit();
  await repo.git('checkout', '-qb', 'side');
  await repo.write('a', 'side');
  const side = await repo.commit();
  await repo.git('checkout', '-q', 'main');
  await repo.write('a', 'main');
  await repo.commit();
  expect((await repo.run('git', ['merge', 'side'])).exitCode).toBe(1);
  await expect(indexTree(await open(repo))).rejects.toMatchObject({
    code: 'index-unmerged',
    message: 'the index has an unfinished merge: a',
  });
  await repo.write('a', 'both');
  await repo.stage('a');
  expect(await indexTree(await open(repo))).toMatchObject({
    mergeHeads: [side],
    changed: [{ path: 'a' }],
  });
});

test('an octopus merge has all its heads', async () => {
  const repo = await repository({ a: 'a' });
  await repo.commit();
  const heads: string[] = [];
  for (const name of ['one', 'two']) {
    await repo.git('checkout', '-qb', name, 'main');
    await repo.write(name, name);
    heads.push(await repo.commit());
  }
  await repo.git('checkout', '-q', 'main');
  await repo.git('commit', '--allow-empty', '-qm', 'ahead');
  await repo.git('merge', '--no-commit', 'one', 'two');
  expect((await indexTree(await open(repo))).mergeHeads).toEqual(heads);
});
