import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusals, type Scene } from '../support/scene.ts';
import {
  editJournal,
  editJson,
  grow,
  grownScene,
  reset,
  snapshotOf,
  sqlOf,
  withRemote,
} from './grown-history.ts';

/**
 * `origin/main` has `0000_init`, `0001_description` and `0002_slogan`; `main` has `0003_notes` on
 * top, pushed to nobody.
 */
let repo: Scene;
const LOCAL = '0003_notes';

beforeAll(async () => {
  repo = await grownScene({ shared: true });
  await withRemote(repo);
  await grow(repo, 'notes');
  await repo.columns('description', 'slogan', 'notes');
  await repo.commit('local');
  await repo.git('tag', 'local');
});
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(() => reset(repo, 'local'));

const stagedCheck = async () => {
  await repo.git('add', '--all');
  return repo.check();
};

async function drop(tag = LOCAL): Promise<void> {
  await repo.remove(sqlOf(tag), snapshotOf(tag));
  await editJournal(repo, ({ entries }) => void entries.pop());
}

describe('what only local commits hold may change, as long as the result fits together', () => {
  it('generated again, for another column and under another name', async () => {
    await drop();
    await repo.columns('description', 'slogan', 'remarks');
    await grow(repo, 'remarks', { rise: 120_000 });
    expect(await stagedCheck()).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('generated again for `git commit --amend`, which HEAD alone could not tell', async () => {
    await drop();
    await repo.columns('description', 'slogan', 'notes', 'remarks');
    await grow(repo, 'notes', { rise: 120_000, id: '99999999' });
    expect(refusals(await stagedCheck())).toEqual(['schema-drift']);
    await grow(repo, 'remarks');
    expect(await stagedCheck()).toMatchObject({ outcome: 'passed', findings: [] });
    await repo.git('commit', '-q', '--amend', '--no-edit');
    expect(await repo.check('--all')).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('renamed, re-stamped', async () => {
    await repo.git('mv', sqlOf(LOCAL), 'drizzle/0003_remarks.sql');
    await editJournal(
      repo,
      ({ entries }) =>
        void Object.assign(entries[3]!, { tag: '0003_remarks', when: entries[3]!.when + 5 }),
    );
    expect(await stagedCheck()).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('dropped with its column, and not without it', async () => {
    await drop();
    expect(refusals(await stagedCheck())).toEqual(['schema-drift']);
    await repo.columns('description', 'slogan');
    expect(await stagedCheck()).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('dropped in part: the result has to fit together', async () => {
    await repo.remove(snapshotOf(LOCAL));
    expect(refusals(await stagedCheck())).toEqual(['migration-incomplete']);
    await reset(repo);
    await editJournal(repo, ({ entries }) => void entries.pop());
    expect(refusals(await stagedCheck())).toEqual(['migration-orphaned']);
  });
});

describe('what the upstream has is published anyway', () => {
  it('edited, the way out names the revision that has it', async () => {
    await repo.edit(sqlOf('0002_slogan'), (text) => text.replace('text', 'varchar(80)'));
    const report = await stagedCheck();
    expect(refusals(report)).toEqual(['migration-edited']);
    expect(report.findings[0]?.fix[0]?.run).toBe(
      'git restore --source=HEAD --staged --worktree -- :/drizzle/0002_slogan.sql',
    );
  });

  it('removed, re-stamped', async () => {
    await drop();
    await drop('0002_slogan');
    await repo.columns('description');
    const removed = await stagedCheck();
    expect(refusals(removed)).toEqual(['migration-removed']);
    expect(removed.findings[0]?.message).toBe('the published migration 0002_slogan was removed');
    await reset(repo);
    await editJournal(repo, ({ entries }) => entries.forEach((entry) => (entry.when -= 1)));
    const stamped = await stagedCheck();
    expect(refusals(stamped)).toEqual(['migration-removed']);
    expect(stamped.findings[0]?.message).toBe(
      'the published migrations 0000_init, 0001_description and 0002_slogan have changed journal entries',
    );
  });

  it('edited in a local commit that no hook saw: taking it back passes, editing it further does not', async () => {
    const path = sqlOf('0002_slogan');
    const published = await repo.read(path);
    await repo.edit(path, (text) => text.replace('text', 'varchar(80)'));
    await repo.commit('edited, --no-verify');
    await repo.edit(path, (text) => text.replace('80', '90'));
    const report = await stagedCheck();
    expect(refusals(report)).toEqual(['migration-edited']);
    const base = (await repo.git('rev-parse', 'origin/main')).trim();
    expect(report.findings[0]?.fix[0]?.run).toBe(
      `git restore --source=${base} --staged --worktree -- :/${path}`,
    );
    await repo.write(path, published);
    expect(await stagedCheck()).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('removed and re-stamped in local commits that no hook saw: bringing it back passes', async () => {
    await editJournal(repo, ({ entries }) => void (entries[1]!.when += 9));
    await repo.remove(snapshotOf('0001_description'));
    await repo.commit('--no-verify');
    await repo.git('checkout', '-q', 'local', '--', 'drizzle');
    expect(await stagedCheck()).toMatchObject({ outcome: 'passed', findings: [] });
  });
});

it('what another remote-tracking branch has is published too', async () => {
  await repo.git('push', '-q', 'origin', 'HEAD:refs/heads/backup');
  await drop();
  await repo.columns('description', 'slogan');
  expect(refusals(await stagedCheck())).toEqual(['migration-removed']);
  await reset(repo);
  await repo.edit(sqlOf(LOCAL), (text) => `${text}\n`);
  expect(refusals(await stagedCheck())).toEqual(['migration-edited']);
  await reset(repo);
  await editJson(
    repo,
    snapshotOf(LOCAL),
    (json) => void Object.assign(json, { _meta: { schemas: {}, tables: {}, columns: { a: 'b' } } }),
  );
  expect(refusals(await stagedCheck())).toEqual(['migration-edited']);
  await repo.git('push', '-q', 'origin', ':backup');
});
