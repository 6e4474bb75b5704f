import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusals, type Scene } from '../support/scene.ts';
import {
  asOlder,
  editJournal,
  editJson,
  grow,
  grownScene,
  reset,
  snapshotOf,
} from './grown-history.ts';

let repo: Scene;

beforeAll(async () => {
  repo = await grownScene({ shared: true });
  await repo.git('tag', 'sound');
});
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(() => reset(repo, 'sound'));

const stagedCheck = async () => {
  await repo.git('add', '--all');
  return repo.check();
};

describe('pre-existing findings do not block a change elsewhere', () => {
  it('the same findings in HEAD are counted, and only `--all` shows them', async () => {
    await editJournal(repo, ({ entries }) => void (entries[2]!.when = entries[1]!.when));
    await editJson(
      repo,
      snapshotOf('0002_slogan'),
      (json) => void (json.prevId = '11111111-1111-4111-8111-111111111111'),
    );
    await repo.commit('odd, and there');
    await repo.columns('description', 'slogan', 'notes');
    await grow(repo, 'notes');
    // Unchanged snapshots are not read, so the chain is not even counted.
    expect(await stagedCheck()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 1 });
    const all = await repo.check('--all');
    expect(all).toMatchObject({ outcome: 'passed', preexisting: 2 });
    expect(all.findings.map(({ rule, preexisting }) => [rule, preexisting])).toEqual([
      ['journal-order', true],
      ['snapshot-chain', true],
    ]);
  });

  it('but for the snapshot that drizzle-kit would diff against: without it nothing can be judged, whoever broke it', async () => {
    for (const tag of ['0000_init', '0001_description', '0002_slogan'])
      await editJson(repo, snapshotOf(tag), asOlder);
    await repo.commit('written by an old drizzle-kit');
    await repo.columns('description', 'slogan', 'notes');
    const report = await stagedCheck();
    expect(refusals(report)).toEqual(['snapshot-invalid']);
    expect(report.findings[0]).toMatchObject({
      path: snapshotOf('0002_slogan'),
      fix: [
        { run: '( cd ./$(git rev-parse --show-cdup) && npx drizzle-kit up )\ngit add :/drizzle' },
      ],
    });
    await reset(repo);
    await repo.write('README.md', 'elsewhere');
    await repo.write('src/app.ts', 'export {};\n');
    expect(await stagedCheck()).toMatchObject({
      outcome: 'passed',
      nothingToCheck: expect.any(String),
    });
  });
});
