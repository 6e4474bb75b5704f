import { assert, asyncProperty, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { FINE, NOTHING, RICH, UNABLE } from './rich-report.ts';
import { rendered, saying } from './rendered.ts';

interface Annotation {
  readonly kind: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/**
 * Reads lines as the runner of GitHub Actions does: split at `::` and `,` first, and the percent
 * sign resolved last.
 */
function annotations(log: string): readonly Annotation[] {
  return log.split('\n').flatMap((line) => {
    const at = line.indexOf('::', 2);
    if (!line.trimStart().startsWith('::') || at === -1) return [];
    const [, kind = '', properties = ''] = /^(\S+) ?(.*)$/s.exec(line.slice(2, at)) ?? [];
    const pairs = properties
      .split(',')
      .map((pair) => [
        pair.slice(0, pair.indexOf('=')),
        resolved(pair.slice(pair.indexOf('=') + 1), { ':': '%3A', ',': '%2C' }),
      ]);
    return [
      {
        kind,
        properties: Object.fromEntries(pairs) as Readonly<Record<string, string>>,
        message: resolved(line.slice(at + 2)),
      },
    ];
  });
}

function resolved(text: string, more: Readonly<Record<string, string>> = {}): string {
  return Object.entries({ '\r': '%0D', '\n': '%0A', ...more, '%': '%25' }).reduce(
    (said, [character, escape]) => said.replaceAll(escape, character),
    text,
  );
}

const read = async (report: Report): Promise<readonly Annotation[]> =>
  annotations(await rendered('github', report));

describe('annotations', () => {
  it('one for each finding, on its line', async () => {
    expect((await read(RICH)).map(({ kind, properties }) => [kind, properties])).toEqual([
      [
        'error',
        {
          file: 'packages/api/src/db/schema/teams.ts',
          line: '6',
          endLine: '6',
          title: 'drizzle-guard: schema-drift',
        },
      ],
      [
        'error',
        {
          file: 'apps/web/[tenant], 100%/drizzle/0004_bold_hulk.sql',
          line: '3',
          endLine: '3',
          title: 'drizzle-guard: sql-edited',
        },
      ],
      ['notice', { file: 'packages/api/drizzle/0002_old.sql', title: 'drizzle-guard: sql-edited' }],
      [
        'warning',
        {
          file: 'packages/api/drizzle/meta/_journal.json',
          line: '12',
          endLine: '12',
          title: 'drizzle-guard: journal-order',
        },
      ],
      [
        'notice',
        {
          file: 'packages/api/drizzle/0001_by_hand.sql',
          title: 'drizzle-guard: migration-orphaned',
        },
      ],
    ]);
  });

  it('none where everything passed, but a line in the log', async () => {
    for (const report of [FINE, NOTHING]) expect(await read(report)).toEqual([]);
    expect(await rendered('github', FINE)).toBe(
      'drizzle-guard: passed: 1 project, 3 migrations (1.5 s).\n',
    );
  });

  it('an error where it could not check', async () => {
    expect(await read(UNABLE)).toEqual([
      {
        kind: 'error',
        properties: { title: 'drizzle-guard could not check [kit-missing]' },
        message:
          'drizzle-kit is not installed for this repository, 100%\nInstall the dependencies: pnpm install',
      },
    ]);
  });

  it('escape control characters', async () => {
    const [said] = await read(saying('a\u0000 \u001B[31m\r\u202Eb\r\nc\td'));
    expect(said?.message).toMatch(/^a<U\+0000> <U\+001B>\[31m<U\+000D><U\+202E>b\nc\td\n/);
  });

  it('any text arrives unchanged, and nothing else', async () => {
    await assert(
      asyncProperty(string({ unit: 'grapheme' }), string({ minLength: 1 }), async (words, path) => {
        const all = await read(saying(words, path));
        expect(all).toHaveLength(1);
        expect(all[0]?.properties['file']).toBe(path);
        expect(all[0]?.message.startsWith(`${words}\n`)).toBe(true);
      }),
      { numRuns: 40, examples: [['::error::x\n::set-output name=a::b%0A%250A%0D', 'a,b:c%2C']] },
    );
  });
});
