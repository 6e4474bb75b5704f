import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { FINE, NOTHING, RICH, UNABLE } from './rich-report.ts';
import { rendered } from './rendered.ts';

/** What GitLab's page on code quality reports asks of each issue; its own schema asks for less. */
const ISSUE = {
  type: 'object',
  required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
  additionalProperties: false,
  properties: {
    description: { type: 'string', minLength: 1, pattern: '^[^\\n]+$' },
    check_name: { type: 'string', minLength: 1 },
    fingerprint: { type: 'string', pattern: '^[0-9a-f]{16}(?:-[0-9]+)?$' },
    severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
    location: {
      type: 'object',
      required: ['path', 'lines'],
      additionalProperties: false,
      properties: {
        path: { type: 'string', pattern: '^[^/.]' },
        lines: {
          type: 'object',
          required: ['begin'],
          additionalProperties: false,
          properties: { begin: { type: 'integer', minimum: 1 } },
        },
      },
    },
  },
};

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const validate = new Ajv2020().compile<readonly Issue[]>({ type: 'array', items: ISSUE });

async function issues(report: Report): Promise<readonly Issue[]> {
  const read: unknown = JSON.parse(await rendered('gitlab', report));
  if (!validate(read)) throw new Error(JSON.stringify(validate.errors));
  return read;
}

it('has one issue for each finding; a pre-existing one is not critical', async () => {
  expect(
    (await issues(RICH)).map(({ check_name, severity, location }) => [
      check_name,
      severity,
      location.path,
      location.lines.begin,
    ]),
  ).toEqual([
    ['schema-drift', 'critical', 'packages/api/src/db/schema/teams.ts', 6],
    ['sql-edited', 'critical', 'apps/web/[tenant], 100%/drizzle/0004_bold_hulk.sql', 3],
    ['sql-edited', 'info', 'packages/api/drizzle/0002_old.sql', 1],
    ['journal-order', 'minor', 'packages/api/drizzle/meta/_journal.json', 12],
    ['migration-orphaned', 'info', 'packages/api/drizzle/0001_by_hand.sql', 1],
  ]);
});

it('has the fingerprints of the findings, each once, whatever the commits are called', async () => {
  const fingerprints = (await issues(RICH)).map(({ fingerprint }) => fingerprint);
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
  expect(new Set(fingerprints)).toEqual(
    new Set(RICH.findings.map(({ fingerprint }) => fingerprint)),
  );
  const rebased = {
    ...RICH,
    findings: RICH.findings.map((finding) =>
      finding.commit === undefined
        ? finding
        : { ...finding, commit: finding.commit.replace(/^./, 'f') },
    ),
  };
  expect((await issues(rebased)).map(({ fingerprint }) => fingerprint)).toEqual(fingerprints);
});

it('is empty where everything passed, and not where it could not check', async () => {
  for (const report of [FINE, NOTHING]) expect(await issues(report)).toEqual([]);
  expect(await issues(UNABLE)).toMatchObject([
    {
      check_name: 'could-not-look',
      severity: 'blocker',
      description: expect.stringContaining('[kit-missing]'),
    },
  ]);
});
