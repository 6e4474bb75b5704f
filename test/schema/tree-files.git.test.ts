import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SchemaRequest } from '../../src/schema/evaluate.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import { linkModules, scratch, type Files } from '../support/drizzle-project.ts';
import { columnsOf, evaluate, projectOf, unreadable } from '../support/evaluation.ts';

const worker = openWorker({ env: {} });
let top: string;
beforeAll(async () => {
  top = await scratch('drizzle-guard-tree-files-');
  await linkModules(top);
  for (const [path, text] of Object.entries({
    'data/name.json': '"of_the_disk"',
    'data/loose.txt': 'loose',
    'data/loose.json': '"loose"',
    'data/sub/deep.txt': 'deep',
    'same.txt': 'same',
    '.env.local': 'IT=env',
  })) {
    await mkdir(dirname(join(top, path)), { recursive: true });
    await writeFile(join(top, path), text);
  }
});
afterAll(() => worker.close());

const TREE: Files = {
  'data/name.json': '"of_the_tree"',
  'data/only.txt': 'only',
  'data/sub/more.txt': 'more',
  'same.txt': 'same',
};

/** A schema with one column, whose name is what the expression comes to. */
async function column(expression: string, lines = '', over: Partial<SchemaRequest> = {}) {
  const text = `import * as fs from 'node:fs';\nimport path from 'node:path';\nimport { sqliteTable, text } from 'drizzle-orm/sqlite-core';\n${lines}\nexport const teams = sqliteTable('teams', { it: text(String(${expression})) });\n`;
  return evaluate(
    top,
    worker,
    { ...TREE, 'src/schema.ts': text },
    projectOf('sqlite', ['src/schema.ts']),
    over,
  );
}
const DATA = `path.join(__dirname, '../data')`;

describe('what a schema reads with fs is what the tree has', () => {
  test.each<readonly [string, string, string]>([
    [
      'a file, by its path from the working folder',
      `JSON.parse(fs.readFileSync('data/name.json', 'utf8'))`,
      'of_the_tree',
    ],
    [
      'by its path from the file',
      `JSON.parse(fs.readFileSync(path.join(__dirname, '../data/name.json')).toString())`,
      'of_the_tree',
    ],
    [
      'by its address',
      `JSON.parse(fs.readFileSync(new URL('../data/name.json', import.meta.url), { encoding: 'utf8' }))`,
      'of_the_tree',
    ],
    [
      'by bytes',
      `JSON.parse(fs.readFileSync(Buffer.from('data/name.json'), 'latin1'))`,
      'of_the_tree',
    ],
    [
      'by require, with a computed path',
      `require(path.resolve('data', 'name' + '.json'))`,
      'of_the_tree',
    ],
    ['that the disk has not', `fs.readFileSync('data/only.txt', 'utf8')`, 'only'],
    [
      'whether it is there',
      `[fs.existsSync('data/only.txt'), fs.existsSync('data/loose.txt'), fs.existsSync('data'), fs.existsSync('data/none')]`,
      'true,false,true,false',
    ],
    [
      'what it is',
      `[fs.statSync('data').isDirectory(), fs.lstatSync('data/only.txt').isFile(), fs.statSync('data/only.txt').size, fs.statSync('data/loose.txt', { throwIfNoEntry: false }), fs.statSync('data/only.txt', { bigint: true }).size]`,
      'true,true,4,,4',
    ],
    ['what a folder holds', `fs.readdirSync(${DATA}).sort()`, 'name.json,only.txt,sub'],
    [
      'as entries',
      `fs.readdirSync('data', { withFileTypes: true }).filter((one) => one.isDirectory()).map((one) => one.name + '@' + path.basename(one.parentPath))`,
      'sub@data',
    ],
    [
      'to the bottom',
      `fs.readdirSync('data', { recursive: true }).sort()`,
      'name.json,only.txt,sub,sub/more.txt',
    ],
    ['as bytes', `fs.readdirSync('data', 'buffer').every((one) => Buffer.isBuffer(one))`, 'true'],
    [
      'where it really is',
      `path.relative(process.cwd(), fs.realpathSync('data/only.txt'))`,
      'data/only.txt',
    ],
    ['whether it can be read', `(fs.accessSync('data/only.txt'), 'yes')`, 'yes'],
    [
      'with a descriptor, where the disk has the same',
      `fs.readFileSync(fs.openSync('same.txt', 'r'), 'utf8')`,
      'same',
    ],
    [
      'variables that are not committed are the machine’s',
      `fs.readFileSync('.env.local', 'utf8')`,
      'IT=env',
    ],
    ['and what is outside the repository', `fs.existsSync(process.execPath)`, 'true'],
  ])('%s', async (_, expression, name) => {
    expect(columnsOf(await column(expression), 'teams')).toEqual([name.split('\n')[0]]);
  });

  test.each<readonly [string, string, RegExp]>([
    [
      'a file that only the disk has',
      `fs.readFileSync('data/loose.txt', 'utf8')`,
      /ENOENT: no such file or directory in git, only in the working folder, open '.*loose\.txt'/,
    ],
    [
      'the same, required by a computed path',
      `require(path.resolve('data', 'loose' + '.json'))`,
      /loose\.json", which is in the working folder but not in git/,
    ],
    [
      'a folder as a file',
      `fs.readFileSync('data')`,
      /EISDIR: illegal operation on a directory, read/,
    ],
    ['a file as a folder', `fs.readdirSync('data/only.txt')`, /ENOTDIR: not a directory, scandir/],
    [
      'a descriptor of another file than the recorded one',
      `fs.readFileSync(fs.openSync('data/name.json', 'r'), 'utf8')`,
      /^the schema reads data\/name\.json with fs\.open, and the working folder differs from git there$/,
    ],
    [
      'the same, caught',
      `(() => { try { return fs.openSync('data/name.json', 'r'); } catch { return 'caught'; } })()`,
      /^the schema reads data\/name\.json with fs\.open/,
    ],
    [
      'a listing by handle of another folder',
      `fs.opendirSync('data').readSync().name`,
      /^the schema reads data with fs\.opendir/,
    ],
    [
      'a listing by pattern (node 20 has none, and lists by handle)',
      `(fs.globSync ? fs.globSync('data/*.json') : fs.opendirSync('data')).toString()`,
      /^the schema reads data with fs\.(?:glob|opendir), /,
    ],
  ])('%s cannot be read', async (_, expression, message) => {
    expect(unreadable(await column(expression)).message).toMatch(message);
  });

  test('what git ignores is the machine’s, and so is what the tree says nothing of', async () => {
    const ignores = (path: string): Promise<boolean> => Promise.resolve(path === 'data/loose.txt');
    expect(
      columnsOf(
        await column(`fs.readFileSync('data/loose.txt', 'utf8')`, '', { ignores }),
        'teams',
      ),
    ).toEqual(['loose']);
  });

  test('every path that was read is reported, there or not', async () => {
    const { consulted } = await column(
      `[fs.existsSync('data/none.json'), fs.readFileSync('data/only.txt'), fs.readdirSync('data/sub')].length`,
    );
    expect([...consulted].filter((path) => path.startsWith('data')).sort()).toEqual([
      'data/none.json',
      'data/only.txt',
      'data/sub',
      'data/sub/',
    ]);
  });

  test('asynchronous reads get the same', async () => {
    const lines = [
      `const answers: string[] = [];`,
      `fs.readFile('data/name.json', 'utf8', (error, text) => answers.push(String(error), text));`,
      `fs.exists('data/loose.txt', (there) => answers.push(String(there)));`,
      `fs.stat('data/none', (error) => answers.push(error!.code!));`,
      `void fs.promises.readFile('data/only.txt', 'utf8').then((text) => answers.push(text));`,
      `export default { then: (done: (value: unknown) => void) => setTimeout(() => done({ answers }), 200) };`,
    ].join('\n');
    const { evaluateConfig } = await import('../../src/schema/evaluate-config.ts');
    const { memoryTree } = await import('../support/memory-tree.ts');
    const found = await evaluateConfig({
      tree: memoryTree({
        ...TREE,
        'drizzle.config.ts': `import * as fs from 'node:fs';\n${lines}`,
      }),
      top,
      path: 'drizzle.config.ts',
      env: {},
      worker,
    });
    expect(found).toMatchObject({
      status: 'ok',
      value: {
        answers: expect.arrayContaining([
          'null',
          '"of_the_tree"',
          'false',
          'ENOENT',
          'only',
        ]) as unknown,
      },
    });
    expect(found.status === 'ok' ? found.reads : []).toContain('data/only.txt');
  });

  test('a tree that cannot be read ends the evaluation', async () => {
    const answer = await column(`fs.existsSync('data/none')`, '', {
      ignores: () => Promise.reject(new Error('git is gone')),
    });
    expect(unreadable(answer).message).toBe(
      'the schema reads data/none with fs.exists, which cannot be read: git is gone',
    );
  });
});
