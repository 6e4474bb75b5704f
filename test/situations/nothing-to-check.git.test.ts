import { describe, expect, it } from 'vitest';
import { teams } from '../support/drizzle-project.ts';
import { emptyScene, refusals, scene, type Scene } from '../support/scene.ts';

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

describe('migrations of no known project', () => {
  it('pass with the key that names the project, which then is checked', async () => {
    const repo = await scene('sqlite');
    // As NuxtHub has it: its config is in a folder that git ignores.
    const out = 'server/db/migrations/sqlite';
    await repo.git('rm', '--quiet', 'drizzle.config.ts');
    await repo.run('mkdir', ['-p', 'server/db/migrations']);
    await repo.git('mv', 'drizzle', out);
    await repo.git('mv', 'src/db/schema', 'server/db/schema');
    await repo.git('update-ref', '-d', 'HEAD');
    await repo.git('add', '--all');
    const said = await repo.guard(['pre-commit']);
    expect(said).toMatchObject({ exitCode: 0 });
    const { stderr } = said;
    expect(stderr).toMatch(/^drizzle-guard: there is no Drizzle project in the index; nothing/);
    expect(stderr).toContain(`${out}/meta/_journal.json belongs to no known Drizzle project`);
    expect(await repo.guard(['check'])).toMatchObject({ exitCode: 2 });
    await repo.commit('start');
    await repo.write('src/server.ts', 'export {};\n');
    await repo.stage('src');
    expect((await repo.guard(['pre-commit'])).stderr.split('\n')).toHaveLength(2);

    const [, key = ''] = /in package\.json: (\{.*?\}); or/.exec(stderr) ?? [];
    await repo.edit('package.json', (text) =>
      JSON.stringify({ ...JSON.parse(text), ...JSON.parse(key) }),
    );
    await repo.stage('package.json');
    expect(await repo.check('--all')).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ out, migrations: 1 }],
    });
    await repo.edit('server/db/schema/teams.ts', (text) =>
      text.replace("motto: text('motto')", "motto: text('slogan')"),
    );
    await repo.stage('server');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  });

  it('are a note beside a project that is known', async () => {
    const repo = await scene();
    await repo.run('cp', ['-r', 'drizzle', 'template']);
    await repo.stage('template');
    const note = [{ config: 'template/meta/_journal.json' }];
    expect(await repo.check()).toMatchObject({ outcome: 'passed', notEvaluated: note });
    const { exitCode, stderr } = await repo.guard(['pre-commit']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('template/meta/_journal.json: belongs to no known Drizzle project');
    const oid = await repo.commit('a template');
    expect(await repo.check('--commit', oid)).toMatchObject({ notEvaluated: note });
    expect(await repo.check('--range', `${oid}~1..${oid}`)).toMatchObject({ notEvaluated: note });
    await repo.columns('blurb');
    await repo.stage('src');
    expect((await repo.check()).notEvaluated).toBeUndefined();
    await repo.write('guard.config.json', '{ "projects": ["drizzle.config.ts"] }');
    await repo.edit('template/0000_init.sql', (text) => `${text}\n`);
    await repo.stage('guard.config.json', 'template');
    expect((await repo.check()).notEvaluated).toBeUndefined();
  });
});

describe('a project whose schema only goes to the database with push', () => {
  const PUSHED = 'its scripts run drizzle-kit push and it has no migrations';
  const scripts = (of: object): string => JSON.stringify({ type: 'module', scripts: of });

  it('passes, and says so once; from the first migration on it is checked', async () => {
    const repo = await scene();
    await repo.git('rm', '-r', '--quiet', 'drizzle');
    await repo.write('package.json', scripts({ 'db:push': 'drizzle-kit push' }));
    await repo.git('update-ref', '-d', 'HEAD');
    await repo.git('add', '--all');
    const first = await repo.guard(['pre-commit']);
    expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(PUSHED) });
    await repo.commit('start');
    await repo.columns('blurb');
    await repo.stage('src');
    const next = await repo.guard(['pre-commit']);
    expect(next).toMatchObject({ exitCode: 0 });
    expect(next.stderr).toMatch(/^drizzle-guard: passed: 1 project, 0 migrations \(\S+ s\)\.\n$/);
    await repo.commit('blurb');
    await repo.generate('start');
    await repo.stage('drizzle');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
    await repo.commit('migrations');
    await repo.columns('blurb', 'slogan');
    await repo.stage('src');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  });

  it('is one only where scripts say so, and none has anything to do with migrations', async () => {
    const repo = await scene();
    await repo.git('rm', '-r', '--quiet', 'drizzle');
    await repo.git('update-ref', '-d', 'HEAD');
    const push = { push: 'drizzle-kit push' };
    for (const [of, refused] of [
      [{}, true],
      [{ ...push, generate: 'drizzle-kit generate' }, true],
      [{ ...push, start: 'drizzle-kit migrate && node .' }, true],
      [push, false],
      [{ deploy: 'drizzle-kit push --force', studio: 'drizzle-kit studio' }, false],
    ] as const) {
      await repo.write('package.json', scripts(of));
      await repo.git('add', '--all');
      expect(refusals(await repo.check())).toEqual(refused ? ['schema-drift'] : []);
    }
    // The migrations of a project do not go with the word push.
    const start = await scene();
    await start.git('rm', '-r', '--quiet', 'drizzle');
    await start.write('package.json', scripts(push));
    await start.git('add', '--all');
    expect(refusals(await start.check())).toContain('migration-removed');
  });
});

describe('comments and formatting only', () => {
  it('passes, and is distinguished from a change of the schema in the same lines', async () => {
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

describe('a project that drizzle-kit pull alone is run for', () => {
  const WITHOUT = `export default { dialect: 'sqlite', out: './drizzle' };\n`;
  const note = [
    {
      config: 'drizzle.config.ts',
      why: expect.stringMatching(/^has no schema file yet: .*pull writes drizzle\/schema\.ts\)$/),
    },
  ];

  it('passes with a note until its schema is there, and is judged from then on', async () => {
    const repo = await emptyScene('sqlite');
    const config = `export default { dialect: 'sqlite', out: './drizzle', schema: './drizzle/schema.ts' };\n`;
    for (const text of [WITHOUT, config]) {
      await repo.write('drizzle.config.ts', text);
      await repo.git('add', '--all');
      expect(await repo.check()).toMatchObject({ outcome: 'passed', notEvaluated: note });
    }
    await repo.write('drizzle.config.ts', WITHOUT);
    await repo.commit('to pull');
    await asPulled(repo);
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', notEvaluated: note });
    await repo.commit('pulled');
    await repo.write('drizzle.config.ts', config);
    await repo.git('add', '--all');
    const judged = await repo.check();
    expect([refusals(judged), judged.projects[0]?.checked]).toEqual([[], true]);
    await repo.commit('with a schema');
    // To take it away again is to narrow what is checked.
    await repo.write('drizzle.config.ts', WITHOUT);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['guard-narrowed']);
  });

  it('is refused without a schema once it has another migration, or a script generates', async () => {
    const repo = await emptyScene('sqlite');
    await repo.write('drizzle.config.ts', WITHOUT);
    await asPulled(repo);
    await repo.write('package.json', '{ "scripts": { "db:generate": "drizzle-kit generate" } }');
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['config-unreadable']);
    await repo.write('package.json', '{ "scripts": { "db:pull": "drizzle-kit pull" } }');
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual([]);
    await repo.edit('drizzle/meta/_journal.json', (text) => {
      const json = JSON.parse(text) as { entries: object[] };
      json.entries.push({ ...json.entries[0], idx: 1, tag: '0001_more' });
      return JSON.stringify(json);
    });
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['config-unreadable']);
  });
});

/** The files that drizzle-kit pull writes for an empty scene. */
async function asPulled(repo: Scene): Promise<void> {
  await repo.write('drizzle/schema.ts', teams('sqlite'));
  await repo.write(
    'pull.config.ts',
    `export default { dialect: 'sqlite', schema: './drizzle/schema.ts', out: './drizzle' };\n`,
  );
  const tag = await repo.generate('pulled', { config: 'pull.config.ts' });
  await repo.remove('pull.config.ts');
  await repo.edit(
    `drizzle/${tag}.sql`,
    (sql) =>
      `-- Current sql file was generated after introspecting the database\n-- If you want to run this migration please uncomment this code before executing migrations\n/*\n${sql}\n*/`,
  );
  await repo.edit('drizzle/meta/0000_snapshot.json', (text) =>
    JSON.stringify({ ...JSON.parse(text), id: '00000000-0000-0000-0000-000000000000', prevId: '' }),
  );
}
