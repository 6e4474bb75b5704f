import { describe, expect, it } from 'vitest';
import { refusals, scene } from '../support/scene.ts';

describe.each(['postgresql', 'sqlite', 'mysql'] as const)(
  '%s: a schema change and its migration',
  (dialect) => {
    it('is refused without the migration, which is named with its SQL', async () => {
      const repo = await scene(dialect);
      await repo.columns('description');
      await repo.stage('src');
      const report = await repo.check();
      expect(refusals(report)).toEqual(['schema-drift']);
      expect(report.findings[0]).toMatchObject({
        path: 'src/db/schema/teams.ts',
        message: expect.stringContaining('teams.description'),
      });
      expect(report.findings[0]?.detail).toMatch(/ALTER TABLE .teams. ADD .*description/);
    });

    it('passes with it, and with every part of it', async () => {
      const repo = await scene(dialect);
      await repo.columns('description');
      await repo.generate('description');
      await repo.stage('src', 'drizzle');
      expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 0 });
    });
  },
);
