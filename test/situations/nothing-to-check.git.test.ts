import { describe, expect, it } from 'vitest';
import { refusals, scene } from '../support/scene.ts';

describe('nothing to check', () => {
  it('passes and says so when nothing is staged, whatever the working tree holds', async () => {
    const repo = await scene();
    await repo.columns('description');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [],
      nothingToCheck:
        'the index has no changes (npx drizzle-guard check --worktree checks what is not staged)',
    });
    const said = await repo.guard(['check']);
    expect(said).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(
        /^drizzle-guard: nothing to check: the index has no changes \(/,
      ),
    });
    expect(await repo.guard(['pre-commit'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    await repo.stage('src');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  });

  it('passes a staged file that no project reads, and a module that no schema imports', async () => {
    const repo = await scene();
    await repo.columns('description');
    await repo.write('README.md', '# Shop\n');
    await repo.stage('README.md');
    // A schema may read any file: the first time it is evaluated to know what this one reads.
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      nothingToCheck: 'no Drizzle project is affected by this change',
      projects: [{ config: 'drizzle.config.ts', checked: false }],
    });
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      nothingToCheck: 'no changed file could belong to a Drizzle project',
      projects: [],
    });
    await repo.write('src/server.ts', `export const port = 3000;\n`);
    await repo.stage('src/server.ts');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      nothingToCheck: 'no Drizzle project is affected by this change',
      projects: [{ config: 'drizzle.config.ts', checked: false }],
    });
    // The closure is known from the check before: the hook must find, by names alone, that the
    // module has become part of it.
    expect(await repo.guard(['pre-commit'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    await repo.edit(
      'src/db/schema/index.ts',
      (text) => `${text}export { port } from '../../server';\n`,
    );
    await repo.stage('src/db/schema/index.ts');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ checked: true }],
    });
    await repo.stage('src/db/schema/teams.ts');
    expect(await repo.guard(['pre-commit'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('schema-drift'),
    });
  });
});

describe('comments and formatting only', () => {
  it('passes, and is told apart from a change of the schema in the same lines', async () => {
    const repo = await scene();
    await repo.edit(
      'src/db/schema/teams.ts',
      (text) =>
        `/** Who plays together. */\n${text.replace("motto: text('motto'),", '/* shouted before matches */\n    motto:\n      text("motto"), // optional')}`,
    );
    await repo.edit('src/db/schema/index.ts', (text) => text.split('\n').toReversed().join('\n'));
    await repo.stage('src');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      preexisting: 0,
      projects: [{ checked: true }],
    });
    await repo.edit('src/db/schema/teams.ts', (text) =>
      text.replace('text("motto"), // optional', 'text("motto").notNull(), // optional'),
    );
    await repo.stage('src');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]).toMatchObject({
      path: 'src/db/schema/teams.ts',
      line: 8,
      message: expect.stringMatching(/teams\.motto has changed .*not null/i),
    });
  });
});
