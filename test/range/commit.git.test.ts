import { expect, it } from 'vitest';
import { refusals, scene } from '../support/scene.ts';
import { withRemote } from '../tampering/grown-history.ts';

it('a commit against its parent, whatever is in the index and the working tree now', async () => {
  const repo = await scene();
  await repo.columns('description');
  await repo.stage('src');
  const bad = await repo.commit('Teams have a description');
  await repo.generate('description');
  const fixed = await repo.commit('And their migration');
  await repo.columns('description', 'unstaged');
  await repo.write('drizzle/9999_odd.sql', 'select 1;');
  await repo.stage('drizzle');
  expect(refusals(await repo.check('--commit', bad))).toEqual(['schema-drift']);
  expect(refusals(await repo.check('--commit', 'HEAD~1'))).toEqual(['schema-drift']);
  expect(await repo.check('--commit', fixed)).toMatchObject({
    outcome: 'passed',
    findings: [],
    projects: [{ checked: true, migrations: 2 }],
  });
  // The root brings a whole project, and is judged against nothing.
  expect(await repo.check('--commit', 'HEAD~2')).toMatchObject({
    outcome: 'passed',
    projects: [{ checked: true, migrations: 1 }],
  });
});

it('published is what the parents have: the commit that edits a migration is refused, that one was made before is not', async () => {
  const repo = await scene();
  await repo.columns('description');
  await repo.generate('description');
  await repo.commit('Teams have a description');
  await repo.edit('drizzle/0000_init.sql', (text) => text.replace('text', 'varchar(80)'));
  const bad = await repo.commit('Shorter');
  expect(refusals(await repo.check('--commit', bad))).toEqual(['migration-edited']);
  expect(refusals(await repo.check('--commit', `${bad}^`))).toEqual([]);
});

it('what no remote has is not published: a revert of it passes as in the hook, one of what was pushed does not', async () => {
  const repo = await scene();
  await withRemote(repo);
  await repo.columns('description');
  await repo.generate('description');
  await repo.commit('Teams have a description');
  await repo.git('revert', '--no-edit', 'HEAD');
  const reverted = (await repo.git('rev-parse', 'HEAD')).trim();
  expect(await repo.check('--commit', reverted)).toMatchObject({ outcome: 'passed', findings: [] });
  await repo.git('checkout', '-q', '--detach');
  expect(refusals(await repo.check('--commit', reverted))).toEqual(['migration-removed']);
  await repo.git('checkout', '-q', 'main');

  await repo.git('push', '-q', 'origin', 'main~1:refs/heads/main');
  expect(refusals(await repo.check('--commit', reverted))).toEqual(['migration-removed']);
  await repo.git('push', '-q');
  expect(refusals(await repo.check('--commit', reverted))).toEqual(['migration-removed']);
});

it("merges: a finding of either parent is theirs, one that both together make is the merge's", async () => {
  const repo = await scene();
  await repo.git('checkout', '-qb', 'left');
  await repo.columns('description');
  await repo.commit('Left drifts');
  await repo.git('checkout', '-q', 'main');
  await repo.write('notes.md', '1\n');
  await repo.commit('Notes');
  await repo.git('merge', '-q', '--no-edit', 'left');
  expect(await repo.check('--commit', 'HEAD')).toMatchObject({ outcome: 'passed', preexisting: 1 });

  await repo.git('reset', '-q', '--hard', 'HEAD~1');
  await repo.git('checkout', '-qb', 'one');
  await repo.write(
    'src/db/schema/one.ts',
    "import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const one = pgTable('one', { name: text('name') });\n",
  );
  await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './one';\n`);
  await repo.generate('one');
  await repo.commit('One');
  await repo.git('checkout', '-q', 'main');
  await repo.git('checkout', '-qb', 'two');
  await repo.columns('description');
  await repo.generate('two');
  await repo.commit('Two');
  // Both made 0001: who keeps only the own journal and snapshot loses the other's.
  await repo.git('checkout', '-q', 'two');
  await repo.git('merge', '-q', '--no-edit', '-X', 'ours', 'one');
  expect((await repo.git('rev-list', '--parents', '-1', 'HEAD')).trim().split(' ')).toHaveLength(3);
  const report = await repo.check('--commit', 'HEAD');
  expect(refusals(report)).toEqual(['migration-removed', 'schema-drift']);
});

it('an octopus, an empty commit, a project that moves, a submodule that moves', async () => {
  const repo = await scene();
  for (const name of ['a', 'b']) {
    await repo.git('checkout', '-q', '-b', name, 'main');
    await repo.write(`${name}.md`, name);
    await repo.commit(name);
  }
  await repo.git('checkout', '-q', 'main');
  await repo.columns('description');
  await repo.generate('description');
  await repo.commit('Teams have a description');
  await repo.git('merge', '-q', '--no-edit', 'a', 'b');
  expect((await repo.git('rev-list', '--parents', '-1', 'HEAD')).trim().split(' ')).toHaveLength(4);
  expect(await repo.check('--commit', 'HEAD')).toMatchObject({ outcome: 'passed', findings: [] });
  await repo.git('commit', '-q', '--allow-empty', '-m', 'empty');
  expect(await repo.check('--commit', 'HEAD')).toMatchObject({
    outcome: 'passed',
    nothingToCheck: expect.stringContaining('has no changes'),
  });

  await repo.git('init', '-q', '../inner');
  await repo.git('-C', '../inner', 'commit', '-q', '--allow-empty', '-m', 'one');
  await repo.git(
    '-c',
    'protocol.file.allow=always',
    'submodule',
    'add',
    '-q',
    `${repo.around}/inner`,
    'vendor/inner',
  );
  await repo.commit('a submodule');
  expect(await repo.check('--commit', 'HEAD')).toMatchObject({ outcome: 'passed', findings: [] });
  await repo.git('-C', 'vendor/inner', 'commit', '-q', '--allow-empty', '-m', 'two');
  await repo.commit('the submodule moves');
  expect(await repo.check('--commit', 'HEAD')).toMatchObject({ outcome: 'passed', findings: [] });

  for (const path of ['drizzle.config.ts', 'src', 'drizzle']) {
    await repo.write('packages/db/.keep', '');
    await repo.git('mv', path, `packages/db/${path}`);
  }
  await repo.commit('The project moves into a package');
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
});

it('what cannot be checked ends with 2 and says what to do', async () => {
  const repo = await scene();
  await repo.write('notes.md', '1\n');
  await repo.commit('Notes');
  expect(await repo.guard(['check', '--commit', 'nope'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('git knows no commit "nope"'),
  });
  expect(await repo.guard(['check', '--commit', 'HEAD', '--range', 'a..b'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--commit and --range'),
  });
  await repo.columns('description');
  await repo.commit('Teams have a description');
  await repo.git('clone', '-q', '--depth=1', `file://${repo.dir}`, '../shallow');
  const said = await repo.guard(['check', '--commit', 'HEAD'], { cwd: `${repo.around}/shallow` });
  expect(said).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('git fetch --unshallow'),
  });
});

it('the fixes of the commit that is checked out end in that commit, unless others have it', async () => {
  const repo = await scene();
  await repo.columns('description');
  const bad = await repo.commit('Teams have a description');
  const last = async (rev: string): Promise<string | undefined> =>
    (await repo.check('--commit', rev)).findings[0]?.fix.at(-1)?.run;
  expect(await last('HEAD')).toBe('git commit --amend --no-edit');
  await repo.git('init', '-q', '--bare', '--template=', '../origin');
  await repo.git('remote', 'add', 'origin', '../origin');
  await repo.git('push', '-q', '-u', 'origin', 'main');
  expect(await last('HEAD')).toBe('git add :/drizzle');
  await repo.commit('Nothing more');
  expect(await last(bad)).toBe('git add :/drizzle');
});
