import { describe, expect, it } from 'vitest';
import { teams } from '../support/drizzle-project.ts';
import { refusals, scene } from '../support/scene.ts';

describe('size is no problem', () => {
  it('a snapshot of 20 MB, judged right both ways', async () => {
    const repo = await scene();
    // Five times what it takes on a machine that does nothing else is more than the guard's limit.
    await repo.write('guard.config.json', JSON.stringify({ timeoutSeconds: 600 }));
    await repo.commit('A longer limit');
    const wide = (length: number) =>
      teams('postgresql', [`big: text('big').default('x'.repeat(${length})),`]);
    await repo.write('src/db/schema/teams.ts', wide(20_000_000));
    await repo.generate('big');
    expect((await repo.read('drizzle/meta/0001_snapshot.json')).length).toBeGreaterThan(20_000_000);
    await repo.stage('src', 'drizzle');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
    });
    await repo.write('src/db/schema/teams.ts', wide(20_000_001));
    await repo.stage('src');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  });

  it('2,000 changed paths beside the one that matters', async () => {
    const repo = await scene();
    for (let n = 0; n < 2000; n++)
      await repo.write(`src/area${n % 50}/file ${n} ü.ts`, `export const value = ${n};\n`);
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      nothingToCheck: expect.any(String),
    });
    await repo.columns('description');
    await repo.stage('src/db');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    await repo.commit('all of it');
    for (let n = 0; n < 2000; n++)
      await repo.write(`src/area${n % 50}/file ${n} ü.ts`, `export const value = ${-n};\n`);
    await repo.edit('drizzle/0000_init.sql', (text) => `${text}\nSELECT 1;\n`);
    expect(refusals(await repo.check('--worktree'))).toEqual(['migration-edited']);
  });
});
