import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { described, TEAMS } from '../support/described.ts';
import { config, teams } from '../support/drizzle-project.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

const INDEX = 'src/db/schema/index.ts';
const CHAIN = `imported by ${INDEX}`;

/** Stages everything and answers the one finding, which refuses under this rule. */
async function only(repo: Scene, rule: Finding['rule'], path: string): Promise<Finding> {
  await repo.git('add', '--all');
  const report = await repo.check();
  expect(refusals(report)).toEqual([rule]);
  expect(report.findings).toHaveLength(1);
  expect(report.findings[0]).toMatchObject({ path });
  return report.findings[0]!;
}

describe('the schema cannot be read', () => {
  it('a syntax error, a missing import and an exception, each with file, line and the way to it', async () => {
    const repo = await scene();
    await repo.write(TEAMS, `${teams('postgresql')}export const = 1;\n`);
    expect(await only(repo, 'schema-unreadable', TEAMS)).toMatchObject({
      line: 9,
      message: expect.stringMatching(/Expected identifier/),
      detail: expect.stringContaining(CHAIN),
    });

    await repo.write(
      TEAMS,
      `import { NAME } from '../../limits';\n${teams('postgresql').replace('120', 'NAME')}`,
    );
    expect(await only(repo, 'schema-unreadable', TEAMS)).toMatchObject({
      line: 1,
      message: `imports "../../limits", which does not exist`,
      detail: expect.stringContaining(CHAIN),
    });

    await repo.write(
      TEAMS,
      `${teams('postgresql')}\nif (teams) {\n  throw new TypeError('no teams today');\n}\n`,
    );
    expect(await only(repo, 'schema-unreadable', TEAMS)).toMatchObject({
      line: 11,
      message: 'the schema throws TypeError: no teams today',
      detail: expect.stringContaining(CHAIN),
    });

    // The hook says the same; fixed it passes, and a variable that is not set here is no finding of
    // the schema.
    expect(await repo.guard(['pre-commit'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`${TEAMS}:11`),
    });
    await repo.write(
      TEAMS,
      `${teams('postgresql')}\nif (!process.env['NO_SUCH_VARIABLE_HERE']) throw new Error('set it');\n`,
    );
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ checked: true }],
    });
  });

  it('a schema that matches no file is not an empty schema', async () => {
    const repo = await scene();
    await repo.git('mv', INDEX, 'src/db/schema/all.ts');
    const finding = await only(repo, 'schema-unreadable', 'drizzle.config.ts');
    expect(finding.message).toContain('./src/db/schema/index.ts');
  });
});

describe('the config cannot be read', () => {
  it('a syntax error, no dialect, an unknown one: each refused where it is', async () => {
    const repo = await scene();
    await repo.write(
      'drizzle.config.ts',
      `export default {\n  dialect: 'postgresql',\n  schema: ,\n};\n`,
    );
    expect(await only(repo, 'config-unreadable', 'drizzle.config.ts')).toMatchObject({ line: 3 });
    await repo.write(
      'drizzle.config.ts',
      `export default { schema: './src/db/schema/index.ts', out: './drizzle' };\n`,
    );
    expect((await only(repo, 'config-unreadable', 'drizzle.config.ts')).message).toContain(
      'no `dialect`',
    );
    await repo.write('drizzle.config.ts', config('postgresql').replace('postgresql', 'postgres'));
    expect((await only(repo, 'config-unreadable', 'drizzle.config.ts')).message).toMatch(
      /`dialect` is 'postgres', not one of postgresql/,
    );
    await repo.write(
      'drizzle.config.ts',
      `import { url } from './missing';\nexport default { dialect: url(), schema: './src/db/schema/index.ts' };\n`,
    );
    expect((await only(repo, 'config-unreadable', 'drizzle.config.ts')).message).toContain(
      './missing',
    );
    await repo.write('drizzle.config.ts', config('postgresql', { breakpoints: true }));
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ checked: true }],
    });
  });
});

describe('a config says all by literals', () => {
  const LITERAL = `{ dialect: 'sqlite', schema: './src/db/schema/index.ts', out: './drizzle' }`;

  it('is refused where drizzle-kit could not load it, or does not take what it exports', async () => {
    const repo = await scene('sqlite');
    for (const [text, message] of [
      [`import './env';\nexport default ${LITERAL};`, 'imports "./env", which does not exist'],
      [`import 'no-such-package';\nexport default ${LITERAL};`, 'neither installed nor declared'],
      [`export default ${LITERAL};\nthrow new Error('not today');`, 'throws not today'],
      [
        `import { help } from './src/db/schema/teams';\nhelp();\nexport default ${LITERAL};`,
        'is not a function',
      ],
      [`await 1;\nexport default ${LITERAL} as const;`, 'top-level await'],
      [`export default Promise.resolve(${LITERAL});`, 'exports a promise'],
      [`export default async () => (${LITERAL});`, 'exports a function'],
      [`export default Object.assign(new Map(), ${LITERAL});`, 'exports a Map'],
      [`export default { ...${LITERAL}, out: new String('./drizzle') };`, '`out` is an object'],
    ] as const) {
      await repo.write('drizzle.config.ts', `${text}\n`);
      expect((await only(repo, 'config-unreadable', 'drizzle.config.ts')).message).toContain(
        message,
      );
    }
  });

  it('passes where only the machine or what is set on it stops it, and where a class has it', async () => {
    const repo = await scene('sqlite');
    await repo.write('.gitignore', 'node_modules\n/generated\n');
    const need = `const need = (name: string) => process.env[name] ?? (() => { throw new Error('not set'); })();\n`;
    for (const text of [
      `${need}export default { ...${LITERAL}, dbCredentials: { url: need('ANY_URL') } };`,
      `if (!process.env.LINKS?.includes('db-7')) throw new Error('run it under the shell');\nexport default ${LITERAL};`,
      `import { readdirSync } from 'node:fs';\nconst [url] = readdirSync('.wrangler');\nexport default { ...${LITERAL}, dbCredentials: { url } };`,
      `import { url } from './generated/env';\nexport default { ...${LITERAL}, dbCredentials: { url } };`,
      `class Config { dialect = 'sqlite'; out = './drizzle'; get schema() { return './src/db/schema/index.ts'; } }\nexport default new Config();`,
    ]) {
      await repo.write('drizzle.config.ts', `${text}\n`);
      await repo.git('add', '--all');
      expect(await repo.check(), text).toMatchObject({
        findings: [],
        projects: [{ checked: true }],
      });
    }
    // It is judged anyway.
    await repo.columns('description');
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({ findings: [{ rule: 'schema-drift' }] });
  });
});

describe('the config is taken away', () => {
  it('is refused while its migrations stay, and the fix brings it back', async () => {
    const repo = await scene();
    await repo.remove('drizzle.config.ts');
    const finding = await only(repo, 'guard-narrowed', 'drizzle.config.ts');
    expect(finding.message).toMatch(
      /drizzle\.config\.ts was removed, but its migrations under drizzle\/ are still there/,
    );
    expect(await repo.guard(['pre-commit'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('was removed'),
    });
    expect(await repo.run('sh', ['-c', finding.fix[0]?.run ?? 'false'])).toMatchObject({
      exitCode: 0,
    });
    expect((await repo.check()).nothingToCheck).toBe(
      'the index has no changes (npx drizzle-guard check --worktree checks what is not staged)',
    );
  });

  it('is refused under a name that nobody finds, and passes with what gives the name', async () => {
    const repo = await scene();
    await repo.git('mv', 'drizzle.config.ts', 'database.ts');
    await only(repo, 'guard-narrowed', 'drizzle.config.ts');
    await repo.edit('package.json', (text) =>
      text.replace('drizzle-kit generate', 'drizzle-kit generate --config=database.ts'),
    );
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ config: 'database.ts', out: 'drizzle', migrations: 1, checked: true }],
    });
  });

  it('passes under another name that is found, with the same out; drift is judged under the new name', async () => {
    const repo = await scene();
    await repo.git('mv', 'drizzle.config.ts', 'drizzle-shop.config.ts');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [
        { config: 'drizzle-shop.config.ts', out: 'drizzle', migrations: 1, checked: true },
      ],
    });
    await repo.columns('description');
    await repo.stage('src');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]).toMatchObject({
      project: 'drizzle-shop.config.ts',
      fix: [{ run: expect.stringContaining('generate --config=drizzle-shop.config.ts') }, {}],
    });
  });

  it('passes together with its migrations: the project is given up', async () => {
    const repo = await scene();
    await described(repo);
    await repo.commit('two migrations');
    await repo.git('rm', '-r', '--quiet', 'drizzle', 'drizzle.config.ts', 'src/db');
    expect(await repo.guard(['pre-commit'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('no Drizzle project'),
    });
  });
});
