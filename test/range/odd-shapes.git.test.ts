import { expect, it } from 'vitest';
import { grow } from '../tampering/grown-history.ts';
import { lines } from '../push/lines.ts';
import { refusals, scene } from '../support/scene.ts';

it('two branches that merged each other: what both bases had blocks neither, what is added does', async () => {
  const repo = await lines();
  await repo.git('checkout', '-qb', 'left');
  await repo.columns('left');
  await repo.slip('Left drifts');
  await repo.git('checkout', '-q', 'main');
  await repo.write('notes.md', '1\n');
  const right = await repo.slip('Right');
  await repo.git('merge', '-q', '--no-edit', '--no-verify', 'left');
  await repo.git('checkout', '-q', 'left');
  await repo.git('merge', '-q', '--no-edit', '--no-verify', right);
  expect((await repo.git('merge-base', '--all', 'left', 'main')).trim().split('\n')).toHaveLength(
    2,
  );
  await repo.write('src/app.ts', 'export const app = 1;\n');
  await repo.slip('Left goes on');
  expect(await repo.check('--base', 'main')).toMatchObject({ outcome: 'passed', findings: [] });
  expect(await repo.check('--range', 'main..left')).toMatchObject({
    outcome: 'passed',
    findings: [],
  });
  await repo.columns('left', 'more');
  const bad = await repo.slip('Left drifts further');
  expect((await repo.check('--base', 'main')).findings).toMatchObject([
    { rule: 'schema-drift', commit: bad },
  ]);
});

it('a pull request as CI checks it out: the merge of both, deep enough or not; and a base that says nothing new', async () => {
  const repo = await lines();
  await repo.git('checkout', '-qb', 'topic');
  await repo.whole('topic');
  await repo.git('checkout', '-q', 'main');
  await repo.write('notes.md', '1\n');
  await repo.slip('Notes');
  await repo.git('push', '-q', '--no-verify', 'origin', 'main');
  await repo.git('checkout', '-q', '--detach', 'main');
  await repo.git('merge', '-q', '--no-edit', '--no-verify', 'topic');
  expect(await repo.check('--base', 'origin/main')).toMatchObject({
    outcome: 'passed',
    findings: [],
    commits: { count: 2 },
  });
  expect(await repo.check('--base', 'HEAD')).toMatchObject({
    outcome: 'passed',
    nothingToCheck: expect.stringContaining('no commit'),
  });
  expect(await repo.check('--base', 'HEAD^1')).toMatchObject({ outcome: 'passed', findings: [] });
  // Merged by somebody who took only his own side's schema.
  await repo.columns();
  await repo.git('commit', '-qa', '--amend', '--no-verify', '--no-edit');
  expect(refusals(await repo.check('--base', 'origin/main'))).toEqual(['schema-drift']);
  await repo.git('branch', 'merged');

  // GitHub's own depth for it: the merge, and the two that it merges, of which one is cut off.
  await repo.git('clone', '-q', '--depth=2', '--branch=merged', `file://${repo.dir}`, '../deep-2');
  const cwd = `${repo.around}/deep-2`;
  expect(await repo.guard(['check', '--base', 'HEAD^1'], { cwd })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('git fetch --unshallow'),
  });
  expect(await repo.guard(['check', '--base', 'origin/main'], { cwd })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('origin/main'),
  });
});

it('ends that are swapped, the same, or have nothing in common', async () => {
  const repo = await lines();
  await repo.git('tag', 'start');
  await repo.columns('description');
  await repo.slip('Drifts');
  expect(await repo.check('--range', 'HEAD..start')).toMatchObject({
    outcome: 'passed',
    nothingToCheck: expect.stringContaining('no commit'),
  });
  expect(await repo.check('--range', 'HEAD..HEAD')).toMatchObject({
    outcome: 'passed',
    nothingToCheck: expect.stringContaining('no commit'),
  });
  await repo.git('checkout', '-q', '--orphan', 'alone');
  await repo.slip('All again');
  // Nothing of it is excused: there is nothing that it was made from.
  expect(refusals(await repo.check('--range', 'start..alone'))).toEqual(['schema-drift']);
  await grow(repo, 'description');
  await repo.git('add', '-A');
  await repo.git('commit', '-q', '--amend', '--no-verify', '--no-edit');
  expect(await repo.check('--range', 'start..alone')).toMatchObject({
    outcome: 'passed',
    findings: [],
  });
});

it('a repository whose objects are named by SHA-256', async () => {
  const repo = await scene('postgresql', { objectFormat: 'sha256' });
  await repo.git(
    'init',
    '-q',
    '--bare',
    '--object-format=sha256',
    '--initial-branch=main',
    '../origin',
  );
  await repo.git('remote', 'add', 'origin', '../origin');
  await repo.git('push', '-q', '-u', 'origin', 'main');
  await repo.hook();
  await repo.columns('description');
  const bad = await repo.commit('Drifts');
  await repo.write('notes.md', '1\n');
  await repo.commit('Notes');
  expect((await repo.check('--range', 'origin/main..')).findings).toMatchObject([
    { rule: 'schema-drift', commit: bad },
  ]);
  expect(refusals(await repo.check('--commit', bad))).toEqual(['schema-drift']);
  expect(await repo.run('git', ['push', 'origin', 'main:refs/heads/new'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(`commit ${bad.slice(0, 8)} "Drifts"`),
  });
});
