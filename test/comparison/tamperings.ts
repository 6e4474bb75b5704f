import type { Scene } from '../support/scene.ts';
import {
  editJournal,
  editJson,
  grow,
  JOURNAL,
  readSnapshot,
  snapshotOf,
  sqlOf,
  teamsOf,
} from '../tampering/grown-history.ts';

/** Three published migrations, and this one new, staged with its schema change. */
export const NEW = '0003_notes';
const TEAMS = 'src/db/schema/teams.ts';

export interface Tampering {
  /** Done to a whole change before it is staged. */
  readonly tamper: (repo: Scene) => Promise<unknown>;
  /**
   * The one rule that refuses it, what its message says and at which path; given where it is
   * refused by one alone.
   */
  readonly rule?: string;
  readonly says?: RegExp;
  readonly path?: string;
}

const last = <T>(list: readonly T[]): T => list.at(-1)!;

/** Rows of comparison.json have the same ids. What `two-commits` is about is how it is recorded. */
export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'schema-ahead': {
    tamper: (repo) => repo.columns('description', 'slogan', 'notes', 'colour'),
    rule: 'schema-drift',
    says: /column teams\.colour \(text\) is in the schema but in no migration/,
    path: TEAMS,
  },
  'rename-pending': {
    tamper: (repo) =>
      repo.edit(TEAMS, (text) => text.replace("notes: text('notes')", "remarks: text('remarks')")),
    rule: 'schema-drift',
    says: /the schema differs from the newest migration 0003_notes in 2 places/,
    path: TEAMS,
  },
  'sql-missing': {
    tamper: (repo) => repo.remove(sqlOf(NEW)),
    rule: 'migration-incomplete',
    says: /0003_notes has a journal entry but no SQL/,
    path: JOURNAL,
  },
  'entry-alone': {
    tamper: (repo) => repo.remove(sqlOf(NEW), snapshotOf(NEW)),
    rule: 'migration-incomplete',
    says: /0003_notes has a journal entry but no SQL and no snapshot/,
    path: JOURNAL,
  },
  'snapshot-alone': {
    tamper: async (repo) => {
      await repo.remove(sqlOf(NEW));
      await editJournal(repo, ({ entries }) => void entries.pop());
    },
    rule: 'migration-orphaned',
    says: /0003_snapshot\.json has no entry in the journal: drizzle-kit would diff the next migration against that snapshot/,
    path: snapshotOf(NEW),
  },
  'snapshot-missing': {
    tamper: (repo) => repo.remove(snapshotOf(NEW)),
    rule: 'migration-incomplete',
    says: /0003_notes has a journal entry but no snapshot: the next `drizzle-kit generate` would repeat its statements/,
    path: JOURNAL,
  },
  'entry-missing': {
    tamper: (repo) => editJournal(repo, ({ entries }) => void entries.pop()),
    rule: 'migration-orphaned',
    says: /0003_notes\.sql and drizzle\/meta\/0003_snapshot\.json have no entry in the journal/,
    path: sqlOf(NEW),
  },
  'sql-by-hand': {
    tamper: (repo) =>
      repo.write('drizzle/0004_by_hand.sql', 'UPDATE "teams" SET "notes" = \'\';\n'),
    rule: 'migration-orphaned',
    says: /0004_by_hand\.sql has no entry in the journal: the migrator never runs it/,
    path: 'drizzle/0004_by_hand.sql',
  },
  'when-not-rising': {
    tamper: (repo) =>
      editJournal(repo, ({ entries }) => void (last(entries).when = entries[2]!.when)),
    rule: 'journal-order',
    says: /the `when` of 0003_notes is not above that of 0002_slogan: every database that has 0002_slogan silently skips it/,
    path: JOURNAL,
  },
  'when-in-future': {
    tamper: (repo) =>
      editJournal(repo, ({ entries }) => void (last(entries).when = Date.now() + 86_400_000)),
    rule: 'journal-order',
    says: /the `when` of 0003_notes is in the future/,
    path: JOURNAL,
  },
  'idx-gap': {
    tamper: (repo) => editJournal(repo, ({ entries }) => void (last(entries).idx = 4)),
    rule: 'journal-order',
    says: /0003_notes has idx 4 and is the entry after 0002_slogan \(idx 2\): 3 is missing/,
    path: JOURNAL,
  },
  'idx-twice': {
    tamper: (repo) => editJournal(repo, ({ entries }) => void (last(entries).idx = 2)),
    rule: 'journal-order',
    says: /0002_slogan and 0003_notes both have idx 2/,
    path: JOURNAL,
  },
  'entry-twice': {
    tamper: (repo) =>
      editJournal(
        repo,
        ({ entries }) =>
          void entries.push({ ...last(entries), idx: 4, when: last(entries).when + 1 }),
      ),
    rule: 'journal-order',
    says: /0003_notes is in the journal twice/,
    path: JOURNAL,
  },
  'prev-id-older': {
    tamper: async (repo) => {
      const older = await readSnapshot(repo, '0001_description');
      await editJson(repo, snapshotOf(NEW), (json) => void (json.prevId = older.id));
    },
    rule: 'snapshot-chain',
    says: /0003_notes/,
    path: snapshotOf(NEW),
  },
  'prev-id': {
    tamper: (repo) =>
      editJson(
        repo,
        snapshotOf(NEW),
        (json) => void (json.prevId = '11111111-1111-4111-8111-111111111111'),
      ),
    rule: 'snapshot-chain',
    says: /the prevId of 0003_notes's snapshot is not the id of 0002_slogan's/,
    path: snapshotOf(NEW),
  },
  collision: {
    tamper: async (repo) => {
      await grow(repo, 'colour');
      await repo.columns('description', 'slogan', 'notes', 'colour');
      const { prevId } = await readSnapshot(repo, NEW);
      await editJson(repo, snapshotOf('0004_colour'), (json) => void (json.prevId = prevId));
    },
    rule: 'snapshot-chain',
    says: /0004_colour/,
    path: snapshotOf('0004_colour'),
  },
  'id-twice': {
    tamper: async (repo) => {
      const { id } = await readSnapshot(repo, '0002_slogan');
      await editJson(repo, snapshotOf(NEW), (json) => void (json.id = id));
    },
    rule: 'snapshot-chain',
    says: /0003_notes.*0002_slogan|0002_slogan.*0003_notes/,
    path: snapshotOf(NEW),
  },
  'snapshot-malformed': {
    tamper: (repo) => repo.edit(snapshotOf(NEW), (text) => text.slice(0, -20)),
    rule: 'snapshot-invalid',
    says: /0003_snapshot\.json is not JSON/,
    path: snapshotOf(NEW),
  },
  'snapshot-without-tables': {
    tamper: (repo) =>
      editJson(repo, snapshotOf(NEW), (json) => void Reflect.deleteProperty(json, 'tables')),
    rule: 'snapshot-invalid',
    says: /0003_snapshot\.json has no `tables`/,
    path: snapshotOf(NEW),
  },
  'table-without-columns': {
    tamper: (repo) =>
      editJson(
        repo,
        snapshotOf(NEW),
        (json) => void Reflect.deleteProperty(teamsOf(json), 'columns'),
      ),
    rule: 'snapshot-invalid',
    says: /0003_snapshot\.json/,
    path: snapshotOf(NEW),
  },
  'snapshot-newer': {
    tamper: (repo) => editJson(repo, snapshotOf(NEW), (json) => void (json.version = '8')),
    rule: 'snapshot-invalid',
    says: /0003_snapshot\.json has version 8, but the installed drizzle-kit reads 7: it generates nothing and exits with 0/,
    path: snapshotOf(NEW),
  },
  'snapshot-of-another-dialect': {
    tamper: (repo) => editJson(repo, snapshotOf(NEW), (json) => void (json.dialect = 'mysql')),
    rule: 'snapshot-invalid',
    says: /0003_snapshot\.json is a snapshot of mysql/,
    path: snapshotOf(NEW),
  },
  'schema-throws': {
    tamper: (repo) =>
      repo.edit('src/db/schema/index.ts', (text) => `${text}throw new Error('no DATABASE_URL');\n`),
    rule: 'schema-unreadable',
    says: /no DATABASE_URL/,
    path: 'src/db/schema/index.ts',
  },
  'schema-syntax': {
    tamper: (repo) => repo.edit(TEAMS, (text) => text.replace('});', '};')),
    rule: 'schema-unreadable',
    says: /./,
    path: TEAMS,
  },
  honest: { tamper: async () => undefined },
  'two-commits': { tamper: async () => undefined },
  'sql-edited': {
    tamper: (repo) => repo.edit(sqlOf(NEW), (text) => text.replace('text;', 'varchar(20);')),
  },
  'published-edited': {
    tamper: (repo) =>
      repo.edit(sqlOf('0001_description'), (text) => text.replace('text;', 'varchar(20);')),
  },
  'published-removed': {
    tamper: async (repo) => {
      await repo.remove(sqlOf('0001_description'), snapshotOf('0001_description'));
      await editJournal(repo, ({ entries }) => void entries.splice(1, 1));
    },
  },
  'sql-ignored': {
    tamper: async (repo) => {
      await repo.edit('.gitignore', (text) => `${text}*.sql\n`);
      await repo.git('rm', '-q', '--cached', '--ignore-unmatch', sqlOf(NEW));
    },
  },
  'conflict-markers': {
    tamper: (repo) =>
      repo.edit(JOURNAL, (text) =>
        text.replace(
          '"entries": [',
          '<<<<<<< ours\n"entries": [\n=======\n"entries": [\n>>>>>>> theirs',
        ),
      ),
  },
};
