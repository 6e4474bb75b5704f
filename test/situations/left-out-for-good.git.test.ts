import { describe, expect, it } from 'vitest';
import { described, MIGRATION } from '../support/described.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

/**
 * The schema change with only these parts of its migration, in the index and in the working tree
 * alike.
 */
async function withParts(repo: Scene, parts: readonly (keyof typeof MIGRATION)[]): Promise<void> {
  await described(repo);
  for (const part of ['sql', 'snapshot'] as const)
    if (!parts.includes(part)) await repo.remove(MIGRATION[part]);
  if (!parts.includes('journal')) await repo.git('checkout', '--', MIGRATION.journal);
  await repo.stage('src', 'drizzle');
}

describe('a part of the migration does not exist anywhere', () => {
  it.each([
    {
      lacks: 'the SQL',
      parts: ['snapshot', 'journal'],
      rule: 'migration-incomplete',
      path: MIGRATION.journal,
      says: /0001_description has a journal entry but no SQL/,
      names: MIGRATION.sql,
    },
    {
      lacks: 'the snapshot',
      parts: ['sql', 'journal'],
      rule: 'migration-incomplete',
      path: MIGRATION.journal,
      says: /0001_description has a journal entry but no snapshot.* repeat/,
      names: MIGRATION.snapshot,
    },
    {
      lacks: 'the SQL and the snapshot',
      parts: ['journal'],
      rule: 'migration-incomplete',
      path: MIGRATION.journal,
      says: /0001_description has a journal entry but no SQL and no snapshot/,
      names: MIGRATION.snapshot,
    },
    {
      lacks: 'the journal entry',
      parts: ['sql', 'snapshot'],
      rule: 'migration-orphaned',
      path: MIGRATION.sql,
      says: /no entry in the journal.*never runs the SQL/,
      names: MIGRATION.journal,
    },
    {
      lacks: 'the SQL and the journal entry',
      parts: ['snapshot'],
      rule: 'migration-orphaned',
      path: MIGRATION.snapshot,
      says: /no entry in the journal/,
      names: MIGRATION.journal,
    },
  ] as const)('one finding names $lacks', async ({ parts, rule, path, says, names }) => {
    const repo = await scene();
    await withParts(repo, parts);
    const report = await repo.check();
    expect(refusals(report)).toEqual([rule]);
    expect(report.findings).toHaveLength(1);
    const [finding] = report.findings;
    expect(finding).toMatchObject({ path, message: expect.stringMatching(says) });
    expect([finding?.detail, ...(finding?.fix ?? []).map(({ run }) => run)].join('\n')).toContain(
      names,
    );
  });

  it('SQL written by hand, without snapshot and entry, is no migration: drizzle-kit would still generate it', async () => {
    const repo = await scene();
    await withParts(repo, ['sql']);
    const report = await repo.check();
    expect(refusals(report)).toEqual(['migration-orphaned', 'schema-drift']);
    expect(report.findings[1]?.message).toContain('teams.description');
    expect(report.findings[0]).toMatchObject({
      path: MIGRATION.sql,
      message: expect.stringContaining('the migrator never runs it'),
    });
    expect(report.findings[0]?.fix.map(({ run }) => run)).toEqual([
      expect.stringMatching(/^git add/),
      expect.stringContaining('db:generate -- --custom'),
      expect.stringMatching(/^git rm/),
    ]);
  });

  it('all parts taken out again leave plain drift', async () => {
    const repo = await scene();
    await withParts(repo, []);
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  });
});
