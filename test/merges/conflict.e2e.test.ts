import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusals, type Scene } from '../support/scene.ts';
import {
  editJournal,
  editJson,
  grow,
  grownScene,
  JOURNAL,
  readSnapshot,
  reset,
  snapshotOf,
  sqlOf,
  withRemote,
} from '../tampering/grown-history.ts';
import { sample } from '../support/run-settings.ts';

/**
 * `origin/main` has `0003_colour`, and a note in the README; the branch `feature` has `0003_notes`,
 * pushed to nobody. Every test stands in the middle of `git merge origin/main`: journal, snapshot
 * and schema are in conflict.
 */
let repo: Scene;

beforeAll(async () => {
  repo = await grownScene({ shared: true });
  await repo.git('branch', 'feature');
  await grow(repo, 'colour', { rise: 3_600_000 });
  await repo.columns('description', 'slogan', 'colour');
  await repo.write('README.md', 'about colours\n');
  await repo.commit('theirs');
  await withRemote(repo);
  await repo.git('checkout', '-q', 'feature');
  await grow(repo, 'notes');
  await repo.columns('description', 'slogan', 'notes');
  await repo.commit('ours');
  await repo.hook();
});
afterAll(() => repo[Symbol.asyncDispose]());

beforeEach(async () => {
  await reset(repo, 'feature');
  const { exitCode, stdout } = await repo.run('git', ['merge', '--no-edit', 'origin/main']);
  expect(exitCode).toBe(1);
  for (const path of [JOURNAL, 'drizzle/meta/0003_snapshot.json', 'src/db/schema/teams.ts'])
    expect(stdout).toContain(`Merge conflict in ${path}`);
});

/** Their migrations as they are, and ours generated again on top. */
async function resolveWell(): Promise<void> {
  await repo.git('checkout', '-q', 'origin/main', '--', 'drizzle');
  await repo.git('rm', '-qf', sqlOf('0003_notes'));
  await grow(repo, 'notes');
  await repo.columns('description', 'slogan', 'colour', 'notes');
}

/** What `git checkout --ours` and `git rm` make of it: our migrations and nothing of theirs. */
async function takeOurs(): Promise<void> {
  await repo.git('checkout', '-q', 'HEAD', '--', 'drizzle', 'src');
}

const stagedCheck = async () => {
  await repo.git('add', '--all');
  return repo.check();
};

it('cannot be checked before it is resolved', async () => {
  expect(await repo.check()).toMatchObject({
    outcome: 'unable',
    error: { code: 'index-unmerged' },
  });
});

it('passes when ours was generated again on top of theirs, and is recorded with two parents', async () => {
  await resolveWell();
  expect(await stagedCheck()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 0 });
  const { exitCode, stderr } = await repo.run('git', ['commit', '-q', '--no-edit']);
  expect(stderr).toContain('drizzle-guard: passed');
  expect(exitCode).toBe(0);
  expect((await repo.git('rev-list', '--parents', '-n1', 'HEAD')).trim().split(' ')).toHaveLength(
    3,
  );
  await reset(repo, 'HEAD~1');
});

interface Resolution {
  readonly what: string;
  readonly resolve: () => Promise<unknown>;
  readonly rules: readonly string[];
  readonly says: RegExp;
}

const BADLY: readonly Resolution[] = [
  {
    what: 'their journal entry is dropped, their SQL stays',
    resolve: async () => {
      await takeOurs();
      await repo.git('checkout', '-q', 'origin/main', '--', sqlOf('0003_colour'));
    },
    rules: ['migration-removed'],
    says: /the journal entry of the published migration 0003_colour was removed, but drizzle\/0003_colour\.sql stayed: the migrator will not run it/,
  },
  {
    what: 'all of their migration is dropped, and their schema change with it',
    resolve: async () => {
      await takeOurs();
      await repo.git('rm', '-qf', sqlOf('0003_colour'));
    },
    rules: ['migration-removed'],
    says: /the published migration 0003_colour was removed/,
  },
  {
    what: 'nothing of theirs is left at all: the tree is the one of HEAD',
    resolve: () =>
      repo
        .git('checkout', '-q', 'HEAD', '--', '.')
        .then(() => repo.git('rm', '-qf', 'README.md', sqlOf('0003_colour'))),
    rules: ['migration-removed'],
    says: /the published migration 0003_colour was removed/,
  },
  {
    what: 'our journal entry is dropped, our SQL stays',
    resolve: async () => {
      await repo.git('checkout', '-q', 'origin/main', '--', 'drizzle');
      await repo.columns('description', 'slogan', 'colour', 'notes');
    },
    rules: ['migration-orphaned', 'schema-drift'],
    says: /column teams\.notes \(text\) is in the schema but in no migration/,
  },
  {
    what: 'both entries are kept under one number, with our snapshot',
    resolve: async () => {
      await takeOurs();
      await repo.git('checkout', '-q', 'origin/main', '--', sqlOf('0003_colour'), JOURNAL);
      await editJournal(
        repo,
        ({ entries }) =>
          void entries.push({ ...entries[3]!, tag: '0003_notes', when: entries[3]!.when + 1 }),
      );
      await repo.columns('description', 'slogan', 'colour', 'notes');
    },
    rules: ['migration-edited', 'journal-order', 'schema-drift'],
    says: /0003_colour/,
  },
  {
    what: 'ours is renamed, its idx is not',
    resolve: async () => {
      await resolveWell();
      await editJournal(repo, ({ entries }) => void (entries[4]!.idx = 3));
    },
    rules: ['journal-order'],
    says: /0003_colour and 0004_notes both have idx 3/,
  },
  {
    what: 'ours is renamed and keeps its `when`, which is below theirs',
    resolve: async () => {
      await resolveWell();
      await editJournal(repo, ({ entries }) => void (entries[4]!.when = entries[2]!.when + 60_000));
    },
    rules: ['journal-order'],
    says: /the `when` of 0004_notes is not above that of 0003_colour: every database that has 0003_colour silently skips it/,
  },
  {
    what: 'ours is renamed and keeps its snapshot, which does not know theirs',
    resolve: async () => {
      await resolveWell();
      const ours = await repo.git('show', `HEAD:${snapshotOf('0003_notes')}`);
      await repo.write(snapshotOf('0004_notes'), ours);
    },
    rules: ['snapshot-chain'],
    says: /the snapshots of 0003_colour and 0004_notes have the same parent: they come from two branches/,
  },
  {
    what: 'only the prevId of our snapshot is still the old one',
    resolve: async () => {
      await resolveWell();
      const parent = await readSnapshot(repo, '0002_slogan');
      await editJson(repo, snapshotOf('0004_notes'), (json) => void (json.prevId = parent.id));
    },
    rules: ['snapshot-chain'],
    says: /0004_notes/,
  },
  {
    what: 'our snapshot is missing',
    resolve: async () => {
      await resolveWell();
      await repo.remove(snapshotOf('0004_notes'));
    },
    rules: ['migration-incomplete'],
    says: /0004_notes has a journal entry but no snapshot/,
  },
  {
    what: 'their snapshot is missing',
    resolve: async () => {
      await resolveWell();
      await repo.remove(snapshotOf('0003_colour'));
    },
    rules: ['migration-removed'],
    says: /drizzle\/meta\/0003_snapshot\.json of the published migration 0003_colour was removed/,
  },
  {
    what: 'our SQL went into theirs',
    resolve: async () => {
      await resolveWell();
      await repo.edit(sqlOf('0003_colour'), (text) => `${text}\n-- and notes\n`);
    },
    rules: ['migration-edited'],
    says: /the SQL of the published migration 0003_colour was edited: only white space and comments changed/,
  },
  {
    what: 'conflict markers in the journal',
    resolve: async () => {
      const marked = await repo.read(JOURNAL);
      await resolveWell();
      await repo.write(JOURNAL, marked);
    },
    rules: ['journal-invalid'],
    says: /_journal\.json holds conflict markers/,
  },
  {
    what: 'conflict markers in a snapshot that is theirs',
    resolve: async () => {
      const marked = await repo.read(snapshotOf('0003_colour'));
      await resolveWell();
      await repo.write(snapshotOf('0003_colour'), marked);
    },
    rules: ['migration-edited'],
    says: /the snapshot of the published migration 0003_colour was edited: its content changed; it holds conflict markers/,
  },
  {
    what: 'conflict markers in the schema',
    resolve: async () => {
      const marked = await repo.read('src/db/schema/teams.ts');
      await resolveWell();
      await repo.write('src/db/schema/teams.ts', marked);
    },
    rules: ['schema-unreadable'],
    says: /./,
  },
  {
    what: 'their column is lost from the schema, their migration stays',
    resolve: async () => {
      await resolveWell();
      await repo.columns('description', 'slogan', 'notes');
    },
    rules: ['schema-drift'],
    says: /column teams\.colour is no longer in the schema/,
  },
];

describe('resolved badly', () => {
  it.each(sample(BADLY, 2))('$what', async ({ resolve, rules, says }) => {
    await resolve();
    const report = await stagedCheck();
    expect(refusals(report)).toEqual(rules);
    expect(report.findings.map(({ message }) => message).join('\n')).toMatch(says);
  });

  it('does not become a commit, however little of it HEAD alone shows', async () => {
    await takeOurs();
    await repo.git('rm', '-qf', 'README.md', sqlOf('0003_colour'));
    const before = await repo.git('rev-parse', 'HEAD');
    expect(await repo.git('diff', '--cached', '--name-only', 'HEAD')).toBe('');
    const { exitCode, stderr } = await repo.run('git', ['commit', '--no-edit']);
    expect(stderr).toContain('migration-removed: the published migration 0003_colour was removed');
    // HEAD never had it: the other side of the merge has.
    expect(stderr).toContain(
      'git restore --source=MERGE_HEAD --staged --worktree -- :/drizzle/meta/_journal.json :/drizzle/0003_colour.sql :/drizzle/meta/0003_snapshot.json',
    );
    expect(exitCode).toBe(1);
    expect(await repo.git('rev-parse', 'HEAD')).toBe(before);
  });
});
