import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { indexTree } from '../../src/git/trees/index-tree.ts';
import { unstagedFiles } from '../../src/git/worktree/unstaged.ts';
import { stashed } from '../../src/git/worktree/stash.ts';
import { ignoredPaths } from '../../src/git/worktree/ignored.ts';
import type { UnstagedFile } from '../../src/git/worktree/unstaged-file.ts';
import { openRepository } from '../../src/git/repository.ts';
import { worktreeTree } from '../../src/git/trees/worktree-tree.ts';
import { repository, type TestRepository } from '../support/repository.ts';
import { afterAddAll, seen, text } from './truth.ts';

async function open(repo: TestRepository) {
  const opened = await openRepository({ cwd: repo.dir, env: repo.env });
  return { opened, index: await indexTree(opened) };
}

async function shown(loose: readonly UnstagedFile[]) {
  return Promise.all(
    [...loose]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(async ({ path, state, read }) => [path, state, text(await read())]),
  );
}

test('unstaged, untracked, ignored and deleted, under the folders that are asked about', async () => {
  const repo = await repository({
    '.gitignore': '*.log\nhidden/\n',
    'db/a': 'a',
    'db/b': 'b',
    'db/same': 's',
    'src/x': 'x',
    'db2/no': 'n',
  });
  await repo.commit();
  await repo.write('db/a', 'aa');
  await repo.remove('db/b');
  await repo.write('db/new', 'new');
  await repo.write('db/x.log', 'log');
  await repo.write('db/hidden/deep', 'deep');
  await repo.write('db2/no', 'not asked');
  await repo.write('src/x', 'xx');
  const { opened, index } = await open(repo);
  expect(await shown(await unstagedFiles(opened, index, ['db', 'src/x']))).toEqual([
    ['db/a', 'unstaged', 'aa'],
    ['db/b', 'deleted', ''],
    ['db/hidden/deep', 'ignored', 'deep'],
    ['db/new', 'untracked', 'new'],
    ['db/x.log', 'ignored', 'log'],
    ['src/x', 'unstaged', 'xx'],
  ]);
  const everywhere = await unstagedFiles(opened, index, ['']);
  expect(everywhere.map(({ path }) => path).sort()).toEqual([
    'db/a',
    'db/b',
    'db/new',
    'db/x.log',
    'db2/no',
    'src/x',
  ]);
  expect((await unstagedFiles(opened, index, ['', 'db'])).map(({ path }) => path)).toContain(
    'db/hidden/deep',
  );
  expect(await unstagedFiles(opened, index, [])).toEqual([]);
  expect(
    (
      await unstagedFiles(
        opened,
        index,
        Array.from({ length: 500 }, (_, n) => `db${n || ''}/a`),
      )
    ).map(({ path }) => path),
  ).toEqual(['db/a']);
});

test('an odd name is taken literally', async () => {
  const odd = ['*', ':(glob)x', '-f', 'a\nb', '"q"', 'ü', 'x\r'];
  const repo = await repository({ plain: 'p' });
  await repo.commit();
  for (const path of odd) await repo.write(path, path);
  await repo.write('plain', 'changed');
  const { opened, index } = await open(repo);
  expect(
    (await unstagedFiles(opened, index, ['*', ':(glob)x'])).map(({ path }) => path).sort(),
  ).toEqual(['*', ':(glob)x']);
  const all = await unstagedFiles(opened, index, ['']);
  expect(await shown(all)).toEqual(
    [...odd, 'plain']
      .sort()
      .map((path) =>
        path === 'plain' ? ['plain', 'unstaged', 'changed'] : [path, 'untracked', path],
      ),
  );
  expect(await seen((await worktreeTree(opened, index)).after)).toEqual(await afterAddAll(repo));
});

test('touched and not changed is not loose', async () => {
  const repo = await repository({ a: 'a', b: 'b' });
  await repo.commit();
  await repo.write('a', 'x');
  await repo.write('a', 'a');
  await repo.run('touch', ['-d', '2001-01-01', 'a', 'b']);
  const { opened, index } = await open(repo);
  expect(await unstagedFiles(opened, index, [''])).toEqual([]);
  expect((await worktreeTree(opened, index)).changed).toEqual([]);
});

describe('as if everything were staged: what `git add -A` would record', () => {
  test('kinds, modes, symlinks that lead astray, nested repositories, intent to add', async () => {
    const repo = await repository({
      run: '#!',
      file: 'f',
      gone: 'g',
      'folder/a': 'a',
      staged: 's',
      '.gitignore': 'ignored\n',
    });
    await repo.commit();
    await chmod(join(repo.dir, 'run'), 0o755);
    await repo.remove('file', 'gone', 'folder');
    await symlink('/etc/hostname', join(repo.dir, 'file'));
    await symlink('nowhere', join(repo.dir, 'dangling'));
    await repo.write('folder', 'now a file');
    await repo.write('new-run', '#!');
    await chmod(join(repo.dir, 'new-run'), 0o755);
    await repo.write('ignored', 'i');
    await repo.write('later', 'later');
    await repo.git('add', '--intent-to-add', 'later');
    await repo.write('staged', 'ss');
    await repo.stage('staged');
    await repo.write('staged', 's');
    const { opened, index } = await open(repo);
    const tree = await worktreeTree(opened, index);
    expect(await seen(tree.after)).toEqual(await afterAddAll(repo));
    expect(tree.changed.map(({ path }) => path).sort()).toEqual([
      'dangling',
      'file',
      'folder',
      'folder/a',
      'gone',
      'later',
      'new-run',
      'run',
    ]);
    expect(text((await tree.after.read(['file'])).get('file'))).toBe('/etc/hostname');
    await repo.git('config', 'core.fileMode', 'false');
    expect(await seen((await worktreeTree(opened, index)).after)).toEqual(await afterAddAll(repo));
  });

  test('line endings: filters fake no change and are applied to the bytes', async () => {
    const repo = await repository({
      '.gitattributes': '*.bat text eol=crlf\n*.bin -text\n',
      'old.sql': 'a\r\nb\r\n',
      'new.sql': 'a\nb\n',
      'x.bat': 'a\n',
      'y.bin': 'a\r\n',
    });
    await repo.commit();
    await repo.git('config', 'core.autocrlf', 'true');
    // As a checkout with autocrlf would leave them: no change.
    await repo.write('new.sql', 'a\r\nb\r\n');
    await repo.write('x.bat', 'a\r\n');
    const { opened, index } = await open(repo);
    expect(await unstagedFiles(opened, index, [''])).toEqual([]);
    await repo.write('old.sql', 'a\r\nb\r\nc\r\n');
    await repo.write('new.sql', 'a\r\nb\r\nc\r\n');
    await repo.write('x.bat', 'a\r\nc\r\n');
    await repo.write('y.bin', 'a\r\nc\r\n');
    await repo.write('added.sql', 'a\r\n');
    const { after } = await worktreeTree(opened, index);
    expect(await seen(after)).toEqual(await afterAddAll(repo));
    const bytes = await after.read(['old.sql', 'new.sql', 'x.bat', 'y.bin', 'added.sql']);
    expect(Object.fromEntries([...bytes].map(([path, content]) => [path, text(content)]))).toEqual({
      'old.sql': 'a\r\nb\r\nc\r\n',
      'new.sql': 'a\nb\nc\n',
      'x.bat': 'a\nc\n',
      'y.bin': 'a\r\nc\r\n',
      'added.sql': 'a\n',
    });
  });

  test('sparse checkout and files that are meant to look unchanged', async () => {
    const repo = await repository({ 'in/a': 'a', 'out/b': 'b' });
    await repo.commit();
    await repo.git('sparse-checkout', 'set', '--cone', 'in');
    await repo.write('in/new', 'new');
    const { opened, index } = await open(repo);
    const tree = await worktreeTree(opened, index);
    expect(tree.changed.map(({ path }) => path)).toEqual(['in/new']);
    expect(Object.keys(await seen(tree.after))).toEqual(['in/a', 'out/b', 'in/new']);
  });
});

describe('the newest stash', () => {
  test('what it changed and added, untracked files too; not what it happened to hold', async () => {
    const repo = await repository({ 'db/a': 'a', 'db/b': 'b', other: 'o' });
    await repo.commit();
    const { opened } = await open(repo);
    expect(await stashed(opened, [''])).toEqual([]);
    await repo.write('db/a', 'stashed');
    await repo.write('db/new', 'new');
    await repo.write('other', 'oo');
    await repo.git('stash', '--include-untracked');
    await repo.write('db/b', 'moved on');
    await repo.commit();
    expect(await shown(await stashed(opened, ['']))).toEqual([
      ['db/a', 'stashed', 'stashed'],
      ['db/new', 'stashed', 'new'],
      ['other', 'stashed', 'oo'],
    ]);
    expect((await stashed(opened, ['db'])).map(({ path }) => path)).toEqual(['db/a', 'db/new']);
    await repo.write('db/a', 'stashed');
    await repo.stage('db/a');
    const { after } = await indexTree(opened);
    expect((await stashed(opened, ['db'], await after.entries())).map(({ path }) => path)).toEqual([
      'db/new',
    ]);
  });
});

describe('ignored', () => {
  test('by patterns, negations and info/exclude, tracked or not, there or not', async () => {
    const repo = await repository({
      '.gitignore': 'drizzle/*\n!drizzle/keep\n*.log\n',
      'drizzle/tracked': 't',
    });
    await repo.git('add', '-f', 'drizzle/tracked');
    await repo.commit();
    await repo.write('.git/info/exclude', 'mine\n');
    const { opened } = await open(repo);
    const paths = [
      'drizzle/tracked',
      'drizzle/meta/_journal.json',
      'drizzle/keep',
      'a.log',
      ':(glob)x.log',
      '-x.log',
      'li\nne.log',
      'ü.log',
      'src/a',
      'mine',
    ];
    expect([...(await ignoredPaths(opened, paths))].sort()).toEqual(
      paths.filter((path) => !['drizzle/keep', 'src/a'].includes(path)).sort(),
    );
    expect(await ignoredPaths(opened, ['src/a'])).toEqual([]);
    expect(await ignoredPaths(opened, [])).toEqual([]);
  });

  test('a path beyond a symlink spoils nothing for the others', async () => {
    const repo = await repository({ '.gitignore': '*.log\n', 'real/a': 'a' });
    await repo.commit();
    await symlink('real', join(repo.dir, 'link'));
    const { opened } = await open(repo);
    expect(await ignoredPaths(opened, ['a.log', 'link/b.log', 'c.log', 'd'])).toEqual([
      'a.log',
      'c.log',
    ]);
  });
});
