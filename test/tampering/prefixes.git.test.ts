import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { config, drizzleProject } from '../support/drizzle-project.ts';
import { emptyScene, refusals, scene } from '../support/scene.ts';

describe.each(['timestamp', 'supabase', 'unix'])(
  'migrations.prefix %s, taken up half-way',
  (prefix) => {
    it('passes as drizzle-kit writes it, and not without the snapshot', async () => {
      const repo = await scene();
      await repo.write('drizzle.config.ts', config('postgresql', { migrations: { prefix } }));
      await repo.columns('description');
      const tag = await repo.generate('description');
      expect(tag).toMatch(prefix === 'unix' ? /^\d{10}_description$/ : /^\d{14}_description$/);
      await repo.git('add', '--all');
      expect(await repo.check()).toMatchObject({
        outcome: 'passed',
        findings: [],
        projects: [{ migrations: 2 }],
      });
      await repo.git('rm', '-qf', `drizzle/meta/${tag.split('_')[0]}_snapshot.json`);
      expect(refusals(await repo.check())).toEqual(['migration-incomplete']);
    });
  },
);

describe('migrations.prefix none', () => {
  it('makes snapshots that drizzle-kit ignores: named with the first one, and no finding in a project that has lived with it', async () => {
    const repo = await emptyScene();
    for (const [path, text] of Object.entries(drizzleProject('postgresql')))
      await repo.write(path, text);
    await repo.write('drizzle.config.ts', config('postgresql', { migrations: { prefix: 'none' } }));
    await repo.commit('no migration yet');
    expect(await repo.generate('init')).toBe('_init');
    await repo.git('add', '--all');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['snapshot-chain']);
    expect(report.findings[0]).toMatchObject({
      path: 'drizzle/meta/_snapshot.json',
      message: expect.stringMatching(
        /^drizzle-kit ignores .*\(prefix "none"\): every `drizzle-kit generate` diffs against nothing and repeats the same SQL$/,
      ),
    });

    await repo.commit('lived with');
    await repo.columns('description');
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    // Two of one second have a note, as names have no number in front.
    await setTimeout(1000);
    expect(await repo.generate('description')).toBe('_description');
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
    await repo.edit('drizzle/_init.sql', (text) => `${text}\n-- edited`);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['migration-edited']);
  });
});
