import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { REVIEW_SCHEMA } from '../../src/report/review-schema.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import { NO_COLOURS } from '../../src/report/colours.ts';
import { reviewMarkdown } from '../../src/report/review-markdown.ts';
import { reviewReport } from '../../src/report/review-report.ts';
import { reviewText } from '../../src/report/review.ts';

const finding = (change: Partial<Finding> = {}): Finding => ({
  rule: 'drop-column',
  severity: 'warning',
  project: 'drizzle.config.ts',
  path: 'drizzle/0007_x.sql',
  line: 3,
  message: 'users.email (text) is dropped, with its values',
  detail: 'ALTER TABLE "users" DROP COLUMN "email"',
  fix: [{ text: 'Keep it:', run: 'npx drizzle-kit generate --custom', sql: 'SELECT 1;' }],
  fingerprint: 'f',
  ...change,
});
const report = (findings: readonly Finding[], more: Partial<Report> = {}): Report => ({
  version: 1,
  outcome: 'passed',
  projects: [],
  findings,
  preexisting: 0,
  ...more,
});
const OPTIONS = { colours: NO_COLOURS, columns: 100, took: 1234, bypass: undefined };

it('says nothing, look or stop of each point, and the worst of all at the end', () => {
  const verdicts = (findings: readonly Finding[]) => {
    const { verdict, points } = reviewReport(report(findings), []);
    return [verdict, ...points.map((one) => one.verdict)];
  };
  expect(verdicts([])).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  expect(verdicts([finding()])).toEqual(['look', 'look', 'ok', 'ok', 'ok', 'ok']);
  expect(
    verdicts([finding({ severity: 'note' }), finding({ rule: 'truncate', severity: 'error' })]),
  ).toEqual(['stop', 'look', 'ok', 'ok', 'stop', 'ok']);
  expect(verdicts([finding({ rule: 'sql-edited', severity: 'error' })])).toEqual([
    'stop',
    'ok',
    'ok',
    'ok',
    'ok',
    'stop',
  ]);
  expect(verdicts([finding({ preexisting: true })])).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
});

it('prints the points first, then each finding whole', () => {
  const review = reviewReport(report([finding()]), ['0007_x']);
  expect(reviewText(review, OPTIONS).split('\n')).toEqual([
    'drizzle-guard review: 0007_x',
    '',
    'look  Drops: what is lost',
    'ok    Keys and constraints: what rows have to be like',
    'ok    Names and indexes',
    'ok    Data, locks and running code',
    'ok    SQL, snapshots and schema match',
    '',
    'Drops: what is lost',
    '',
    '⚠ drop-column: users.email (text) is dropped, with its values',
    '  drizzle/0007_x.sql:3',
    '',
    '  ALTER TABLE "users" DROP COLUMN "email"',
    '',
    '  Why: Its values are gone for good, and code that still runs and names the column fails.',
    '',
    '  Fix:',
    '    Keep it:',
    '      npx drizzle-kit generate --custom',
    '      SELECT 1;',
    '',
    'look  Look at these points before you approve it. (1.2 s)',
    '',
  ]);
});

it('markdown: nothing that a commit says is markup, and no fence ends early', () => {
  const evil = finding({
    message: '<img src=x> `a` [b](c) | d\n# e',
    path: 'dri`zzle/`.sql',
    detail: 'SELECT 1; -- ```\n```sh',
    fix: [{ text: '<script>', sql: '````' }],
  });
  const text = reviewMarkdown(reviewReport(report([evil]), ['0007_<b>']));
  expect(text).toContain(String.raw`\<img src=x\> \`a\` \[b\](c) \| d \# e`);
  expect(text).toContain('`` dri`zzle/`.sql:3 ``');
  expect(text).toContain('````sql\nSELECT 1; -- ```\n```sh\n````');
  expect(text).toContain('`````sql\n````\n`````');
  expect(text).toContain(String.raw`0007\_\<b\>`);
  expect(text).toContain('| Drops: what is lost | ⚠️ look (1) |');
});

it('nothing to review is one line', () => {
  const review = reviewReport(report([], { nothingToCheck: 'the index has no changes' }), []);
  expect(reviewText(review, OPTIONS)).toBe(
    'drizzle-guard: nothing to review: the index has no changes.\n',
  );
  expect(reviewMarkdown(review)).toContain('Nothing to review.');
});

it('what was not judged is never ok', () => {
  const notEvaluated = [{ config: 'drizzle.config.ts', why: 'nothing is run here' }];
  const { verdict, points } = reviewReport(report([], { notEvaluated }), ['0007_x']);
  expect(verdict).toBe('look');
  expect(points.map((one) => one.verdict)).toEqual(['ok', 'ok', 'ok', 'ok', 'look']);
});

describe('the schema of a review', () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(REVIEW_SCHEMA);
  const isValid = (review: unknown): boolean => validate(JSON.parse(JSON.stringify(review)));
  const review = reviewReport(report([finding()]), ['0007_x']);

  it('allows what is printed', () => {
    const error = { code: 'no-project', message: 'There is none.', help: [] } as const;
    const notEvaluated = [{ config: 'drizzle.config.ts', why: 'it has no migrations' }];
    for (const one of [
      review,
      reviewReport(report([], { nothingToCheck: 'no file matters' }), []),
      reviewReport(report([], { outcome: 'unable', error, notEvaluated }), []),
    ])
      expect([isValid(one), validate.errors]).toEqual([true, null]);
  });

  it('allows nothing else', () => {
    const [point, ...points] = review.points;
    expect(isValid({ ...review, version: 2 })).toBe(false);
    expect(isValid({ ...review, points })).toBe(false);
    expect(isValid({ ...review, verdict: 'fine' })).toBe(false);
    expect(isValid({ ...review, points: [{ ...point, findings: [{}] }, ...points] })).toBe(false);
    expect(isValid({ ...review, migrations: undefined })).toBe(false);
  });
});
