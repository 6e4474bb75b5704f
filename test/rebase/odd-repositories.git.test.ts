import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { refusals, type Scene } from '../support/scene.ts';
import { linkModules } from '../support/drizzle-project.ts';
import { grow, grownScene, JOURNAL } from '../tampering/grown-history.ts';
import type { RepositoryOptions } from '../support/repository.ts';

/** `main` has `0003_colour`, `topic` `0003_notes`; the schema of `topic` has both columns. */
async function clash(
  options: RepositoryOptions = {},
  edit: (repo: Scene) => Promise<unknown> = async () => undefined,
): Promise<Scene> {
  const repo = await grownScene(options);
  await edit(repo);
  await repo.commit('odd');
  await repo.git('branch', 'topic');
  await grow(repo, 'colour');
  await edit(repo);
  await repo.commit('colour');
  await repo.git('checkout', '-q', 'topic');
  await grow(repo, 'notes');
  await edit(repo);
  await repo.columns('description', 'slogan', 'colour', 'notes');
  await repo.commit('notes');
  return repo;
}

const tagsIn = (text: string) =>
  (JSON.parse(text) as { entries: { tag: string }[] }).entries.map(({ tag }) => tag).slice(3);

const IN_ORDER = ['0003_colour', '0004_notes'];

async function merge(repo: Scene, ...options: string[]): Promise<void> {
  await repo.run('git', ['merge', '--no-commit', ...options, 'main']);
}

it('SHA-256, from a subfolder', async () => {
  const repo = await clash({ objectFormat: 'sha256' });
  await merge(repo);
  expect(
    await repo.guard(['rebase', '--continue'], { cwd: join(repo.dir, 'src/db') }),
  ).toMatchObject({ exitCode: 0, stderr: '' });
  expect(tagsIn(await repo.read(JOURNAL))).toEqual(IN_ORDER);
  expect(await repo.git('status', '--porcelain')).toBe('');
});

it('CRLF and tabs stay as they are', async () => {
  const windows = async (repo: Scene) => {
    const text = await repo.read(JOURNAL);
    await repo.write(
      JOURNAL,
      JSON.stringify(JSON.parse(text), null, '\t').replaceAll('\n', '\r\n'),
    );
  };
  const repo = await clash({}, windows);
  await merge(repo);
  expect(await repo.guard(['rebase'])).toMatchObject({ exitCode: 0 });
  const text = await repo.read(JOURNAL);
  expect(tagsIn(text)).toEqual(IN_ORDER);
  expect(
    text.split('\n').every((line, at, all) => at === all.length - 1 || line.endsWith('\r')),
  ).toBe(true);
  expect(text).toContain('\r\n\t"entries"');
  expect(refusals(await repo.check())).toEqual([]);
});

it('a linked worktree has its own record', async () => {
  const repo = await clash();
  await repo.git('worktree', 'add', '-q', '--detach', '../linked', 'topic');
  const linked = join(repo.around, 'linked');
  await linkModules(linked);
  expect((await repo.run('git', ['-C', linked, 'merge', 'main'])).exitCode).toBe(1);
  expect(await repo.guard(['rebase'], { cwd: linked })).toMatchObject({ exitCode: 0 });
  expect(await repo.guard(['rebase', '--undo'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('there is nothing to undo'),
  });
  expect(await repo.guard(['rebase', '--undo'], { cwd: linked })).toMatchObject({ exitCode: 0 });
  expect(await repo.git('-C', linked, 'diff', '--name-only', '--diff-filter=U')).toContain(JOURNAL);
});

it.each(['-Xtheirs', '-Xours'])('what %s has lost of the journal comes back', async (option) => {
  const repo = await clash();
  await merge(repo, option);
  expect(await repo.git('ls-files', '--unmerged')).toBe('');
  expect(await repo.guard(['rebase', '--continue'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(tagsIn(await repo.read(JOURNAL))).toEqual(IN_ORDER);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
});

it('rerere has an older resolution of the journal: it is not taken', async () => {
  const repo = await clash();
  await repo.git('config', 'rerere.enabled', 'true');
  await repo.git('config', 'rerere.autoUpdate', 'true');
  await merge(repo);
  expect((await repo.guard(['rebase'])).exitCode).toBe(0);
  await repo.commit('merged');
  await repo.git('reset', '-q', '--hard', 'HEAD^1');
  await merge(repo);
  expect(await repo.git('ls-files', '--unmerged')).toBe('');
  expect(await repo.guard(['rebase', '--continue'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(tagsIn(await repo.read(JOURNAL))).toEqual(IN_ORDER);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
});

it('SQL that somebody edited in the middle of it is not thrown away', async () => {
  const repo = await clash();
  await merge(repo);
  const path = 'drizzle/0003_notes.sql';
  const edited = `${await repo.read(path)}\n-- mine\n`;
  await repo.write(path, edited);
  for (const stage of [false, true]) {
    if (stage) await repo.git('add', path);
    expect(await repo.guard(['rebase'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`${path} has changes that no commit has`),
    });
    expect(await repo.read(path)).toBe(edited);
  }
});

it('a snapshot that is a symlink stops it, and nothing outside the folder is written', async () => {
  const repo = await clash();
  await mkdir(join(repo.dir, 'elsewhere'));
  const snapshot = 'drizzle/meta/0003_snapshot.json';
  await repo.write('elsewhere/snapshot.json', await repo.read(snapshot));
  await repo.remove(snapshot);
  await repo.run('ln', ['-s', '../../elsewhere/snapshot.json', snapshot]);
  await repo.commit('linked');
  const before = await repo.read('elsewhere/snapshot.json');
  await merge(repo);
  const { exitCode } = await repo.guard(['rebase']);
  expect(exitCode).toBe(1);
  expect(await repo.read('elsewhere/snapshot.json')).toBe(before);
});

it('a revert, nothing under way, a base that HEAD lacks: it says what to do', async () => {
  const repo = await clash();
  const says = async (...args: string[]) => {
    const { exitCode, stderr } = await repo.guard(['rebase', ...args]);
    expect(exitCode).toBe(2);
    return stderr;
  };
  expect(await says()).toContain('git is not in the middle of a merge or rebase');
  expect(await says('--onto', 'main')).toMatch(
    /HEAD does not have main yet[^]*git merge main\n[^]*git rebase main\n/,
  );
  expect(await says('--onto', 'nowhere')).toContain('git knows no commit "nowhere" here');
  await repo.run('git', ['revert', '--no-commit', 'topic']);
  expect(await says()).toContain('a revert adds no migrations');
});

it('a merge of three branches: one after the other', async () => {
  const repo = await clash();
  await repo.git('checkout', '-q', '-b', 'third', 'main~1');
  await repo.write('third.txt', 'third\n');
  await repo.commit('third');
  await repo.git('checkout', '-q', 'main');
  await repo.run('git', ['merge', 'third', 'topic']);
  const before = await repo.git('ls-files', '--stage');
  expect(await repo.guard(['rebase'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/more than two branches[^]*git merge --abort/),
  });
  expect(await repo.git('ls-files', '--stage')).toBe(before);
});

it.each(['src', 'drizzle'])('of a sparse checkout only %s is there', async (folder) => {
  const repo = await clash();
  await repo.git('sparse-checkout', 'set', '--cone', '--sparse-index', folder);
  await merge(repo);
  const seen = async () =>
    (await repo.git('ls-files', '--stage', '-t')) + (await repo.git('status', '--porcelain'));
  const before = await seen();
  expect(await repo.guard(['rebase'])).toMatchObject({ exitCode: 0 });
  expect(await repo.guard(['rebase', '--undo'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await seen()).toBe(before);
  expect(await repo.guard(['rebase', '--continue'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(tagsIn(await repo.read(JOURNAL))).toEqual(IN_ORDER);
  expect(await repo.git('status', '--porcelain')).toBe('');
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
});

it('a shallow clone: not without the merge base', async () => {
  const repo = await clash();
  await repo.git('checkout', '-q', 'main');
  const shallow = join(repo.around, 'shallow');
  const inClone = (...args: string[]) => repo.run('git', ['-C', shallow, ...args]);
  await repo.git('clone', '-q', '--depth=1', '--no-single-branch', `file://${repo.dir}`, shallow);
  await linkModules(shallow);
  await inClone('checkout', '-q', '-b', 'topic', 'origin/topic');
  await inClone('merge', '--allow-unrelated-histories', 'origin/main');
  expect(await repo.guard(['rebase'], { cwd: shallow })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('git fetch --deepen'),
  });
  await inClone('merge', '--abort');
  await inClone('fetch', '-q', '--deepen=1');
  expect((await inClone('merge', 'origin/main')).exitCode).toBe(1);
  expect(await repo.guard(['rebase', '--continue'], { cwd: shallow })).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  const { stdout } = await inClone('show', `HEAD:${JOURNAL}`);
  expect(tagsIn(stdout)).toEqual(IN_ORDER);
});

it('a submodule and a binary file in conflict come first', async () => {
  const repo = await clash();
  const pointTo = (digit: string) =>
    repo.git('update-index', '--add', '--cacheinfo', `160000,${digit.repeat(40)},vendor/lib`);
  for (const [branch, digit] of [
    ['main', '1'],
    ['topic', '2'],
  ] as const) {
    await repo.git('checkout', '-q', branch);
    await pointTo(digit);
    await repo.write('logo.png', `\0${branch}`);
    await repo.write('pnpm-lock.yaml', `lock: ${branch}\n`);
    await repo.write('.gitattributes', '*-lock.yaml -merge\n');
    await repo.git('add', 'logo.png', 'pnpm-lock.yaml', '.gitattributes');
    await repo.git('commit', '-q', '--no-verify', '-m', 'lib');
  }
  await merge(repo);
  const before = await repo.git('ls-files', '--stage');
  expect(await repo.guard(['rebase', '--continue'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(
      'resolve the other conflicts first: logo.png, pnpm-lock.yaml, vendor/lib',
    ),
  });
  expect(await repo.git('ls-files', '--stage')).toBe(before);
  await pointTo('1');
  await repo.git('add', 'logo.png', 'pnpm-lock.yaml');
  expect(await repo.guard(['rebase', '--continue'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(tagsIn(await repo.read(JOURNAL))).toEqual(IN_ORDER);
  expect(await repo.git('ls-tree', 'HEAD', 'vendor/lib')).toContain('1'.repeat(40));
});
