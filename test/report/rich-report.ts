import type { Entity } from '../../src/model/entity.ts';
import { fingerprint, type Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';

const API = 'packages/api/drizzle.config.ts';
const WEB = 'apps/web/[tenant], 100%/drizzle.config.ts';
const FIRST = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const SECOND = '2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e';

const about = (aspect: string): Entity => ({ kind: 'project', aspect });

const drift: Finding = {
  rule: 'schema-drift',
  severity: 'error',
  project: API,
  path: 'packages/api/src/db/schema/teams.ts',
  line: 6,
  message: 'column teams.description (text) is in the schema but in no migration',
  detail:
    'drizzle-kit would generate:\n  ALTER TABLE "teams" ADD COLUMN "description" text DEFAULT \'100%\';',
  fix: [
    { text: 'Generate the migration for it:', run: 'pnpm db:generate' },
    {
      text: 'Add it to the same commit:',
      run: 'git add packages/api/drizzle\ngit commit --amend --no-edit',
    },
  ],
  fingerprint: fingerprint('schema-drift', API, [about('teams.description')]),
};

const edited: Finding = {
  rule: 'sql-edited',
  severity: 'error',
  project: WEB,
  path: 'apps/web/[tenant], 100%/drizzle/0004_bold_hulk.sql',
  line: 3,
  commit: SECOND,
  subject: 'Fill <slug> & "motto", 100%',
  message:
    '0004_bold_hulk.sql has a statement that drizzle-kit does not generate: UPDATE "teams" SET motto = \']]>\'',
  detail: '+ UPDATE "teams" SET motto = \']]>\' -- \u0000 \u001B[31mred\u001B[39m \uD83D\uDC18',
  fix: [
    {
      text: 'Move it to a migration of its own:',
      run: 'npx drizzle-kit generate --custom --name motto',
    },
  ],
  fingerprint: fingerprint('sql-edited', WEB, [about('0004_bold_hulk')]),
};

const order: Finding = {
  rule: 'journal-order',
  severity: 'warning',
  project: API,
  path: 'packages/api/drizzle/meta/_journal.json',
  line: 12,
  message: '"when" of 0003_odd_hulk is two days in the future',
  fix: [{ text: 'Generate the migration again, on a machine whose clock is right.' }],
  fingerprint: fingerprint('journal-order', API, [about('0003_odd_hulk')]),
};

const unverifiable: Finding = {
  rule: 'sql-edited',
  severity: 'note',
  project: API,
  path: 'packages/api/drizzle/0002_old.sql',
  commit: FIRST,
  message: '0002_old.sql is not verifiable with drizzle-kit 0.31',
  fix: [],
  fingerprint: fingerprint('sql-edited', API, [about('0002_old')]),
};

const orphan: Finding = {
  rule: 'migration-orphaned',
  severity: 'error',
  project: API,
  path: 'packages/api/drizzle/0001_by_hand.sql',
  message: 'packages/api/drizzle/0001_by_hand.sql has no journal entry',
  fix: [
    {
      text: 'Take it away, or make a migration of it:',
      run: 'npx drizzle-kit generate --custom --name by_hand',
    },
  ],
  fingerprint: fingerprint('migration-orphaned', API, [about('0001_by_hand')]),
  preexisting: true,
};

/**
 * Something of everything: three projects, each severity, two commits and their net result with the
 * same finding, one that was there before, and all that the formats must escape.
 */
export const RICH: Report = {
  version: 1,
  outcome: 'refused',
  projects: [
    {
      config: API,
      dialect: 'postgresql',
      out: 'packages/api/drizzle',
      migrations: 5,
      checked: true,
    },
    {
      config: WEB,
      dialect: 'sqlite',
      out: 'apps/web/[tenant], 100%/drizzle',
      migrations: 5,
      checked: true,
    },
    {
      config: 'tools/drizzle.config.ts',
      dialect: 'mysql',
      out: 'tools/drizzle',
      migrations: 1,
      checked: false,
    },
  ],
  findings: [
    { ...drift, commit: FIRST, subject: 'Teams have a description', line: 5 },
    { ...drift, commit: SECOND, subject: 'Fill <slug> & "motto", 100%' },
    edited,
    unverifiable,
    drift,
    order,
    orphan,
  ],
  preexisting: 1,
  commits: { count: 7, looked: 2 },
};

export const FINE: Report = {
  version: 1,
  outcome: 'passed',
  projects: [
    {
      config: 'drizzle.config.ts',
      dialect: 'postgresql',
      out: 'drizzle',
      migrations: 3,
      checked: true,
    },
  ],
  findings: [],
  preexisting: 0,
};

export const NOTHING: Report = {
  version: 1,
  outcome: 'passed',
  projects: [],
  findings: [],
  preexisting: 0,
  nothingToCheck: 'the index has no changes',
};

export const UNABLE: Report = {
  version: 1,
  outcome: 'unable',
  projects: [],
  findings: [],
  preexisting: 0,
  error: {
    code: 'kit-missing',
    message: 'drizzle-kit is not installed for this repository, 100%',
    help: ['Install the dependencies: pnpm install'],
  },
};
