import { lstatSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import glob from 'glob';
import { braceExpand } from 'minimatch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldersOf } from '../../src/project/files/folders.ts';
import { globTree } from '../../src/project/files/glob.ts';
import { linksOf } from '../../src/git/trees/links.ts';
import { treeOf } from '../schema/cache/remembering.ts';

const FILES = [
  'a.ts',
  'a.test.ts',
  'abc.ts',
  'b.tsx',
  '1.ts',
  '10.ts',
  '{a,b}.ts',
  'db/a.ts',
  'db/.hidden.ts',
  'db/schema/a.ts',
  'db/schema/b.js',
  'db/schema/deep/a.ts',
  '.dot/a.ts',
  '(app)/a.ts',
  '[id]/a.ts',
  'i/a.ts',
  'é/a b.ts',
];
/** `db/up` leads to a folder that it is in: `**` stops at a symlink. */
const LINKS = {
  link: 'db',
  'db/up': '..',
  'db/c.ts': 'a.ts',
  'i/s': '../link/schema',
  dead: 'nowhere',
};
const PARTS = [
  'a',
  'b',
  'db',
  'schema',
  'deep',
  'link',
  'up',
  'dead',
  '.dot',
  '(app)',
  '[id]',
  String.raw`\[id\]`,
].concat([
  '*',
  '**',
  '*.ts',
  '.*',
  '?',
  '?.ts',
  '*.{ts,tsx}',
  '{a,b}*',
  '{db,i}',
  '{db/schema,(app)}',
  '{a,{b,1}}.ts?(x)',
  '{1..10}.ts',
  '{a}.ts',
  String.raw`\{a,b}.ts`,
  '[!a]*',
  '[^a]*',
  '[a-d]*.ts',
  '!(a).ts',
  '!(*.test).ts',
  '!(a|b)*',
  '+(a|b).*',
  '@(db|i)',
  '@(.dot|db)',
  '?(a).ts',
  '*(a|b|c).ts',
  '*(',
  '[',
  '{',
  '.',
  '',
  '#a',
  '!a.ts',
]);
const PATTERN = fc
  .array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
  // Relative ones, also between braces (`{/**/*.ts,a}`): what an absolute one matches is not in the
  // tree, and glob walks the whole machine for it.
  .filter((pattern) => pattern !== '' && braceExpand(pattern).every((one) => !one.startsWith('/')));

const folder = await mkdtemp(join(tmpdir(), 'guard-glob-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeAll(async () => {
  for (const path of FILES) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), '');
  }
  for (const [path, target] of Object.entries(LINKS)) await symlink(target, join(folder, path));
});

test('the oracle is the glob that drizzle-kit bundles', () => {
  const version: unknown = Reflect.get(
    Object(createRequire(import.meta.url)('glob/package.json')),
    'version',
  );
  expect(version).toBe('8.1.0');
});

test('a pattern over a tree gives what glob 8 gives over a checkout of it', async () => {
  const tree = treeOf({
    ...Object.fromEntries(FILES.map((path) => [path, ''])),
    ...Object.fromEntries(Object.entries(LINKS).map(([path, target]) => [path, `-> ${target}`])),
  });
  const folders = foldersOf(await tree.entries(), await linksOf(tree));
  let matched = 0;
  await fc.assert(
    fc.asyncProperty(PATTERN, async (pattern) => {
      // glob also gives `i/a.ts/db`, below a file, where a pattern goes on behind a file's name:
      // nothing is there.
      const theirs = glob.sync(pattern, { cwd: folder }).filter((path) => isThere(path));
      matched += theirs.length;
      expect(await globTree(pattern, '', folders)).toEqual(theirs);
    }),
    { numRuns: 3000, examples: [['**/{db,i}/*(a|b|c).ts/{db,i}']] },
  );
  expect(matched).toBeGreaterThan(1000);
});

/** With `throwIfNoEntry` node throws below a file nevertheless (ENOTDIR). */
function isThere(path: string): boolean {
  try {
    return lstatSync(join(folder, path)).mode > 0;
  } catch {
    return false;
  }
}
