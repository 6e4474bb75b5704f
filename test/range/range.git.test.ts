import { expect, it } from 'vitest';
import { refusals, scene } from '../support/scene.ts';

it('every commit of a range, then what they come to', async () => {
  const repo = await scene();
  await repo.git('tag', 'start');
  await repo.columns('description');
  const bad = await repo.commit('Teams have a description');
  await repo.write('notes.md', '1\n');
  await repo.commit('Notes');
  await repo.generate('description');
  const late = await repo.commit('And their migration');
  const report = await repo.check('--range', 'start..HEAD');
  expect(report).toMatchObject({
    outcome: 'refused',
    commits: { count: 3, looked: 2 },
    findings: [{ rule: 'split-commit', commit: bad, subject: 'Teams have a description' }],
  });
  expect(report.findings[0]?.message).toContain(`${late.slice(0, 8)} "And their migration"`);
  // Only what the range holds is judged.
  expect(await repo.check('--range', `${bad}..HEAD`)).toMatchObject({
    outcome: 'passed',
    findings: [],
  });
  expect(await repo.check('--range', '..HEAD')).toMatchObject({
    outcome: 'passed',
    nothingToCheck: 'the range has no commits',
  });
  expect(await repo.guard(['check', '--range', 'start'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('<a>..<b>'),
  });
});

it('published is what the start of the range has: what the range itself made it may make again', async () => {
  const repo = await scene();
  await repo.git('tag', 'start');
  await repo.columns('description');
  await repo.generate('description');
  await repo.commit('Teams have a description');
  await repo.git('rm', '-rq', 'drizzle');
  await repo.git('checkout', 'start', '--', 'drizzle');
  await repo.columns('about');
  await repo.generate('about');
  await repo.commit('No, an about');
  expect(await repo.check('--range', 'start..HEAD')).toMatchObject({
    outcome: 'passed',
    findings: [],
  });
  await repo.edit('drizzle/0000_init.sql', (text) => text.replace('text', 'varchar(80)'));
  await repo.commit('Shorter');
  expect(refusals(await repo.check('--range', 'start..HEAD'))).toEqual(['migration-edited']);
});

it('findings that were there before the range are counted, and shown with --all', async () => {
  const repo = await scene();
  await repo.write('drizzle/0000_stray.sql', 'select 1;\n');
  await repo.commit('A stray file, long ago');
  await repo.git('tag', 'start');
  await repo.columns('description');
  await repo.generate('description');
  await repo.commit('Teams have a description');
  expect(await repo.check('--range', 'start..')).toMatchObject({
    outcome: 'passed',
    findings: [],
    preexisting: 1,
  });
  expect(await repo.check('--range', 'start..', '--all')).toMatchObject({
    outcome: 'passed',
    findings: [{ rule: 'migration-orphaned', preexisting: true }],
  });
});

it('a commit that cannot be checked leaves no verdict on the range, and what was found is shown anyway', async () => {
  const repo = await scene();
  await repo.git('tag', 'start');
  await repo.columns('description');
  const bad = await repo.commit('Teams have a description');
  await repo.write('package.json', JSON.stringify({ guard: { rules: { 'no-such-rule': 'off' } } }));
  const odd = await repo.commit('An odd setting');
  const report = await repo.check('--range', 'start..HEAD');
  expect(report).toMatchObject({
    outcome: 'unable',
    error: { code: 'guard-config-invalid', message: expect.stringContaining(odd.slice(0, 12)) },
    findings: [{ rule: 'schema-drift', commit: bad }],
  });
  expect(await repo.guard(['check', '--range', 'start..HEAD'])).toMatchObject({
    exitCode: 2,
    stdout: expect.stringContaining('schema-drift'),
  });
});
