import { describe, expect, it } from 'vitest';
import type { ReviewRuleId, RuleId } from '../../src/rules/index.ts';
import { config } from '../support/drizzle-project.ts';
import { WHOLE } from '../support/run-settings.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';
import { paste, type Pasting } from './pasting.ts';
import {
  asOlder,
  editJournal,
  editJson,
  grow,
  grownScene,
  JOURNAL,
  snapshotOf,
  sqlOf,
  withRemote,
} from '../tampering/grown-history.ts';

interface Situation extends Omit<Pasting, 'folder'> {
  readonly what: string;
  readonly make: (repo: Scene) => Promise<unknown>;
  /** Other than the grown history with three migrations. */
  readonly from?: () => Promise<Scene>;
  /** Arguments of `guard check`. */
  readonly args?: readonly string[];
  /** What is left for a person to decide, when everything has been pasted. */
  readonly left?: readonly RuleId[];
}

const NEW = '0003_notes';
/** A new migration that is right, staged. */
const mine = async (repo: Scene): Promise<void> => {
  await repo.columns('description', 'slogan', 'notes');
  await grow(repo, 'notes');
  await repo.git('add', '--all');
};
/** The same, tampered with. */
const spoilt =
  (tamper: (repo: Scene) => Promise<unknown>) =>
  async (repo: Scene): Promise<void> => {
    await mine(repo);
    await tamper(repo);
    await repo.git('add', '--all');
  };
/** A branch with a migration of its own. */
const onBranch = async (repo: Scene): Promise<void> => {
  await repo.git('checkout', '-q', '-b', 'topic');
  await mine(repo);
  await repo.commit('mine');
};
/** A merge of two migrations that both branches made, with the conflict markers staged. */
const merged = async (repo: Scene): Promise<void> => {
  await withRemote(repo);
  await repo.git('checkout', '-q', '-b', 'topic');
  await repo.columns('description', 'slogan', 'mine');
  await grow(repo, 'mine', { id: '33333333' });
  await repo.commit('mine');
  await repo.git('checkout', '-q', 'main');
  await repo.write(
    'src/db/schema/members.ts',
    (await repo.read('src/db/schema/members.ts')).replace('id:', '// theirs\n    id:'),
  );
  await repo.columns('theirs', 'description', 'slogan');
  await grow(repo, 'theirs');
  await repo.commit('theirs');
  await repo.git('push', '-q', 'origin', 'main');
  await repo.git('checkout', '-q', 'topic');
};
const resolve = async (repo: Scene): Promise<void> => {
  await repo.columns('theirs', 'description', 'slogan', 'mine');
  await repo.git('add', 'src');
};

/** For each rule, but that of drizzle-kit 1.x alone, the situations in which it refuses, or warns. */
const SITUATIONS: Readonly<
  Record<Exclude<RuleId, ReviewRuleId | 'migration-order' | 'push-in-deploy'>, readonly Situation[]>
> = {
  'config-unreadable': [
    {
      what: 'a syntax error',
      left: ['config-unreadable'],
      make: spoilt((repo) => repo.write('drizzle.config.ts', 'export default {')),
    },
  ],
  'guard-narrowed': [
    { what: 'the config is removed', make: (repo) => repo.git('rm', '-q', 'drizzle.config.ts') },
    {
      what: 'and the journal',
      make: (repo) => repo.git('rm', '-q', 'drizzle.config.ts', JOURNAL),
    },
    {
      what: 'and all migrations',
      make: (repo) => repo.git('rm', '-rq', 'drizzle.config.ts', 'drizzle'),
    },
    {
      what: 'the migrations folder is another one',
      make: async (repo) => {
        await repo.write('drizzle.config.ts', config('postgresql', { out: './migrations' }));
        await repo.generate('baseline', { out: 'migrations' });
        await repo.git('add', '--all');
      },
    },
    { what: 'the journal is deleted', make: (repo) => repo.git('rm', '-q', JOURNAL) },
  ],
  'schema-unreadable': [
    {
      what: 'a syntax error',
      left: ['schema-unreadable'],
      make: spoilt((repo) => repo.edit('src/db/schema/teams.ts', (text) => `${text}\nconst = 1;`)),
    },
  ],
  'journal-invalid': [
    {
      what: 'conflict markers, and no merge',
      make: spoilt((repo) =>
        repo.edit(JOURNAL, (text) => text.replace('"entries"', '<<<<<<< HEAD\n"entries"')),
      ),
    },
    {
      what: 'conflict markers of a merge',
      make: async (repo) => {
        await merged(repo);
        expect(await repo.run('git', ['merge', 'main'])).toMatchObject({ exitCode: 1 });
        await repo.git('add', '--all');
      },
      byHand: { 'Resolve the conflicts in the schema': resolve },
    },
  ],
  'split-commit': [
    {
      what: 'the migration is not staged',
      make: async (repo) => {
        await mine(repo);
        await repo.git('reset', '-q', '--', 'drizzle');
      },
    },
    {
      what: 'the migration is in the stash',
      make: async (repo) => {
        await mine(repo);
        await repo.git('stash', 'push', '-q', '-u', '--', 'drizzle');
      },
    },
  ],
  'migrations-ignored': [
    {
      what: 'git ignores what is new',
      make: async (repo) => {
        await mine(repo);
        await repo.git('reset', '-q', '--', 'drizzle');
        await repo.write('.gitignore', 'node_modules\ndrizzle\n');
        await repo.git('add', '.gitignore');
      },
      byHand: {
        'Remove it from that file': async (repo) => {
          await repo.write('.gitignore', 'node_modules\n');
          await repo.git('add', '.gitignore');
        },
      },
    },
  ],
  'migration-removed': [
    {
      what: 'it is gone, and its column too',
      make: async (repo) => {
        await repo.git('rm', '-q', sqlOf('0002_slogan'), snapshotOf('0002_slogan'));
        await editJournal(repo, ({ entries }) => void entries.pop());
        await repo.columns('description');
        await repo.git('add', '--all');
      },
    },
    {
      what: 'its entry has another name',
      make: async (repo) => {
        await repo.git('mv', sqlOf('0002_slogan'), sqlOf('0002_motto'));
        await editJournal(repo, ({ entries }) => void (entries.at(-1)!.tag = '0002_motto'));
        await repo.git('add', '--all');
      },
    },
    {
      what: 'the newest is deleted, its entry is not',
      make: (repo) => repo.git('rm', '-q', sqlOf('0002_slogan'), snapshotOf('0002_slogan')),
    },
  ],
  'migration-edited': [
    {
      what: 'its SQL changed',
      make: async (repo) => {
        await repo.edit(sqlOf('0001_description'), (text) => text.replace('text', 'varchar(80)'));
        await repo.git('add', '--all');
      },
    },
  ],
  'snapshot-invalid': [
    {
      what: 'conflict markers',
      make: spoilt((repo) => repo.edit(snapshotOf(NEW), (text) => `<<<<<<< HEAD\n${text}`)),
    },
    { what: 'another file', make: spoilt((repo) => repo.write('drizzle/meta/README.md', '#')) },
    { what: 'an older version', make: spoilt((repo) => editJson(repo, snapshotOf(NEW), asOlder)) },
    {
      what: 'it says an older version',
      make: spoilt((repo) => editJson(repo, snapshotOf(NEW), (json) => void (json.version = '6'))),
    },
    {
      what: 'it is committed like that',
      // Seen only when the snapshot can be read again.
      left: ['schema-drift'],
      make: async (repo) => {
        await repo.edit(snapshotOf('0002_slogan'), (text) => text.slice(1));
        await repo.commit('past the guard');
        await repo.columns('description', 'slogan', 'notes');
        await repo.git('add', '--all');
      },
    },
    {
      what: 'it came like that, with a commit that nobody else has',
      make: async (repo) => {
        await withRemote(repo);
        await spoilt((one) => one.edit(snapshotOf(NEW), (text) => text.slice(1)))(repo);
        await repo.commit('past the guard');
        await repo.columns('description', 'slogan', 'notes', 'more');
        await repo.git('add', '--all');
      },
    },
    {
      what: 'it came like that, and its migration has to stay',
      // Seen only when the snapshot can be read again.
      left: ['schema-drift'],
      make: async (repo) => {
        await repo.edit('package.json', (text) => {
          const link = `rm -rf node_modules && ln -s '${repo.dir}/node_modules' node_modules`;
          return text.replace('"db:', `"postinstall": "${link}", "db:`);
        });
        await spoilt((one) => one.edit(snapshotOf(NEW), (text) => text.slice(1)))(repo);
        await repo.commit('past the guard');
        await repo.columns('description', 'slogan', 'notes', 'more');
        await repo.git('add', '--all');
      },
    },
    {
      what: 'a commit of the branch spoilt it, and others came later',
      args: ['--base', 'main'],
      make: async (repo) => {
        await onBranch(repo);
        await repo.edit(snapshotOf(NEW), (text) => text.slice(1));
        await repo.commit('past the guard');
        await repo.write('notes.md', '1\n');
        await repo.commit('more');
      },
    },
    {
      what: 'the commit of the branch that is checked out made it so',
      args: ['--base', 'main'],
      make: async (repo) => {
        await onBranch(repo);
        await repo.columns('description', 'slogan', 'notes', 'more');
        await grow(repo, 'more', { id: '44444444' });
        await repo.edit(snapshotOf('0004_more'), (text) => text.slice(1));
        await repo.commit('more');
      },
    },
  ],
  'migration-incomplete': [
    { what: 'the SQL is lost', make: spoilt((repo) => repo.remove(sqlOf(NEW))) },
    { what: 'the snapshot is lost', make: spoilt((repo) => repo.remove(snapshotOf(NEW))) },
    {
      what: 'the newest is deleted, and nobody else has it',
      make: async (repo) => {
        await withRemote(repo);
        await mine(repo);
        await repo.commit('mine');
        await repo.git('rm', '-q', sqlOf(NEW), snapshotOf(NEW));
      },
    },
  ],
  'migration-orphaned': [
    {
      what: 'SQL by hand',
      make: spoilt((repo) => repo.write('drizzle/0004_by_hand.sql', 'SELECT 1;\n')),
    },
    {
      what: 'no journal entry',
      make: spoilt((repo) => editJournal(repo, ({ entries }) => void entries.pop())),
    },
  ],
  'journal-order': [
    {
      what: 'an idx twice',
      make: spoilt((repo) => editJournal(repo, ({ entries }) => void (entries.at(-1)!.idx = 2))),
    },
  ],
  'snapshot-chain': [
    {
      what: 'another parent',
      make: spoilt((repo) =>
        editJson(repo, snapshotOf(NEW), (json) => {
          json.prevId = '99999999-0c94-4c9d-9ac3-97ef0bc2c04b';
        }),
      ),
    },
  ],
  'sql-edited': [
    {
      what: 'another type',
      make: spoilt((repo) =>
        repo.edit(sqlOf(NEW), (text) => text.replace(' text', ' varchar(80)')),
      ),
    },
  ],
  'schema-drift': [
    {
      what: 'a new column',
      make: async (repo) => {
        await repo.columns('description', 'slogan', 'notes');
        await repo.git('add', '--all');
      },
    },
    {
      what: 'the migrations are at the top',
      make: async (repo) => {
        await repo.git('mv', 'drizzle/meta', ...(await sqlFiles(repo)), '.');
        await repo.write('drizzle.config.ts', config('postgresql', { out: '.' }));
        await repo.commit('moved');
        await repo.columns('description', 'slogan', 'notes');
        await repo.git('add', 'src');
        await repo.write('mine.txt', 'not to be added');
      },
    },
  ],
  'bundle-stale': [
    {
      what: 'it is deleted',
      from: () => scene('sqlite'),
      make: async (repo) => {
        await repo.write('drizzle.config.ts', config('sqlite', { driver: 'expo' }));
        await repo.columns('description');
        await repo.generate('description');
        await repo.git('add', '--all');
        await repo.git('rm', '-q', '-f', 'drizzle/migrations.js');
      },
    },
  ],
  'branch-conflict': [
    {
      what: 'two of one number',
      args: ['--base', 'main'],
      make: merged,
      stops: 'git merge main',
      byHand: { 'Resolve the other conflicts': resolve },
    },
  ],
  'exception-void': [
    {
      what: 'it excuses nothing',
      make: spoilt((repo) =>
        repo.edit(sqlOf(NEW), (text) => `-- guard-allow sql-edited: none\n${text}`),
      ),
    },
  ],
};

const sqlFiles = async (repo: Scene): Promise<readonly string[]> =>
  (await repo.git('ls-files', 'drizzle/*.sql')).trim().split('\n');

describe.each(Object.entries(SITUATIONS))('%s', (rule, situations) => {
  it.each(
    situations.flatMap((one) =>
      // What works in a subfolder works at the top too: both are tried where there is time.
      (WHOLE ? ['', 'src/db'] : ['src/db']).map((folder) => ({ ...one, folder })),
    ),
  )('$what: pasted in "$folder"', async ({ from = grownScene, ...situation }) => {
    const repo = await from();
    await repo.write('package-lock.json', '{}');
    await situation.make(repo);
    const { args = [] } = situation;
    const report = await repo.check(...args);
    const found = report.findings.map((finding) => finding.rule);
    expect(found, JSON.stringify(report.findings, null, 2)).toContain(rule);
    await paste(repo, situation, report);
    const after = await repo.check(...args);
    expect(refusals(after), JSON.stringify(after.findings, null, 2)).toEqual(situation.left ?? []);
    expect(await repo.git('ls-files', 'mine.txt')).toBe('');
  });
});
