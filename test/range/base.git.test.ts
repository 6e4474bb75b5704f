import { expect, it } from 'vitest';
import { refusals, scene, type Scene } from '../support/scene.ts';

/**
 * A clone with a topic branch checked out that has one whole change; `origin/main` has got another
 * since.
 */
async function topic(theirs?: (repo: Scene) => Promise<void>): Promise<Scene> {
  const repo = await scene();
  const start = (await repo.git('rev-parse', 'HEAD')).trim();
  if (theirs !== undefined) await theirs(repo);
  await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  await repo.git('checkout', '-q', '-f', '-B', 'topic', start);
  await repo.git('clean', '-fdq', '--', 'src', 'drizzle');
  await repo.columns('description');
  await repo.generate('description');
  await repo.commit('Teams have a description');
  return repo;
}

it('all that HEAD has and the base has not', async () => {
  const repo = await topic();
  expect(await repo.check('--base', 'origin/main')).toMatchObject({
    outcome: 'passed',
    commits: { count: 1, looked: 1 },
    findings: [],
  });
  await repo.columns('description', 'summary');
  const bad = await repo.commit('And a summary');
  expect((await repo.check('--base', 'origin/main')).findings).toMatchObject([
    { rule: 'schema-drift', commit: bad },
  ]);
});

it('a base that has got on with other files is no clash; one with a migration of the same number is', async () => {
  const quiet = await topic(async (repo) => {
    await repo.write('notes.md', '1\n');
    await repo.commit('Notes');
  });
  expect(await quiet.check('--base', 'origin/main')).toMatchObject({
    outcome: 'passed',
    findings: [],
  });

  const clash = await topic(async (repo) => {
    await repo.columns('about');
    await repo.generate('about');
    await repo.commit('Teams have an about');
  });
  const report = await clash.check('--base', 'origin/main');
  expect(refusals(report)).toEqual(['branch-conflict']);
  expect(report.findings[0]?.message).toMatch(/0001_description.*origin\/main.*0001_about/);
  expect(report.findings[0]).not.toHaveProperty('commit');
});

it('the base of a CI service need not be named', async () => {
  const repo = await topic();
  await repo.columns('description', 'summary');
  await repo.commit('And a summary');
  const parent = (await repo.git('rev-parse', 'HEAD~1')).trim();
  await repo.write('../event.json', JSON.stringify({ before: parent }));
  const services: readonly (readonly [Record<string, string>, number])[] = [
    [{ GITHUB_BASE_REF: 'main' }, 2],
    [{ GITHUB_EVENT_PATH: `${repo.around}/event.json`, GITHUB_BASE_REF: '' }, 1],
    [{ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' }, 2],
    [{ CI_COMMIT_BEFORE_SHA: parent }, 1],
    [{ CI_COMMIT_BEFORE_SHA: '0'.repeat(40), CI_DEFAULT_BRANCH: 'main' }, 2],
    [{ BITBUCKET_PR_DESTINATION_BRANCH: 'main', BITBUCKET_BUILD_NUMBER: '1' }, 2],
    [{ SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main', TF_BUILD: 'True' }, 2],
    [
      {
        CIRCLECI: 'true',
        CIRCLE_COMPARE_URL: `https://example.invalid/x/compare/${parent.slice(0, 12)}...0123456789ab`,
      },
      1,
    ],
  ];
  for (const [env, count] of services) {
    const said = await repo.guard(['check', '--base', '--format', 'json'], { env });
    expect(JSON.parse(said.stdout), JSON.stringify(env)).toMatchObject({
      outcome: 'refused',
      commits: { count },
    });
  }
  // After a forced push the tip of before is gone: the default branch stands in for it, unless it is
  // the very branch.
  const gone = { before: 'deadbeef'.repeat(5), repository: { default_branch: 'main' } };
  await repo.write('../event.json', JSON.stringify(gone));
  const pushes = [
    { GITHUB_EVENT_PATH: `${repo.around}/event.json` },
    { CI_COMMIT_BEFORE_SHA: gone.before, CI_DEFAULT_BRANCH: 'main' },
  ];
  for (const env of pushes)
    expect(
      JSON.parse((await repo.guard(['check', '--base', '--format', 'json'], { env })).stdout),
    ).toMatchObject({ outcome: 'refused', commits: { count: 2 } });
  await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  for (const env of pushes)
    expect(await repo.guard(['check', '--base'], { env })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('deadbeef'),
    });
  expect(await repo.guard(['check', '--base'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('guard check --base origin/main'),
  });
});

it('a clone that is too shallow to know where the branches parted could not be checked, and says what to fetch', async () => {
  const repo = await topic(async (other) => {
    await other.write('notes.md', '1\n');
    await other.commit('Notes');
  });
  await repo.git('branch', '-f', 'main', 'origin/main');
  await repo.git(
    'clone',
    '-q',
    '--depth=1',
    '--no-single-branch',
    `file://${repo.dir}`,
    '../shallow',
  );
  const cwd = `${repo.around}/shallow`;
  await repo.run('git', ['checkout', '-q', 'topic'], { cwd });
  expect(await repo.guard(['check', '--base', 'origin/main'], { cwd })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('git fetch --unshallow'),
  });
  expect(await repo.guard(['check', '--base', 'origin/nope'], { cwd })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('origin/nope'),
  });
});
