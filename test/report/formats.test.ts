import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mergeFindings } from '../../src/report/merged-findings.ts';
import { FORMATS, type Format } from '../../src/report/formats.ts';
import { FINE, NOTHING, RICH, UNABLE } from './rich-report.ts';
import { rendered } from './rendered.ts';

const ENDINGS: Readonly<Record<Format, string>> = {
  text: 'txt',
  json: 'json',
  github: 'txt',
  gitlab: 'json',
  sarif: 'json',
  junit: 'xml',
};

/** What a person reads: each file in snapshots/formats is one whole report. */
describe.each(FORMATS)('%s', (format) => {
  it.each(Object.entries({ rich: RICH, unable: UNABLE }))('%s', async (name, report) => {
    const text = await rendered(format, report);
    await expect(format === 'sarif' ? withOneRule(text) : text).toMatchFileSnapshot(
      `./snapshots/formats/${name}.${format}.${ENDINGS[format]}`,
    );
  });

  it('ends with one line break, has no byte order mark, and contains no control character', async () => {
    for (const report of [RICH, FINE, NOTHING, UNABLE]) {
      const text = await rendered(format, report);
      expect(text).toMatch(/[^\n]\n$/);
      expect(text.charCodeAt(0)).not.toBe(0xfeff);
      // eslint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F]/);
    }
  });

  it('names each rule, each path and each commit of a finding, and why it could not check', async () => {
    const text = await rendered(format, RICH);
    const unescaped = decodeURIComponent(
      format === 'github' || format === 'sarif'
        ? text.replaceAll(/%(?![0-9A-F]{2})/g, '%25')
        : text.replaceAll('%', '%25'),
    );
    for (const { finding, commits } of mergeFindings(RICH.findings)) {
      expect(unescaped).toContain(finding.rule);
      if (format !== 'text' || finding.preexisting !== true)
        expect(unescaped).toContain(finding.path);
      for (const { commit } of commits) expect(unescaped).toContain(commit.slice(0, 8));
    }
    const unable = await rendered(format, UNABLE);
    for (const part of ['kit-missing', 'drizzle-kit is not installed', 'pnpm install'])
      expect(unable).toContain(part);
  });
});

/** The log as it is, but for the descriptors of all rules but one. */
function withOneRule(sarif: string): string {
  const log = JSON.parse(sarif) as { runs: { tool: { driver: { rules: unknown[] } } }[] };
  for (const { tool } of log.runs) tool.driver.rules.splice(1);
  return `${JSON.stringify(log, null, 2)}\n`;
}

describe('text', () => {
  it('counts errors, warnings and notes separately, and names what was checked', async () => {
    const last = async (report: typeof RICH): Promise<string | undefined> =>
      (await rendered('text', report)).trimEnd().split('\n').at(-1);
    expect(await last(RICH)).toBe(
      'drizzle-guard: refused, 4 errors, 1 warning, 1 note (1.5 s). 1 pre-existing finding ignored.',
    );
    expect(
      await last({
        ...RICH,
        findings: RICH.findings.filter(({ severity }) => severity === 'note'),
        preexisting: 0,
        outcome: 'passed',
      }),
    ).toBe('drizzle-guard: passed, 1 note: 7 commits, 2 projects, 10 migrations (1.5 s).');
    expect(await last(FINE)).toBe('drizzle-guard: passed: 1 project, 3 migrations (1.5 s).');
    expect(await last(NOTHING)).toBe(
      'drizzle-guard: nothing to check: the index has no changes (1.5 s).',
    );
    expect(await last(UNABLE)).toBe('drizzle-guard: could not check (1.5 s).');
  });
});

describe('a finding that several commits and their net result have', () => {
  it('is one finding, at its present line, and names its commits', () => {
    const problems = mergeFindings(RICH.findings);
    expect(
      problems.map(({ finding, commits }) => [
        finding.rule,
        finding.line,
        commits.map(({ commit }) => commit.slice(0, 4)),
      ]),
    ).toEqual([
      ['schema-drift', 6, ['1a2b', '2b3c']],
      ['sql-edited', 3, ['2b3c']],
      ['sql-edited', undefined, ['1a2b']],
      ['journal-order', 12, []],
      ['migration-orphaned', undefined, []],
    ]);
    expect(new Set(problems.map(({ id }) => id)).size).toBe(problems.length);
    expect(problems.map(({ id, finding }) => id === finding.fingerprint)).not.toContain(false);
  });

  it('is shown as its newest commit has it where the net result has it no more', () => {
    const [first, second] = RICH.findings;
    expect(
      mergeFindings([first, second].flatMap((finding) => finding ?? []))[0]?.finding,
    ).toMatchObject({ line: 6, commit: second?.commit });
  });

  it('is as severe as its severest finding, and old only if it is everywhere', () => {
    const [drift] = RICH.findings;
    if (drift === undefined) throw new Error('no finding');
    const at = (commit: string, rest: object): typeof drift => ({ ...drift, commit, ...rest });
    expect(
      mergeFindings([at('a', { severity: 'error' }), at('b', { severity: 'note' })]),
    ).toMatchObject([{ finding: { severity: 'error' } }]);
    expect(
      mergeFindings([at('a', { preexisting: true }), at('b', { severity: 'warning' })]),
    ).toMatchObject([{ finding: { severity: 'warning', commit: 'b' } }]);
    expect(
      mergeFindings([at('a', { preexisting: true }), at('b', { preexisting: true })]),
    ).toMatchObject([{ finding: { preexisting: true } }]);
  });

  it('keeps apart two findings of one commit that share a fingerprint', () => {
    const [drift] = RICH.findings;
    if (drift === undefined) throw new Error('no finding');
    const twice = [drift, { ...drift, message: 'something else' }];
    expect(
      mergeFindings([...twice, ...twice.map((finding) => ({ ...finding, commit: 'b' }))]).map(
        ({ id, finding, commits }) => [id, finding.message, commits.length],
      ),
    ).toEqual([
      [drift.fingerprint, drift.message, 2],
      [`${drift.fingerprint}-2`, 'something else', 2],
    ]);
  });
});

it('no snapshot is left over', () => {
  const files = readdirSync(fileURLToPath(new URL('snapshots/formats', import.meta.url)));
  expect(files.sort()).toEqual(
    FORMATS.flatMap((format) =>
      ['rich', 'unable'].map((name) => `${name}.${format}.${ENDINGS[format]}`),
    ).sort(),
  );
});
