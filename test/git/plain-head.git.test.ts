import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commonGitFolder, ownGitFolder, plainHead } from '../../src/git/git-folder.ts';
import { repository, type TestRepository } from '../support/repository.ts';

type Change = (repo: TestRepository) => Promise<string | void>;

const headIn = (repo: TestRepository, cwd: string): string | undefined => {
  const [own, common] = [ownGitFolder, commonGitFolder].map((of) => of({ cwd, env: {} }));
  return own === undefined || common === undefined ? undefined : plainHead(own, common);
};

it.each<readonly [string, Change, 'known' | 'git']>([
  ['a branch', async () => {}, 'known'],
  ['a branch in a folder', (repo) => run(repo, 'checkout -q -b topic/one'), 'known'],
  ['no branch', (repo) => run(repo, 'checkout -q --detach'), 'known'],
  [
    'a linked worktree',
    async (repo) => {
      const linked = join(repo.around, 'linked');
      await repo.git('worktree', 'add', '-q', '-b', 'other', linked);
      await repo.git('-C', linked, 'commit', '-q', '--allow-empty', '-m', 'there');
      return linked;
    },
    'known',
  ],
  [
    'a branch that was packed and has moved',
    async (repo) => {
      await run(repo, 'pack-refs --all');
      await run(repo, 'commit -q --allow-empty -m moved');
    },
    'known',
  ],
  ['a packed branch', (repo) => run(repo, 'pack-refs --all'), 'git'],
  ['a branch that names another', (repo) => run(repo, 'symbolic-ref refs/heads/a HEAD'), 'known'],
  [
    'on a branch that names another',
    async (repo) => {
      const main = (await repo.git('symbolic-ref', 'HEAD')).trim();
      await run(repo, `symbolic-ref refs/heads/named ${main}`);
      await run(repo, 'symbolic-ref HEAD refs/heads/named');
    },
    'git',
  ],
  ['before the first commit', (repo) => run(repo, 'checkout -q --orphan fresh'), 'git'],
])('HEAD is read as git does, or not at all: %s', async (_, change, who) => {
  const repo = await repository({ 'a.txt': 'a\n' });
  await repo.commit();
  const cwd = (await change(repo)) ?? repo.dir;
  const { stdout } = await repo.run('git', ['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd });
  expect(headIn(repo, cwd)).toBe(who === 'git' ? undefined : stdout.trim());
});

async function run(repo: TestRepository, words: string): Promise<void> {
  await repo.git(...words.split(' '));
}
