import { describe, expect, it } from 'vitest';
import { drizzleProject, filesIn, projectWithHistory } from '../support/drizzle-project.ts';
import { emptyScene, refusals, type Scene } from '../support/scene.ts';

async function written(repo: Scene, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) await repo.write(path, text);
  await repo.git('add', '--all');
}

describe.each(['postgresql', 'sqlite', 'mysql'] as const)(
  '%s: the first commit of a repository',
  (dialect) => {
    it('is refused without the migrations, and passes with all of them', async () => {
      const repo = await emptyScene(dialect);
      await written(repo, drizzleProject(dialect));
      const report = await repo.check();
      expect(refusals(report)).toEqual(['schema-drift']);
      expect(report.findings[0]).toMatchObject({
        message: expect.stringContaining('the schema has no migration yet'),
        detail: expect.stringMatching(/CREATE TABLE .teams./),
        fix: [
          { run: 'npm run db:generate' },
          { run: 'git add :/drizzle' },
          { text: expect.stringContaining('"db:push": "drizzle-kit push"') },
        ],
      });
      expect(report.preexisting).toBe(0);
      await written(repo, await filesIn(await projectWithHistory(dialect)));
      expect(await repo.check()).toMatchObject({
        outcome: 'passed',
        findings: [],
        preexisting: 0,
        projects: [{ dialect, migrations: 1, checked: true }],
      });
    });
  },
);

describe('a template, whose migrations an older drizzle-kit wrote', () => {
  const older = (sql: string): string => sql.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS');

  it('cannot be verified in the first commit of a repository, which is a note', async () => {
    const repo = await emptyScene();
    await written(repo, await filesIn(await projectWithHistory('postgresql')));
    await repo.edit('drizzle/0000_init.sql', older);
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [{ rule: 'sql-edited', severity: 'note' }],
    });
    await repo.edit(
      'drizzle/0000_init.sql',
      (sql) => sql.replaceAll('IF NOT EXISTS ', '') + 'SELECT 1;',
    );
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['sql-edited']);
  });

  it('is refused in a repository that has something', async () => {
    const repo = await emptyScene();
    await written(repo, { 'notes.md': 'x' });
    await repo.commit('notes');
    await written(repo, await filesIn(await projectWithHistory('postgresql')));
    await repo.edit('drizzle/0000_init.sql', older);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['sql-edited']);
  });
});

describe('the first commit of a project, in a repository that has others', () => {
  it('is refused without its migrations, though the schema file was there before', async () => {
    const repo = await emptyScene();
    const { 'drizzle.config.ts': config, ...rest } = drizzleProject('postgresql');
    await written(repo, rest);
    await repo.commit('only the schema');
    await written(repo, { 'drizzle.config.ts': config ?? '' });
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    await written(repo, await filesIn(await projectWithHistory('postgresql')));
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('leaves the migrations untracked: split, and they are named', async () => {
    const repo = await emptyScene();
    await written(repo, await filesIn(await projectWithHistory('postgresql')));
    await repo.git('rm', '-r', '--quiet', '--cached', 'drizzle');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['split-commit']);
    expect(report.findings[0]?.detail?.split('\n')).toHaveLength(3);
    expect(await repo.run('sh', ['-c', report.findings[0]?.fix[0]?.run ?? 'false'])).toMatchObject({
      exitCode: 0,
    });
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  });
});

describe('a team that pushes and keeps no migrations', () => {
  it('may go on so, sees it with --all, and may begin', async () => {
    const repo = await emptyScene();
    await written(repo, drizzleProject('postgresql'));
    await repo.commit('start');
    await repo.columns('description');
    await repo.stage('src');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      preexisting: 0,
      projects: [{ migrations: 0, checked: true }],
    });
    expect(await repo.check('--all')).toMatchObject({
      outcome: 'passed',
      findings: [{ rule: 'schema-drift', preexisting: true }],
    });
    await repo.commit('a column');
    // A schema that no longer loads is another matter: that is new.
    await repo.write('src/db/schema/teams.ts', 'export const = ;\n');
    await repo.stage('src');
    expect(refusals(await repo.check())).toEqual(['schema-unreadable']);
    await repo.columns('description');
    await repo.generate('init');
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 0 });
  });
});
