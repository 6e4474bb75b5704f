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
} from './grown-history.ts';
import { sample } from '../support/run-settings.ts';

/** Without a remote, what HEAD has is published: `0000_init`, `0001_description`, `0002_slogan`. */
let repo: Scene;
const OLD = '0001_description';
const NEWEST = '0002_slogan';

beforeAll(async () => {
  repo = await grownScene({ shared: true });
});
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(() => reset(repo));

const stagedCheck = async () => {
  await repo.git('add', '--all');
  return repo.check();
};

interface Tampering {
  readonly what: string;
  readonly tamper: () => Promise<unknown>;
  readonly rules: readonly string[];
  readonly says: RegExp;
  /** What of the fix can be pasted. */
  readonly fix?: RegExp;
}

const REMOVED: readonly Tampering[] = [
  {
    what: 'SQL deleted',
    tamper: () => repo.remove(sqlOf(OLD)),
    rules: ['migration-removed'],
    says: /^drizzle\/0001_description\.sql of the published migration 0001_description was removed$/,
    fix: /^git restore --source=HEAD --staged --worktree -- :\/drizzle\/0001_description\.sql$/,
  },
  {
    what: 'snapshot deleted, an older one',
    tamper: () => repo.remove(snapshotOf(OLD)),
    rules: ['migration-removed'],
    says: /^drizzle\/meta\/0001_snapshot\.json of the published migration 0001_description was removed$/,
  },
  {
    what: 'snapshot deleted, the newest one',
    tamper: () => repo.remove(snapshotOf(NEWEST)),
    rules: ['migration-removed'],
    says: /^drizzle\/meta\/0002_snapshot\.json of the published migration 0002_slogan was removed$/,
  },
  {
    what: 'journal entry removed',
    tamper: () => editJournal(repo, ({ entries }) => void entries.splice(1, 1)),
    rules: ['migration-removed'],
    says: /^the journal entry of the published migration 0001_description was removed, but drizzle\/0001_description\.sql and drizzle\/meta\/0001_snapshot\.json stayed: the migrator will not run it$/,
    fix: /^git restore --source=HEAD --staged --worktree -- :\/drizzle\/meta\/_journal\.json$/,
  },
  {
    what: 'the newest one dropped with all its parts, and its column',
    tamper: async () => {
      await repo.remove(sqlOf(NEWEST), snapshotOf(NEWEST));
      await editJournal(repo, ({ entries }) => void entries.pop());
      await repo.columns('description');
    },
    rules: ['migration-removed'],
    says: /^the published migration 0002_slogan was removed$/,
  },
  {
    what: 'the newest one generated again under another name',
    tamper: async () => {
      await repo.remove(sqlOf(NEWEST), snapshotOf(NEWEST));
      await editJournal(repo, ({ entries }) => void entries.pop());
      await repo.columns('description', 'motto2');
      await grow(repo, 'motto2', { rise: 61_000 });
    },
    rules: ['migration-removed'],
    says: /^the published migration 0002_slogan was removed$/,
  },
  {
    what: 'renamed: SQL and tag',
    tamper: async () => {
      await repo.git('mv', sqlOf(OLD), 'drizzle/0001_about.sql');
      await editJournal(repo, ({ entries }) => void (entries[1]!.tag = '0001_about'));
    },
    rules: ['migration-removed'],
    says: /^the published migration 0001_description was renamed to 0001_about$/,
  },
  {
    what: 'renamed: SQL, snapshot, tag and idx',
    tamper: async () => {
      await repo.git('mv', sqlOf(NEWEST), 'drizzle/0003_slogan.sql');
      await repo.git('mv', snapshotOf(NEWEST), 'drizzle/meta/0003_snapshot.json');
      await editJournal(
        repo,
        ({ entries }) => void Object.assign(entries[2]!, { tag: '0003_slogan', idx: 3 }),
      );
    },
    rules: ['migration-removed'],
    says: /^the published migration 0002_slogan was renamed to 0003_slogan$/,
  },
  {
    what: 'renamed: the SQL file alone',
    tamper: () => repo.git('mv', sqlOf(OLD), 'drizzle/0001_about.sql'),
    rules: ['migration-removed', 'migration-orphaned'],
    says: /^drizzle\/0001_description\.sql of the published migration 0001_description was removed \(now drizzle\/0001_about\.sql\)$/,
  },
  {
    what: 're-ordered',
    tamper: () =>
      editJournal(repo, ({ entries }) => void entries.splice(1, 2, entries[2]!, entries[1]!)),
    rules: ['migration-removed'],
    says: /were reordered/,
  },
  {
    what: 're-stamped: `when`',
    tamper: () => editJournal(repo, ({ entries }) => void (entries[1]!.when += 1)),
    rules: ['migration-removed'],
    says: /^the journal entry of the published migration 0001_description changed: when \d+ -> \d+$/,
  },
  {
    what: 're-stamped: `breakpoints`',
    tamper: () => editJournal(repo, ({ entries }) => void (entries[1]!.breakpoints = false)),
    rules: ['migration-removed'],
    says: /changed: breakpoints true -> false$/,
  },
  {
    what: 're-stamped: `version`',
    tamper: () => editJournal(repo, ({ entries }) => void (entries[1]!.version = '6')),
    rules: ['migration-removed'],
    says: /changed: version 7 -> 6$/,
  },
  {
    what: 'every `when` re-stamped',
    tamper: () => editJournal(repo, ({ entries }) => entries.forEach((entry) => (entry.when += 7))),
    rules: ['migration-removed'],
    says: /^the published migrations 0000_init, 0001_description and 0002_slogan have changed journal entries$/,
  },
  {
    what: 'the whole migrations folder deleted',
    tamper: () => repo.remove('drizzle'),
    rules: ['migration-removed'],
    says: /^the whole history was removed: 3 published migrations$/,
    fix: /^git restore --source=HEAD --staged --worktree -- :\/drizzle\/meta\/_journal\.json :\/drizzle\/0000_init\.sql /,
  },
  {
    what: 'all squashed into one',
    tamper: async () => {
      await repo.git('mv', snapshotOf(NEWEST), 'drizzle/meta/0000_snapshot.json', '-f');
      await repo.remove(sqlOf('0000_init'), sqlOf(OLD), sqlOf(NEWEST), snapshotOf(OLD));
      await editJson(
        repo,
        'drizzle/meta/0000_snapshot.json',
        (json) =>
          void Object.assign(json, {
            id: '22222222-2222-4222-8222-222222222222',
            prevId: '00000000-0000-0000-0000-000000000000',
          }),
      );
      await repo.write('drizzle/0000_squashed.sql', 'CREATE TABLE "teams" ();\n');
      await editJournal(
        repo,
        (journal) =>
          void (journal.entries = [
            {
              ...journal.entries[2]!,
              idx: 0,
              tag: '0000_squashed',
              when: journal.entries[2]!.when + 60_000,
            },
          ]),
      );
    },
    rules: ['migration-removed', 'sql-edited'],
    says: /^the published migrations 0000_init, 0001_description and 0002_slogan were removed$/,
  },
];

describe('a published migration removed, renamed, re-ordered, re-stamped', () => {
  it.each(sample(REMOVED, 2))('$what', async ({ tamper, rules, says, fix }) => {
    await tamper();
    const report = await stagedCheck();
    expect(refusals(report)).toEqual(rules);
    expect(report.findings[0]?.message).toMatch(says);
    if (fix !== undefined) expect(report.findings[0]?.fix[0]?.run).toMatch(fix);
  });
});

it('the fix of a refusal: pasted, it leaves nothing to refuse', async () => {
  await REMOVED.find(({ what }) => what.startsWith('all squashed'))?.tamper();
  const [finding] = (await stagedCheck()).findings;
  await repo.run('sh', ['-c', finding?.fix[0]?.run ?? 'false']);
  await repo.remove('drizzle/0000_squashed.sql');
  expect(await stagedCheck()).toMatchObject({
    outcome: 'passed',
    nothingToCheck: expect.any(String),
  });
});
