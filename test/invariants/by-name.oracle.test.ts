import { describe, expect, it } from 'vitest';
import { config } from '../support/drizzle-project.ts';
import { oracle } from '../support/oracle.ts';
import { refusals, scene } from '../support/scene.ts';

describe('what is let through by its name alone', () => {
  it('does not lie in a schema folder: drizzle-kit loads whatever is there', async () => {
    const repo = await scene();
    await repo.write('drizzle.config.ts', config('postgresql', { schema: './src/db/schema' }));
    await repo.commit('a folder');
    await repo.write('docs/NOTES.md', '# Notes on: teams\n');
    await repo.stage('docs');
    // The first check finds out what the project reads.
    await repo.check();
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      nothingToCheck: 'no changed file could belong to a Drizzle project',
    });

    await repo.write('src/db/schema/NOTES.md', '# Notes on: teams\n');
    await repo.stage('src');
    expect((await oracle(repo.dir)).verdict).toBe('error');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-unreadable']);
    expect(report.findings[0]?.path).toBe('src/db/schema/NOTES.md');
    expect((await repo.guard(['pre-commit'])).exitCode).toBe(1);

    await repo.git('rm', '--quiet', '--cached', 'src/db/schema/NOTES.md');
    expect(await repo.guard(['pre-commit'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});
