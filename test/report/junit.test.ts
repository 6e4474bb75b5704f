import { assert, asyncProperty, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { RULES } from '../../src/rules/index.ts';
import { FINE, NOTHING, RICH, UNABLE } from './rich-report.ts';
import { rendered, saying } from './rendered.ts';
import { readXml, type Read } from './xml-reader.ts';

/** Rules that are off have a case only where something was found. */
const ALWAYS = RULES.filter(({ severity }) => severity !== 'off').map(({ id }) => id);

const suites = async (report: Report): Promise<Read> => readXml(await rendered('junit', report));

/** The cases that have such a child, as "project rule". */
function having(root: Read, child: string): readonly string[] {
  return root.children.flatMap(({ attributes: { name: project }, children }) =>
    children
      .filter((one) => one.children.some(({ name }) => name === child))
      .map(({ attributes }) => `${project} ${attributes['name']}`),
  );
}

describe('the reader of these tests', () => {
  it.each([
    '<a>',
    '<a></b>',
    '<a b="<"/>',
    '<a>&nbsp;</a>',
    '<a>&</a>',
    '<a>]]></a>',
    '<a/><a/>',
    '<a b="1" b="2"/>',
    '<a>\u0001</a>',
    'text',
    '<a/>text',
    '<a b=c/>',
    '<a b="&"/>',
  ])('refuses %j', (text) => {
    expect(() => readXml(text)).toThrow();
  });
});

describe('cases', () => {
  it('one for each project and rule, with a name of its own', async () => {
    const root = await suites(RICH);
    expect(root).toMatchObject({
      name: 'testsuites',
      attributes: { tests: String(3 * ALWAYS.length), failures: '2', errors: '0', time: '1.500' },
    });
    for (const [at, { config }] of RICH.projects.entries()) {
      expect(root.children[at]?.attributes['name']).toBe(config);
      expect(root.children[at]?.children.map(({ attributes }) => attributes)).toEqual(
        ALWAYS.map((rule) => ({ classname: config, name: rule })),
      );
    }
  });

  it('fail only for errors; a project that was not checked is skipped', async () => {
    const root = await suites(RICH);
    const [api, web, tools] = RICH.projects.map(({ config }) => config);
    expect(having(root, 'failure')).toEqual([`${api} schema-drift`, `${web} sql-edited`]);
    expect(having(root, 'system-out')).toEqual(
      [`${api} sql-edited`, `${api} migration-orphaned`, `${api} journal-order`].sort(
        (a, b) => ids(a) - ids(b),
      ),
    );
    expect(having(root, 'skipped')).toEqual(ALWAYS.map((rule) => `${tools} ${rule}`));
    expect(
      root.children.map(({ attributes }) => [
        attributes['failures'],
        attributes['errors'],
        attributes['skipped'],
      ]),
    ).toEqual([
      ['1', '0', '0'],
      ['1', '0', '0'],
      ['0', '0', String(ALWAYS.length)],
    ]);
  });

  it('have one failure for all findings of a rule: some readers keep only the first', async () => {
    const [drift] = RICH.findings;
    if (drift === undefined) throw new Error('no finding');
    const root = await suites({
      ...RICH,
      findings: [drift, { ...drift, fingerprint: 'another', message: 'column teams.motto' }],
    });
    const [failure, ...more] =
      root.children[0]?.children.find(({ attributes }) => attributes['name'] === 'schema-drift')
        ?.children ?? [];
    expect(more).toEqual([]);
    expect(failure?.attributes).toEqual({
      type: 'schema-drift',
      message: `${drift.message} (and 1 more)`,
    });
    expect(failure?.text).toContain('column teams.motto');
  });

  it('of a project that only a finding names', async () => {
    expect(having(await suites({ ...RICH, projects: [] }), 'failure')).toHaveLength(2);
  });

  it('all pass where everything passed; there is none where there was nothing to check', async () => {
    expect(await suites(FINE)).toMatchObject({
      attributes: { tests: String(ALWAYS.length), failures: '0', errors: '0' },
    });
    expect(await suites(NOTHING)).toMatchObject({
      attributes: { tests: '1', failures: '0', errors: '0' },
      children: [{ attributes: { skipped: '1' } }],
    });
  });

  it('an error where it could not check', async () => {
    const root = await suites(UNABLE);
    expect(root.attributes).toMatchObject({ tests: '1', failures: '0', errors: '1' });
    expect(root.children[0]?.children[0]?.children).toEqual([
      {
        name: 'error',
        attributes: {
          type: 'kit-missing',
          message: 'drizzle-kit is not installed for this repository, 100%',
        },
        children: [],
        text: 'drizzle-kit is not installed for this repository, 100%\nInstall the dependencies: pnpm install',
      },
    ]);
  });

  it('any text arrives unchanged, but for characters that XML cannot contain', async () => {
    await assert(
      asyncProperty(string({ unit: 'binary' }), async (words) => {
        const lawful = words.replaceAll(
          /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu,
          '',
        );
        const failure = (await suites(saying(words))).children[0]?.children
          .flatMap(({ children }) => children)
          .find(({ name }) => name === 'failure');
        expect(failure?.attributes['message']).toBe(lawful);
        expect(failure?.text.startsWith(`${lawful}\n`)).toBe(true);
      }),
      { numRuns: 25, examples: [['a\r\nb\tc ]]> &amp; <d e="f"/> \u0000\uFFFF\uD83D']] },
    );
  });
});

function ids(name: string): number {
  return ALWAYS.findIndex((rule) => name.endsWith(` ${rule}`));
}
