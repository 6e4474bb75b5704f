import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository, type TestRepository } from '../support/repository.ts';
import { recorded } from './truth.ts';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'probe-')));
  await build({
    entryPoints: [fileURLToPath(new URL('probe.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile: join(folder, 'probe.mjs'),
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Seen {
  readonly staged?: readonly string[];
  readonly topLevel: string;
  readonly entries: Record<string, string>;
  readonly changed: readonly string[];
  readonly mergeHeads: readonly string[];
  readonly loose: readonly string[];
}

/** Three files with a change each: the first staged, the second not, the third staged in part. */
async function inTheMiddle(): Promise<TestRepository> {
  const repo = await repository({
    'db/staged': '1',
    'db/not': '1',
    'db/partly': '1\n2\n3\n4\n5\n6\n',
    other: 'o',
  });
  await repo.commit();
  await writeHook(repo, 'pre-commit');
  await repo.write('db/staged', '2');
  await repo.write('db/partly', 'first\n2\n3\n4\n5\n6\n');
  await repo.stage('db/staged', 'db/partly');
  await repo.write('db/partly', 'first\n2\n3\n4\n5\nlast\n');
  await repo.write('db/not', '2');
  await repo.write('db/untracked', 'u');
  return repo;
}

async function writeHook(repo: TestRepository, name: string, before = ''): Promise<void> {
  await mkdir(join(repo.dir, '.git/hooks'), { recursive: true });
  await writeFile(
    join(repo.dir, '.git/hooks', name),
    `#!/bin/sh\n${before}\nPROBE=${repo.around}/seen.json exec node ${folder}/probe.mjs\n`,
  );
  await chmod(join(repo.dir, '.git/hooks', name), 0o755);
}

/** Commits, and holds what the hook saw against what was recorded. */
async function committed(
  repo: TestRepository,
  args: readonly string[],
  how: { cwd?: string; input?: string } = {},
): Promise<Seen> {
  await rm(join(repo.around, 'seen.json'), { force: true });
  const { exitCode, stderr } = await repo.run('git', args, how);
  if (exitCode !== 0) throw new Error(stderr);
  const seen: Seen = JSON.parse(await readFile(join(repo.around, 'seen.json'), 'utf8'));
  const worktree = how.cwd ?? repo.dir;
  const head = (await repo.run('git', ['rev-parse', 'HEAD'], { cwd: worktree })).stdout.trim();
  expect(seen.entries).toEqual(await recorded(repo, head));
  expect(seen.topLevel).toBe(
    (await repo.run('git', ['rev-parse', '--show-toplevel'], { cwd: worktree })).stdout.trim(),
  );
  return seen;
}

describe('what the hook sees is what is recorded', () => {
  test('git commit', async () => {
    const { staged, changed, loose } = await committed(await inTheMiddle(), ['commit', '-qm', 'x']);
    expect(changed).toEqual(['db/partly', 'db/staged']);
    expect(staged).toEqual(changed);
    expect(loose).toEqual(['unstaged db/not', 'unstaged db/partly', 'untracked db/untracked']);
  });

  test('git commit -a', async () => {
    const { staged, changed, loose } = await committed(await inTheMiddle(), [
      'commit',
      '-qam',
      'x',
    ]);
    expect(changed).toEqual(['db/not', 'db/partly', 'db/staged']);
    expect(staged).toEqual(changed);
    expect(loose).toEqual(['untracked db/untracked']);
  });

  test('git commit <path>: what is staged and not named stays behind', async () => {
    const { staged, changed, loose } = await committed(await inTheMiddle(), [
      'commit',
      '-qm',
      'x',
      'db/not',
    ]);
    expect(changed).toEqual(['db/not']);
    expect(staged).toEqual(changed);
    expect(loose).toEqual(['unstaged db/partly', 'unstaged db/staged', 'untracked db/untracked']);
  });

  test('git commit --only, from a subfolder', async () => {
    const repo = await inTheMiddle();
    const { changed } = await committed(repo, [
      '-C',
      'db',
      'commit',
      '-qm',
      'x',
      '--only',
      'partly',
    ]);
    expect(changed).toEqual(['db/partly']);
  });

  test('git commit --include', async () => {
    const { staged, changed } = await committed(await inTheMiddle(), [
      'commit',
      '-qm',
      'x',
      '--include',
      'db/not',
    ]);
    expect(changed).toEqual(['db/not', 'db/partly', 'db/staged']);
    expect(staged).toEqual(changed);
  });

  test('git commit --patch', async () => {
    const repo = await inTheMiddle();
    const { changed } = await committed(repo, ['commit', '-qm', 'x', '--patch', 'db/partly'], {
      input: 'y\n',
    });
    expect(changed).toContain('db/partly');
  });

  test('git commit --amend', async () => {
    const { changed } = await committed(await inTheMiddle(), ['commit', '-qm', 'x', '--amend']);
    expect(changed).toEqual(['db/partly', 'db/staged']);
  });

  test('the first commit', async () => {
    const repo = await repository({ a: 'a' });
    await writeHook(repo, 'pre-commit');
    await repo.stage('a');
    const { staged, changed } = await committed(repo, ['commit', '-qm', 'x']);
    expect(changed).toEqual(['a']);
    expect(staged).toBeUndefined();
  });

  test('the commit that ends a merge, and the merge that needs no help', async () => {
    const repo = await repository({ a: 'a' });
    await repo.commit();
    await repo.git('checkout', '-qb', 'side');
    await repo.write('side', 's');
    const side = await repo.commit();
    await repo.git('checkout', '-q', 'main');
    await repo.write('a', 'aa');
    await repo.commit();
    await writeHook(repo, 'pre-merge-commit');
    await writeHook(repo, 'pre-commit');
    const clean = await committed(repo, ['merge', '-q', '--no-edit', 'side']);
    expect(clean).toMatchObject({ changed: ['side'] });
    await repo.git('reset', '-q', '--hard', 'HEAD~1');
    await repo.git('merge', '-q', '--no-commit', 'side');
    expect(await committed(repo, ['commit', '-q', '--no-edit'])).toMatchObject({
      changed: ['side'],
      mergeHeads: [side],
    });
  });

  test.each([
    ['commit', '-qm', 'x'],
    ['commit', '-qam', 'x'],
    ['commit', '-qm', 'x', 'a'],
  ])('in a linked worktree, the hook having gone into a subfolder: git %s %s', async (...args) => {
    const repo = await repository({ a: 'a', b: 'b', 'sub/c': 'c' });
    await repo.commit();
    const linked = join(repo.around, 'linked');
    await repo.git('worktree', 'add', '-q', '-b', 'other', linked);
    await writeHook(repo, 'pre-commit', 'cd sub');
    await writeFile(join(linked, 'a'), 'aa');
    await writeFile(join(linked, 'b'), 'bb');
    await repo.run('git', ['add', 'a'], { cwd: linked });
    const { changed } = await committed(repo, args, { cwd: linked });
    expect(changed).toEqual(args[1] === '-qam' ? ['a', 'b'] : ['a']);
  });

  test.each([
    ['commit', '-qam', 'x'],
    ['commit', '-qm', 'x', 'a'],
  ])('the hook having gone into a subfolder of the main worktree: git %s %s', async (...args) => {
    const repo = await repository({ a: 'a', b: 'b', 'sub/c': 'c' });
    await repo.commit();
    await writeHook(repo, 'pre-commit', 'cd sub');
    await repo.write('a', 'aa');
    await repo.write('b', 'bb');
    await repo.stage('b');
    const { changed, staged } = await committed(repo, args);
    expect(changed).toEqual(args[1] === '-qam' ? ['a', 'b'] : ['a']);
    expect(staged).toEqual(changed);
  });
});
