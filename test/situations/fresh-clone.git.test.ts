import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClosure } from '../../src/relevance/closure-file.ts';
import { lines, type Lines } from '../push/lines.ts';
import { config } from '../support/drizzle-project.ts';
import { ownWorkers } from '../support/evaluation-worker.ts';
import { emptyScene, refusals, scene, type Scene } from '../support/scene.ts';

ownWorkers();

const README_ONLY = { exitCode: 0, stdout: '', stderr: '' };

/** What a clone knows of its projects is below its git folder: a fresh one knows nothing. */
async function forget({ dir }: Scene): Promise<void> {
  await rm(join(dir, '.git/drizzle-guard'), { recursive: true, force: true });
}

/** A table with one column for each line of a file that only `fs` reads. */
const labelsOf = (file: string): string => `import { readFileSync } from 'node:fs';
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';

const names = readFileSync('${file}', 'utf8').trim().split('\\n');
export const labels = pgTable('labels', { id: uuid('id').primaryKey(), ...Object.fromEntries(names.map((name) => [name, text(name)])) });
`;

describe('a file that only the schema reads, in a clone in which nothing is known', () => {
  let repo: Lines;
  let start = '';
  beforeAll(async () => {
    repo = await lines({ shared: true });
    await repo.write('src/db/schema/labels.ts', labelsOf('config/labels.yaml'));
    await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './labels';\n`);
    await repo.write('config/labels.yaml', 'one\n');
    await repo.write('config/other.csv', 'one\n');
    await repo.generate('labels');
    start = await repo.slip('Labels');
    await repo.git('push', '-q', '--no-verify', 'origin', 'main');
  });
  afterAll(() => repo[Symbol.asyncDispose]());

  const back = async (): Promise<void> => {
    await repo.git('reset', '-q', '--hard', start);
    await forget(repo);
  };
  const fresh = async (...args: string[]): Promise<readonly string[]> => {
    await forget(repo);
    return refusals(await repo.check(...args));
  };
  const readme = async (text: string): Promise<string> => {
    await repo.write('README.md', text);
    return repo.slip('Read me');
  };

  it('changes alone: every way in refuses it', async () => {
    await back();
    await repo.write('config/labels.yaml', 'one\ntwo\n');
    await repo.git('add', 'config');
    expect(await fresh()).toEqual(['schema-drift']);
    expect(await fresh('--worktree')).toEqual(['schema-drift']);
    await forget(repo);
    expect(await repo.run('git', ['commit', '-m', 'Two'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('labels.two'),
    });
    await repo.slip('Two');
    expect(await fresh('--commit', 'HEAD')).toEqual(['schema-drift']);
    expect(await fresh('--range', 'HEAD~1..HEAD')).toEqual(['schema-drift']);
    expect(await fresh('--base', 'origin/main')).toEqual(['schema-drift']);
    await forget(repo);
    expect((await repo.prePush('main')).rules).toEqual(['schema-drift']);
    // With its migration it passes, and without the file the commit is incomplete.
    await repo.generate('two');
    await repo.git('reset', '-q', '--soft', 'HEAD~1');
    await repo.git('add', 'drizzle');
    expect(await fresh()).toEqual([]);
    await repo.git('reset', '-q', 'config');
    expect(await fresh()).toEqual(['split-commit']);
    await repo.git('clean', '-qfd', 'drizzle');
  });

  it('changes between commits of no concern: the one commit is named', async () => {
    await back();
    await readme('one');
    await repo.write('config/labels.yaml', 'one\ntwo\n');
    const two = await repo.slip('Two');
    await readme('two');
    await repo.write('config/labels.yaml', 'one\n');
    await repo.slip('One again');
    await readme('three');
    await forget(repo);
    const report = await repo.check('--base', 'origin/main');
    expect(report.findings.map(({ rule, commit }) => [rule, commit])).toEqual([
      ['split-commit', two],
    ]);
    expect(report.commits).toEqual({ count: 5, looked: 2 });
    expect((await repo.check('--range', 'HEAD~1..HEAD')).nothingToCheck).toBe(
      'no changed file could belong to a Drizzle project',
    );
  });

  it('is read only since a commit of the range', async () => {
    await back();
    await readme('one');
    await repo.write('config/other.csv', 'one\ntwo\n');
    await repo.slip('Read by nothing');
    await repo.write('src/db/schema/labels.ts', labelsOf('config/other.csv'));
    await repo.write('config/other.csv', 'one\n');
    await repo.slip('Another file');
    await repo.write('config/labels.yaml', 'one\ntwo\n');
    await repo.slip('Read by nothing any more');
    expect(await fresh('--base', 'origin/main')).toEqual([]);
    await repo.write('config/other.csv', 'one\ntwo\n');
    const last = await repo.slip('Two');
    await forget(repo);
    const { findings } = await repo.check('--base', 'origin/main');
    expect(findings.map(({ rule, commit }) => [rule, commit])).toEqual([['schema-drift', last]]);
  });

  it('was read only since commits that came from elsewhere', async () => {
    await back();
    await repo.write('src/db/schema/labels.ts', labelsOf('config/other.csv'));
    await repo.slip('Another file');
    await repo.git('switch', '-q', '--detach', 'HEAD~1');
    await repo.write('README.md', 'known\n');
    await repo.git('add', 'README.md');
    expect(await repo.guard(['pre-commit'])).toEqual(README_ONLY);
    await repo.git('reset', '-q', '--hard');
    await repo.git('switch', '-q', 'main');
    await repo.write('config/other.csv', 'one\ntwo\n');
    await repo.git('add', 'config');
    const known = readClosure(join(repo.dir, '.git'));
    expect(known).toMatchObject({ commit: start });
    expect((await repo.guard(['pre-commit'])).exitCode).toBe(1);
    await repo.slip('Two');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['schema-drift']);
    expect(refusals(await repo.check('--range', 'HEAD~1..HEAD'))).toEqual(['schema-drift']);
  });

  it('was checked with a change that is recorded, or not', async () => {
    await back();
    await repo.write('src/db/schema/labels.ts', labelsOf('config/other.csv'));
    await repo.git('add', 'src');
    expect((await repo.guard(['pre-commit'])).exitCode).toBe(0);
    expect(Object.keys(readClosure(join(repo.dir, '.git'))?.staged ?? {})).toEqual([
      'src/db/schema/labels.ts',
    ]);
    const change = async (file: string): Promise<number> => {
      await repo.write(file, 'one\ntwo\n');
      await repo.git('add', 'config');
      const { exitCode } = await repo.guard(['pre-commit']);
      await repo.git('reset', '-q', '--hard');
      return exitCode;
    };
    await repo.git('reset', '-q', '--hard');
    expect(await change('config/labels.yaml')).toBe(1);
    await repo.write('src/db/schema/labels.ts', labelsOf('config/other.csv'));
    await repo.git('add', 'src');
    await repo.guard(['pre-commit']);
    await repo.slip('Another file');
    expect(await change('config/other.csv')).toBe(1);
    expect(await change('config/labels.yaml')).toBe(0);
  });

  it('once evaluated, what is of no concern passes without an evaluation', async () => {
    await back();
    await repo.write('README.md', 'first\n');
    await repo.git('add', 'README.md');
    const built = (command: string) =>
      repo.run(process.execPath, [process.env['GUARD_CLI'] ?? '', command]);
    expect(await built('pre-commit')).toEqual(README_ONLY);
    await repo.slip('First');
    // What was checked in full is known too.
    await forget(repo);
    await repo.columns('website');
    await repo.generate('website');
    await repo.git('add', 'src', 'drizzle');
    expect((await built('pre-commit')).exitCode).toBe(0);
    await repo.slip('Website');
    await repo.write('README.md', 'second\n');
    await repo.git('add', 'README.md');
    await rename(join(repo.dir, 'node_modules'), join(repo.around, 'away'));
    try {
      expect(await built('pre-commit')).toEqual(README_ONLY);
      // In a clone that knows nothing it passes too, and a note says what is not known.
      await forget(repo);
      expect(await built('pre-commit')).toEqual({
        ...README_ONLY,
        stderr: `drizzle-guard: drizzle.config.ts: could not evaluate whether it reads a changed file (drizzle-kit is not installed for this repository). Install the dependencies: npm install. Then: npx drizzle-guard check --all\n`,
      });
      await repo.write('src/other.ts', 'export {};\n');
      await repo.git('add', 'src');
      expect((await built('check')).exitCode).toBe(2);
    } finally {
      await rename(join(repo.around, 'away'), join(repo.dir, 'node_modules'));
    }
  });
});

const fresh = (name: string): string =>
  `import { pgTable, uuid } from 'drizzle-orm/pg-core';\nexport const fresh = pgTable(${name}, { id: uuid('id').primaryKey() });\n`;

describe('what is of no concern, where something is wrong already', () => {
  let repo: Lines;
  let start = '';
  beforeAll(async () => {
    repo = await lines({ shared: true });
    start = (await repo.git('rev-parse', 'HEAD')).trim();
  });
  afterAll(() => repo[Symbol.asyncDispose]());

  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    [
      'a schema that throws',
      { 'src/db/schema/index.ts': "throw new Error('no');\nexport {};\n" },
      '',
    ],
    [
      'a schema without its migration',
      { 'src/db/schema/index.ts': `export * from './teams';\n${fresh("'fresh'")}` },
      '',
    ],
    [
      'a config that needs a variable',
      {
        'drizzle.config.ts': `if (process.env.NEEDED !== 'yes') throw new Error('NEEDED is not yes');\n${config('postgresql')}`,
      },
      '',
    ],
    [
      "the guard's config",
      { 'package.json': '{ "guard": { "rules": { "none": "off" } } }\n' },
      'is not valid',
    ],
    [
      'a dependency',
      {
        'package.json': '{ "dependencies": { "absent": "1" } }\n',
        'src/db/schema/index.ts': "import 'absent';\nexport * from './teams';\n",
      },
      'absent',
    ],
    [
      'a schema that a variable decides',
      {
        'src/db/schema/index.ts': `export * from './teams';\nif (!process.env.NEEDED) throw new Error('NEEDED');\n${fresh('process.env.NEEDED')}`,
      },
      'NEEDED is not set',
    ],
    ['a snapshot', { 'drizzle/meta/0000_snapshot.json': '<<<<<<<' }, ''],
  ])('passes in commits and ranges: %s', async (_what, files, note) => {
    await repo.git('reset', '-q', '--hard', start);
    for (const [path, text] of Object.entries(files)) await repo.write(path, text);
    await repo.slip('Wrong already');
    await forget(repo);
    await repo.write('README.md', 'first\n');
    await repo.git('add', 'README.md');
    const said = await repo.guard(['pre-commit']);
    expect({ ...said, stderr: '' }).toEqual(README_ONLY);
    expect(said.stderr.includes(note) && said.stderr.split('\n').length < 3).toBe(true);
    await repo.slip('First');
    await repo.write('README.md', 'second\n');
    await repo.slip('Second');
    for (const how of [
      ['--commit', 'HEAD'],
      ['--range', 'HEAD~2..HEAD'],
    ]) {
      await forget(repo);
      expect(await repo.check(...how)).toMatchObject({ outcome: 'passed', findings: [] });
    }
  });
});

it('where git lacks a file of the project, the note names the project', async () => {
  const repo = await scene();
  const oid = (await repo.git('rev-parse', 'HEAD:drizzle/meta/_journal.json')).trim();
  await rm(join(repo.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)));
  await repo.write('README.md', 'first\n');
  await repo.git('add', 'README.md');
  expect(await repo.guard(['pre-commit'])).toEqual({
    ...README_ONLY,
    stderr: expect.stringMatching(
      /^drizzle-guard: drizzle\.config\.ts: could not evaluate .*_journal\.json.*\n$/,
    ),
  });
});

it('a project that cannot be evaluated does not hide another', async () => {
  const repo = await scene();
  await repo.write('src/db/schema/labels.ts', labelsOf('config/labels.yaml'));
  await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './labels';\n`);
  await repo.write('config/labels.yaml', 'one\n');
  await repo.generate('labels');
  await repo.write('package.json', '{ "dependencies": { "absent": "1" } }\n');
  await repo.write('other/drizzle.config.ts', config('postgresql', { schema: './other.ts' }));
  await repo.write('other/other.ts', "import 'absent';\nexport {};\n");
  const start = await repo.commit('two projects');
  await repo.write('README.md', 'one\n');
  await repo.commit('one');
  await repo.write('config/labels.yaml', 'one\ntwo\n');
  await repo.git('add', 'config');
  const note = { config: 'other/drizzle.config.ts', why: expect.stringContaining('absent') };
  const refused = { outcome: 'refused', notEvaluated: [note] };
  const staged = await repo.check();
  expect([staged, refusals(staged)]).toMatchObject([refused, ['schema-drift']]);
  await repo.commit('two');
  const range = await repo.check('--range', `${start}..HEAD`);
  expect([range, refusals(range)]).toMatchObject([refused, ['schema-drift']]);
});

it('a repository without a project is not evaluated again', async () => {
  const repo = await emptyScene();
  await repo.write('package.json', '{ "name": "app" }\n');
  await repo.commit('start');
  await repo.write('README.md', 'app\n');
  await repo.git('add', 'README.md');
  expect(await repo.check()).toMatchObject({
    outcome: 'passed',
    nothingToCheck: expect.any(String),
  });
  expect(readClosure(join(repo.dir, '.git'))?.noProject).toBe(true);
  expect(await repo.guard(['pre-commit'])).toEqual(README_ONLY);
  await repo.write('src/app.ts', 'export {};\n');
  await repo.git('add', 'src');
  const line = 'drizzle-guard: there is no Drizzle project in the index; nothing checked.\n';
  expect(await repo.guard(['pre-commit'])).toEqual({ ...README_ONLY, stderr: line });
  // It may get one, and migrations that no config names are for a person to look at.
  await repo.write('drizzle.config.ts', config('postgresql'));
  await repo.write('src/db/schema/index.ts', labelsOf('README.md'));
  await repo.git('add', 'src', 'drizzle.config.ts');
  expect((await repo.guard(['pre-commit'])).exitCode).toBe(1);
});
