import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { picture } from '../../.ci/picture.mjs';

it("the README's picture is what the guard prints: `npm run docs` makes it", async () => {
  const shown = await readFile(new URL('../../.ci/terminal.svg', import.meta.url), 'utf8');
  expect(shown).toBe(picture(process.env['GUARD_CLI'] ?? ''));
  expect(shown).toContain('schema-drift');
});
