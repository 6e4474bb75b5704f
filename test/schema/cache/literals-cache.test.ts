import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readLiterals, type Literals } from '../../../src/project/config/literals.ts';
import { openLiteralsCache } from '../../../src/schema/cache/literals-cache.ts';
import { openStore } from '../../../src/schema/cache/store.ts';

async function folder() {
  const commonDir = await mkdtemp(join(tmpdir(), 'guard-'));
  onTestFinished(() => rm(commonDir, { recursive: true, force: true }));
  return commonDir;
}

/** What the next run knows of a key, after one that set it. */
async function later(commonDir: string, literals: Literals, identity: unknown = 'guard') {
  const store = openStore({ commonDir });
  openLiteralsCache({ store, identity: () => 'guard' }).set('1a2b.ts', literals);
  await store.close();
  return openLiteralsCache({ store: openStore({ commonDir }), identity: () => identity });
}

const CONFIGS = [
  "import { defineConfig } from 'drizzle-kit';\nexport default defineConfig({ dialect: 'sqlite', schema: ['a', 'b'], out: './o', breakpoints: false });",
  "import 'dotenv/config';\nexport default { dialect: 'sqlite', schema: connect(), dbCredentials: {} };",
  'export default { dialect: "sqlite", ',
  'export default 7;',
  'export const nothing = 1;',
];

test.each(CONFIGS)('the next run knows what a config says: %s', async (source) => {
  const literals = await readLiterals(source, 'drizzle.config.js');
  const known = await later(await folder(), literals);
  expect(known.get('1a2b.ts')).toEqual(literals);
  expect(known.get('1a2b.js')).toBeUndefined();
});

test('another guard does not, nor one that finds it damaged', async () => {
  const literals = await readLiterals(CONFIGS[0] ?? '', 'drizzle.config.ts');
  const commonDir = await folder();
  expect((await later(commonDir, literals, 'another')).get('1a2b.ts')).toBeUndefined();
  const known = await later(commonDir, literals);
  const store = join(commonDir, 'drizzle-guard/store');
  for (const name of await readdir(store)) await truncate(join(store, name), 60);
  expect(known.get('1a2b.ts')).toBeUndefined();
});

test('what JSON cannot say is not kept', async () => {
  const literals = await readLiterals(
    "export default { dialect: 'sqlite', schema: 'a', out: undefined };",
    'drizzle.config.ts',
  );
  expect(literals).toMatchObject({ status: 'literal', value: { out: undefined } });
  const known = await later(await folder(), literals);
  expect(known.get('1a2b.ts')).toBeUndefined();
});
