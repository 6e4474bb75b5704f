import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { refusals, type Scene } from '../support/scene.ts';
import { grow, grownScene, JOURNAL, reset, snapshotOf, sqlOf } from './grown-history.ts';

/**
 * Markers in an ordinary commit, where no merge is under way: a rebase, a stash or a patch left
 * them.
 */
let repo: Scene;

beforeAll(async () => {
  repo = await grownScene({ shared: true });
});
afterAll(() => repo[Symbol.asyncDispose]());

beforeEach(async () => {
  await reset(repo);
  await repo.columns('description', 'slogan', 'notes');
  await grow(repo, 'notes');
});

const mark = (line: RegExp) => (text: string) =>
  text.replace(line, '<<<<<<< Updated upstream\n$&\n=======\n$&\n>>>>>>> Stashed changes');

it.each([
  {
    file: JOURNAL,
    line: /^.*"0003_notes".*$/m,
    rules: ['journal-invalid'],
    says: 'holds conflict markers',
  },
  {
    file: snapshotOf('0003_notes'),
    line: /^ {2}"prevId".*$/m,
    rules: ['snapshot-invalid'],
    says: 'holds conflict markers',
  },
  {
    file: sqlOf('0003_notes'),
    line: /^.*$/m,
    rules: ['migration-incomplete'],
    says: 'holds conflict markers',
  },
  { file: 'src/db/schema/teams.ts', line: /^.*notes.*$/m, rules: ['schema-unreadable'], says: '' },
])('in $file', async ({ file, line, rules, says }) => {
  await repo.git('add', '--all');
  const honest = await repo.read(file);
  await repo.edit(file, mark(line));
  const at = (await repo.read(file)).split('\n').findIndex((one) => one.startsWith('<<<<<<<')) + 1;
  await repo.stage(file);
  const report = await repo.check();
  expect(refusals(report)).toEqual(rules);
  expect(report.findings[0]).toMatchObject({
    path: file,
    line: at,
    message: expect.stringContaining(says),
  });
  await repo.write(file, honest);
  await repo.stage(file);
  expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
});

it('a line of equals signs in SQL is a line that somebody drew', async () => {
  await repo.edit(sqlOf('0003_notes'), (text) => `-- notes\n-- =======\n/*\n=======\n*/\n${text}`);
  await repo.git('add', '--all');
  expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
});
