import { afterAll, beforeAll, expect, it } from 'vitest';
import { editJournal, grow, grownScene, reset, sqlOf } from '../tampering/grown-history.ts';
import type { Said, Scene } from '../support/scene.ts';

let repo: Scene;
beforeAll(async () => {
  repo = await grownScene({ shared: true });
  // What a project has gone through: drift for a while, SQL edited, an entry out of order.
  await repo.columns('description', 'slogan', 'early');
  await repo.commit('Drift');
  await repo.columns('description', 'slogan');
  await repo.edit(sqlOf('0001_description'), (sql) => `${sql}\nUPDATE "teams" SET "name" = 'x';`);
  await editJournal(repo, ({ entries }) => void (entries[1]!.when = entries[0]!.when - 1));
  await repo.commit('Another past');
});
afterAll(() => repo[Symbol.asyncDispose]());

/** `guard pre-push` for `main`, to a remote that has nothing. */
async function pushed(remote = 'origin'): Promise<Said & { readonly rules: readonly string[] }> {
  const head = (await repo.git('rev-parse', 'HEAD')).trim();
  const said = await repo.guard(['pre-push', remote, 'https://example.invalid/shop'], {
    stdin: `refs/heads/main ${head} refs/heads/main ${'0'.repeat(40)}\n`,
  });
  const rules = [...said.stderr.matchAll(/^✖ ([a-z-]+):/gm)].map(([, rule]) => rule ?? '');
  return { ...said, rules };
}

it('an old history passes as the state that it has come to, and one line says so', async () => {
  const said = await pushed();
  expect(said).toMatchObject({ exitCode: 0, rules: [] });
  expect(said.stderr).toMatch(
    /passed.* First push: 4 commits checked as one state\. \d pre-existing findings? ignored/,
  );
});

it.each<readonly [what: string, rules: readonly string[], change: () => Promise<unknown>]>([
  ['drift', ['schema-drift'], () => repo.columns('description', 'slogan', 'late')],
  [
    'an edited newest migration',
    ['sql-edited'],
    () => repo.edit(sqlOf('0002_slogan'), (sql) => `${sql}\nDROP TABLE "teams";`),
  ],
  [
    'a newest migration that the migrator skips',
    ['journal-order'],
    () => editJournal(repo, ({ entries }) => void (entries[2]!.when = 1)),
  ],
  [
    'a journal that is none',
    ['journal-invalid'],
    () => repo.write('drizzle/meta/_journal.json', '{'),
  ],
  [
    'a config that is none',
    ['config-unreadable'],
    () => repo.write('drizzle.config.ts', 'export default {'),
  ],
])('is refused for %s', async (_, rules, change) => {
  const start = (await repo.git('rev-parse', 'HEAD')).trim();
  await change();
  await repo.commit('Newest');
  expect((await pushed()).rules).toEqual(rules);
  await reset(repo, start);
});

it('is none where other remotes have branches that live on: what they lack is checked, commit by commit', async () => {
  const start = (await repo.git('rev-parse', 'HEAD')).trim();
  await repo.git('update-ref', 'refs/remotes/upstream/main', start);
  await repo.columns('description', 'slogan', 'late');
  await repo.commit('Drift');
  await repo.columns('description', 'slogan');
  await repo.commit('And back');
  expect((await pushed('fork')).rules).toEqual(['split-commit']);
  await repo.git('update-ref', 'refs/remotes/upstream/topic', 'HEAD');
  expect((await pushed('fork')).rules).toEqual(['split-commit']);
  await repo.git('update-ref', '-d', 'refs/remotes/upstream/topic');
  await repo.git('update-ref', '-d', 'refs/remotes/upstream/main');
  await reset(repo, start);
});

it('a push by URL is one to the remote that has the URL; what a fork has got is not checked by that', async () => {
  const start = (await repo.git('rev-parse', 'HEAD')).trim();
  await repo.git('remote', 'add', 'origin', 'https://example.invalid/shop.git');
  await repo.git('update-ref', 'refs/remotes/origin/main', start);
  await repo.columns('description', 'slogan', 'late');
  await grow(repo, 'other');
  await repo.commit('Not the migration for it');
  await repo.git('update-ref', 'refs/remotes/fork/topic', 'HEAD');
  for (const url of [
    'https://example.invalid/shop',
    'https://example.invalid/shop.git/',
    'elsewhere',
  ])
    expect((await pushed(url)).rules, url).toEqual(['schema-drift']);
  await repo.git('update-ref', '-d', 'refs/remotes/fork/topic');
  await reset(repo, start);
});
