import { DIALECTS } from '../model/dialect.ts';
import type { Layout } from '../history/history.ts';
import type { MigrationState } from '../status/verdict.ts';
import { FIX, list, string, type ObjectOf, type Schema } from './schema-parts.ts';
import type {
  RecordedSql,
  ReportedMigration,
  ReportedRow,
  StatusReport,
  UnknownRow,
} from './status-report.ts';

const STATES = {
  applied: true,
  'applied-other-line-endings': true,
  edited: true,
  pending: true,
  skipped: true,
  'runs-again': true,
} satisfies Record<MigrationState, true>;
const LAYOUTS = { journal: true, folders: true } satisfies Record<Layout, true>;

const text = (description: string): Schema => ({ type: ['string', 'null'], description });

const RAN_AS: ObjectOf<RecordedSql> = {
  type: 'object',
  description: 'Where git has the SQL that ran: the oldest commit that is known here.',
  required: ['commit', 'subject', 'path'],
  properties: {
    commit: {
      type: 'string',
      pattern: '^(?:[0-9a-f]{40}|[0-9a-f]{64})$',
      description: 'Full object id.',
    },
    subject: string("The first line of that commit's message."),
    path: string('The file, relative to the top of the repository.'),
  },
};

const ROW_PROPERTIES = {
  id: text('Its number; null where the table numbers nothing (SQLite and 0.x).'),
  hash: string('What the migrator stored of the SQL: SHA-256, or nothing for bundled migrations.'),
  createdAt: text('`created_at`, as the database has it: milliseconds since 1970.'),
  name: text('The name of the folder; missing where the table has no such column.'),
};

const ROW: ObjectOf<ReportedRow> = {
  type: 'object',
  description: 'A row of the migrations table.',
  required: ['id', 'hash', 'createdAt'],
  properties: ROW_PROPERTIES,
};

const UNKNOWN: ObjectOf<UnknownRow> = {
  type: 'object',
  description: 'A row of no migration of this history.',
  required: ['id', 'hash', 'createdAt'],
  properties: { ...ROW_PROPERTIES, ranAs: RAN_AS },
};

const MIGRATION: ObjectOf<ReportedMigration> = {
  type: 'object',
  description: 'A migration of the history.',
  required: ['name', 'path', 'state', 'rows'],
  properties: {
    name: string('The tag of the journal, or the name of the folder.'),
    path: string('Its SQL, relative to the top of the repository.'),
    state: {
      enum: Object.keys(STATES),
      description: 'What the database has of it, and what the next run of the migrator does.',
    },
    why: string('Why, where the state alone does not say it.'),
    rows: list(ROW, 'Its rows in the table.'),
    ranAs: RAN_AS,
  },
};

const STATUS: ObjectOf<StatusReport> = {
  type: 'object',
  description:
    'A database beside a history, as `npx drizzle-guard status --format json` prints it.',
  required: [
    'version',
    'outcome',
    'project',
    'dialect',
    'layout',
    'table',
    'history',
    'migrations',
    'unknown',
    'fix',
  ],
  properties: {
    version: { const: 1 },
    outcome: {
      enum: ['passed', 'refused'],
      description:
        '`passed`, exit code 0: all is applied, or will be. `refused`, exit code 1: something is ' +
        'edited, skipped, unknown or would run again, or the migrator would throw.',
    },
    project: string('The name of the project.'),
    dialect: { enum: DIALECTS, description: 'Of the project.' },
    layout: {
      enum: Object.keys(LAYOUTS),
      description: 'How the migrations are kept: with a journal (0.x), or in folders (1.x).',
    },
    table: string('The table that was read, with its schema where it has one.'),
    history: string('What it was compared with: "the working tree", or a commit.'),
    migrations: list(MIGRATION, 'In the order of the history.'),
    unknown: list(UNKNOWN, 'Rows of no migration of this history.'),
    throws: string('Why the next run of the migrator throws before it applies anything.'),
    tableMissing: {
      const: true,
      description: 'There is no such table: nothing was applied there, or it is another database.',
    },
    fix: list(FIX, 'What to do, the most urgent first.'),
  },
};

/**
 * The JSON Schema (draft 2020-12) of `guard status --format json`. The package has it as
 * `drizzle-guard/status.schema.json` too. Fields may be added in version 1.
 */
export const STATUS_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'drizzle-guard status, version 1',
  ...STATUS,
};
