import { expect, it } from 'vitest';
import { sqlOf } from '../tampering/grown-history.ts';
import { lines, type Lines } from './lines.ts';

/** Somebody pushes to `main` past all hooks. */
async function slipIn(repo: Lines, message: string): Promise<void> {
  await repo.slip(message);
  await repo.git('push', '-q', '--no-verify', 'origin', 'HEAD:main');
}

it('what others brought to the remote and a merge brings here is theirs: a pull, a topic that takes main in', async () => {
  const repo = await lines();
  await repo.git('checkout', '-qb', 'mine');
  await repo.write('src/app.ts', 'export const app = 1;\n');
  await repo.slip('Mine');
  await repo.git('push', '-q', '--no-verify', 'origin', 'mine');
  await repo.git('checkout', '-q', 'main');
  await repo.columns('theirs');
  await slipIn(repo, 'Drift');
  await repo.columns();
  await repo.write(sqlOf('0001_hand'), 'SELECT 1;');
  await slipIn(repo, 'SQL that no journal lists');
  await repo.columns('theirs');
  await slipIn(repo, 'Drift again');
  await repo.git('checkout', '-q', 'mine');
  await repo.git('merge', '-q', '--no-edit', 'origin/main');
  for (const refspec of ['mine', 'mine:main', 'mine:refs/heads/another'])
    expect(await repo.prePush(refspec), refspec).toMatchObject({ exitCode: 0, rules: [] });
  // What is added to it here is not.
  await repo.columns('theirs', 'ours');
  await repo.slip('Drift of our own');
  for (const refspec of ['mine', 'mine:main'])
    expect((await repo.prePush(refspec)).rules, refspec).toEqual(['schema-drift']);
});

it('commits that the remote has got on a topic branch alone were never judged: what they bring to main is', async () => {
  const repo = await lines();
  await repo.git('checkout', '-qb', 'topic');
  await repo.columns('wip');
  await repo.slip('Work in progress');
  await repo.git('push', '-q', '--no-verify', 'origin', 'topic');
  await repo.git('checkout', '-q', 'main');
  await repo.git('merge', '-q', '--ff-only', 'topic');
  expect((await repo.prePush('main')).rules).toEqual(['schema-drift']);
  expect((await repo.prePush('main:refs/heads/release-2')).rules).toEqual(['schema-drift']);
  await repo.write('notes.md', '1\n');
  await repo.slip('Notes');
  expect((await repo.prePush('main')).rules).toEqual(['schema-drift']);
  await repo.git('reset', '-q', '--hard', 'origin/main');
  await repo.git('merge', '-q', '--no-ff', '--no-edit', 'topic');
  expect((await repo.prePush('main')).rules).toEqual(['schema-drift']);
  // The remote has it: another name for it, and a tag, bring nothing.
  for (const refspec of ['topic:refs/heads/copy', 'topic:refs/tags/wip'])
    expect(await repo.prePush(refspec), refspec).toMatchObject({ exitCode: 0, stderr: '' });
});

it('a branch that lives on is not blamed for what another of its kind has: main to production, forward or merged', async () => {
  const repo = await lines();
  await repo.git('branch', 'production');
  await repo.git('push', '-q', '--no-verify', 'origin', 'production');
  await repo.columns('standing');
  await slipIn(repo, 'Drift that is known');
  expect(await repo.prePush('main:production')).toMatchObject({ exitCode: 0, stderr: '' });
  await repo.git('checkout', '-q', 'production');
  await repo.git('merge', '-q', '--no-ff', '--no-edit', 'main');
  expect(await repo.prePush('production')).toMatchObject({ exitCode: 0, rules: [] });
});

it('a topic branch may be named by a number, and its remote with a slash', async () => {
  const repo = await lines();
  await repo.git('remote', 'add', 'team/fork', `${repo.around}/origin`);
  for (const [at, [branch, rules]] of (
    [
      ['feature/1234', []],
      ['dev/x', []],
      ['release-2', ['migration-removed', 'branch-conflict']],
      ['2.x', ['migration-removed', 'branch-conflict']],
    ] as const
  ).entries()) {
    await repo.git('checkout', '-qf', '-B', branch, 'origin/main');
    await repo.whole(`one${at}`);
    await repo.git('push', '-q', '--no-verify', 'origin', branch);
    await repo.git('fetch', '-q', 'team/fork');
    await repo.git('reset', '-q', '--hard', 'origin/main');
    const rewritten = await repo.whole(`two${at}`);
    expect((await repo.prePush(`+${branch}`)).rules, branch).toEqual(rules);
    const there = (await repo.git('rev-parse', `origin/${branch}`)).trim();
    const said = await repo.guard(['pre-push', 'team/fork', `${repo.around}/origin`], {
      stdin: `refs/heads/${branch} ${rewritten} refs/heads/${branch} ${there}\n`,
    });
    expect(said.exitCode, `${branch}: ${said.stderr}`).toBe(rules.length === 0 ? 0 : 1);
  }
});

it('forced over a main that went on and was not fetched: what it had when it was fetched counts', async () => {
  const repo = await lines();
  await repo.whole('one');
  await repo.git('push', '-q', '--no-verify', 'origin', 'main');
  const behind = (
    await repo.git('-C', '../origin', 'commit-tree', '-p', 'main', '-m', 'Theirs', 'main^{tree}')
  ).trim();
  await repo.git('-C', '../origin', 'update-ref', 'refs/heads/main', behind);
  expect((await repo.run('git', ['cat-file', '-e', behind])).exitCode).not.toBe(0);
  await repo.git('reset', '-q', '--hard', 'HEAD~1');
  await repo.whole('two');
  expect((await repo.prePush('+main')).rules).toContain('migration-removed');
});

it('branches of which one has what the other has: each finding is reported once', async () => {
  const repo = await lines();
  await repo.git('checkout', '-qb', 'one');
  await repo.columns('one');
  await repo.slip('One');
  await repo.git('checkout', '-qb', 'two');
  await repo.write('notes.md', '1\n');
  await repo.slip('Two');
  await repo.git('tag', '-am', 'both', 'v1');
  const said = await repo.prePush(
    'one',
    'two',
    'two:refs/heads/three',
    'refs/tags/v1',
    ':refs/heads/gone',
  );
  expect(said.rules).toEqual(['schema-drift']);
  expect(said.stderr).toContain('commit');
});

it('more refs than fit into an argument list', async () => {
  const repo = await lines();
  const head = (await repo.git('rev-parse', 'HEAD')).trim();
  const bad = await repo.columns('description').then(() => repo.slip('Drifts'));
  const tags = Array.from(
    { length: 60_000 },
    (_, at) => `refs/tags/t${at} ${head} refs/tags/t${at} ${head}\n`,
  );
  const said = await repo.guard(['pre-push', 'origin', `${repo.around}/origin`], {
    stdin: `${tags.join('')}refs/heads/main ${bad} refs/heads/main ${head}\n`,
  });
  expect(said).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(`commit ${bad.slice(0, 8)} "Drifts"`),
  });
});
