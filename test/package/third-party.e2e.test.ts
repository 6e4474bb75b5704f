import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { thirdParty } from '../../.ci/third-party.mjs';
import { scratch, writeFiles } from '../support/drizzle-project.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('the built package repeats the licence of every package that it contains', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts', 'src/index.ts', 'src/schema/worker/child/main.ts'],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    splitting: true,
    outdir: 'nowhere',
    mainFields: ['module', 'main'],
    external: ['esbuild', 'drizzle-kit', 'drizzle-orm', 'debug'],
    logLevel: 'silent',
  });
  const names = new Set(
    Object.keys(metafile.inputs).flatMap(
      (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1] ?? [],
    ),
  );
  expect(names).toContain('simple-git');
  const notices = await readFile(
    join(dirname(process.env['GUARD_CLI'] ?? ''), 'THIRD-PARTY-LICENSES.txt'),
    'utf8',
  );
  const named = [...notices.matchAll(/^((?:@[\w-]+\/)?[\w.-]+) \d+\.\d+\.\d+\S* \(.+\)$/gm)];
  expect(named.map(([, name]) => name).sort()).toEqual([...names].sort());
  for (const [title] of named)
    expect(notices.slice(notices.indexOf(title)).slice(0, 2000)).toMatch(/copyright|licen[cs]e/i);
});

it('a bundled package without a licence stops the build', async () => {
  const dir = await scratch();
  await writeFiles(dir, {
    'node_modules/none/package.json': '{ "name": "none", "version": "1.0.0", "license": "MIT" }',
  });
  await expect(thirdParty(dir, ['node_modules/none/index.js'])).rejects.toThrow(/none is bundled/);
  await writeFiles(dir, { 'node_modules/none/LICENSE.md': 'Copyright nobody' });
  expect(await thirdParty(dir, ['node_modules/none/index.js'])).toEqual([
    { name: 'none', version: '1.0.0', licence: 'MIT', text: 'Copyright nobody' },
  ]);
});
