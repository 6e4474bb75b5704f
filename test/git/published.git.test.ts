import { describe, expect, test } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { publishedPaths } from '../../src/git/refs/published-paths.ts';
import { publishedCommits } from '../../src/git/refs/published.ts';
import { repository, type TestRepository } from '../support/repository.ts';

const open = ({ dir, env }: TestRepository) => openRepository({ cwd: dir, env });
const blob = async (repo: TestRepository, rev: string) => (await repo.git('rev-parse', rev)).trim();

/** Two commits on main; a remote `origin` that has what is pushed. */
async function withRemote() {
  const repo = await repository({ 'db/0000.sql': 'one', 'db/meta/j': '1', top: 't' });
  await repo.git('init', '-q', '--bare', '../origin');
  await repo.git('remote', 'add', 'origin', '../origin');
  const first = await repo.commit();
  return { repo, first };
}

describe('what others may have', () => {
  test('no remote at all: HEAD', async () => {
    const repo = await repository({ 'db/a': 'a' });
    expect(await publishedCommits(await open(repo))).toEqual({ tips: [] });
    const head = await repo.commit();
    const opened = await open(repo);
    expect(await publishedCommits(opened)).toEqual({
      base: head,
      tips: [head],
      withoutRemote: true,
    });
    const { base, contents } = await publishedPaths(opened, ['db/a', 'db/none', 'none/none', 'db']);
    const oid = await blob(repo, 'HEAD:db/a');
    expect([...base]).toEqual([['db/a', { mode: '100644', oid }]]);
    expect([...contents]).toEqual([['db/a', new Set([oid])]]);
  });

  test('a remote, and nothing ever fetched or pushed: nothing', async () => {
    const { repo } = await withRemote();
    expect(await publishedCommits(await open(repo))).toEqual({ tips: [] });
    expect((await publishedPaths(await open(repo), ['top'])).contents.size).toBe(0);
  });

  test('with an upstream: the merge base with it, and every remote-tracking branch', async () => {
    const { repo, first } = await withRemote();
    await repo.git('push', '-q', '-u', 'origin', 'main');
    await repo.git('remote', 'set-head', 'origin', 'main');
    await repo.git('checkout', '-qb', 'other');
    await repo.write('db/0001.sql', 'theirs');
    const other = await repo.commit();
    await repo.git('push', '-q', 'origin', 'other');
    await repo.git('checkout', '-q', 'main');
    await repo.write('db/0001.sql', 'mine, local');
    await repo.write('db/0000.sql', 'edited');
    await repo.commit();
    const opened = await open(repo);
    const { base, tips } = await publishedCommits(opened);
    expect(base).toBe(first);
    expect([...tips].sort()).toEqual([first, other].sort());
    const published = await publishedPaths(opened, [
      'db/0000.sql',
      'db/0001.sql',
      'db/meta/j',
      'top',
    ]);
    expect([...published.base.keys()].sort()).toEqual(['db/0000.sql', 'db/meta/j', 'top']);
    expect(published.contents.get('db/0000.sql')).toEqual(
      new Set([await blob(repo, `${first}:db/0000.sql`)]),
    );
    expect(published.contents.get('db/0001.sql')).toEqual(
      new Set([await blob(repo, `${other}:db/0001.sql`)]),
    );
  });

  test('remote-tracking branches without an upstream: no base, their contents', async () => {
    const { repo, first } = await withRemote();
    await repo.git('push', '-q', 'origin', 'main');
    await repo.git('fetch', '-q');
    expect(await publishedCommits(await open(repo))).toEqual({ tips: [first] });
    await repo.git('checkout', '-q', '--detach');
    expect(await publishedCommits(await open(repo))).toEqual({ tips: [first] });
  });

  test('a base that is given overrides the upstream', async () => {
    const { repo, first } = await withRemote();
    await repo.git('branch', 'release');
    await repo.write('db/0001.sql', 'x');
    await repo.commit();
    await repo.git('push', '-q', '-u', 'origin', 'main');
    const opened = await open(repo);
    expect(await publishedCommits(opened, { base: 'release' })).toEqual({
      base: first,
      tips: [first],
    });
    await expect(publishedCommits(opened, { base: 'nope' })).rejects.toMatchObject({
      code: 'unknown-revision',
    });
  });

  test('no common history: no base, unless it is only cut off', async () => {
    const { repo } = await withRemote();
    await repo.write('a', 'a');
    await repo.commit();
    await repo.git('push', '-q', '-u', 'origin', 'main');
    await repo.git(
      'clone',
      '-q',
      '--depth=1',
      '--branch=main',
      `file://${repo.around}/origin`,
      '../shallow',
    );
    const dir = `${repo.around}/shallow`;
    await repo.git('checkout', '-q', '--orphan', 'fresh');
    const fresh = await repo.commit();
    await repo.git('push', '-q', 'origin', 'fresh');
    expect(await publishedCommits(await open(repo), { base: 'main' })).toMatchObject({
      tips: expect.not.arrayContaining(['']),
    });
    expect((await publishedCommits(await open(repo), { base: 'main' })).base).toBeUndefined();
    await repo.run(
      'git',
      ['fetch', '-q', '--depth=1', 'origin', 'fresh:refs/remotes/origin/fresh'],
      { cwd: dir },
    );
    const shallow = await openRepository({ cwd: dir, env: repo.env });
    expect(shallow.shallow).toBe(true);
    await expect(publishedCommits(shallow, { base: fresh })).rejects.toMatchObject({
      code: 'object-missing',
      help: expect.arrayContaining(['Or all of it: git fetch --unshallow']),
    });
  });
});

test('thousands of remote branches, and names that no line can hold', async () => {
  const paths = ['li\nne/fol\r\nder/a\nb', 'db/x y', 'db/:(glob)*', 'db/"q"', 'top\n'];
  const repo = await repository(Object.fromEntries(paths.map((path) => [path, `1 ${path}`])));
  const first = await repo.commit();
  await repo.write('li\nne/fol\r\nder/a\nb', '2');
  const second = await repo.commit();
  await repo.write(
    '.git/packed-refs',
    `# pack-refs with: peeled fully-peeled sorted \n${Array.from({ length: 3000 }, (_, n) => `${n % 2 ? first : second} refs/remotes/origin/b${String(n).padStart(4, '0')}\n`).join('')}`,
  );
  const { base, contents } = await publishedPaths(await open(repo), paths);
  expect(base.size).toBe(0);
  expect([...contents].map(([path, oids]) => [path, oids.size]).sort()).toEqual(
    paths.map((path) => [path, path.startsWith('li') ? 2 : 1]).sort(),
  );
});
