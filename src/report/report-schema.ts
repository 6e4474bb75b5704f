import { GUARD_ERROR_CODES } from '../model/errors.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { Dialect } from '../model/dialect.ts';
import { RULE_IDS } from '../rules/index.ts';
import type {
  Report,
  ReportedCommits,
  ReportedError,
  ReportedNotEvaluated,
  ReportedProject,
} from '../model/report.ts';
import { count, FIX, list, string, type ObjectOf, type Schema } from './schema-parts.ts';

const DIALECTS = {
  postgresql: true,
  mysql: true,
  sqlite: true,
  turso: true,
  singlestore: true,
  gel: true,
  mssql: true,
  cockroach: true,
  unknown: true,
} satisfies Record<Dialect | 'unknown', true>;
const SEVERITIES = { error: true, warning: true, note: true } satisfies Record<Severity, true>;
const OUTCOMES = { passed: true, refused: true, unable: true } satisfies Record<
  Report['outcome'],
  true
>;

export const FINDING: ObjectOf<Finding> = {
  type: 'object',
  description: 'One violation of one rule.',
  required: ['rule', 'severity', 'project', 'path', 'message', 'fix', 'fingerprint'],
  properties: {
    rule: {
      enum: RULE_IDS,
      description: 'The rule; `npx drizzle-guard explain <rule>` has its details.',
    },
    severity: { enum: Object.keys(SEVERITIES), description: 'Only an error refuses.' },
    project: string("Path of the project's drizzle config, relative to the top of the repository."),
    path: string(
      'The file to look at, relative to the top of the repository, separated by slashes. It need not exist.',
    ),
    line: { type: 'integer', minimum: 1, description: 'The first line is 1.' },
    commit: {
      type: 'string',
      pattern: '^(?:[0-9a-f]{40}|[0-9a-f]{64})$',
      description: 'Full object id, where a commit and not the index was checked.',
    },
    subject: string("The first line of that commit's message."),
    message: string('What is wrong, one line.'),
    detail: string('More about it: SQL, a diff, a list of files. May have several lines.'),
    fix: list(FIX, 'How to fix it, step by step.'),
    fingerprint: {
      type: 'string',
      minLength: 1,
      description:
        'Made of the rule, the project and what is wrong: stable over rebases and edits elsewhere.',
    },
    preexisting: {
      const: true,
      description:
        'Only with --all: the state before the change had it too, and it does not block.',
    },
  },
};

const PROJECT: ObjectOf<ReportedProject> = {
  type: 'object',
  description: 'One project in the report.',
  required: ['config', 'dialect', 'out', 'migrations', 'checked'],
  properties: {
    config: string('Path of its drizzle config, relative to the top of the repository.'),
    dialect: {
      enum: Object.keys(DIALECTS),
      description: '`unknown` where the config could not be read.',
    },
    out: string('The migrations folder, relative to the top of the repository.'),
    migrations: count('How many migrations its journal lists.'),
    checked: { type: 'boolean', description: 'False when the change does not affect it.' },
  },
};

const ERROR: ObjectOf<ReportedError> = {
  type: 'object',
  description: 'Why the guard could not check.',
  required: ['code', 'message', 'help'],
  properties: {
    code: { enum: GUARD_ERROR_CODES, description: 'Stable.' },
    message: string('One sentence.'),
    help: list(string('A line.'), 'What to do about it.'),
  },
};

const COMMITS: ObjectOf<ReportedCommits> = {
  type: 'object',
  description: 'Only where commits were checked.',
  required: ['count', 'looked'],
  properties: {
    count: count('How many there were.'),
    looked: count('How many of them could affect a project and were checked in full.'),
    firstPush: { const: true, description: 'The first push of a history: one state.' },
  },
};

const NOT_EVALUATED: ObjectOf<ReportedNotEvaluated> = {
  type: 'object',
  description:
    "What was not checked: the project's code has to run for it, or no project is known for " +
    'it. With `checked`, what to know of something that was.',
  required: ['config', 'why'],
  properties: {
    config: string(
      "Path of the drizzle config of the project, of the guard's own config, or of a journal " +
        'that belongs to no known project, relative to the top of the repository.',
    ),
    why: string('What was not checked, and why; one line.'),
    checked: {
      const: true,
      description: 'It was checked, and `why` says how, or what has no effect.',
    },
  },
};

export const REPORT: ObjectOf<Report> = {
  type: 'object',
  description: 'The result of one check, as `npx drizzle-guard check --format json` prints it.',
  required: ['version', 'outcome', 'projects', 'findings', 'preexisting'],
  properties: {
    version: { const: 1 },
    outcome: {
      enum: Object.keys(OUTCOMES),
      description: '`passed` is exit code 0, `refused` 1, `unable` 2.',
    },
    projects: list(PROJECT, 'The Drizzle projects of the repository.'),
    findings: list(FINDING, 'The most likely cause first.'),
    preexisting: count(
      'How many findings the state before the change already had. They do not block.',
    ),
    commits: COMMITS,
    notEvaluated: {
      ...list(
        NOT_EVALUATED,
        'What was not checked, as no code is run (guard pre-receive), what it needs is ' +
          'missing, or no project is known for it; and what to know of what was (`checked`).',
      ),
      minItems: 1,
    },
    nothingToCheck: string('Why nothing was checked, where nothing was.'),
    error: ERROR,
  },
};

const REFUSING: Schema = {
  type: 'object',
  properties: { severity: { const: 'error' }, preexisting: false },
};
const SOME_REFUSE: Schema = { type: 'array', contains: REFUSING };

function outcome(of: Report['outcome'], properties: Schema): Schema {
  return { type: 'object', properties: { outcome: { const: of }, ...properties } };
}

/**
 * The JSON Schema (draft 2020-12) of a report. The package has it as
 * `drizzle-guard/report.schema.json` too. Fields may be added in version 1, so that it allows
 * properties which it does not name.
 */
export const REPORT_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'drizzle-guard report, version 1',
  ...REPORT,
  oneOf: [
    outcome('passed', { findings: { not: SOME_REFUSE }, error: false }),
    outcome('refused', { findings: SOME_REFUSE, error: false }),
    { ...outcome('unable', { error: true }), required: ['error'] },
  ],
};
