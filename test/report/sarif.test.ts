import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { assert, asyncProperty, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { RULE_IDS } from '../../src/rules/index.ts';
import { FINE, NOTHING, RICH, UNABLE } from './rich-report.ts';
import { rendered, saying } from './rendered.ts';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
      readonly region: { readonly startLine: number };
    };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly object[];
  readonly baselineState?: string;
}

interface Run {
  readonly tool: {
    readonly driver: { readonly rules: readonly Readonly<Record<string, unknown>>[] };
  };
  readonly invocations: readonly Readonly<Record<string, unknown>>[];
  readonly originalUriBaseIds: Readonly<Record<string, unknown>>;
  readonly results?: readonly Result[];
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile<{ readonly runs: readonly [Run] }>(
  JSON.parse(
    readFileSync(new URL('schemas/sarif-2.1.0.schema.json', import.meta.url), 'utf8'),
  ) as object,
);

async function run(report: Report): Promise<Run> {
  const log: unknown = JSON.parse(await rendered('sarif', report));
  if (!validate(log)) throw new Error(JSON.stringify(validate.errors, null, 2));
  return log.runs[0];
}

it('the schema refuses a wrong document', async () => {
  const log = JSON.parse(await rendered('sarif', RICH)) as {
    runs: [{ results: { level: string }[] }];
  };
  const [result] = log.runs[0].results;
  if (result === undefined) throw new Error('no result');
  result.level = 'fatal';
  expect(validate(log)).toBe(false);
});

describe('a log by the schema of OASIS', () => {
  it.each(Object.entries({ RICH, FINE, NOTHING, UNABLE }))('%s', async (_name, report) => {
    expect((await run(report)).tool.driver.rules.map(({ id }) => id)).toEqual([...RULE_IDS]);
  });

  it('has what code scanning requires of each rule', async () => {
    for (const rule of (await run(FINE)).tool.driver.rules) {
      expect(rule).toMatchObject({
        shortDescription: { text: expect.stringMatching(/^.{10,1024}$/) },
        fullDescription: { text: expect.stringMatching(/^.{10,1024}$/) },
        help: {
          text: expect.stringContaining('Fix: '),
          markdown: expect.stringContaining('**Fix**'),
        },
      });
    }
  });
});

describe('results', () => {
  it('one for each finding, with its rule, level, location and fingerprint', async () => {
    const { results = [], tool, originalUriBaseIds } = await run(RICH);
    expect(
      results.map(({ ruleId, level, locations: [location] }) => [
        ruleId,
        level,
        location?.physicalLocation.artifactLocation.uri,
        location?.physicalLocation.region.startLine,
      ]),
    ).toEqual([
      ['schema-drift', 'error', 'packages/api/src/db/schema/teams.ts', 6],
      ['sql-edited', 'error', 'apps/web/%5Btenant%5D%2C%20100%25/drizzle/0004_bold_hulk.sql', 3],
      ['sql-edited', 'note', 'packages/api/drizzle/0002_old.sql', 1],
      ['journal-order', 'warning', 'packages/api/drizzle/meta/_journal.json', 12],
      ['migration-orphaned', 'note', 'packages/api/drizzle/0001_by_hand.sql', 1],
    ]);
    for (const { ruleId, ruleIndex, locations } of results) {
      expect(tool.driver.rules[ruleIndex]?.['id']).toBe(ruleId);
      expect(Object.keys(originalUriBaseIds)).toContain(
        locations[0]?.physicalLocation.artifactLocation.uriBaseId,
      );
    }
    const prints = results.map(({ partialFingerprints }) => partialFingerprints['drizzleGuard/v1']);
    expect(new Set(prints)).toEqual(new Set(RICH.findings.map(({ fingerprint }) => fingerprint)));
    expect(prints).toHaveLength(new Set(prints).size);
  });

  it('all or none have a baseline state, as the standard requires', async () => {
    expect(
      (await run(RICH)).results?.map(({ baselineState, suppressions }) => [
        baselineState,
        suppressions?.length,
      ]),
    ).toEqual([
      ['new', 0],
      ['new', 0],
      ['new', 0],
      ['new', 0],
      ['unchanged', 1],
    ]);
    const fresh = {
      ...RICH,
      findings: RICH.findings.filter(({ preexisting }) => preexisting !== true),
    };
    expect(
      (await run(fresh)).results?.filter(
        (result) => 'suppressions' in result || 'baselineState' in result,
      ),
    ).toEqual([]);
  });

  it('any text and any path arrives unchanged', async () => {
    await assert(
      asyncProperty(
        string({ unit: 'grapheme' }),
        string({ unit: 'grapheme', minLength: 1 }),
        async (words, path) => {
          const [result] = (await run(saying(words, path))).results ?? [];
          expect(result?.message.text.startsWith(words)).toBe(true);
          expect(
            decodeURIComponent(result?.locations[0]?.physicalLocation.artifactLocation.uri ?? ''),
          ).toBe(path);
        },
      ),
      { numRuns: 25, examples: [['', 'c:/a b?#[id].sql']] },
    );
    expect(
      (await run(saying('', 'a\uD83D.sql'))).results?.[0]?.locations[0]?.physicalLocation
        .artifactLocation.uri,
    ).toBe('a%EF%BF%BD.sql');
  });
});

describe('invocations', () => {
  it('a run that checked', async () => {
    expect((await run(RICH)).invocations).toEqual([
      { executionSuccessful: true, exitCode: 1, toolExecutionNotifications: [] },
    ]);
    expect((await run(NOTHING)).invocations).toMatchObject([
      { executionSuccessful: true, exitCode: 0, toolExecutionNotifications: [{ level: 'note' }] },
    ]);
    expect((await run(FINE)).results).toEqual([]);
  });

  it('a run that could not check has no results: an empty list would close all alerts', async () => {
    const { invocations, results } = await run(UNABLE);
    expect(results).toBeUndefined();
    expect(invocations).toMatchObject([
      {
        executionSuccessful: false,
        exitCode: 2,
        toolExecutionNotifications: [{ level: 'error', descriptor: { id: 'kit-missing' } }],
      },
    ]);
  });

  it('a run that could check only a part has the findings of that part', async () => {
    const { invocations, results } = await run({
      ...RICH,
      outcome: 'unable',
      ...(UNABLE.error === undefined ? {} : { error: UNABLE.error }),
    });
    expect(results).toHaveLength(5);
    expect(invocations).toMatchObject([{ executionSuccessful: false, exitCode: 2 }]);
  });
});
