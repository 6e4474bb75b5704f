import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { treeState } from '../../src/schema/cache/tree-state.ts';
import { observe } from '../../src/schema/modules/read-log.ts';
import { openResolver, type Resolved } from '../../src/schema/modules/resolve.ts';
import { openReader } from '../../src/schema/modules/tree-reader.ts';
import { scratch, writeFiles, type Files } from '../support/drizzle-project.ts';
import { treeOf } from './cache/remembering.ts';

let top: string;
beforeAll(async () => {
  top = await scratch('drizzle-guard-resolve-');
  await writeFiles(join(top, 'node_modules'), {
    'dep/package.json': '{"name":"dep","main":"main.js"}',
    'dep/main.js': '',
    'dep/part.js': '',
    'ts-dep/package.json': '{"name":"ts-dep","main":"index.ts"}',
    'ts-dep/index.ts': '',
    'esm/package.json': '{"name":"esm","exports":{"import":"./index.js"}}',
    'esm/index.js': '',
    'map/package.json': JSON.stringify({
      name: 'map',
      exports: {
        '.': [{ import: './gone.js' }, './main.js'],
        './*': './src/*.js',
        './src/*': null,
        './deep/*.js': { node: { 'module-sync': './src/a.js' }, default: './src/b.js' },
      },
    }),
    'map/main.js': '',
    'map/src/a.js': '',
    'map/src/b.js': '',
  });
  await mkdir(join(top, 'packages/own'), { recursive: true });
  await symlink('../packages/own', join(top, 'node_modules/own'));
});

const PATHS = '{"compilerOptions":{"paths":{"dep":["./src/dep"],"@/*":["./src/*","./lib/*"]}}}';
/** Files that a tree may have, or not, each with one of these texts; `-> ` makes a symlink. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  'src/a.ts': [''],
  'src/a.js': [''],
  'src/a.tsx': [''],
  'src/a.mts': [''],
  'src/a.mjs': [''],
  'src/a/index.ts': [''],
  'src/dep.ts': [''],
  'src/dep/main.ts': [''],
  'src/data.json': ['{}'],
  'src/link': ['-> a.ts', '-> ../lib', '-> nowhere'],
  'lib/a.ts': [''],
  'dep.ts': [''],
  'tsconfig.json': ['{"compilerOptions":{"baseUrl":"."}}', PATHS, '{"extends":"./base"}'],
  'base.json': ['{"compilerOptions":{"baseUrl":"./src"}}'],
  'src/tsconfig.json': ['{"compilerOptions":{"paths":{"@/*":["./*"],"esm":["./a.ts"]}}}'],
  'packages/own/package.json': ['{"name":"own","main":"index.ts"}', '{"name":"own","main":"b.js"}'],
  'packages/own/index.ts': [''],
  'packages/fresh/package.json': ['{"name":"fresh","exports":{".":"./x.ts","./a":"./a.ts"}}'],
  'packages/fresh/x.ts': [''],
};
const SPECIFIERS =
  './a ./a.js ./a.mjs ./a.jsx ./a.ts ./a/ ../lib/a ./link ./link/a ./data.json . dep dep/part dep/main ts-dep esm own own/index fresh fresh/a @/a @/dep @/nowhere a src/a nowhere #a map map/a map/c map/src/a map/deep/x.js path node:path'.split(
    ' ',
  );

const trees: fc.Arbitrary<Files> = fc
  .record(
    Object.fromEntries(
      Object.entries(FILES).map(([path, texts]) => [
        path,
        fc.option(fc.constantFrom(...texts), { nil: undefined, freq: 2 }),
      ]),
    ),
  )
  .map((all) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])),
    ),
  )
  // A name is a file or a folder.
  .map((files) =>
    Object.fromEntries(
      Object.entries(files).filter(
        ([path]) => !Object.keys(files).some((one) => path.startsWith(`${one}/`)),
      ),
    ),
  );
const specifiers = fc.constantFrom(...SPECIFIERS);

async function resolveIn(
  files: Files,
  specifier: string,
  { over = top, importer = 'src/schema.ts' } = {},
): Promise<{ readonly resolved: Resolved; readonly state: (of: Files) => Promise<string> }> {
  const reader = await openReader(treeOf(files));
  const resolver = await openResolver(reader, over, '');
  const resolved = await resolver.resolve(specifier, join(over, importer));
  const { trace } = observe(reader.log);
  return { resolved, state: async (of) => treeState(await treeOf(of).entries(), trace) };
}

/** Prints where tsx, which drizzle-kit loads files with, finds each specifier from each importer. */
const ASK_TSX = `const [api, importers, specifiers] = JSON.parse(process.argv[1]);
const tsx = require(api);
tsx.register();
const { createRequire } = require('node:module');
const { resolve } = require('node:path');
const found = (from, specifier) => {
  try { return createRequire(resolve(from)).resolve(specifier); } catch (error) { return error.code; }
};
console.log(JSON.stringify(importers.map((from) => specifiers.map((one) => found(from, one)))));`;
const TSX = createRequire(createRequire(import.meta.url).resolve('drizzle-kit/api'));

test('what is found, and where, is what tsx finds in a checkout', async () => {
  const importers = ['src/schema.ts', 'src/schema.js'];
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(trees, async (files) => {
      const over = await scratch('drizzle-guard-checkout-');
      await cp(join(top, 'node_modules'), join(over, 'node_modules'), {
        recursive: true,
        verbatimSymlinks: true,
      });
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(over, path)), { recursive: true });
        await (text.startsWith('-> ')
          ? symlink(text.slice(3), join(over, path))
          : writeFile(join(over, path), text));
      }
      const asked = JSON.stringify([TSX.resolve('tsx/cjs/api'), importers, SPECIFIERS]);
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', ASK_TSX, asked], {
        cwd: over,
      });
      const truth = JSON.parse(stdout) as readonly (readonly string[])[];
      for (const [at, importer] of importers.entries())
        for (const [position, specifier] of SPECIFIERS.entries()) {
          const { resolved } = await resolveIn(files, specifier, { over, importer });
          kinds.add(resolved.kind);
          const expected = truth[at]?.[position];
          // What is not installed here may be a workspace package that nothing linked yet.
          if (specifier.startsWith('fresh') && expected === 'MODULE_NOT_FOUND') continue;
          expect([importer, specifier, placeOf(resolved, over)]).toEqual([
            importer,
            specifier,
            expected,
          ]);
        }
    }),
    {
      numRuns: 12,
      examples: [
        [{ 'src/a.js': '', 'src/a.tsx': '', 'src/a/index.ts': '' }],
        [{ 'src/a.mjs': '', 'src/a.mts': '', 'src/a/index.ts': '', 'src/a/index.js': '' }],
        [{ 'packages/own/package.json': '{"name":"own","exports":{"import":"./index.ts"}}' }],
        [{ 'src/dep.ts': '', 'src/a.ts': '', 'tsconfig.json': PATHS }],
      ],
    },
  );
  expect([...kinds].sort()).toEqual(['builtin', 'disk', 'external', 'missing', 'tree']);
});

function placeOf(resolved: Resolved, over: string): string {
  switch (resolved.kind) {
    case 'tree':
      return join(over, resolved.path);
    case 'missing':
      return resolved.code;
    case 'builtin':
      return resolved.name;
    default:
      return resolved.path;
  }
}

test('what is not in the log decides nothing', async () => {
  let changes = 0;
  await fc.assert(
    fc.asyncProperty(trees, trees, specifiers, async (files, others, specifier) => {
      const { resolved, state } = await resolveIn(files, specifier);
      const before = await state(files);
      // What the other tree has elsewhere: each path alone, as long as the log's own paths do not
      // change by it.
      for (const path of [
        'tsconfig.json',
        'src/tsconfig.json',
        'src/link',
        'src/a.ts',
        'lib/a.ts',
      ]) {
        const { [path]: _, ...rest } = files;
        const text = others[path];
        const changed = text === undefined ? rest : { ...rest, [path]: text };
        if (text === files[path] || (await state(changed)) !== before) continue;
        changes += 1;
        expect((await resolveIn(changed, specifier)).resolved).toEqual(resolved);
      }
    }),
    { numRuns: 60, examples: [[{ 'src/dep.ts': '', 'tsconfig.json': PATHS }, {}, 'dep']] },
  );
  expect(changes).toBeGreaterThan(20);
});
