import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oracle } from '../support/oracle.ts';
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
  teamsOf,
} from './grown-history.ts';

/** Three published migrations, and the fourth staged with its schema change: what is tampered with is new. */
let repo: Scene;
const NEW = '0003_notes';

beforeAll(async () => {
  repo = await grownScene({ shared: true });
});
afterAll(() => repo[Symbol.asyncDispose]());

beforeEach(async () => {
  await reset(repo);
  await repo.columns('description', 'slogan', 'notes');
  await grow(repo, 'notes');
});

const stagedCheck = async () => {
  await repo.git('add', '--all');
  return repo.check();
};

it('passes as drizzle-kit left it, which is what drizzle-kit itself says', async () => {
  expect(await stagedCheck()).toMatchObject({
    outcome: 'passed',
    findings: [],
    preexisting: 0,
    projects: [{ migrations: 4 }],
  });
  expect(await oracle(repo.dir)).toMatchObject({ verdict: 'clean' });
});

interface Row {
  readonly what: string;
  readonly tamper: () => Promise<unknown>;
  readonly rule: string;
  readonly says: RegExp;
  readonly path: string;
}

const last = <T>(list: readonly T[]): T => list.at(-1)!;

const ROWS: readonly Row[] = [
  {
    what: 'the schema is ahead of the migrations',
    tamper: () => repo.columns('description', 'slogan', 'notes', 'colour'),
    rule: 'schema-drift',
    says: /column teams\.colour \(text\) is in the schema, and no migration says so/,
    path: 'src/db/schema/teams.ts',
  },
  {
    what: 'a rename is pending that drizzle-kit would ask about',
    tamper: () =>
      repo.edit('src/db/schema/teams.ts', (text) =>
        text.replace("notes: text('notes')", "remarks: text('remarks')"),
      ),
    rule: 'schema-drift',
    says: /the schema differs from the newest migration 0003_notes in 2 places/,
    path: 'src/db/schema/teams.ts',
  },
  {
    what: 'a journal entry and a snapshot without SQL',
    tamper: () => repo.remove(sqlOf(NEW)),
    rule: 'migration-incomplete',
    says: /0003_notes has a journal entry and no SQL/,
    path: JOURNAL,
  },
  {
    what: 'a journal entry without SQL and snapshot',
    tamper: () => repo.remove(sqlOf(NEW), snapshotOf(NEW)),
    rule: 'migration-incomplete',
    says: /0003_notes has a journal entry and no SQL and no snapshot/,
    path: JOURNAL,
  },
  {
    what: 'a snapshot alone',
    tamper: async () => {
      await repo.remove(sqlOf(NEW));
      await editJournal(repo, ({ entries }) => void entries.pop());
    },
    rule: 'migration-orphaned',
    says: /0003_snapshot\.json has no entry in the journal: drizzle-kit would diff the next migration against that snapshot/,
    path: snapshotOf(NEW),
  },
  {
    what: 'the last snapshot is missing',
    tamper: () => repo.remove(snapshotOf(NEW)),
    rule: 'migration-incomplete',
    says: /0003_notes has a journal entry and no snapshot: the next `npm run db:generate` would repeat its statements/,
    path: JOURNAL,
  },
  {
    what: 'SQL and snapshot without a journal entry',
    tamper: () => editJournal(repo, ({ entries }) => void entries.pop()),
    rule: 'migration-orphaned',
    says: /0003_notes\.sql and drizzle\/meta\/0003_snapshot\.json have no entry in the journal/,
    path: sqlOf(NEW),
  },
  {
    what: 'SQL alone, written by hand beside a whole migration',
    tamper: () => repo.write('drizzle/0004_by_hand.sql', 'UPDATE "teams" SET "notes" = \'\';\n'),
    rule: 'migration-orphaned',
    says: /0004_by_hand\.sql has no entry in the journal: the migrator never runs it/,
    path: 'drizzle/0004_by_hand.sql',
  },
  {
    what: '`when` equal to that of the entry before',
    tamper: () => editJournal(repo, ({ entries }) => void (last(entries).when = entries[2]!.when)),
    rule: 'journal-order',
    says: /the `when` of 0003_notes is not above that of 0002_slogan: every database that has 0002_slogan silently skips it/,
    path: JOURNAL,
  },
  {
    what: '`when` in the future',
    tamper: () =>
      editJournal(repo, ({ entries }) => void (last(entries).when = Date.now() + 86_400_000)),
    rule: 'journal-order',
    says: /the `when` of 0003_notes lies in the future/,
    path: JOURNAL,
  },
  {
    what: 'an idx is left out',
    tamper: () => editJournal(repo, ({ entries }) => void (last(entries).idx = 4)),
    rule: 'journal-order',
    says: /0003_notes has idx 4 and is the entry after 0002_slogan \(idx 2\): 3 is missing/,
    path: JOURNAL,
  },
  {
    what: 'an idx comes twice',
    tamper: () => editJournal(repo, ({ entries }) => void (last(entries).idx = 2)),
    rule: 'journal-order',
    says: /0002_slogan and 0003_notes both have idx 2/,
    path: JOURNAL,
  },
  {
    what: 'an entry comes twice',
    tamper: () =>
      editJournal(
        repo,
        ({ entries }) =>
          void entries.push({ ...last(entries), idx: 4, when: last(entries).when + 1 }),
      ),
    rule: 'journal-order',
    says: /0003_notes is in the journal twice/,
    path: JOURNAL,
  },
  {
    what: 'prevId names an older snapshot than the predecessor',
    tamper: async () => {
      const older = await readSnapshot(repo, '0001_description');
      await editJson(repo, snapshotOf(NEW), (json) => void (json.prevId = older.id));
    },
    rule: 'snapshot-chain',
    says: /0003_notes/,
    path: snapshotOf(NEW),
  },
  {
    what: 'prevId names nothing',
    tamper: () =>
      editJson(
        repo,
        snapshotOf(NEW),
        (json) => void (json.prevId = '11111111-1111-4111-8111-111111111111'),
      ),
    rule: 'snapshot-chain',
    says: /the prevId of 0003_notes's snapshot is not the id of 0002_slogan's/,
    path: snapshotOf(NEW),
  },
  {
    what: 'two snapshots have one parent (collision)',
    tamper: async () => {
      await grow(repo, 'colour');
      await repo.columns('description', 'slogan', 'notes', 'colour');
      const { prevId } = await readSnapshot(repo, NEW);
      await editJson(repo, snapshotOf('0004_colour'), (json) => void (json.prevId = prevId));
    },
    rule: 'snapshot-chain',
    says: /0004_colour/,
    path: snapshotOf('0004_colour'),
  },
  {
    what: 'two snapshots have one id',
    tamper: async () => {
      const { id } = await readSnapshot(repo, '0002_slogan');
      await editJson(repo, snapshotOf(NEW), (json) => void (json.id = id));
    },
    rule: 'snapshot-chain',
    says: /0003_notes.*0002_slogan|0002_slogan.*0003_notes/,
    path: snapshotOf(NEW),
  },
  {
    what: 'a malformed snapshot: not JSON',
    tamper: () => repo.edit(snapshotOf(NEW), (text) => text.slice(0, -20)),
    rule: 'snapshot-invalid',
    says: /0003_snapshot\.json is not JSON/,
    path: snapshotOf(NEW),
  },
  {
    what: 'a malformed snapshot: no tables',
    tamper: () =>
      editJson(repo, snapshotOf(NEW), (json) => void Reflect.deleteProperty(json, 'tables')),
    rule: 'snapshot-invalid',
    says: /0003_snapshot\.json has no `tables`/,
    path: snapshotOf(NEW),
  },
  {
    what: 'a malformed snapshot: a table without columns',
    tamper: () =>
      editJson(
        repo,
        snapshotOf(NEW),
        (json) => void Reflect.deleteProperty(teamsOf(json), 'columns'),
      ),
    rule: 'snapshot-invalid',
    says: /0003_snapshot\.json/,
    path: snapshotOf(NEW),
  },
  {
    what: 'a snapshot of a newer version',
    tamper: () => editJson(repo, snapshotOf(NEW), (json) => void (json.version = '8')),
    rule: 'snapshot-invalid',
    says: /0003_snapshot\.json has version 8, the installed drizzle-kit reads 7: it generates nothing, and exits with 0/,
    path: snapshotOf(NEW),
  },
  {
    what: 'a snapshot of another dialect',
    tamper: () => editJson(repo, snapshotOf(NEW), (json) => void (json.dialect = 'mysql')),
    rule: 'snapshot-invalid',
    says: /0003_snapshot\.json is a snapshot of mysql/,
    path: snapshotOf(NEW),
  },
  {
    what: 'the schema throws',
    tamper: () =>
      repo.edit('src/db/schema/index.ts', (text) => `${text}throw new Error('no DATABASE_URL');\n`),
    rule: 'schema-unreadable',
    says: /no DATABASE_URL/,
    path: 'src/db/schema/index.ts',
  },
  {
    what: 'the schema has a syntax error',
    tamper: () => repo.edit('src/db/schema/teams.ts', (text) => text.replace('});', '};')),
    rule: 'schema-unreadable',
    says: /./,
    path: 'src/db/schema/teams.ts',
  },
];

describe('refused, and named', () => {
  it.each(ROWS)('$what', async ({ tamper, rule, says, path }) => {
    await tamper();
    const report = await stagedCheck();
    expect(refusals(report)).toEqual([rule]);
    expect(report.findings[0]).toMatchObject({ path, message: expect.stringMatching(says) });
    expect(report.findings[0]?.fix.length).toBeGreaterThan(0);
  });
});

it('says both readings of the rename', async () => {
  await repo.edit('src/db/schema/teams.ts', (text) =>
    text.replace("notes: text('notes')", "remarks: text('remarks')"),
  );
  const [finding] = (await stagedCheck()).findings;
  expect(finding?.detail).toMatch(
    /If it was created:[\s\S]*ADD COLUMN "remarks"[\s\S]*DROP COLUMN "notes"[\s\S]*If it was renamed:[\s\S]*RENAME COLUMN "notes" TO "remarks"/,
  );
});
