import type { Scene1 } from './scene.ts';

/** Three published migrations, and one new with its schema change in the working tree. */
export const [INIT, DESCRIPTION, SLOGAN, NOTES] = [
  '20240101000000_init',
  '20240102000000_description',
  '20240103000000_slogan',
  '20240104000000_notes',
] as const;

const TEAMS = 'src/db/schema/teams.ts';
const ROOT = '00000000-0000-0000-0000-000000000000';
const NOWHERE = '11111111-1111-4111-8111-111111111111';
const sqlOf = (name: string): string => `drizzle/${name}/migration.sql`;
const snapshotOf = (name: string): string => `drizzle/${name}/snapshot.json`;

interface SnapshotJson {
  id: string;
  prevIds: string[];
  version: string;
  dialect: string;
  footprints?: unknown;
}

export async function editSnapshot(
  repo: Scene1,
  name: string,
  change: (json: SnapshotJson) => void,
): Promise<void> {
  await repo.edit(snapshotOf(name), (text) => {
    const json = JSON.parse(text) as SnapshotJson;
    change(json);
    return `${JSON.stringify(json, null, 2)}\n`;
  });
}

const idOf = async (repo: Scene1, name: string): Promise<string> =>
  (JSON.parse(await repo.read(snapshotOf(name))) as SnapshotJson).id;

const renamed = async (repo: Scene1, from: string, to: string): Promise<void> =>
  void (await repo.git('mv', `drizzle/${from}`, `drizzle/${to}`));

/** Id (as in comparison.json) -> what is done to a whole change before it is staged. */
export const FAULTS: Readonly<Record<string, (repo: Scene1) => Promise<unknown>>> = {
  honest: async () => undefined,
  'schema-ahead': (repo) => repo.columns('description', 'slogan', 'notes', 'colour'),
  'rename-pending': (repo) =>
    repo.edit(TEAMS, (text) => text.replace("notes: text('notes')", "remarks: text('remarks')")),
  // What it is about is how it is recorded.
  'two-commits': async () => undefined,
  'schema-throws': (repo) => repo.edit(TEAMS, (text) => `${text}\nthrow new Error('no');\n`),
  'exported-twice': (repo) => repo.edit(TEAMS, (text) => `${text}\nexport const squads = teams;\n`),
  'sql-edited': (repo) => repo.edit(sqlOf(NOTES), (text) => text.replace('text', 'text NOT NULL')),
  'sql-missing': (repo) => repo.remove(sqlOf(NOTES)),
  'snapshot-missing': (repo) => repo.remove(snapshotOf(NOTES)),
  'sql-by-hand': (repo) =>
    repo.write('drizzle/20240104000001_by_hand/migration.sql', "UPDATE teams SET notes = '';\n"),
  'stray-sql': (repo) => repo.write('drizzle/0004_by_hand.sql', "UPDATE teams SET notes = '';\n"),
  nested: async (repo) => {
    await repo.write(
      'drizzle/20240105000000_more/one/migration.sql',
      "UPDATE teams SET notes = '';\n",
    );
  },
  'published-edited': (repo) => repo.edit(sqlOf(DESCRIPTION), (text) => `${text}\nSELECT 1;`),
  'published-removed': (repo) => repo.git('rm', '-rq', `drizzle/${DESCRIPTION}`),
  'published-first-removed': (repo) => repo.git('rm', '-rq', `drizzle/${INIT}`),
  'published-snapshot-removed': (repo) => repo.git('rm', '-q', snapshotOf(DESCRIPTION)),
  'published-sql-removed': (repo) => repo.git('rm', '-q', sqlOf(DESCRIPTION)),
  'published-renamed': (repo) => renamed(repo, DESCRIPTION, '20240102000000_about'),
  'dangling-parent': (repo) => editSnapshot(repo, NOTES, (json) => void (json.prevIds = [NOWHERE])),
  'one-parent-dangling': (repo) =>
    editSnapshot(repo, NOTES, (json) => void json.prevIds.push(NOWHERE)),
  'no-parent': (repo) => editSnapshot(repo, NOTES, (json) => void (json.prevIds = [])),
  'second-root': (repo) => editSnapshot(repo, NOTES, (json) => void (json.prevIds = [ROOT])),
  'own-parent': (repo) => editSnapshot(repo, NOTES, (json) => void (json.prevIds = [json.id])),
  'same-id': async (repo) => {
    const id = await idOf(repo, SLOGAN);
    await editSnapshot(repo, NOTES, (json) => void (json.id = id));
  },
  'parent-skipped': async (repo) => {
    const id = await idOf(repo, DESCRIPTION);
    await editSnapshot(repo, NOTES, (json) => void (json.prevIds = [id]));
  },
  'before-its-parent': (repo) =>
    repo.run('mv', [`drizzle/${NOTES}`, 'drizzle/20240102120000_notes']),
  'stamp-in-future': (repo) => repo.run('mv', [`drizzle/${NOTES}`, 'drizzle/29990101000000_notes']),
  'no-stamp': (repo) => repo.run('mv', [`drizzle/${NOTES}`, 'drizzle/notes']),
  'not-json': (repo) => repo.edit(snapshotOf(NOTES), (text) => text.slice(0, -20)),
  markers: (repo) =>
    repo.edit(snapshotOf(NOTES), (text) => `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> topic\n`),
  'other-dialect': (repo) =>
    editSnapshot(repo, NOTES, (json) => {
      json.dialect = json.dialect === 'mysql' ? 'sqlite' : 'mysql';
    }),
  'no-footprints': (repo) => editSnapshot(repo, NOTES, (json) => void delete json.footprints),
  newer: (repo) => editSnapshot(repo, NOTES, (json) => void (json.version = '99')),
  older: (repo) => editSnapshot(repo, NOTES, (json) => void (json.version = '5')),
  journal: (repo) =>
    repo.write(
      'drizzle/meta/_journal.json',
      JSON.stringify({ version: '7', dialect: 'postgresql', entries: [] }),
    ),
  'meta-left': (repo) => repo.write('drizzle/meta/0000_snapshot.json', '{}'),
};
