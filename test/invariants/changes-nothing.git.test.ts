import { mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureOf } from '../support/picture.ts';
import { ownWorkers } from '../support/evaluation-worker.ts';
import { emptyScene, scene, type Scene } from '../support/scene.ts';

ownWorkers();

const COMMANDS = [
  ['check'],
  ['check', '--worktree'],
  ['check', '--all'],
  ['check', '--format', 'json'],
  ['pre-commit'],
] as const;

let repo: Scene;

beforeAll(async () => {
  repo = await scene('postgresql', { shared: true });
  await repo.write('src/app.ts', 'export const app = 1;\n');
  await repo.commit('app');
  await repo.git('config', 'core.untrackedCache', 'true');
  await repo.git('config', 'feature.manyFiles', 'true');
  // Its coming would show in the time of .git, where it may lie.
  await mkdir(join(repo.dir, '.git/drizzle-guard'));
});

afterAll(() => repo[Symbol.asyncDispose]());

/** Runs each command; none may leave a trace, whatever it says. */
async function untouched(expected: Readonly<Record<string, number>>): Promise<void> {
  // The index's times are out of date, so that a refresh would have something to write.
  await utimes(join(repo.dir, 'package.json'), new Date(2001, 1, 1), new Date(2001, 1, 1));
  const before = await pictureOf(repo.dir);
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining(['.git/index', '.git/HEAD', 'drizzle/meta/_journal.json']),
  );
  const codes: Record<string, number> = {};
  for (const args of COMMANDS) {
    codes[args.join(' ')] = (await repo.guard(args)).exitCode;
    expect(await pictureOf(repo.dir), `after guard ${args.join(' ')}`).toEqual(before);
  }
  expect(codes).toEqual(expected);
}

const all = (code: number) => Object.fromEntries(COMMANDS.map((args) => [args.join(' '), code]));

describe('checking leaves the repository byte for byte as it was', () => {
  it('with nothing to check', () => untouched(all(0)));

  it('when it lets a change through', async () => {
    await repo.write('src/app.ts', 'export const app = 2;\n');
    await repo.stage('src');
    await repo.columns('description');
    await repo.generate('description');
    await repo.stage('src', 'drizzle');
    await untouched(all(0));
  });

  it('when it refuses, and finds the other half in the working tree', async () => {
    await repo.git('reset', '--quiet', '--', 'drizzle');
    await untouched({ ...all(1), 'check --worktree': 0 });
  });

  it('when it refuses, and finds the other half in a stash', async () => {
    await repo.git('stash', 'push', '--quiet', '--keep-index', '--include-untracked');
    await untouched(all(1));
  });

  it('when it cannot check', async () => {
    await repo.write(
      'package.json',
      '{ "name": "shop", "guard": { "rules": { "no-such-rule": "off" } } }\n',
    );
    await repo.stage('package.json');
    await untouched(all(2));
  });

  it('when the working tree is taken away', async () => {
    await repo.git('reset', '--quiet', '--hard');
    await repo.columns('website');
    await repo.stage('src');
    await repo.remove('drizzle/meta', 'src/app.ts');
    await repo.write('drizzle/meta/_journal.json', '{');
    await untouched(all(1));
  });

  it('and nothing else on the disk: the built guard leaves its temporary folder empty', async () => {
    const tmp = join(repo.around, 'tmp');
    await mkdir(tmp);
    const { exitCode } = await repo.run(
      process.execPath,
      [process.env['GUARD_CLI'] ?? '', 'check'],
      { env: { TMPDIR: tmp } },
    );
    expect(exitCode).toBe(1);
    // Node keeps the guard's compiled code there (from Node 22 on).
    expect((await readdir(tmp)).filter((name) => name !== 'node-compile-cache')).toEqual([]);
    await rm(tmp, { recursive: true });
  });
});

it('the picture would have shown it: what git itself writes when it looks', async () => {
  const other = await emptyScene();
  await other.write('a', 'a');
  await other.commit('a');
  await utimes(join(other.dir, 'a'), new Date(2001, 1, 1), new Date(2001, 1, 1));
  const before = await pictureOf(other.dir);
  await other.git('status');
  expect(await pictureOf(other.dir)).not.toEqual(before);
});
