import { mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { drizzleKit } from '../support/drizzle-project.ts';
import { ownWorkers } from '../support/evaluation-worker.ts';
import { emptyScene, refusals, scene, type Scene } from '../support/scene.ts';

ownWorkers();

const TICKETS = `import { pgEnum, pgTable, text } from 'drizzle-orm/pg-core';\nimport { STATES } from '@/limits';\n\nexport const state = pgEnum('state', STATES);\nexport const tickets = pgTable('tickets', { id: text('id').primaryKey(), state: state('state').notNull() });\n`;
const states = (...names: string[]): string =>
  `export const STATES = ${JSON.stringify(names).replaceAll('"', "'")} as [string, ...string[]];\n`;

/** The only finding, which names the schema's change by its entity. */
function drift(report: Report, message: RegExp): NonNullable<Report['findings'][number]> {
  expect(refusals(report)).toEqual(['schema-drift']);
  const [finding] = report.findings;
  expect(finding?.message).toMatch(message);
  return finding!;
}

describe('what the schema imports belongs to it', () => {
  it('enum values from a file behind a tsconfig alias, and `.js` specifiers', async () => {
    const repo = await scene();
    await repo.write(
      'tsconfig.base.json',
      `{\n  // for every package\n  "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./src/*"] } },\n}\n`,
    );
    await repo.write('tsconfig.json', '{ "extends": "./tsconfig.base.json" }\n');
    await repo.write('src/limits.ts', states('open', 'closed'));
    await repo.write('src/db/schema/tickets.ts', TICKETS);
    await repo.write(
      'src/db/schema/index.ts',
      `export * from './members.js';\nexport * from './teams.js';\nexport * from './tickets.js';\n`,
    );
    await repo.generate('tickets');
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ migrations: 2, checked: true }],
    });
    await repo.commit('tickets');

    await repo.write('src/limits.ts', states('open', 'on hold', 'closed'));
    await repo.stage('src/limits.ts');
    const finding = drift(
      await repo.check(),
      /^enum state has changed in the schema .value 'on hold' added./,
    );
    expect(finding).toMatchObject({
      path: 'src/db/schema/tickets.ts',
      line: 4,
      detail: expect.stringContaining(
        `ALTER TYPE "public"."state" ADD VALUE 'on hold' BEFORE 'closed'`,
      ),
    });
    expect(await repo.guard(['pre-commit'])).toMatchObject({ exitCode: 1 });

    // The alias itself: the same name leads elsewhere, and no file of the schema has changed.
    await repo.git('checkout', '--quiet', 'HEAD', '--', '.');
    await repo.write('lib/limits.ts', states('open'));
    await repo.commit('another limits.ts');
    await repo.edit('tsconfig.base.json', (text) => text.replace('./src/*', './lib/*'));
    await repo.stage('tsconfig.base.json');
    drift(await repo.check(), /^enum state has changed .*'closed' removed/);

    // An import that is in the working tree and not in the index.
    await repo.git('checkout', '--quiet', 'HEAD', '--', '.');
    await repo.git('rm', '--quiet', '--cached', 'src/limits.ts');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['split-commit']);
    expect(report.findings[0]?.fix[0]?.run).toBe('git add :/src/limits.ts');
  });

  it('an export lost from the index file: the table would be dropped, and the refusal says so', async () => {
    const repo = await scene();
    await repo.edit('src/db/schema/index.ts', (text) =>
      text.replace(`export * from './members';\n`, ''),
    );
    await repo.stage('src');
    const finding = drift(await repo.check(), /^table members is no longer in the schema/);
    expect(finding.detail).toContain('DROP TABLE "members"');
    expect(finding.fix[0]?.text).toMatch(
      /The table members would be DROPPED\. If that is not intended, export it again .*src\/db\/schema\/index\.ts/,
    );
  });
});

/** A monorepo with the first migration of packages/db; `linked`: as an installation leaves it. */
async function workspace(linked: boolean): Promise<Scene> {
  const repo = await emptyScene();
  await repo.write(
    'package.json',
    json({ name: 'shop', private: true, workspaces: ['packages/*'] }),
  );
  await repo.write('.gitignore', 'node_modules\n');
  await repo.write(
    'packages/shared/package.json',
    json({
      name: '@shop/shared',
      type: 'module',
      exports: { '.': './src/index.ts', './*': './src/*.ts' },
    }),
  );
  await repo.write('packages/shared/src/index.ts', `export const NAME_LENGTH = 80;\n`);
  await repo.write('packages/shared/src/limits.ts', states('open', 'closed'));
  await repo.write(
    'packages/db/package.json',
    json({
      name: '@shop/db',
      type: 'module',
      dependencies: { '@shop/shared': '*' },
      scripts: { generate: 'drizzle-kit generate' },
    }),
  );
  await repo.write(
    'packages/db/drizzle.config.ts',
    `export default { dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' };\n`,
  );
  await repo.write(
    'packages/db/src/schema.ts',
    `import { pgEnum, pgTable, varchar } from 'drizzle-orm/pg-core';\nimport { NAME_LENGTH } from '@shop/shared';\nimport { STATES } from '@shop/shared/limits';\n\nexport const state = pgEnum('state', STATES);\nexport const shops = pgTable('shops', {\n  name: varchar('name', { length: NAME_LENGTH }).primaryKey(),\n});\n`,
  );
  await mkdir(join(repo.dir, 'packages/db/node_modules/@shop'), { recursive: true });
  await symlink('../../../shared', join(repo.dir, 'packages/db/node_modules/@shop/shared'));
  await drizzleKit(join(repo.dir, 'packages/db'), ['generate', '--name=init']);
  await repo.read('packages/db/drizzle/0000_init.sql');
  if (!linked) await repo.remove('packages/db/node_modules');
  return repo;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

describe('a workspace: packages/db imports @shop/shared by its name', () => {
  it.each([
    ['linked in node_modules', true],
    ['not linked', false],
  ])('%s: the tree decides, not the disk', async (_, linked) => {
    const repo = await workspace(linked);
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [
        { config: 'packages/db/drizzle.config.ts', out: 'packages/db/drizzle', migrations: 1 },
      ],
    });
    await repo.commit('start');
    await repo.write('packages/shared/src/index.ts', `export const NAME_LENGTH = 120;\n`);
    expect((await repo.check()).nothingToCheck).toBe(
      'the index has no changes (npx drizzle-guard check --worktree checks what is not staged)',
    );
    await repo.stage('packages/shared');
    await repo.write('packages/shared/src/index.ts', `throw new Error('only on disk');\n`);
    const finding = drift(
      await repo.check(),
      /^column shops\.name has changed .*varchar\(80\) -> varchar\(120\)/,
    );
    expect(finding).toMatchObject({ path: 'packages/db/src/schema.ts', line: 7 });
    // A file outside the project that was imported is deleted: the schema no longer loads, and that
    // is this change's doing.
    await repo.git('reset', '--quiet', '--hard');
    await repo.git('rm', '--quiet', 'packages/shared/src/limits.ts');
    const gone = await repo.check();
    expect(refusals(gone)).toEqual(['schema-unreadable']);
    expect(gone.findings[0]).toMatchObject({
      path: 'packages/db/src/schema.ts',
      line: 3,
      message:
        'imports "@shop/shared/limits", a package of this repository (packages/shared), whose file for it is neither in git nor built here',
    });
    expect(finding.fix.map(({ run }) => run)).toEqual([
      '( cd ./$(git rev-parse --show-cdup) && npm run generate -w packages/db )',
      'git add :/packages/db/drizzle',
    ]);
  });
});

describe('schema files in node_modules', () => {
  const table = (name: string, more = '') =>
    `import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const ${name} = pgTable('${name}', { id: text('id').primaryKey()${more} });\n`;

  /** A node_modules of its own, with drizzle and what the callback puts there. */
  async function withSchemaIn(path: string, install: (repo: Scene) => Promise<unknown>) {
    const repo = await emptyScene();
    const modules = await realpath(join(repo.dir, 'node_modules'));
    await rm(join(repo.dir, 'node_modules'));
    await mkdir(join(repo.dir, 'node_modules/@shop'), { recursive: true });
    for (const name of ['drizzle-kit', 'drizzle-orm'])
      await symlink(join(modules, name), join(repo.dir, 'node_modules', name));
    await repo.write('package.json', '{ "scripts": { "db:generate": "drizzle-kit generate" } }');
    await repo.write('src/schema.ts', table('teams'));
    await repo.write(
      'drizzle.config.ts',
      `export default { dialect: 'postgresql', out: './drizzle', schema: ['./src/schema.ts', '${path}'] };\n`,
    );
    await install(repo);
    await repo.generate('init');
    await repo.commit('start');
    return repo;
  }

  it.each(['./node_modules/@shop/auth/src/schema.ts', './node_modules/@shop/auth/src/*.ts'])(
    'a package of the repository, linked there: the tree has it (%s)',
    async (path) => {
      const repo = await withSchemaIn(path, async (at) => {
        await at.write('packages/auth/package.json', '{ "name": "@shop/auth" }');
        await at.write('packages/auth/src/schema.ts', table('members'));
        await symlink('../../packages/auth', join(at.dir, 'node_modules/@shop/auth'));
      });
      expect(await repo.check('--all')).toMatchObject({ outcome: 'passed', findings: [] });
      await repo.write('packages/auth/src/schema.ts', table('members', `, slug: text('slug')`));
      expect(refusals(await repo.check())).toEqual([]);
      await repo.stage('packages');
      expect(drift(await repo.check(), /^column members\.slug/).path).toBe(
        'packages/auth/src/schema.ts',
      );
    },
  );

  it.each([
    './node_modules/@shop/auth/tables/schema.js',
    './node_modules/@shop/*/tables/*.js',
    'node_modules/@shop/auth/tables',
  ])('an installed package: it is on the disk (%s)', async (schema) => {
    const path = 'node_modules/@shop/auth/tables/schema.js';
    const installed = (more = '') =>
      `const { pgTable, text } = require('drizzle-orm/pg-core');\nexports.members = pgTable('members', { id: text('id').primaryKey()${more} });\n`;
    const repo = await withSchemaIn(schema, async (at) => {
      await at.write('node_modules/@shop/auth/package.json', '{ "name": "@shop/auth" }');
      await at.write(path, installed());
    });
    expect(await repo.check('--all')).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ migrations: 1, checked: true }],
    });
    await repo.write(path, installed(`, slug: text('slug')`));
    await repo.write(
      'node_modules/@shop/auth/package.json',
      '{ "name": "@shop/auth", "version": "2.0.0" }',
    );
    // The state before is evaluated with what is installed now, too.
    expect(await repo.check('--all')).toMatchObject({
      outcome: 'passed',
      findings: [{ rule: 'schema-drift', preexisting: true }],
    });
    await rm(join(repo.dir, 'node_modules/@shop/auth'), { recursive: true });
    await repo.write('node_modules/@shop/auth', 'a file where the folder was');
    const { findings } = await repo.check('--all');
    expect(findings.map(({ rule }) => rule)).toEqual([
      schema.includes('*') ? 'schema-drift' : 'schema-unreadable',
    ]);
  });
});
