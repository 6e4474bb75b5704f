import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ShownChange } from '../../../src/facts/show/shown.ts';
import { showPage } from '../../../src/report/show/page/page.ts';
import { CHANGES } from './random-change.ts';

/** Debian's package: no step of npm brings a browser. */
function browser(): string {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((one) => existsSync(one));
  if (path === undefined) throw new Error('There is no Chromium here: apt-get install chromium');
  return path;
}

const pageOf = (change: ShownChange): string =>
  showPage(
    [
      {
        project: 'drizzle.config.ts',
        dialect: 'postgresql',
        migrations: [{ name: '0001_x', sqlPath: 'drizzle/0001_x.sql', sql: 'SELECT 1;\n' }],
        pictures: [{ of: ['0001_x'], change, notes: [] }],
      },
    ],
    { version: 1, outcome: 'passed', projects: [], findings: [], preexisting: 0 },
  );

/** Runs in the page: which boxes overlap, and which text is cut off by its row or card. */
const LOOK = `
const wrong = [];
const at = (one) => one.getBoundingClientRect();
for (const plane of document.querySelectorAll('.plane')) {
  const cards = [...plane.querySelectorAll('article')];
  for (const [index, card] of cards.entries()) {
    const own = at(card), all = at(plane);
    if (own.left < all.left || own.top < all.top || own.right > all.right + 0.5 || own.bottom > all.bottom + 0.5)
      wrong.push('outside: ' + card.innerText);
    for (const other of cards.slice(index + 1)) {
      const two = at(other);
      if (own.left < two.right && two.left < own.right && own.top < two.bottom && two.top < own.bottom)
        wrong.push('overlap: ' + card.innerText + ' / ' + other.innerText);
    }
    for (const cell of card.querySelectorAll('.cell')) {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const text = range.getBoundingClientRect();
      if (text.width === 0) continue;
      if (text.left < own.left - 0.5 || text.right > own.right + 0.5 || text.bottom > own.bottom + 1)
        wrong.push('cut: ' + cell.innerText + ' by ' + (text.right - own.right));
    }
  }
}
`;

it('in a browser nothing overlaps or is cut off, whatever tables and columns are called', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'guard-browser-'));
  try {
    const changes = fc.sample(CHANGES, { numRuns: 60, seed: 1 });
    const found: string[] = [];
    for (const [at, change] of changes.entries()) {
      const file = join(folder, `${at}.html`);
      // The page itself allows no script: the one that looks is let in here.
      const page = pageOf(change)
        .replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, '')
        .replace(
          '</body>',
          `<script>${LOOK}document.title = JSON.stringify({ wrong, cards: document.querySelectorAll('article').length });</script></body>`,
        );
      await writeFile(file, page);
      const dom = execFileSync(
        browser(),
        ['--headless', '--no-sandbox', '--disable-gpu', '--dump-dom', `file://${file}`],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1e8 },
      );
      const [, title = ''] = /<title>([^<]*)<\/title>/.exec(dom) ?? [];
      const said = JSON.parse(
        title.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
      ) as { wrong: string[]; cards: number };
      expect(said.cards).toBe(change.tables.length + change.neighbours.length);
      found.push(...said.wrong);
    }
    expect(found).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
