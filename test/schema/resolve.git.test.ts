import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { treeState } from '../../src/schema/cache/tree-state.ts';
import { observe } from '../../src/schema/bundle/read-log.ts';
import { LONG_STEPS, type Resolved } from '../../src/schema/bundle/resolve-steps.ts';
import { openResolver } from '../../src/schema/bundle/resolve.ts';
import { openReader } from '../../src/schema/bundle/tree-reader.ts';
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
  });
  await mkdir(join(top, 'packages/own'), { recursive: true });
  await symlink('../packages/own', join(top, 'node_modules/own'));
});

const PATHS = '{"compilerOptions":{"paths":{"dep":["src/dep"],"@/*":["src/*","lib/*"]}}}';
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
  './a ./a.js ./a.mjs ./a.jsx ./a.ts ./a/ ../lib/a ./link ./link/a ./data.json . dep dep/part dep/main ts-dep esm own own/index fresh fresh/a @/a @/dep @/nowhere a src/a nowhere #a'.split(
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
  steps?: typeof LONG_STEPS,
): Promise<{ readonly resolved: Resolved; readonly state: (of: Files) => Promise<string> }> {
  const reader = await openReader(treeOf(files));
  const resolver = await openResolver(reader, top, '', { steps });
  const resolved = await resolver.resolve(specifier, join(top, 'src/schema.ts'));
  const { trace } = observe(reader.log);
  return { resolved, state: async (of) => treeState(await treeOf(of).entries(), trace) };
}

test('the fast path gives what the long way gives', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(trees, specifiers, async (files, specifier) => {
      const { resolved } = await resolveIn(files, specifier);
      kinds.add(resolved.kind);
      expect(resolved).toEqual((await resolveIn(files, specifier, LONG_STEPS)).resolved);
    }),
    {
      numRuns: 80,
      examples: [
        [{ 'src/a.js': '', 'src/a.tsx': '' }, './a.js'],
        [{ 'src/a.mjs': '', 'src/a.mts': '' }, './a.mjs'],
        [{}, 'ts-dep'],
        [{}, 'dep'],
        [{ 'src/a.ts': '' }, './a'],
        [{}, './a'],
      ],
    },
  );
  expect([...kinds].sort()).toEqual(['disk', 'external', 'missing', 'tree']);
});

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
