import { expect, it } from 'vitest';
import type { RuleId } from '../../src/rules/index.ts';
import { sample, WHOLE } from '../support/run-settings.ts';
import { refusals, type Scene } from '../support/scene.ts';
import {
  editJournal,
  editJson,
  grow,
  grownScene,
  JOURNAL,
  readSnapshot,
  snapshotOf,
  sqlOf,
  teamsOf,
  withRemote,
  type JournalJson,
} from '../tampering/grown-history.ts';
import { paste, setFields } from './pasting.ts';

const [OLD, LAST, NEW] = ['0001_description', '0002_slogan', '0003_notes'];
const ODD_ID = '99999999-0c94-4c9d-9ac3-97ef0bc2c04b';

/** What is done to three published migrations, and a fourth of one's own. */
const mine = async (repo: Scene): Promise<void> => {
  await repo.columns('description', 'slogan', 'notes');
  await grow(repo, 'notes');
};
const drift = (repo: Scene): Promise<void> =>
  repo.columns('description', 'slogan', 'notes', 'drifted');
const spoilSnapshot = (repo: Scene, tag: string): Promise<void> =>
  repo.edit(snapshotOf(tag), (text) => text.replace('"notNull": true', '"notNull": "yes"'));
const spoilSql = (repo: Scene, tag: string): Promise<void> =>
  repo.edit(sqlOf(tag), (text) => text.replace(' text', ' varchar(80)'));

interface Case {
  readonly what: string;
  readonly make: (repo: Scene) => Promise<unknown>;
  /** What each round of pasting is refused for. */
  readonly rounds: readonly (readonly RuleId[])[];
}

const CASES: readonly Case[] = [
  {
    what: 'a published snapshot that drizzle-kit refuses',
    make: (repo) => spoilSnapshot(repo, OLD),
    rounds: [['migration-edited']],
  },
  {
    what: 'such a snapshot, and its SQL',
    make: async (repo) => {
      await spoilSnapshot(repo, LAST);
      await spoilSql(repo, LAST);
    },
    rounds: [['migration-edited']],
  },
  {
    what: 'such a snapshot, and drift',
    make: async (repo) => {
      await spoilSnapshot(repo, LAST);
      await drift(repo);
    },
    rounds: [['migration-edited']],
  },
  {
    what: 'such a snapshot, and a migration on top of it, which is right',
    make: async (repo) => {
      await mine(repo);
      await spoilSnapshot(repo, LAST);
    },
    rounds: [['migration-edited']],
  },
  {
    what: 'such a snapshot, and a migration on top of it, which is not',
    make: async (repo) => {
      await mine(repo);
      await spoilSnapshot(repo, LAST);
      await spoilSql(repo, NEW);
    },
    rounds: [['migration-edited'], ['sql-edited']],
  },
  {
    what: 'a published snapshot with another parent, and drift',
    make: async (repo) => {
      await editJson(repo, snapshotOf(LAST), (json) => void (json.prevId = ODD_ID));
      await drift(repo);
    },
    rounds: [['migration-edited']],
  },
  {
    what: 'a published snapshot with another id, and a migration on top of it',
    make: async (repo) => {
      await mine(repo);
      await editJson(repo, snapshotOf(LAST), (json) => void (json.id = ODD_ID));
    },
    rounds: [['migration-edited']],
  },
  {
    what: 'a published snapshot that is deleted, and the order of the journal',
    make: async (repo) => {
      await mine(repo);
      await repo.remove(snapshotOf(OLD));
      await editJournal(repo, ({ entries }) => void (entries.at(-1)!.when = 5));
    },
    rounds: [['migration-removed'], ['journal-order']],
  },
  {
    what: 'a published snapshot that is deleted, a migration on top of it, and drift',
    make: async (repo) => {
      await mine(repo);
      await repo.remove(snapshotOf(LAST));
      await drift(repo);
    },
    rounds: [['migration-removed']],
  },
  {
    what: 'a published snapshot that is deleted with its journal entry',
    make: async (repo) => {
      await repo.remove(snapshotOf(OLD));
      await editJournal(repo, ({ entries }) => void entries.splice(1, 1));
    },
    rounds: [['migration-removed']],
  },
  {
    what: 'published SQL, and drift',
    make: async (repo) => {
      await spoilSql(repo, OLD);
      await drift(repo);
    },
    rounds: [['migration-edited', 'schema-drift']],
  },
  {
    what: 'published SQL, that of the own migration, and drift',
    make: async (repo) => {
      await mine(repo);
      await spoilSql(repo, OLD);
      await spoilSql(repo, NEW);
      await drift(repo);
    },
    rounds: [['migration-edited', 'sql-edited', 'schema-drift']],
  },
  {
    what: 'published SQL, and a migration that is removed',
    make: async (repo) => {
      await repo.remove(sqlOf(LAST), snapshotOf(LAST));
      await editJournal(repo, ({ entries }) => void entries.pop());
      await spoilSql(repo, OLD);
    },
    rounds: [['migration-removed', 'migration-edited', 'schema-drift']],
  },
  {
    what: 'the own SQL and its snapshot',
    make: async (repo) => {
      await mine(repo);
      await spoilSql(repo, NEW);
      await spoilSnapshot(repo, NEW);
    },
    rounds: [['snapshot-invalid']],
  },
  {
    what: 'the own snapshot leaves out what is published, which drizzle-kit would repeat',
    make: async (repo) => {
      await mine(repo);
      const { id } = await readSnapshot(repo, OLD);
      await editJson(repo, snapshotOf(NEW), (json) => {
        json.prevId = id;
        delete teamsOf(json).columns['slogan'];
      });
    },
    rounds: [['snapshot-chain']],
  },
  {
    what: 'the own snapshot, which is committed already, and drift',
    make: async (repo) => {
      await mine(repo);
      await repo.commit('mine');
      await spoilSnapshot(repo, NEW);
      await drift(repo);
    },
    rounds: [['snapshot-invalid']],
  },
];

it.each(
  sample(CASES, 3).flatMap((one) =>
    (WHOLE ? ['', 'src/db'] : ['src/db']).map((folder) => ({ ...one, folder })),
  ),
)(
  '$what: what is printed is pasted in "$folder", and leads to a commit that passes',
  async ({ make, rounds, folder }) => {
    const repo = await grownScene();
    await repo.write('package-lock.json', '{}');
    await withRemote(repo);
    await make(repo);
    await repo.git('add', '--all');
    const committed = await contentsOf(repo, 'HEAD');
    for (const expected of rounds) {
      const report = await repo.check();
      expect(refusals(report), JSON.stringify(report.findings, null, 2)).toEqual(expected);
      await paste(repo, { folder }, report);
      await setFields(repo, report);
    }
    const { outcome, findings } = await repo.check();
    // Two that were generated in one second have a note.
    expect({ outcome, left: findings.filter(({ severity }) => severity !== 'note') }).toEqual({
      outcome: 'passed',
      left: [],
    });
    // Nothing that is committed is lost, nor changed.
    const staged = await contentsOf(repo, '');
    expect(staged).toMatchObject(committed);
  },
);

/** The journal entries and the blobs of the migrations of a revision; of the index: ''. */
async function contentsOf(repo: Scene, rev: string) {
  const { entries } = JSON.parse(await repo.git('show', `${rev}:${JOURNAL}`)) as JournalJson;
  const files = entries.flatMap(({ tag }) => [sqlOf(tag), snapshotOf(tag)]);
  const blobs = await Promise.all(
    files.map(async (file) => [file, await repo.git('rev-parse', `${rev}:${file}`)] as const),
  );
  const byTag = entries.map((entry) => [entry.tag, entry] as const);
  return { ...Object.fromEntries(byTag), ...Object.fromEntries(blobs) };
}
