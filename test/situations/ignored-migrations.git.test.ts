import { describe, expect, it } from 'vitest';
import { described, MIGRATION } from '../support/described.ts';
import { drizzleProject, filesIn, projectWithHistory } from '../support/drizzle-project.ts';
import { emptyScene, refusals, scene, type Scene } from '../support/scene.ts';

/** The command of the fix, as a person would paste it. */
async function ran(repo: Scene, command: string | undefined): Promise<string> {
  const { exitCode, stdout } = await repo.run('sh', ['-c', command ?? 'false']);
  expect(exitCode).toBe(0);
  return stdout;
}

describe('the migrations are ignored by git', () => {
  it('says which files of the new migration, and finds the pattern; without the pattern the fix adds them', async () => {
    const repo = await scene();
    await repo.edit('.gitignore', (text) => `${text}drizzle/\n`);
    await repo.commit('ignore what is generated');
    await described(repo);
    await repo.git('add', '--all');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['migrations-ignored']);
    expect(report.findings).toHaveLength(1);
    const [finding] = report.findings;
    expect(finding?.detail?.split('\n')).toEqual([MIGRATION.sql, MIGRATION.snapshot]);
    expect(finding?.message).toContain('git ignores 2 files in drizzle/, the migrations folder');
    expect(await ran(repo, finding?.fix[0]?.run)).toMatch(/^\.gitignore:2:drizzle\/\t/);
    await repo.edit('.gitignore', (text) => text.replace('drizzle/\n', ''));
    await repo.stage('.gitignore');
    await ran(repo, finding?.fix[1]?.run);
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('holds a pattern that this commit brings in, though nothing else is wrong, and not one that was there', async () => {
    const repo = await scene();
    await repo.edit('.gitignore', (text) => `${text}*.sql\n`);
    await repo.stage('.gitignore');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['migrations-ignored']);
    expect(report.findings[0]?.message).toMatch(/drizzle\/\S+\.sql is ignored by git/);
    await repo.commit('ignore SQL anyway');
    // Who adds the files by force works with it.
    await described(repo);
    await repo.git('add', '--all');
    await repo.git('add', '--force', 'drizzle');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 1 });
  });

  it.each(['.gitignore', '.git/info/exclude'])(
    'sees that only drizzle/meta is ignored, by %s, in the first commit',
    async (file) => {
      const repo = await emptyScene();
      for (const [path, text] of Object.entries(
        await filesIn(await projectWithHistory('postgresql')),
      ))
        await repo.write(path, text);
      await repo.write(file, 'node_modules\nmeta\n');
      await repo.git('add', '--all');
      const report = await repo.check();
      expect(refusals(report)).toEqual(['migrations-ignored']);
      expect(report.findings).toHaveLength(1);
      const [finding] = report.findings;
      expect(finding?.detail?.split('\n')).toEqual([
        'drizzle/meta/0000_snapshot.json',
        'drizzle/meta/_journal.json',
      ]);
      expect(await ran(repo, finding?.fix[0]?.run)).toContain(`${file}:2:meta`);
      await repo.write(file, 'node_modules\n');
      await ran(repo, finding?.fix[1]?.run);
      if (file === '.gitignore') await repo.stage('.gitignore');
      expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
    },
  );

  it('does not take an ignored folder for the half where nothing of it exists', async () => {
    const repo = await emptyScene();
    for (const [path, text] of Object.entries(drizzleProject('postgresql')))
      await repo.write(path, text);
    await repo.write('.gitignore', 'node_modules\ndist\n');
    await repo.write('dist/0000_init.sql', 'SELECT 1;\n');
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  });
});
