import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { GUARD_ERROR_CODES } from '../../src/model/errors.ts';
import { REPORT_SCHEMA } from '../../src/report/report-schema.ts';
import { RULE_IDS } from '../../src/rules/index.ts';
import { problemsOf, parseReport } from '../support/report.ts';
import { FINE, NOTHING, RICH, UNABLE } from './rich-report.ts';

const [finding] = RICH.findings;
if (finding === undefined) throw new Error('no finding');

describe('the schema of a report', () => {
  it('is plain JSON, and valid by the rules of its draft', () => {
    expect(JSON.parse(JSON.stringify(REPORT_SCHEMA))).toEqual(REPORT_SCHEMA);
    expect(new Ajv2020({ strict: true }).validateSchema(REPORT_SCHEMA)).toBe(true);
  });

  it('describes each field', () => {
    const undescribed: string[] = [];
    const look = (schema: unknown, at: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      if (at.endsWith('/properties') && !at.includes('/oneOf/'))
        undescribed.push(
          ...Object.entries(schema).flatMap(([key, value]) =>
            key === 'version' || 'description' in Object(value) ? [] : [`${at}/${key}`],
          ),
        );
      for (const [key, value] of Object.entries(schema)) look(value, `${at}/${key}`);
    };
    look(REPORT_SCHEMA, '');
    expect(undescribed).toEqual([]);
  });

  it.each(Object.entries({ RICH, FINE, NOTHING, UNABLE }))('allows %s', (_name, report) => {
    expect(parseReport(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it('allows every rule and every code', () => {
    for (const rule of RULE_IDS)
      expect(problemsOf({ ...RICH, findings: [{ ...finding, rule }] })).toEqual([]);
    for (const code of GUARD_ERROR_CODES)
      expect(problemsOf({ ...UNABLE, error: { ...UNABLE.error, code } })).toEqual([]);
  });

  it.each<readonly [string, unknown]>([
    ['another version', { ...FINE, version: 2 }],
    ['another outcome', { ...FINE, outcome: 'maybe' }],
    ['refused without an error', { ...RICH, findings: [{ ...finding, severity: 'warning' }] }],
    [
      'refused for what was there before',
      { ...RICH, findings: [{ ...finding, preexisting: true }] },
    ],
    ['passed with an error', { ...RICH, outcome: 'passed' }],
    ['unable without saying why', { ...UNABLE, error: undefined }],
    ['passed, and saying why not', { ...FINE, error: UNABLE.error }],
    ['a code that is none', { ...UNABLE, error: { ...UNABLE.error, code: 'bad-luck' } }],
    ['a rule that is none', { ...RICH, findings: [{ ...finding, rule: 'schema-drfit' }] }],
    ['line 0', { ...RICH, findings: [{ ...finding, line: 0 }] }],
    ['an abbreviated commit', { ...RICH, findings: [{ ...finding, commit: '1a2b3c4d' }] }],
    ['a fix without words', { ...RICH, findings: [{ ...finding, fix: [{ run: 'git add .' }] }] }],
    ['a dialect that is none', { ...FINE, projects: [{ ...FINE.projects[0], dialect: 'oracle' }] }],
    ['findings left out', { ...FINE, findings: undefined }],
    ['a field that is not described', { ...FINE, mood: 'good' }],
    [
      'a field of a finding that is not described',
      { ...RICH, findings: [{ ...finding, column: 3 }] },
    ],
  ])('does not allow %s', (_name, report) => {
    expect(problemsOf(JSON.parse(JSON.stringify(report)))).not.toEqual([]);
    expect(() => parseReport(JSON.stringify(report))).toThrow(
      'the report is not what its schema says',
    );
  });
});
