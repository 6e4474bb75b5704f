import { describe, expect, it } from 'vitest';
import { refusals, scene } from '../support/scene.ts';

describe.each([
  ['turso', /ALTER TABLE `teams` ADD `description` text/],
  ['singlestore', /ALTER TABLE `teams` ADD `description` text/],
] as const)('%s', (dialect, sql) => {
  it('is refused with drift and passes with the migration', async () => {
    const repo = await scene(dialect);
    await repo.columns('description');
    await repo.stage('src');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]).toMatchObject({
      path: 'src/db/schema/teams.ts',
      message: expect.stringContaining('teams.description'),
      detail: expect.stringMatching(sql),
    });
    await repo.generate('description');
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      preexisting: 0,
      projects: [{ dialect, migrations: 2, checked: true }],
    });
  });
});
