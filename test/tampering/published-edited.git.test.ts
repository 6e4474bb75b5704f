import { chmod, copyFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusals, type Scene } from '../support/scene.ts';
import {
  editJson,
  grow,
  grownScene,
  JOURNAL,
  reset,
  snapshotOf,
  sqlOf,
  teamsOf,
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

const EDITED: readonly Tampering[] = [
  {
    what: 'SQL: its content',
    tamper: () => repo.edit(sqlOf(OLD), (text) => text.replace('text', 'varchar(80)')),
    rules: ['migration-edited'],
    says: /^the SQL of the published migration 0001_description was edited: its content changed$/,
    fix: /^git restore --source=HEAD --staged --worktree -- :\/drizzle\/0001_description\.sql$/,
  },
  {
    what: 'SQL: a comment',
    tamper: () => repo.edit(sqlOf(OLD), (text) => `-- what the team is about\n${text}`),
    rules: ['migration-edited'],
    says: /only white space and comments changed$/,
  },
  {
    what: 'SQL: its line endings',
    tamper: () => repo.edit(sqlOf('0000_init'), (text) => text.replaceAll('\n', '\r\n')),
    rules: ['migration-edited'],
    says: /^the SQL of the published migration 0000_init was edited: only its line endings changed$/,
  },
  {
    what: 'SQL: a symbolic link in its place',
    tamper: async () => {
      await repo.write('sql/description.sql', '');
      await copyFile(join(repo.dir, sqlOf(OLD)), join(repo.dir, 'sql/description.sql'));
      await rm(join(repo.dir, sqlOf(OLD)));
      await symlink('../sql/description.sql', join(repo.dir, sqlOf(OLD)));
    },
    rules: ['migration-edited'],
    says: /it was replaced by a symbolic link/,
  },
  {
    what: 'snapshot: its content, of an older one',
    tamper: () =>
      editJson(
        repo,
        snapshotOf(OLD),
        (json) => void (teamsOf(json).columns['description']!['notNull'] = true),
      ),
    // The SQL of the next one no longer leads from there.
    rules: ['migration-edited', 'sql-edited'],
    says: /^the snapshot of the published migration 0001_description was edited: its content changed$/,
    fix: /-- :\/drizzle\/meta\/0001_snapshot\.json$/,
  },
  {
    what: 'snapshot: its formatting',
    tamper: () =>
      repo.edit(snapshotOf(OLD), (text) => JSON.stringify(JSON.parse(text), null, '\t')),
    rules: [],
    says: /only its formatting changed, not its content$/,
  },
  {
    what: 'snapshot: its ids',
    tamper: () =>
      editJson(
        repo,
        snapshotOf(OLD),
        (json) => void (json.id = '11111111-1111-4111-8111-111111111111'),
      ),
    rules: ['migration-edited'],
    says: /^the snapshot of the published migration 0001_description/,
  },
  {
    what: 'snapshot: no longer JSON, the newest one',
    tamper: () => repo.edit(snapshotOf(NEWEST), (text) => text.slice(1)),
    rules: ['migration-edited'],
    says: /the snapshot of the published migration 0002_slogan was edited: its content changed; it is not JSON/,
  },
  {
    what: 'SQL and snapshot of the newest one, so that the schema change of today fits in',
    tamper: async () => {
      await repo.edit(
        sqlOf(NEWEST),
        (text) => `${text}--> statement-breakpoint\nALTER TABLE "teams" ADD COLUMN "notes" text;`,
      );
      await editJson(repo, snapshotOf(NEWEST), (json) => {
        const { columns } = teamsOf(json);
        columns['notes'] = { ...columns['slogan'], name: 'notes' };
      });
      await repo.columns('description', 'slogan', 'notes');
    },
    rules: ['migration-edited'],
    says: /^the SQL and the snapshot of the published migration 0002_slogan were edited$/,
  },
];

describe('a published migration edited', () => {
  it.each(sample(EDITED, 2))('$what', async ({ tamper, rules, says, fix }) => {
    await tamper();
    const report = await stagedCheck();
    expect(refusals(report)).toEqual(rules);
    expect(report.findings[0]?.message).toMatch(says);
    if (fix !== undefined) expect(report.findings[0]?.fix[0]?.run).toMatch(fix);
  });
});

it('passes: a new migration on top, the journal in another format, another mode', async () => {
  await chmod(join(repo.dir, sqlOf(OLD)), 0o755);
  await grow(repo, 'notes');
  await repo.columns('description', 'slogan', 'notes');
  await repo.edit(JOURNAL, (text) => `${JSON.stringify(JSON.parse(text), null, '\t')}\n`);
  expect(await stagedCheck()).toMatchObject({ outcome: 'passed', findings: [] });
});
