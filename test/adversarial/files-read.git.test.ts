import { expect, it } from 'vitest';
import { config } from '../support/drizzle-project.ts';
import { sample } from '../support/run-settings.ts';
import { ownWorkers } from '../support/evaluation-worker.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

ownWorkers();

const HEAD = `import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
const table = (name: string, columns: readonly string[]) => pgTable(name, { id: uuid('id').primaryKey(), ...Object.fromEntries(columns.map((one) => [one, text(one)])) });
`;

/**
 * A schema of one more file, whose table `labels` has columns that it finds out for itself;
 * committed with its migration.
 */
async function computed(
  expression: string,
  files: Readonly<Record<string, string>>,
  lines = '',
): Promise<Scene> {
  const repo = await scene();
  for (const [path, text] of Object.entries(files)) await repo.write(path, text);
  await repo.write(
    'src/db/schema/labels.ts',
    `${lines}${HEAD}export const labels = table('labels', ${expression});\n`,
  );
  await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './labels';\n`);
  await repo.generate('labels');
  await repo.commit('labels');
  return repo;
}

/** What the guard says of the repository with these files staged; undefined takes one away. */
async function staged(
  repo: Scene,
  files: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) await repo.git('rm', '-qf', path);
    else await repo.write(path, text);
  }
  await repo.git('add', '--all');
  return refusals(await repo.check());
}

it.each(
  sample<
    readonly [
      string,
      string,
      Readonly<Record<string, string>>,
      Readonly<Record<string, string | undefined>>,
    ]
  >(
    [
      [
        'a new file in a folder that is listed',
        `fs.readdirSync('src/columns').map((one) => one.slice(0, -5))`,
        { 'src/columns/one.json': '{}' },
        { 'src/columns/two.json': '{}' },
      ],
      [
        'one that is gone from it',
        `fs.readdirSync(join(__dirname, '../../columns')).map((one) => one.slice(0, -5))`,
        { 'src/columns/one.json': '{}', 'src/columns/two.json': '{}' },
        { 'src/columns/two.json': undefined },
      ],
      [
        'a switch that appears',
        `fs.existsSync('src/two.json') ? ['one', 'two'] : ['one']`,
        { 'src/one.json': '{}' },
        { 'src/two.json': '{}' },
      ],
      [
        'a require of its own making',
        `createRequire(import.meta.url)('../../columns.json')`,
        { 'src/columns.json': '["one"]' },
        { 'src/columns.json': '["one", "two"]' },
      ],
      [
        'a path from the working folder',
        `JSON.parse(fs.readFileSync(resolve(process.cwd(), 'src/columns.json'), 'utf8'))`,
        { 'src/columns.json': '["one"]' },
        { 'src/columns.json': '["one", "two"]' },
      ],
      [
        'a descriptor',
        `(() => { const fd = fs.openSync('src/columns.json', 'r'); const text = fs.readFileSync(fd, 'utf8'); fs.closeSync(fd); return JSON.parse(text); })()`,
        { 'src/columns.json': '["one"]' },
        { 'src/columns.json': '["one", "two"]' },
      ],
    ],
    2,
  ),
)('is refused: %s', async (_, expression, before, change) => {
  const repo = await computed(expression, before);
  expect(await staged(repo, change)).toEqual(['schema-drift']);
  await repo.generate('more');
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual([]);
});

it('is refused: variables of a recorded .env, which a package reads', async () => {
  const dotenv = {
    'node_modules/dot/package.json': '{"name":"dot","version":"1.0.0"}',
    'node_modules/dot/index.js': `for (const line of require('fs').readFileSync('.env', 'utf8').split('\\n')) { const [name, value] = line.split('='); if (value) process.env[name] = value; }`,
  };
  // Its node_modules are a link to those of this repository; here they have to be a folder.
  const repo = await scene();
  await repo.run('sh', [
    '-c',
    'real=$(readlink -f node_modules) && rm node_modules && mkdir node_modules && for one in "$real"/* ; do ln -s "$one" node_modules/; done',
  ]);
  for (const [path, text] of Object.entries({ ...dotenv, '.env': 'COLUMN=one\n' }))
    await repo.write(path, text);
  await repo.write(
    'src/db/schema/labels.ts',
    `import 'dot';\n${HEAD}export const labels = table('labels', [process.env.COLUMN!]);\n`,
  );
  await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './labels';\n`);
  await repo.generate('labels');
  await repo.commit('labels');
  expect(await staged(repo, { '.env': 'COLUMN=two\n' })).toEqual(['schema-drift']);
  // The index decides; the finding says that the working folder has the fix.
  await repo.write('.env', 'COLUMN=one\n');
  expect(refusals(await repo.check())).toEqual(['split-commit']);
});

it('is refused: a descriptor of a file whose staged content is another than the one in the working folder', async () => {
  const repo = await computed(
    `JSON.parse(fs.readFileSync(fs.openSync('src/columns.json', 'r'), 'utf8'))`,
    { 'src/columns.json': '["one"]' },
  );
  await staged(repo, { 'src/columns.json': '["one", "two"]' });
  await repo.write('src/columns.json', '["one"]');
  expect(refusals(await repo.check())).toEqual(['split-commit']);
  expect(refusals(await repo.check('--worktree'))).toEqual([]);
  await repo.write('src/columns.json', '["three"]');
  expect(refusals(await repo.check())).toEqual(['schema-unreadable']);
});

it('is refused: a recorded file behind a link, changed through the link', async () => {
  const repo = await computed(`JSON.parse(fs.readFileSync('src/columns.json', 'utf8'))`, {
    'shared/one.json': '["one"]',
    'shared/two.json': '["one", "two"]',
    'src/columns.json': '["one"]',
  });
  await repo.run('sh', ['-c', 'rm src/columns.json && ln -s ../shared/one.json src/columns.json']);
  await repo.commit('link');
  await repo.run('sh', ['-c', 'rm src/columns.json && ln -s ../shared/two.json src/columns.json']);
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual(['schema-drift']);
});

it('passes what changes nothing of it', async () => {
  const repo = await computed(`JSON.parse(fs.readFileSync('src/columns.json', 'utf8'))`, {
    'src/columns.json': '["one"]',
    '.gitignore': 'node_modules\nlocal.json\n',
  });
  expect(await staged(repo, { 'src/columns.json': '[\n  "one"\n]\n' })).toEqual([]);
  expect(await staged(repo, { 'src/other.json': '["three"]', 'data.csv': 'a,b' })).toEqual([]);
  expect(
    await staged(repo, {
      'src/db/columns.json': '["one"]',
      'src/columns.json': undefined,
      'src/db/schema/labels.ts': `${HEAD}export const labels = table('labels', JSON.parse(fs.readFileSync(new URL('../columns.json', import.meta.url), 'utf8')));\n`,
    }),
  ).toEqual([]);
  // What git ignores is read off the disk; what is neither recorded nor ignored is not there, here
  // as for everybody else.
  await repo.write('local.json', '["one"]');
  await repo.write(
    'src/db/schema/labels.ts',
    `${HEAD}export const labels = table('labels', JSON.parse(fs.readFileSync('local.json', 'utf8')));\n`,
  );
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual([]);
  await repo.write(
    'src/db/schema/labels.ts',
    `${HEAD}export const labels = table('labels', fs.existsSync('notes.json') ? [] : ['one']);\n`,
  );
  await repo.git('add', '--all');
  await repo.write('notes.json', '{}');
  expect(refusals(await repo.check())).toEqual([]);
});

it('passes configs that look around', async () => {
  const repo = await scene();
  await repo.write('.gitignore', 'node_modules\n.wrangler\n');
  await repo.write('.wrangler/state/d1/it.sqlite', '');
  await repo.write('certs/ca.pem', 'ca');
  const look = `import fs from 'node:fs';\nimport path from 'node:path';\nconst found = fs.readdirSync(path.resolve('.wrangler'), { encoding: 'utf-8', recursive: true }).find((one) => one.endsWith('.sqlite'));\nif (!found) throw new Error('.sqlite is not found');\nconst ca = fs.readFileSync('certs/ca.pem').toString();\nif (fs.existsSync('.env.local')) console.log(ca);\n`;
  await repo.write(
    'drizzle.config.ts',
    `${look}${config('postgresql').replace('"out"', '...(found ? {} : { schema: "none" }),\n  "out"')}`,
  );
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual([]);
  await repo.commit('config');
  await repo.columns('blurb');
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual(['schema-drift']);
  // Of another clone, where nothing of what is ignored is, the same can be said as drizzle-kit
  // says there.
  await repo.run('rm', ['-rf', '.wrangler']);
  expect((await repo.check()).outcome).not.toBe('passed');
});
