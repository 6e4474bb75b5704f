import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { parseReport } from '../support/report.ts';
import { described } from '../support/described.ts';
import { linkModules } from '../support/drizzle-project.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

type How = Parameters<Scene['guard']>[1];

async function checkFrom(repo: Scene, how: How): Promise<Report> {
  return parseReport((await repo.guard(['check', '--format', 'json'], how)).stdout);
}

/** Refused with its paths from the top. */
async function refusedFrom(repo: Scene, how: How): Promise<void> {
  const report = await checkFrom(repo, how);
  expect(refusals(report)).toEqual(['schema-drift']);
  expect(report.findings[0]).toMatchObject({
    project: 'drizzle.config.ts',
    path: 'src/db/schema/teams.ts',
    message: expect.stringContaining('teams.description'),
  });
}

async function hookRefusesFrom(repo: Scene, how: How): Promise<void> {
  expect(await repo.guard(['pre-commit'], how)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('src/db/schema/teams.ts:'),
  });
}

describe('where git runs the guard', () => {
  it('a subdirectory', async () => {
    const repo = await scene();
    await repo.columns('description');
    await repo.stage('src');
    await refusedFrom(repo, { cwd: join(repo.dir, 'src/db') });
    await hookRefusesFrom(repo, { cwd: join(repo.dir, 'src/db') });
    await described(repo);
    await repo.git('add', '--all');
    expect(await checkFrom(repo, { cwd: join(repo.dir, 'drizzle/meta') })).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ checked: true }],
    });
  });

  it('GIT_DIR and GIT_WORK_TREE in the environment, from inside and from outside', async () => {
    const repo = await scene();
    const elsewhere = join(repo.around, 'elsewhere');
    await mkdir(elsewhere);
    await repo.columns('description');
    await repo.stage('src');
    const gitDir = join(repo.dir, '.git');
    await hookRefusesFrom(repo, { env: { GIT_DIR: '.git' } });
    await refusedFrom(repo, { cwd: elsewhere, env: { GIT_DIR: gitDir, GIT_WORK_TREE: repo.dir } });
    // Without GIT_WORK_TREE git takes the folder itself for the top.
    await refusedFrom(repo, { cwd: join(repo.dir, 'src'), env: { GIT_DIR: gitDir } });
  });

  it("a linked worktree: its own index, and nothing of the main one's", async () => {
    const repo = await scene();
    const linked = join(repo.around, 'linked');
    await repo.git('worktree', 'add', '--quiet', '-b', 'feature', linked);
    await linkModules(linked);
    await repo.columns('description');
    await repo.stage('src');
    expect((await checkFrom(repo, { cwd: linked })).nothingToCheck).toBe(
      'the index has no changes (npx drizzle-guard check --worktree checks what is not staged)',
    );
    await described(repo);
    await repo.run('cp', ['-r', 'src', linked]);
    await repo.run('git', ['add', 'src'], { cwd: linked });
    // The migration is in the main working tree, which is no half of this commit.
    await refusedFrom(repo, { cwd: linked });
    // As git itself calls a hook there.
    await hookRefusesFrom(repo, {
      cwd: linked,
      env: { GIT_DIR: join(repo.dir, '.git/worktrees/linked') },
    });
    await repo.run('cp', ['-r', 'drizzle', linked]);
    await repo.run('git', ['add', 'drizzle'], { cwd: linked });
    expect(await checkFrom(repo, { cwd: linked })).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ migrations: 2 }],
    });
  });
});
