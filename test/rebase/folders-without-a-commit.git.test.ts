import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KITS_1 } from '../support/kit1.ts';
import { refusals } from '../support/scene.ts';
import { scene1, type Scene1 } from '../support/scene1.ts';

/**
 * `main` and `topic` both added `email`, each with another column. git joins them and keeps no commit
 * of the other side; the folder of `topic` is new, and in no conflict.
 */
describe.each(KITS_1)('drizzle-kit 1.0.0-%s', (kit) => {
  let repo: Scene1;
  beforeAll(async () => {
    repo = await scene1(kit, 'sqlite', { shared: true });
    await repo.grow([]);
    await repo.commit('start');
    await repo.git('checkout', '-q', '-b', 'topic');
    await repo.grow(['email', 'nick']);
    await repo.commit('topic');
    await repo.git('checkout', '-q', 'main');
    await repo.grow(['email', 'phone']);
    await repo.commit('main');
  });
  afterAll(() => repo[Symbol.asyncDispose]());
  beforeEach(async () => {
    await repo.run('git', ['am', '--abort']);
    await repo.git('reset', '-q', '--hard', 'main');
  });

  it.each([
    ['a merge that is squashed', ['git merge --squash topic']],
    [
      'a stash',
      ['git checkout -q topic~ && git checkout topic -- . && git stash -q', 'git stash pop'],
    ],
    ['a patch', ['git format-patch --stdout -1 topic > .git/topic', 'git am -3 .git/topic']],
    ['a merge that is squashed, with all of it staged', ['git merge --squash topic'], 'staged'],
  ])('%s: the own migration comes on top', async (_, commands, staged = '') => {
    for (const command of commands) {
      const { stdout, stderr } = await repo.run('sh', ['-c', command]);
      if (command === commands.at(-1)) expect(stdout + stderr).toMatch(/conflict/i);
      else await repo.git('checkout', '-q', 'main');
    }
    await repo.schema(['email', 'phone', 'nick']);
    if (staged !== '') await repo.git('add', '-A');
    const said = await repo.guard(['rebase']);
    expect(said).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('generated again') });
    await repo.git('add', '-A');
    expect(refusals(await repo.check())).toEqual([]);
    await repo.git('diff', '--exit-code', '--diff-filter=MD', 'main', '--', 'drizzle');
  });
});
