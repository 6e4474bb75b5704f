import { appendFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { gitEnvironment } from '../../src/git/environment.ts';
import { plainClone } from '../../src/git/plain-clone.ts';
import { openRepository } from '../../src/git/repository.ts';
import { repository, type RepositoryOptions, type TestRepository } from '../support/repository.ts';

interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}
type Situation = readonly [
  what: string,
  change: (repo: TestRepository) => Promise<Place | void>,
  options?: RepositoryOptions,
];

/** What is found without git. */
const found = (repo: TestRepository, { cwd = repo.dir, env = {} }: Place) =>
  plainClone({ cwd, env: gitEnvironment({ ...repo.env, ...env }) });

async function whatGitSays(repo: TestRepository, { cwd = repo.dir, env = {} }: Place) {
  const { stdout, exitCode } = await repo.run(
    'git',
    [
      'rev-parse',
      '--is-bare-repository',
      '--is-shallow-repository',
      '--show-object-format',
      '--show-prefix',
      '--show-toplevel',
      '--absolute-git-dir',
    ],
    { cwd, env },
  );
  const [bare, shallow, format, prefix, topLevel, gitDir] = stdout.split('\n');
  return { bare, shallow, format, prefix, topLevel, gitDir, exitCode };
}

const PLAIN: readonly Situation[] = [
  ['a clone', async () => {}],
  ['HEAD without a branch', async (repo) => void (await repo.git('checkout', '-q', '--detach'))],
  [
    'a folder reached through a link',
    async (repo) => {
      await symlink(repo.dir, join(repo.around, 'link'));
      return { cwd: join(repo.around, 'link') };
    },
  ],
  ['another index', async () => ({ env: { GIT_INDEX_FILE: '.git/other' } })],
];

const ODD: readonly Situation[] = [
  ['a subfolder', async (repo) => ({ cwd: join(repo.dir, 'sub') })],
  ['a repository of SHA-256', async () => {}, { objectFormat: 'sha256' }],
  ['core.bare', async (repo) => void (await repo.git('config', 'core.bare', 'true'))],
  [
    'core.worktree',
    async (repo) => {
      await mkdir(join(repo.around, 'elsewhere'));
      await repo.git('config', 'core.worktree', join(repo.around, 'elsewhere'));
    },
  ],
  [
    'core.bare again, in the words of another editor',
    (repo) => appendFile(join(repo.dir, '.git/config'), '[CORE]\n\tBare\n'),
  ],
  [
    'core.worktree of this worktree alone',
    async (repo) => {
      await repo.git('config', 'extensions.worktreeConfig', 'true');
      await repo.git('config', '--worktree', 'core.worktree', repo.around);
    },
  ],
  [
    'a shallow history',
    async (repo) => {
      await repo.git('clone', '-q', '--depth=1', `file://${repo.dir}`, join(repo.around, 'short'));
      return { cwd: join(repo.around, 'short') };
    },
  ],
  [
    'a linked worktree',
    async (repo) => {
      await repo.git('worktree', 'add', '-q', '--detach', join(repo.around, 'linked'));
      return { cwd: join(repo.around, 'linked') };
    },
  ],
  [
    'a git folder elsewhere',
    async (repo) => {
      await rename(join(repo.dir, '.git'), join(repo.around, 'store'));
      await symlink(join(repo.around, 'store'), join(repo.dir, '.git'));
    },
  ],
  ['GIT_DIR', async () => ({ env: { GIT_DIR: '.git' } })],
  ['GIT_WORK_TREE', async (repo) => ({ env: { GIT_WORK_TREE: join(repo.dir, 'sub') } })],
  [
    'a setting of the environment',
    async () => ({
      env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.bare', GIT_CONFIG_VALUE_0: 'true' },
    }),
  ],
  [
    'a format of the future',
    (repo) => appendFile(join(repo.dir, '.git/config'), '[core]\n\trepositoryFormatVersion = 9\n'),
  ],
  ['no HEAD', (repo) => rm(join(repo.dir, '.git/HEAD'))],
  ['a HEAD that names nothing', (repo) => writeFile(join(repo.dir, '.git/HEAD'), 'nothing\n')],
  ['no objects', (repo) => rm(join(repo.dir, '.git/objects'), { recursive: true })],
  [
    'an empty .git in a folder of the repository, which git passes over',
    async (repo) => {
      await mkdir(join(repo.dir, 'sub/.git'));
      return { cwd: join(repo.dir, 'sub') };
    },
  ],
];

async function inSituation([, change, options]: Situation) {
  const repo = await repository({ a: 'a', 'sub/b': 'b' }, options);
  await repo.commit();
  return { repo, place: (await change(repo)) ?? {} };
}

describe('a plain clone, found without a process of git', () => {
  it.each(PLAIN.map((one) => [one[0], one] as const))(
    '%s is what git finds',
    async (_, situation) => {
      const { repo, place } = await inSituation(situation);
      const { topLevel, gitDir } = found(repo, place) ?? {};
      expect({ topLevel, gitDir }).toEqual({ topLevel: repo.dir, gitDir: join(repo.dir, '.git') });
      expect(await whatGitSays(repo, place)).toEqual({
        bare: 'false',
        shallow: 'false',
        format: 'sha1',
        prefix: '',
        topLevel,
        gitDir,
        exitCode: 0,
      });
      const { cwd = repo.dir, env } = place;
      const { head } = await openRepository({ cwd, env: { ...repo.env, ...env } });
      expect(head).toBe((await repo.git('rev-parse', 'HEAD')).trim());
    },
  );

  it.each(ODD.map((one) => [one[0], one] as const))('%s is left to git', async (_, situation) => {
    const { repo, place } = await inSituation(situation);
    expect(found(repo, place)).toBeUndefined();
  });

  it('a folder of another person is left to git, which refuses it', async () => {
    const repo = await repository();
    const user = vi.spyOn(process, 'geteuid').mockReturnValue((process.geteuid?.() ?? 0) + 1);
    onTestFinished(() => user.mockRestore());
    expect(found(repo, {})).toBeUndefined();
  });

  it('a HEAD whose commit is gone is asked of git', async () => {
    const repo = await repository({ a: 'a' });
    const oid = await repo.commit();
    await rm(join(repo.dir, '.git/objects', oid.slice(0, 2)), { recursive: true });
    expect(found(repo, {})).toBeDefined();
    expect((await openRepository({ cwd: repo.dir, env: repo.env })).head).toBe(oid);
  });
});
