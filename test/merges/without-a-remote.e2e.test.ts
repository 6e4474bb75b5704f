import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusals } from '../support/scene.ts';
import { withFolders, withJournal, type Shop } from '../support/shop.ts';

const ROWS = "UPDATE teams SET motto = 'none';";

/** What each branch does since `begun`: columns beside `legacy`, and SQL that somebody wrote. */
const BRANCHES = {
  email: ['legacy', 'email'],
  same: ['legacy', 'email'],
  phone: ['legacy', 'phone'],
  both: ['legacy', 'email', 'phone'],
  nick: ['legacy', 'email', 'nick'],
  dropped: [],
} as const;

type Branch = keyof typeof BRANCHES | 'rows' | 'email-rows' | 'both-rows' | 'rows-email';

describe.each([
  ['drizzle-kit 0.31', withJournal],
  ['drizzle-kit 1.x', withFolders],
] as const)('%s, in a repository without a remote', (_, open) => {
  let shop: Shop;
  let repo: Shop['repo'];

  beforeAll(async () => {
    shop = await open();
    ({ repo } = shop);
    await shop.columns('legacy');
    await shop.generate('begun');
    await repo.commit('begun');
    await repo.git('branch', 'begun');
    for (const [name, columns] of Object.entries(BRANCHES)) {
      await repo.git('checkout', '-q', '-b', name, 'begun');
      await shop.columns(...columns);
      await shop.generate(name);
      await repo.commit(name);
    }
    for (const name of ['email', 'both'] as const) {
      await repo.git('checkout', '-q', '-b', `${name}-rows`, 'begun');
      await shop.columns(...BRANCHES[name]);
      const path = await shop.generate(`${name}_rows`);
      const above = '--> statement-breakpoint\n-- guard-allow sql-edited: rows';
      await appendFile(join(repo.dir, path), `\n${above}\n${ROWS}\n`);
      await repo.commit('rows');
    }
    for (const [name, from] of [
      ['rows', 'begun'],
      ['rows-email', 'email'],
    ] as const) {
      await repo.git('checkout', '-q', '-b', name, from);
      await appendFile(join(repo.dir, await shop.generate('rows', true)), `\n${ROWS}\n`);
      await repo.commit('rows');
    }
    await repo.hook();
  });
  afterAll(() => repo[Symbol.asyncDispose]());
  beforeEach(async () => {
    for (const doing of ['rebase', 'cherry-pick', 'merge'])
      await repo.run('git', [doing, '--abort']);
    await repo.run('git', ['worktree', 'remove', '--force', '../second']);
    await reset();
  });

  async function reset(): Promise<void> {
    await repo.git('reset', '-q', '--hard');
    await repo.git('clean', '-qfd');
  }

  /** Stands on one branch, with the other merged into it and nothing resolved. */
  async function merge(into: 'topic' | 'main' | 'other', topic: Branch, main: Branch) {
    await repo.git('checkout', '-q', '--detach', 'begun');
    await repo.git('branch', '-f', 'main', into === 'other' ? 'begun' : main);
    await repo.git('branch', '-f', 'topic', topic);
    await repo.git('branch', '-f', 'other', main);
    const what = { main: 'topic', topic: 'main', other: 'other' }[into];
    await mergeInto([into === 'main' ? 'main' : 'topic'], what);
  }

  async function mergeInto(at: readonly string[], what: string): Promise<void> {
    await repo.git('checkout', '-q', ...at);
    await repo.run('git', ['merge', '--no-ff', '--no-commit', what]);
    await repo.git('rev-parse', '--verify', 'MERGE_HEAD');
  }

  /** The migrations of a revision and nothing else, in the middle of the merge. */
  async function take(rev: string, ...columns: readonly string[]): Promise<void> {
    await repo.git('read-tree', '-u', '--reset', rev);
    await shop.columns(...columns);
  }

  async function rebase(columns: readonly string[], ...args: readonly string[]): Promise<string> {
    await shop.columns(...columns);
    const { exitCode, stdout, stderr } = await repo.guard(['rebase', ...args]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  }

  /** `git commit`, with the hook. */
  async function commit(): Promise<{ readonly passed: boolean; readonly said: string }> {
    await repo.git('add', '-A');
    const { exitCode, stdout, stderr } = await repo.run('git', ['commit', '-qm', 'merge']);
    const said = stdout + stderr;
    expect(said).toContain(`drizzle-guard: ${exitCode === 0 ? 'passed' : 'refused'}`);
    return { passed: exitCode === 0, said };
  }

  /** The files that a branch added are in HEAD as it has them: its databases go on. */
  async function has(branch: Branch): Promise<void> {
    const added = await repo.git('diff', '--name-only', '--diff-filter=A', 'begun', branch);
    const sql = added.split('\n').filter((path) => /sql$|\d+_snapshot|\/snapshot/.test(path));
    expect(sql.length).toBeGreaterThan(1);
    await repo.git('diff', '--exit-code', branch, 'HEAD', '--', ...sql);
  }

  const BOTH = BRANCHES.both;

  it.each([
    ['topic', 'email', 'both', BOTH],
    ['main', 'email', 'both', BOTH],
    ['other', 'email', 'both', BOTH],
    ['topic', 'email', 'same', BRANCHES.email],
    ['topic', 'nick', 'both', [...BOTH, 'nick']],
    ['topic', 'rows-email', 'both', BOTH],
    ['topic', 'dropped', 'phone', ['phone']],
  ] as const)(
    'into %s: %s and %s are put in order, and pass',
    async (into, topic, main, columns) => {
      await merge(into, topic, main);
      expect(await rebase(columns)).not.toContain('refused');
      expect(await commit()).toMatchObject({ passed: true });
      await has(main);
      expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
      // With main at the merge, nothing says any more which of the two was main.
      await repo.git('checkout', '-q', '-B', 'main', 'HEAD');
      expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
    },
  );

  it.each(['topic', 'main'])('from a detached HEAD at %s', async (at) => {
    await merge('topic', 'email', 'both');
    await reset();
    await mergeInto(['--detach', at], at === 'main' ? 'topic' : 'main');
    expect(await rebase(BOTH)).not.toContain('refused');
    expect(await commit()).toMatchObject({ passed: true });
    await has('both');
  });

  it('in a second working tree: what topic has may be left out, not what main has', async () => {
    const second = join(repo.dir, '../second');
    await repo.git('checkout', '-q', '--detach', 'begun');
    await repo.git('worktree', 'add', '-q', '--detach', '../second');
    await shop.link(second);
    const run = (...args: readonly string[]) => repo.run('git', ['-C', second, ...args]);
    for (const [topic, main, taken, exitCode] of [
      ['email', 'both', 'main', 0],
      ['both', 'email', 'topic', 1],
    ] as const) {
      await repo.git('branch', '-f', 'topic', topic);
      await repo.git('branch', '-f', 'main', main);
      await run('checkout', '-q', 'topic');
      await run('merge', '--no-commit', 'main');
      await run('read-tree', '-u', '--reset', taken);
      expect(await run('commit', '-qm', 'merge')).toMatchObject({ exitCode });
      await run('checkout', '-q', '--force', '--detach', 'begun');
    }
  });

  it('statements by hand that the other side has too', async () => {
    await merge('topic', 'email-rows', 'both-rows');
    await take('main', ...BOTH);
    expect(await commit()).toMatchObject({ passed: true });
  });

  it('git rebase and git cherry-pick, stop after stop', async () => {
    await merge('topic', 'nick', 'both');
    await reset();
    expect((await repo.run('git', ['rebase', 'main'])).exitCode).toBe(1);
    await rebase([...BOTH, 'nick'], '--continue');
    await has('both');
    expect(refusals(await repo.check('--range', 'main..HEAD'))).toEqual([]);
    await repo.git('checkout', '-q', 'main');
    expect((await repo.run('git', ['cherry-pick', 'nick'])).exitCode).toBe(1);
    await rebase([...BOTH, 'nick'], '--continue');
    await has('both');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
  });

  it.each([
    [['topic'], 'main'],
    [['main'], 'topic'],
    [['--detach', 'topic'], 'main'],
    [['--detach', 'main'], 'topic'],
  ])('refused: those of main are left out, at %s', async (at, what) => {
    await merge('topic', 'both', 'email');
    await reset();
    await mergeInto(at, what);
    await take('topic', ...BOTH);
    expect(await commit()).toMatchObject({ passed: false });
  });

  it.each([
    ['those of main are made again', 'email', 'both', 'topic', BOTH, ''],
    [
      'main is lost, and something else is made',
      'email',
      'phone',
      'topic',
      ['legacy', 'email', 'x'],
      'phone',
    ],
    ['main is lost', 'email', 'phone', 'topic', BRANCHES.email, 'phone'],
    ['the own one is lost', 'email', 'phone', 'main', BRANCHES.phone, 'email'],
    [
      'the own one is lost, and something else is made',
      'email',
      'phone',
      'main',
      ['legacy', 'phone', 'x'],
      'email',
    ],
    ['what the own one dropped is there', 'dropped', 'phone', 'main', BRANCHES.phone, 'legacy'],
    ['what main dropped is there', 'email', 'dropped', 'topic', BRANCHES.email, 'legacy'],
    ['own rows are lost', 'email-rows', 'both', 'main', BOTH, 'UPDATE teams'],
    ['own SQL is lost', 'rows', 'phone', 'main', BRANCHES.phone, 'UPDATE teams'],
    [
      'own SQL is lost, and something else is made',
      'rows-email',
      'phone',
      'main',
      BOTH,
      'UPDATE teams',
    ],
    ['made again without the rows', 'email-rows', 'phone', 'main', BOTH, 'UPDATE teams'],
    ['both are made as one', 'email', 'phone', 'begun', BOTH, ''],
    ['what both began with is gone', 'email', 'both', 'begun~1', BOTH, ''],
  ] as const)('refused: %s', async (_what, topic, main, folder, columns, lost) => {
    await merge('topic', topic, main);
    await take(folder, ...columns);
    // Where drizzle-kit has something to generate, somebody did.
    await shop.generate('again').catch(() => undefined);
    const { passed, said } = await commit();
    expect(passed).toBe(false);
    expect(said).toContain('migration-removed');
    if (lost !== '') expect(said).toMatch(new RegExp(`Not in the merge:.*${lost}`));
  });
});
