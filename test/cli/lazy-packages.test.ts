import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every package that the sources load with `import()`, and the line that does. */
const USES = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) =>
    [
      ...readFileSync(`${root}src/${file}`, 'utf8').matchAll(
        /^(.*?)(?<!typeof )\bimport\('((?!node:)[^.'][^']*)'\)(.*)$/gm,
      ),
    ].map(([, before = '', name = '', after = '']) => ({
      file,
      name,
      taken: `${before}import()${after}`.trim(),
    })),
  );

/**
 * Bundled with splitting, a CommonJS package that is loaded with `import()` is a chunk that exports
 * `default` alone, while node finds its names when the sources run: `const { parse } = await
 * import('yaml')` would be undefined in dist only.
 */
it('packages that the bundle gives only a default export are taken by it', async () => {
  const names = [...new Set(USES.map(({ name }) => name))];
  expect(names).toContain('picomatch');
  const { metafile } = await build({
    stdin: {
      contents: names.map((name) => `import(${JSON.stringify(name)});`).join('\n'),
      resolveDir: root,
    },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // As .ci/build.mjs.
    mainFields: ['module', 'main'],
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const onlyDefault = new Set(
    Object.values(metafile.outputs)
      .filter(({ exports }) => exports.join() === 'default')
      .map(({ entryPoint = '' }) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(entryPoint)?.[1]),
  );
  expect(onlyDefault).toContain('picomatch');
  const wrong = USES.filter(
    ({ name, taken }) =>
      onlyDefault.has(name) &&
      !/^const \{ default: \w+ \} = await import\(\);$|\(await import\(\)\)\.default\b/.test(taken),
  );
  expect(wrong).toEqual([]);
});
