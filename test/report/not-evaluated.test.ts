import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { reviewReport } from '../../src/report/review-report.ts';
import { problemsOf } from '../support/report.ts';
import { FINE } from './rich-report.ts';
import { rendered } from './rendered.ts';

const CONFIG = FINE.projects.find(({ checked }) => checked)?.config ?? '';
const WHY =
  'not checked (drizzle-kit does not run here): schema drift, and whether the SQL is what drizzle-kit generates';
const REPORT: Report = { ...FINE, notEvaluated: [{ config: CONFIG, why: WHY }] };

it('what was not checked is reported with the verdict, in every format that has a field for it', async () => {
  expect(CONFIG).not.toBe('');
  expect(await rendered('text', REPORT)).toContain(`ℹ ${CONFIG}: ${WHY}\n\ndrizzle-guard: passed`);
  expect(problemsOf(JSON.parse(await rendered('json', REPORT)))).toEqual([]);
  expect(await rendered('github', REPORT)).toMatch(
    /^::notice .*title=drizzle-guard%3A not evaluated::.*drizzle-kit does not run here/m,
  );
  const junit = await rendered('junit', REPORT);
  expect(junit.split(`<skipped>${WHY}`)).toHaveLength(3);
});

it('what to know of what was checked skips nothing', async () => {
  const known: Report = { ...REPORT, notEvaluated: [{ config: CONFIG, why: WHY, checked: true }] };
  expect(await rendered('text', known)).toContain(`ℹ ${CONFIG}: ${WHY}\n\ndrizzle-guard: passed`);
  expect(problemsOf(JSON.parse(await rendered('json', known)))).toEqual([]);
  expect(await rendered('github', known)).toContain('title=drizzle-guard%3A note::');
  expect(await rendered('sarif', known)).toContain('"id": "note"');
  const junit = await rendered('junit', known);
  expect(junit).toContain(`<system-out>${WHY}`);
  expect(junit).not.toContain('<skipped>not checked');
  expect([REPORT, known].map((one) => reviewReport(one, []).verdict)).toEqual(['look', 'ok']);
});

it('a SARIF run that is sound, with a notification', async () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile<{
    readonly runs: readonly [{ readonly invocations: readonly object[] }];
  }>(
    JSON.parse(
      readFileSync(new URL('schemas/sarif-2.1.0.schema.json', import.meta.url), 'utf8'),
    ) as object,
  );
  const log: unknown = JSON.parse(await rendered('sarif', REPORT));
  if (!validate(log)) throw new Error(JSON.stringify(validate.errors));
  expect(log.runs[0].invocations).toMatchObject([
    {
      executionSuccessful: true,
      toolExecutionNotifications: [
        {
          level: 'note',
          descriptor: { id: 'not-evaluated' },
          message: { text: `${CONFIG}: ${WHY}` },
        },
      ],
    },
  ]);
});

it('words out of a commit cannot act on a terminal', async () => {
  expect(
    await rendered('text', {
      ...FINE,
      notEvaluated: [{ config: 'a\u001B[2J.ts', why: 'x\u001B[31m' }],
    }),
  ).toContain('ℹ a<U+001B>[2J.ts: x<U+001B>[31m');
});

it('an empty list is none', () => {
  expect(problemsOf({ ...FINE, notEvaluated: [] })).not.toEqual([]);
});
