import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClosure } from '../../src/relevance/closure-file.ts';
import type { CommitClosure } from '../../src/relevance/closure.ts';
import { formatEntry, parseEntry } from '../../src/schema/cache/entry.ts';
import { ownWorkers } from '../support/evaluation-worker.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

ownWorkers();

const FILE = '.git/drizzle-guard/store/closure';

let repo: Scene;
let sound = '';
let original: CommitClosure;

beforeAll(async () => {
  repo = await scene('postgresql', { shared: true });
  await repo.write('src/app.ts', 'export const app = 1;\n');
  await repo.stage('src');
  expect((await repo.guard(['pre-commit'])).exitCode).toBe(0);
  sound = await readFile(join(repo.dir, FILE), 'utf8');
  const stored = readClosure(join(repo.dir, '.git'));
  if (stored === undefined) throw new Error('no closure was stored');
  original = stored;
  await repo.columns('description');
  await repo.stage('src');
});

afterAll(() => repo[Symbol.asyncDispose]());

/** With a right checksum. */
function forged(change: (closure: CommitClosure) => unknown): string {
  expect(parseEntry('closure', sound)).toEqual(original);
  return formatEntry('closure', change(original));
}

describe('a damaged cache never changes a verdict', () => {
  it.each<readonly [string, () => string]>([
    ['nothing', () => ''],
    ['garbage', () => '\u0000\uFFFD{{{'],
    ['half of itself', () => sound.slice(0, sound.length / 2)],
    ['another file at its end', () => sound + sound],
    ['JSON of another kind', () => '[1, null, "closure"]'],
    [
      'the form of an older guard',
      () =>
        JSON.stringify({
          form: '1 0.0.0-source',
          closure: { commit: 'HEAD', paths: [], watched: [] },
        }),
    ],
    [
      'paths that were emptied',
      () =>
        sound.replace(/"paths":\[.*?\]/, '"paths":[]').replace(/"watched":\[.*?\]/, '"watched":[]'),
    ],
    [
      'nothing that is watched, with a right checksum',
      () => forged((closure) => ({ ...closure, paths: [], watched: [] })),
    ],
    [
      'wrong types inside, with a right checksum',
      () => forged((closure) => ({ ...closure, paths: {}, watched: [[]] })),
    ],
    [
      'an option of git for its commit, with a right checksum',
      () => forged((closure) => ({ ...closure, paths: [], commit: '--output=stolen' })),
    ],
  ])('%s', async (_what, text) => {
    await repo.write(FILE, text());
    const said = await repo.guard(['pre-commit']);
    expect(said).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('schema-drift: ') });
    expect((await repo.run('git', ['ls-files', '--others', '--exclude-standard'])).stdout).toBe('');
  });

  it('a folder in its place', async () => {
    await rm(join(repo.dir, FILE));
    await mkdir(join(repo.dir, FILE));
    expect((await repo.guard(['pre-commit'])).exitCode).toBe(1);
    await rm(join(repo.dir, FILE), { recursive: true });
  });
});

describe('where the cache cannot be written', () => {
  it('the guard does without: a plain file is where its folder would', async () => {
    await rm(join(repo.dir, '.git/drizzle-guard'), { recursive: true, force: true });
    await repo.write('.git/drizzle-guard', 'not a folder\n');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    expect((await repo.guard(['pre-commit'])).exitCode).toBe(1);
    await repo.git('reset', '--quiet', '--', 'src/db');
    for (let time = 0; time < 2; time++)
      expect(await repo.guard(['pre-commit'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(await repo.read('.git/drizzle-guard')).toBe('not a folder\n');
    await rm(join(repo.dir, '.git/drizzle-guard'));
    await repo.stage('src');
  });
});

describe('guards at once', () => {
  const cli = (...args: string[]) =>
    repo.run(process.execPath, [process.env['GUARD_CLI'] ?? '', ...args]);

  it('write one cache between them, whole', async () => {
    await repo.git('reset', '--quiet', '--', 'src/db');
    await rm(join(repo.dir, '.git/drizzle-guard'), { recursive: true, force: true });
    const said = await Promise.all(Array.from({ length: 4 }, () => cli('pre-commit')));
    expect(said).toEqual(
      Array.from({ length: 4 }, () => ({ exitCode: 0, stdout: '', stderr: '' })),
    );
    const written = await repo.run('ls', ['-A', '.git/drizzle-guard']);
    expect(written.stdout).toBe('store\n');
    const stored = await repo.run('ls', ['-A', '.git/drizzle-guard/store']);
    expect(stored.stdout.split('\n').filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const [head = '', text = ''] = (await repo.read(FILE)).split('\n');
    expect(head).toMatch(/^drizzle-guard-cache 2 \S+ closure [0-9a-f]{16}$/);
    expect(JSON.parse(text)).toMatchObject({
      paths: expect.arrayContaining(['src/db/schema/teams.ts']),
    });
  });
});
