import { describe, expect, it } from 'vitest';
import { refusals, scene } from '../support/scene.ts';

const schema = 'src/db/schema/teams.ts';
const column = (rest: string): ((text: string) => string) => {
  const line = `  seenAt: integer('seen_at', { mode: 'timestamp' })${rest},\n`;
  return (text) => text.replace(/(?: {2}seenAt:.*\n)?( {2}createdAt:)/, `${line}$1`);
};

describe('a default that is computed when the schema is loaded', () => {
  it('is named as what it is, and once it is there no other change is refused for it', async () => {
    const repo = await scene('sqlite');
    await repo.edit(schema, column('.default(new Date())'));
    await repo.generate('seen_at');
    await repo.stage('src', 'drizzle');
    // drizzle-kit itself would generate the next migration at once.
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]?.message).toBe(
      'column teams.seen_at has changed in the schema (default (of an earlier evaluation) -> default (another at every evaluation)), but in no migration',
    );
    expect(report.findings[0]?.fix[0]?.text).toContain('.$defaultFn(');

    await repo.commit('past the guard');
    await repo.edit(schema, (text) => `// Teams.\n${text}`);
    await repo.stage('src');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      preexisting: 1,
      projects: [{ checked: true }],
    });

    await repo.edit(schema, column('.notNull().default(new Date())'));
    await repo.stage('src');
    const again = await repo.check();
    expect(refusals(again)).toEqual(['schema-drift']);
    expect(again.findings[0]?.message).toContain('nullable -> not null');

    await repo.edit(schema, column('.$defaultFn(() => new Date())'));
    // The name sorts behind the other one: both may be of one second.
    await repo.generate('written_by_app');
    await repo.stage('src', 'drizzle');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [{ rule: 'sqlite-rebuild-wipes-children', severity: 'warning' }],
      preexisting: 0,
    });
  });

  it('does not hide another default of a column that drifted before', async () => {
    const repo = await scene('sqlite');
    await repo.edit(schema, (text) => text.replace("text('motto')", "text('motto').default('a')"));
    await repo.commit('past the guard');
    await repo.edit(schema, (text) => text.replace(".default('a')", ".default('b')"));
    await repo.stage('src');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]?.message).toContain(`no default -> default 'b'`);
  });
});
