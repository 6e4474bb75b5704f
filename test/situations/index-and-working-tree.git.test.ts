import { describe, expect, it } from 'vitest';
import { described, TEAMS } from '../support/described.ts';
import { teams } from '../support/drizzle-project.ts';
import { refusals, scene } from '../support/scene.ts';

describe('the index and the working tree differ', () => {
  it('passes a whole index beside a working tree that has gone on, is broken, or is gone; --worktree judges that', async () => {
    const repo = await scene();
    await described(repo);
    await repo.stage('src', 'drizzle');
    const fine = { outcome: 'passed', findings: [], projects: [{ checked: true }] };

    await repo.columns('description', 'website');
    expect(await repo.check()).toMatchObject(fine);
    const ahead = await repo.check('--worktree');
    expect(refusals(ahead)).toEqual(['schema-drift']);
    expect(ahead.findings[0]).toMatchObject({
      path: TEAMS,
      message: expect.stringContaining('teams.website'),
    });

    await repo.write(TEAMS, 'export const teams = pgTable(;\n');
    expect(await repo.check()).toMatchObject(fine);
    expect(refusals(await repo.check('--worktree'))).toEqual(['schema-unreadable']);

    await repo.remove('src', 'drizzle');
    expect(await repo.check()).toMatchObject(fine);
    expect((await repo.check('--worktree')).outcome).toBe('refused');
    expect(await repo.git('status', '--porcelain')).not.toContain('??');
  });

  it('refuses drift in the index that the working tree has fixed by taking the column back', async () => {
    const repo = await scene();
    await repo.columns('description');
    await repo.stage('src');
    await repo.columns();
    const report = await repo.check();
    expect(refusals(report)).toEqual(['split-commit']);
    expect(report.findings[0]).toMatchObject({
      path: TEAMS,
      message: expect.stringMatching(/the staged schema is broken; .*teams\.description/),
      fix: [{ run: `git add :/${TEAMS}` }],
    });
    expect(await repo.check('--worktree')).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('refuses a broken file in the index that the working tree has fixed', async () => {
    const repo = await scene();
    await repo.write(TEAMS, `${teams('postgresql')}export const = ;\n`);
    await repo.stage(TEAMS);
    await repo.write(TEAMS, `${teams('postgresql')}export const answer = 42;\n`);
    const report = await repo.check();
    expect(refusals(report)).toEqual(['split-commit']);
    expect(report.findings[0]).toMatchObject({
      path: TEAMS,
      message: expect.stringContaining('already fix it'),
      fix: [{ run: `git add :/${TEAMS}` }],
    });
    await repo.stage(TEAMS);
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('`--worktree` counts what is untracked and not ignored, and changes nothing', async () => {
    const repo = await scene();
    await described(repo);
    const before = await repo.git('status', '--porcelain=v2');
    expect(await repo.check('--worktree')).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ migrations: 2, checked: true }],
    });
    await repo.remove('drizzle/meta/0001_snapshot.json');
    const report = await repo.check('--worktree');
    expect(refusals(report)).toEqual(['migration-incomplete']);
    await described(repo);
    expect(await repo.git('status', '--porcelain=v2')).toBe(before);
  });
});
