import type { Scene } from '../support/scene.ts';
import {
  editJournal,
  editJson,
  grow,
  JOURNAL,
  readSnapshot,
  snapshotOf,
  sqlOf,
} from '../tampering/grown-history.ts';

/** Three published migrations, and this one new, staged with its schema change. */
export const NEW = '0003_notes';
const TEAMS = 'src/db/schema/teams.ts';

/**
 * What is done to a whole change before it is recorded, by the row's id in comparison.json. `two-commits` is in how it is
 * recorded.
 */
export const TAMPERINGS: Readonly<Record<string, (repo: Scene) => Promise<unknown>>> = {
  honest: async () => undefined,
  'two-commits': async () => undefined,
  'schema-ahead': (repo) => repo.columns('description', 'slogan', 'notes', 'colour'),
  'rename-pending': (repo) =>
    repo.edit(TEAMS, (text) => text.replace("notes: text('notes')", "remarks: text('remarks')")),
  'schema-throws': (repo) =>
    repo.edit('src/db/schema/index.ts', (text) => `${text}throw new Error('no DATABASE_URL');\n`),
  'schema-syntax': (repo) => repo.edit(TEAMS, (text) => text.replace('});', '};')),
  'sql-edited': (repo) => repo.edit(sqlOf(NEW), (text) => text.replace('text;', 'varchar(20);')),
  'published-edited': (repo) =>
    repo.edit(sqlOf('0001_description'), (text) => text.replace('text;', 'varchar(20);')),
  'published-removed': async (repo) => {
    await repo.remove(sqlOf('0001_description'), snapshotOf('0001_description'));
    await editJournal(repo, ({ entries }) => void entries.splice(1, 1));
  },
  'sql-missing': (repo) => repo.remove(sqlOf(NEW)),
  'sql-ignored': async (repo) => {
    await repo.edit('.gitignore', (text) => `${text}*.sql\n`);
    await repo.git('rm', '-q', '--cached', '--ignore-unmatch', sqlOf(NEW));
  },
  'snapshot-missing': (repo) => repo.remove(snapshotOf(NEW)),
  'entry-missing': (repo) => editJournal(repo, ({ entries }) => void entries.pop()),
  'sql-by-hand': (repo) =>
    repo.write('drizzle/0004_by_hand.sql', 'UPDATE "teams" SET "notes" = \'\';\n'),
  'when-not-rising': (repo) =>
    editJournal(repo, ({ entries }) => void (entries.at(-1)!.when = entries[2]!.when)),
  'when-in-future': (repo) =>
    editJournal(repo, ({ entries }) => void (entries.at(-1)!.when = Date.now() + 86_400_000)),
  'idx-gap': (repo) => editJournal(repo, ({ entries }) => void (entries.at(-1)!.idx = 4)),
  'conflict-markers': (repo) =>
    repo.edit(JOURNAL, (text) =>
      text.replace(
        '"entries": [',
        '<<<<<<< ours\n"entries": [\n=======\n"entries": [\n>>>>>>> theirs',
      ),
    ),
  'prev-id': (repo) =>
    editJson(
      repo,
      snapshotOf(NEW),
      (json) => void (json.prevId = '11111111-1111-4111-8111-111111111111'),
    ),
  collision: async (repo) => {
    await grow(repo, 'colour');
    await repo.columns('description', 'slogan', 'notes', 'colour');
    const { prevId } = await readSnapshot(repo, NEW);
    await editJson(repo, snapshotOf('0004_colour'), (json) => void (json.prevId = prevId));
  },
  'snapshot-malformed': (repo) => repo.edit(snapshotOf(NEW), (text) => text.slice(0, -20)),
  'snapshot-newer': (repo) => editJson(repo, snapshotOf(NEW), (json) => void (json.version = '8')),
};
