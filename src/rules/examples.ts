import type { RuleId } from './ids.ts';

export interface Example {
  /** What is refused, as it would stand in a commit. */
  readonly refused: string;
  readonly passes: string;
}

/** An example that is refused and one that passes, for each rule; for `guard explain`. */
export const EXAMPLES = {
  'config-unreadable': {
    refused: "drizzle.config.ts without a dialect: export default { schema: './schema.ts' }",
    passes: "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' }",
  },
  'schema-unreadable': {
    refused:
      "schema/index.ts is staged with export * from './teams', and teams.ts is not in the commit",
    passes:
      'every file that the schema imports is in the commit, and none needs a database to load',
  },
  'journal-invalid': {
    refused: 'drizzle/meta/_journal.json with <<<<<<< HEAD in it',
    passes:
      'the conflict is resolved: both entries, in order, each with its own idx and a rising "when"',
  },
  'split-commit': {
    refused: 'git add src && git commit, while drizzle/0004_bold_hulk.sql lies untracked beside it',
    passes: 'git add src drizzle && git commit',
  },
  'migrations-ignored': {
    refused:
      '.gitignore has drizzle/ (or meta/), so that drizzle/meta/0004_snapshot.json is never recorded',
    passes: 'the migrations folder is recorded whole: SQL, snapshots and journal',
  },
  'schema-drift': {
    refused:
      "teams gains description: text('description'), and the newest snapshot has no such column",
    passes:
      'the same with ALTER TABLE "teams" ADD COLUMN "description" text, its snapshot and its journal entry',
  },
  'migration-removed': {
    refused:
      'git rm drizzle/0002_*.sql of a migration that the remote has; or another "when" in its entry',
    passes: 'dropping or making again a migration that only unpushed commits have',
  },
  'migration-edited': {
    refused: 'varchar(64) becomes varchar(128) in the SQL of a migration that the remote has',
    passes: 'a new migration: ALTER TABLE "teams" ALTER COLUMN "slug" SET DATA TYPE varchar(128)',
  },
  'sql-edited': {
    refused:
      'ALTER TABLE "teams" ADD COLUMN "slug" text; and below it, by hand: UPDATE "teams" SET "slug" = "id";',
    passes:
      'the UPDATE in a migration of its own (drizzle-kit generate --custom), or below -- guard-allow sql-edited: <reason>',
  },
  'migration-incomplete': {
    refused: 'a journal entry 0004_bold_hulk without drizzle/meta/0004_snapshot.json',
    passes: 'entry, SQL and snapshot in one commit',
  },
  'migration-orphaned': {
    refused: 'drizzle/0004_by_hand.sql that no journal entry names',
    passes:
      'drizzle-kit generate --custom --name by_hand, with the SQL put into the file that it makes',
  },
  'journal-order': {
    refused:
      'two entries with idx 31 after a merge; or a "when" that is not above the one before it',
    passes: 'the second migration made again on top of the first: idx 32, and a later "when"',
  },
  'snapshot-invalid': {
    refused:
      'drizzle/meta/0004_snapshot.json cut off in the middle, or of a version that this drizzle-kit does not read',
    passes: 'snapshots as drizzle-kit wrote them, brought up to date with drizzle-kit up',
  },
  'snapshot-chain': {
    refused: 'the snapshots 0004 of two branches, both with the id of 0003 as "prevId"',
    passes: "each snapshot's prevId is the id of the one before it",
  },
  'bundle-stale': {
    refused: 'the journal has 0004_bold_hulk, and migrations.js imports only 0000 to 0003',
    passes: 'migrations.js as drizzle-kit generate writes it, in the same commit',
  },
  'branch-conflict': {
    refused: 'a branch that makes 0031_bold_hulk, after main has got a 0031 of its own',
    passes:
      'main is merged in (or rebased onto), its 0031 kept, and the own migration generated again: 0032_bold_hulk',
  },
  'exception-void': {
    refused:
      '-- guard-allow sql-edited:   (no reason; or an exception where nothing is at fault any more)',
    passes: '-- guard-allow sql-edited: the old rows need a value before NOT NULL',
  },
} as const satisfies Record<RuleId, Example>;
