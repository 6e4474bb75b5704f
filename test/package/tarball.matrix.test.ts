import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { scratch, writeFiles } from '../support/drizzle-project.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

it('the packed tarball is small, and publint and attw report nothing', async () => {
  const { stdout } = await run(process.execPath, [join(root, '.ci/tarball.mjs'), '--json'], {
    cwd: root,
    maxBuffer: 1 << 24,
  });
  const figures = JSON.parse(stdout) as Record<string, unknown>;
  console.log(figures);
  expect(figures).toMatchObject({
    publint: [],
    attw: [],
    declarations: ['dist/index.d.ts'],
  });
  // Half again of what it is: what doubles it is a mistake. What a hook, a check and all else run is
  // whole in files of their own (.ci/bundles.mjs), so much is there twice; the benchmark holds why.
  expect(figures['size']).toBeLessThan(1_400_000);
  expect(figures['installed']).toBeLessThan(5_000_000);
});

it('both report an entry without its file or its types', async () => {
  const dir = await scratch();
  const wrong = {
    name: 'wrong',
    version: '1.0.0',
    type: 'module',
    license: 'MIT',
    exports: { types: './no.d.ts', default: './index.js' },
    main: './gone.js',
  };
  await writeFiles(dir, {
    'package.json': JSON.stringify(wrong),
    'index.js': 'export const a = 1;\n',
  });
  await run('npm', ['pack', '--silent'], { cwd: dir });
  const said = await run(process.execPath, [
    join(root, '.ci/lint-tarball.mjs'),
    join(dir, 'wrong-1.0.0.tgz'),
  ]).catch((error: unknown) => error);
  expect(said).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no\.d\.ts[^]*(?:UntypedResolution|NoResolution)|no types/),
  });
});
