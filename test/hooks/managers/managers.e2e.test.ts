import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOOK_MANAGERS } from '../../../src/hooks/managers.ts';
import { repository, type TestRepository } from '../../support/repository.ts';
import { done, filesOf, hears, manager, ownModules, placeOf, said } from './installed.ts';

/** What needs no tool but git, and husky, which this repository has installed. */
const HUSKY_PACKAGE =
  '{\n    "private": true,\n    "scripts": { "prepare": "husky" },\n    "devDependencies": { "husky": "^9.1.7" }\n}';

async function detected(repo: TestRepository): Promise<readonly string[]> {
  const worktree = await placeOf(repo);
  const found = await Promise.all(
    HOOK_MANAGERS.map(async (one) => ((await one.detect(worktree)) ? [one.id] : [])),
  );
  return found.flat();
}

describe('husky', () => {
  it('calls the guard at commit, merge and push, beside what is there, which is all that is left afterwards', async () => {
    const repo = await repository({
      'package.json': HUSKY_PACKAGE,
      '.husky/pre-commit': 'echo mine && true',
      '.husky/pre-push': 'echo pushing\n',
    });
    await ownModules(repo, 'stand-in');
    await repo.commit('start');
    expect(await detected(repo)).toEqual(['husky']);
    await done(repo, 'husky', 'add');
    expect((await repo.git('config', 'core.hooksPath')).trim()).toBe('.husky/_');
    await hears(repo);
    await done(repo, 'husky', 'remove');
    expect(await filesOf(repo)).toMatchObject({
      'package.json': HUSKY_PACKAGE,
      '.husky/pre-commit': 'echo mine && true',
      '.husky/pre-push': 'echo pushing\n',
    });
    expect(Object.keys(await filesOf(repo))).not.toContain('.husky/pre-merge-commit');
  });

  it('of the form that 5 to 8 had, whose files git runs itself', async () => {
    const old = '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\necho mine\n';
    const repo = await repository({
      'package.json':
        '{ "devDependencies": { "husky": "^8.0.3" }, "scripts": { "prepare": "husky install" } }\n',
      '.husky/pre-commit': old,
      '.husky/_/husky.sh': '',
    });
    await chmod(join(repo.dir, '.husky/pre-commit'), 0o755);
    await ownModules(repo, 'stand-in');
    await repo.git('config', 'core.hooksPath', '.husky');
    await repo.commit('start');
    await done(repo, 'husky', 'add');
    await hears(repo);
    await done(repo, 'husky', 'remove');
    expect((await filesOf(repo))['.husky/pre-commit']).toBe(old);
    expect(await (await placeOf(repo)).list('.husky')).toEqual(['_', 'pre-commit']);
  });

  it('4 is recognised, and reported', async () => {
    const repo = await repository({
      'package.json':
        '{ "husky": { "hooks": { "pre-commit": "x" } }, "devDependencies": { "husky": "^4.3.8" } }',
    });
    expect(await detected(repo)).toEqual(['husky']);
    const plan = await manager('husky').add(await placeOf(repo));
    expect(plan).toEqual({
      edits: [],
      commands: [],
      notes: [expect.stringContaining('husky 4 or older')],
    });
  });
});

describe("git's own hooks", () => {
  it('are made, or kept and joined, and run', async () => {
    const repo = await repository({ 'package.json': '{}' });
    await ownModules(repo, 'stand-in');
    expect(await detected(repo)).toEqual([]);
    await repo.write('.git/hooks/pre-push', '#!/bin/sh\ncat > ../eaten\n');
    await repo.commit('start');
    expect(await detected(repo)).toEqual(['git']);
    const plan = await done(repo, 'git', 'add');
    expect(plan.notes).toEqual([
      '.git/hooks/pre-push was not executable, so git skipped it. Now git runs everything in it.',
      expect.stringContaining('in this clone only'),
    ]);
    await hears(repo);
    await done(repo, 'git', 'remove');
    const files = await filesOf(repo);
    expect(files['.git/hooks/pre-push']).toBe('#!/bin/sh\ncat > ../eaten\n');
    expect(Object.keys(files).filter((name) => name.startsWith('.git/'))).toEqual([
      '.git/hooks/pre-push',
    ]);
  });

  it('are those of all linked worktrees, found from a subdirectory of one', async () => {
    const repo = await repository({ 'package.json': '{}', 'sub/x': '' });
    await repo.commit('start');
    await repo.git('worktree', 'add', '--quiet', '../linked', '-b', 'linked');
    const linked = { ...repo, dir: join(repo.around, 'linked') };
    const worktree = await placeOf(linked, join(linked.dir, 'sub'));
    expect(worktree).toMatchObject({
      top: linked.dir,
      folder: '',
      guard: 'node_modules/.bin/drizzle-guard',
    });
    expect(worktree.locate('.git/hooks/pre-commit')).toBe(join(repo.dir, '.git/hooks/pre-commit'));
  });
});

describe('a folder that core.hooksPath names', () => {
  it('is written to, made where it is missing, and goes when it is empty', async () => {
    const repo = await repository({ 'package.json': '{}' });
    await ownModules(repo, 'stand-in');
    await repo.git('config', 'core.hooksPath', 'tools/hooks');
    await repo.commit('start');
    expect(await detected(repo)).toEqual(['hooks-path']);
    const before = await filesOf(repo);
    await done(repo, 'hooks-path', 'add');
    await hears(repo);
    await done(repo, 'hooks-path', 'remove');
    expect(await filesOf(repo)).toEqual({ ...before, c: '1' });
    expect(await (await placeOf(repo)).list('tools')).toEqual([]);
  });

  it('is left alone where it is not the repository’s', async () => {
    const repo = await repository({ 'package.json': '{}' });
    await repo.git('config', 'core.hooksPath', join(repo.around, 'home/hooks'));
    expect(await manager('hooks-path').add(await placeOf(repo))).toEqual({
      edits: [],
      commands: [],
      notes: [expect.stringContaining('outside this repository')],
    });
  });

  it('is git’s own where it says so', async () => {
    const repo = await repository({ 'package.json': '{}', '.git/hooks/commit-msg': '' });
    await repo.git('config', 'core.hooksPath', join(repo.dir, '.git/hooks'));
    expect(await detected(repo)).toEqual(['git']);
  });
});

describe('lint-staged, called by husky', () => {
  it('calls the guard at commit, and husky for merges and pushes', async () => {
    const repo = await repository({
      'package.json':
        '{\n\t"private": true,\n\t"scripts": { "prepare": "husky" },\n\t"devDependencies": { "husky": "^9.1.7", "lint-staged": "^16.0.0" },\n\t"lint-staged": {\n\t\t"*.ts": "true"\n\t}\n}\n',
      '.husky/pre-commit': 'lint-staged\n',
    });
    await ownModules(repo, 'stand-in');
    await repo.git('config', 'core.hooksPath', '.husky/_');
    await repo.run('sh', ['-c', 'cd node_modules/.bin && ln -s guard drizzle-guard']);
    await repo.commit('start');
    const before = await filesOf(repo);
    expect(await detected(repo)).toEqual(['husky', 'lint-staged']);
    await done(repo, 'lint-staged', 'add');
    await repo.run(process.execPath, ['node_modules/husky/bin.js']);
    const plan = await done(repo, 'husky', 'add');
    expect(plan.edits.map(({ path }) => path)).toEqual([
      '.husky/pre-merge-commit',
      '.husky/pre-push',
    ]);
    await repo.commit('hooks');
    await repo.write('a.sql', 'select 1');
    await repo.git('add', '--all');
    const env = { GUARD_SAID: join(repo.around, 'said') };
    expect(
      (await repo.run('git', ['commit', '-m', 'a'], { env: { ...env, GUARD_EXIT: '1' } })).exitCode,
    ).toBe(1);
    expect((await repo.run('git', ['commit', '-m', 'a'], { env })).exitCode).toBe(0);
    // The files of the task come behind.
    expect(await said(repo)).toMatch(/^2:pre-commit \S+a\.sql\n2:pre-commit \S+a\.sql\n$/);
    await done(repo, 'husky', 'remove');
    await done(repo, 'lint-staged', 'remove');
    const { 'a.sql': _, ...left } = await filesOf(repo);
    expect(left).toMatchObject(before);
    expect(
      Object.keys(left)
        .filter((name) => !name.includes('/_/'))
        .sort(),
    ).toEqual(Object.keys(before).sort());
  });
});
