import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { linkModules } from '../support/drizzle-project.ts';
import { pictureOf } from '../support/picture.ts';
import { sample } from '../support/run-settings.ts';
import { scene, type Scene } from '../support/scene.ts';
import type { Answer } from '../support/repository.ts';

const CLI = process.env['GUARD_CLI'] ?? '';
const CACHE = '.git/drizzle-guard';

let repo: Scene;
/** A linked worktree: the same cache, and another change. */
let app: string;
let refused: Answer;

beforeAll(async () => {
  repo = await scene('postgresql', { shared: true });
  await repo.write('src/app.ts', 'export const app = 1;\n');
  await repo.commit('app');
  app = join(repo.around, 'app');
  await repo.git('worktree', 'add', '-q', app);
  await linkModules(app);
  await repo.run('sh', ['-c', 'echo >> src/app.ts; git add src'], { cwd: app });
  await repo.columns('description');
  await repo.stage('src');
  refused = await guard(repo.dir, 'check', '--format=json');
  expect(refused).toMatchObject({
    exitCode: 1,
    stderr: '',
    stdout: expect.stringContaining('schema-drift'),
  });
  expect(await guard(app, 'pre-commit')).toEqual(QUIET);
  // Both have something to write.
  const stored = await readdir(join(repo.dir, CACHE, 'store'));
  expect(stored).toContain('closure');
  expect(stored.some((name) => name.startsWith('result-'))).toBe(true);
});
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(() => rm(join(repo.dir, CACHE), { recursive: true, force: true }));

const QUIET: Answer = { exitCode: 0, stdout: '', stderr: '' };

function guard(cwd: string, ...args: string[]): Promise<Answer> {
  return repo.run(process.execPath, [CLI, ...args], { cwd });
}

async function unharmed(run: typeof guard = guard): Promise<void> {
  expect(await run(repo.dir, 'check', '--format=json')).toEqual(refused);
  expect(await run(app, 'pre-commit')).toEqual(QUIET);
}

describe('a disk without room for the cache changes no verdict, is not spoken of, and is not littered', () => {
  /** In a name space of mounts that is gone with the guard. */
  const mounted = async (options: string, fill = ''): Promise<typeof guard> => {
    const unshare = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];
    await mkdir(join(repo.dir, CACHE), { recursive: true });
    const permitted =
      (await repo.run('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'none', CACHE])).exitCode ===
      0;
    const disk = permitted
      ? `mount -t tmpfs -o ${options} none "$1" && cd "$1" && { ${fill || ':'}; } && cd - >/dev/null`
      : 'ulimit -f 0';
    const script = `${disk} || exit 99; cache=$1; left=$2; shift 2; "$@"; code=$?; find "$cache" -type f | sort > "$left"; exit $code`;
    return async (cwd, ...args) => {
      const left = join(repo.around, 'left');
      const answer = await repo.run(
        permitted ? 'unshare' : 'env',
        [
          ...(permitted ? unshare : []),
          'sh',
          '-c',
          script,
          'sh',
          join(repo.dir, CACHE),
          left,
          process.execPath,
          CLI,
          ...args,
        ],
        { cwd },
      );
      expect(
        (await readFile(left, 'utf8').catch(() => ''))
          .split('\n')
          .filter((path) => !/(?:^|\/filler)$/.test(path)),
      ).toEqual([]);
      return answer;
    };
  };

  it('full', async () => unharmed(await mounted('size=64k', 'head -c 65536 /dev/zero > filler')));

  it('with room for a name and nothing else', async () =>
    unharmed(await mounted('size=4k,nr_inodes=3', 'head -c 4096 /dev/zero > filler')));

  it('that may only be read', async () => unharmed(await mounted('ro')));
});

describe('a cache that is not where it should be changes no verdict, and nothing is written where it leads', () => {
  const PLACES: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a file in its place', () => repo.write(CACHE, 'a file')],
    ['a link to nothing', () => symlink('../../nothing', join(repo.dir, CACHE))],
    ['a link to itself', () => symlink('drizzle-guard', join(repo.dir, CACHE))],
    ['a link out of the repository', () => symlink('../../elsewhere', join(repo.dir, CACHE))],
    ['a link into the working tree', () => symlink('../src', join(repo.dir, CACHE))],
    [
      'a link out of it, one folder further in',
      async () => {
        await mkdir(join(repo.dir, CACHE));
        await symlink('../../../elsewhere', join(repo.dir, CACHE, 'store'));
      },
    ],
  ];

  it.each(sample(PLACES, 2))('%s', async (_, lay) => {
    const elsewhere = join(repo.around, 'elsewhere');
    await mkdir(join(elsewhere, 'store'), { recursive: true });
    await lay();
    const before = [await pictureOf(elsewhere), await pictureOf(repo.dir)];
    await unharmed();
    expect([await pictureOf(elsewhere), await pictureOf(repo.dir)]).toEqual(before);
    expect(await readdir(repo.around)).not.toContain('nothing');
  });
});
