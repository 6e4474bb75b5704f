import { existsSync } from 'node:fs';
import { chmod, cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scene } from '../support/scene.ts';
import { editJournal, grow, grownScene, JOURNAL, withRemote } from '../tampering/grown-history.ts';

/**
 * `origin/main` is one migration ahead of `main`, `origin/more` three; `origin/docs` has only text.
 * The hooks are git's own, and call the guard as a hook manager would.
 */
let repo: Scene;

const RUN = 'run `npm run db:migrate`';
const ONE = `drizzle-guard: 1 new migration arrived: ${RUN}\n`;

beforeAll(async () => {
  repo = await grownScene({ shared: true });
  await repo.edit('package.json', (text) =>
    text.replace('"db:generate"', '"db:migrate": "drizzle-kit migrate",\n    "db:generate"'),
  );
  await repo.commit('a script that migrates');
  await repo.git('tag', 'base');
  await withRemote(repo);
  await away('main', () => grow(repo, 'colour'));
  await away('more', async () => {
    for (const name of ['size', 'shape', 'weight']) await grow(repo, name);
  });
  await away('docs', () => repo.write('docs/a.md', 'a'));
  await repo.git('checkout', '-q', 'main');
  for (const name of ['post-merge', 'post-checkout']) {
    await repo.write(
      `.git/hooks/${name}`,
      `#!/bin/sh\nexec "${process.execPath}" "${process.env['GUARD_CLI'] ?? ''}" ${name} "$@"\n`,
    );
    await chmod(join(repo.dir, '.git/hooks', name), 0o755);
  }
});
afterAll(() => repo[Symbol.asyncDispose]());

/** Gives the remote's branch what `change` makes of the base. */
async function away(name: string, change: () => Promise<unknown>): Promise<void> {
  await repo.git('checkout', '-q', '-f', '-B', 'away', 'base');
  await change();
  await repo.commit(name);
  await repo.git('push', '-q', 'origin', `HEAD:${name}`);
}

/** Without the hooks, and what git itself says. */
const quietly = (...args: string[]) => repo.git('-c', 'core.hooksPath=/dev/null', ...args);

beforeEach(async () => {
  for (const what of ['rebase', 'merge'])
    await repo.run('git', ['-c', 'core.hooksPath=/dev/null', what, '--abort']);
  await quietly('checkout', '-q', '-f', '-B', 'main', 'base');
  await quietly('clean', '-qfd');
});

/** What the guard said, of all that git put out on stderr. */
async function said(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await repo.run('git', args);
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stdout}${stderr}`);
  expect(stdout).not.toContain('drizzle-guard');
  return stderr
    .split(/(?<=\n)/)
    .filter((line) => line.includes('drizzle-guard'))
    .join('');
}

async function localWork(name = 'mine'): Promise<void> {
  await repo.write(`src/${name}.md`, name);
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '--no-verify', '-m', name);
}

describe('post-merge', () => {
  it('fast forward', async () => {
    expect(await said('merge', '-q', 'origin/main')).toBe(ONE);
    expect(await said('merge', '-q', 'origin/docs', '--no-edit')).toBe('');
  });

  it('several, by a pull', async () => {
    expect(await said('pull', '-q', '--no-rebase', 'origin', 'more')).toBe(
      `drizzle-guard: 3 new migrations arrived: ${RUN}\n`,
    );
  });

  it('a true merge', async () => {
    await localWork();
    expect(await said('merge', '-q', '--no-edit', 'origin/main')).toBe(ONE);
    expect((await repo.git('rev-list', '--parents', '-n1', 'HEAD')).trim().split(' ')).toHaveLength(
      3,
    );
  });

  it('a squashed one: HEAD has not moved, the index has it', async () => {
    expect(await said('merge', '-q', '--squash', 'origin/main')).toBe(ONE);
    expect(await repo.git('rev-parse', 'HEAD', 'base')).toMatch(/^(\w+)\n\1\n$/);
  });

  it('nothing of drizzle in it, or nothing at all', async () => {
    expect(await said('merge', '-q', 'origin/docs')).toBe('');
    expect(await said('merge', '-q', 'origin/docs')).toBe('');
  });

  it('one that is dated before what was here: the migrator would skip it', async () => {
    await grow(repo, 'late', { rise: 600_000, prefix: '0009' });
    await localWork();
    // Somebody else merged it with another, below ours.
    await quietly('checkout', '-q', '--detach');
    await editJournal(
      repo,
      ({ entries }) =>
        void entries.splice(3, 0, {
          ...entries[3]!,
          tag: '0003_colour',
          when: entries[2]!.when + 60_000,
        }),
    );
    await localWork('theirs');
    const theirs = (await repo.git('rev-parse', 'HEAD')).trim();
    await quietly('checkout', '-q', 'main');
    expect(await said('merge', '-q', theirs)).toBe(
      `drizzle-guard: 1 new migration arrived: ${RUN}; but a database that has applied 0009_late silently skips 0003_colour, which has an earlier date\n`,
    );
  });

  it("an ORIG_HEAD that is not this merge's says nothing", async () => {
    await quietly('update-ref', 'ORIG_HEAD', 'origin/more');
    expect(await repo.guard(['post-merge', '0'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    await quietly('update-ref', '-d', 'ORIG_HEAD');
    expect(await repo.guard(['post-merge', '0'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('in a linked worktree, of what came there', async () => {
    await repo.git('worktree', 'add', '-q', '-b', 'side', '../linked', 'base');
    const { stderr } = await repo.run('git', ['merge', '-q', 'origin/main'], {
      cwd: join(repo.around, 'linked'),
    });
    expect(stderr).toBe(ONE);
    await repo.git('worktree', 'remove', '--force', '../linked');
    await repo.git('branch', '-q', '-D', 'side');
  });
});

describe('pull --rebase', () => {
  it('with nothing of our own it is a fast forward', async () => {
    expect(await said('pull', '-q', '--rebase', 'origin', 'main')).toBe(ONE);
  });

  it('with work of our own: what came is reported once', async () => {
    await localWork();
    expect(await said('pull', '-q', '--rebase', 'origin', 'main')).toBe(ONE);
    expect((await repo.git('log', '-1', '--format=%s')).trim()).toBe('mine');
  });

  it('a migration of our own is not reported as gone: the rebase is about to bring it again', async () => {
    await grow(repo, 'mine', { rise: 30_000 });
    await localWork();
    const { stderr } = await repo.run('git', ['pull', '-q', '--rebase', 'origin', 'main']);
    expect(stderr.split('\n').filter((line) => line.includes('drizzle-guard'))).toEqual([
      ONE.trimEnd(),
    ]);
  });
});

describe('post-checkout', () => {
  it('a branch with more, and back again', async () => {
    expect(await said('switch', '-q', '--detach', 'origin/more')).toBe(
      `drizzle-guard: 3 new migrations arrived: ${RUN}\n`,
    );
    expect(await said('checkout', '-q', 'main')).toBe(
      'drizzle-guard: 3 migrations are not in this version (0003_size, 0004_shape, 0005_weight): a database that has applied them is ahead of the schema\n',
    );
  });

  it('a branch with others: what is dated before those that were here is skipped', async () => {
    await repo.git('checkout', '-q', '--detach', 'origin/more');
    expect(await said('checkout', '-q', '--detach', 'origin/main')).toBe(
      `drizzle-guard: 1 new migration arrived: ${RUN}; but a database that has applied 0005_weight silently skips 0003_colour, which has an earlier date\n`,
    );
  });

  it('a new branch here, the same branch, another without a migration of its own, and files', async () => {
    expect(await said('switch', '-q', '-c', 'new')).toBe('');
    expect(await said('checkout', '-q', 'main')).toBe('');
    expect(await said('checkout', '-q', '--detach', 'origin/docs')).toBe('');
    await quietly('checkout', '-q', 'main');
    expect(await said('checkout', '-q', 'origin/more', '--', 'drizzle')).toBe('');
    await quietly('branch', '-q', '-D', 'new');
  });

  it('a clone and a new worktree come from nowhere', async () => {
    await cp(join(repo.dir, '.git/hooks'), join(repo.around, 'template/hooks'), {
      recursive: true,
    });
    expect(await said('clone', '-q', '--template=../template', '../origin', '../clone')).toBe('');
    expect(existsSync(join(repo.around, 'clone/.git/hooks/post-checkout'))).toBe(true);
    expect(await said('worktree', 'add', '-q', '--detach', '../linked', 'origin/more')).toBe('');
    await quietly('worktree', 'remove', '--force', '../linked');
    await rm(join(repo.around, 'clone'), { recursive: true });
  });

  it('a bisection comes and goes without a word', async () => {
    await quietly('checkout', '-q', '--detach', 'origin/more');
    await grow(repo, 'last');
    await localWork();
    const [last] = (await repo.git('rev-parse', 'HEAD')).split('\n');
    expect(await said('bisect', 'start', 'HEAD', 'base')).toBe('');
    expect(await repo.git('rev-parse', 'HEAD')).not.toContain(last);
    expect(await said('bisect', 'reset')).toBe('');
    expect(await said('checkout', '-q', 'HEAD~1')).toContain(
      '1 migration is not in this version (0006_last)',
    );
  });
});

describe('whatever is wrong, exit code 0 and nothing on stdout', () => {
  const silent = { exitCode: 0, stdout: '', stderr: '' };
  const more = async () => [
    'post-checkout',
    ...(await repo.git('rev-parse', 'base', 'origin/more')).trim().split('\n'),
    '1',
  ];

  it('says something when all is well', async () => {
    expect(await repo.guard(await more())).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('3 new migrations'),
    });
  });

  it.each([
    [['post-merge']],
    [['post-checkout']],
    [['post-merge', 'nonsense', '--what']],
    [['post-checkout', 'HEAD', 'base', '1']],
    [['post-checkout', '0'.repeat(40), '0'.repeat(40), '1']],
    [['post-checkout', 'a'.repeat(40), 'b'.repeat(40), '1']],
  ])('%j', async (args) => {
    expect(await repo.guard(args)).toEqual(silent);
  });

  it('no repository, no git', async () => {
    expect(await repo.guard(await more(), { cwd: repo.around })).toEqual(silent);
    expect(await repo.guard(await more(), { env: { PATH: '/nowhere' } })).toEqual(silent);
  });

  it('no project, a config that is broken, a journal that is', async () => {
    const tip = async (change: () => Promise<unknown>): Promise<string> => {
      await quietly('checkout', '-q', '-f', '--detach', 'origin/more');
      await change();
      await localWork('tip');
      return (await repo.git('rev-parse', 'HEAD')).trim();
    };
    const [, base] = await more();
    const to = async (change: () => Promise<unknown>) =>
      repo.guard(['post-checkout', base!, await tip(change), '1']);
    expect(await to(() => repo.remove('drizzle.config.ts'))).toEqual(silent);
    expect(await to(() => repo.edit(JOURNAL, (text) => `<<<<<<< HEAD\n${text}`))).toEqual(silent);
    // A config that would have to be run is not: its migrations are taken to lie below it.
    const marks = join(repo.around, 'ran');
    const computed = await to(() =>
      repo.write(
        'drizzle.config.ts',
        `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(marks)}, '');\nexport default { dialect: 'postgresql', schema: './src/db/schema/index.ts', out: process.env.OUT ?? './drizzle' };\n`,
      ),
    );
    expect(computed).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: `drizzle-guard: 3 new migrations arrived: ${RUN}\n`,
    });
    expect(await repo.run('ls', [repo.around])).toMatchObject({
      stdout: expect.not.stringContaining('ran'),
    });
    expect(await to(() => repo.write('drizzle.config.ts', 'export default {'))).toMatchObject({
      exitCode: 0,
      stdout: '',
    });
  });
});

it('several projects are a line each, with a command each', async () => {
  await repo.write(
    'apps/web/package.json',
    JSON.stringify({ name: 'web', scripts: { migrate: 'tsx scripts/migrate.ts' } }),
  );
  await repo.write('apps/web/drizzle.config.ts', await repo.read('drizzle.config.ts'));
  await repo.write(
    'apps/app/drizzle.config.ts',
    (await repo.read('drizzle.config.ts'))
      .replace('"out"', '"driver": "expo",\n  "out"')
      .replace('postgresql', 'sqlite'),
  );
  await repo.write('apps/bare/drizzle.pg.config.ts', await repo.read('drizzle.config.ts'));
  for (const name of ['web', 'app', 'bare']) {
    await repo.write(`apps/${name}/${JOURNAL}`, await repo.read(JOURNAL));
    await repo.write(`apps/${name}/src/db/schema/index.ts`, 'export {};\n');
  }
  await grow(repo, 'top');
  await localWork('many');
  const [from, to] = (await repo.git('rev-parse', 'base', 'HEAD')).trim().split('\n');
  expect((await repo.guard(['post-checkout', from!, to!, '1'])).stderr.split('\n')).toEqual([
    'drizzle-guard: apps/app/drizzle: 3 new migrations arrived: the app applies migrations itself',
    'drizzle-guard: apps/bare/drizzle: 3 new migrations arrived: run `( cd ./$(git rev-parse --show-cdup)apps/bare && npx drizzle-kit migrate --config=drizzle.pg.config.ts )`',
    'drizzle-guard: apps/web/drizzle: 3 new migrations arrived: run `( cd ./$(git rev-parse --show-cdup)apps/web && npm run migrate )`',
    'drizzle-guard: drizzle: 1 new migration arrived: run `( cd ./$(git rev-parse --show-cdup) && npm run db:migrate )`',
    '',
  ]);
});
