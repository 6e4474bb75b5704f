import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { pages as generatedPages, parts, withParts } from '../../.ci/docs.mjs';
import { run } from '../../src/main.ts';
import { RULE_IDS } from '../../src/rules/index.ts';
import comparison from '../comparison/comparison.json' with { type: 'json' };
import comparison1 from '../kit1/comparison.json' with { type: 'json' };
import { blocksOf, pages, proseOf, ROOT, spansOf } from './pages.ts';

const PAGES = pages();

describe('the generated parts', () => {
  let made: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    made = await parts();
  });

  it.each(Object.entries(PAGES))('%s: `node .ci/docs.mjs` writes them', (_, text) => {
    expect(withParts(text, made)).toBe(text);
  });

  it('are all used, once each, in pages that the script knows', async () => {
    const used = Object.values(PAGES).flatMap((text) =>
      [...text.matchAll(/^<!-- generated: (.*) -->$/gm)].map(([, name]) => name),
    );
    expect(used.sort()).toEqual(Object.keys(made).sort());
    expect([...(await generatedPages())].sort()).toEqual(Object.keys(PAGES).sort());
  });

  it('have a chapter for each rule', () => {
    for (const id of RULE_IDS) expect(PAGES['src/docs/rules.md']).toContain(`\n## ${id}\n`);
  });

  it('an unknown name is an error', () => {
    expect(() => withParts('<!-- generated: none -->\n<!-- /generated -->', made)).toThrow('none');
  });
});

it('every tampering of the comparison is refused by rules that exist, and the honest change by none', () => {
  for (const { id, guard } of comparison.rows) {
    expect(guard.length === 0, id).toBe(id === 'honest');
    expect(RULE_IDS).toEqual(expect.arrayContaining(guard));
  }
});

it('so is every fault of drizzle-kit 1.x, in every dialect where it is one', () => {
  const lawful = { postgresql: ['honest', 'parent-skipped'], sqlite: ['honest', 'exported-twice'] };
  for (const { id, postgresql, sqlite = postgresql } of comparison1.rows)
    for (const [dialect, { guard }] of Object.entries({ postgresql, sqlite })) {
      expect(guard.length === 0, `${id}, ${dialect}`).toBe(
        lawful[dialect as keyof typeof lawful].includes(id),
      );
      expect(RULE_IDS).toEqual(expect.arrayContaining(guard));
    }
});

describe.each(Object.entries(PAGES))('%s', (page, text) => {
  it('names commands and options that exist', async () => {
    for (const span of spansOf(text)) {
      const [, command, rest = ''] = /^npx drizzle-guard ([\w-]+)(.*)$/.exec(span) ?? [];
      if (command === undefined) continue;
      let help = '';
      const exitCode = await run({
        argv: command.startsWith('-') ? ['--help'] : ['help', command],
        cwd: '/nowhere',
        env: {},
        stdin: Readable.from([]),
        stdout: { write: (more) => (help += more) },
        stderr: { write: () => undefined },
      });
      expect(exitCode, span).toBe(0);
      expect(help, span).toContain('Usage: ');
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(help, span).toContain(option);
    }
  });

  it('names npm scripts, files and folders that exist', () => {
    for (const span of spansOf(text)) {
      const [, script] = /^npm run ([\w:]+)$/.exec(span) ?? [];
      if (script !== undefined) expect(packageFile.scripts).toHaveProperty([script]);
      const [, path] = /^(?:node |bash )?((?:src|test|\.ci)\/[^<>*]*)$/.exec(span) ?? [];
      if (path !== undefined) expect(existsSync(ROOT + path), span).toBe(true);
    }
  });

  it('links to pages, chapters and pictures that exist', () => {
    for (const [, link = ''] of proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (link.startsWith('https://')) continue;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      expect(existsSync(ROOT + target), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(PAGES[target] ?? ''), link).toContain(anchor);
    }
  });
});

/** As GitHub makes them of chapters. */
function anchorsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

it('the map of folders is complete', () => {
  const map = PAGES['src/docs/contributing.md'] ?? '';
  for (const entry of readdirSync(`${ROOT}src`, { withFileTypes: true }))
    if (entry.isDirectory()) expect(map).toContain(`\`src/${entry.name}/\``);
});

it('finds every block, and says where one does not end', () => {
  expect(blocksOf('a.md', 'a\n```sh x\nls\n```\n<!-- generated: b -->\n```\nc\n```\n')).toEqual([
    { page: 'a.md', line: 2, info: 'sh x', text: 'ls', generated: false },
    { page: 'a.md', line: 6, info: '', text: 'c', generated: true },
  ]);
  expect(() => blocksOf('a.md', '```sh\nls\n')).toThrow('a.md:1');
});
