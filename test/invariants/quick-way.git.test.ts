import { mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readClosure, writeClosure } from '../../src/relevance/closure-file.ts';
import { generate } from '../support/drizzle-project.ts';
import { ownWorkers } from '../support/evaluation-worker.ts';
import { emptyScene, refusals, type Scene } from '../support/scene.ts';
import { sample } from '../support/run-settings.ts';

ownWorkers();

/**
 * The hook's quick way must never let through what `guard check` refuses. A monorepo in which
 * nearly everything that can decide what a schema means does so; its closure was remembered; then
 * each thing is changed in its turn.
 */
const SHOP = {
  '.gitignore': 'node_modules\n',
  'package.json': '{ "name": "shop", "private": true, "workspaces": ["packages/*"] }\n',
  'tsconfig.json':
    '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./packages/common/*"] } } }\n',
  'src/app.ts': 'export const app = 1;\n',
  'README.md': 'The shop.\n',
  'packages/common/columns.ts':
    "import { length } from './deep/length';\nimport { varchar } from 'drizzle-orm/pg-core';\n\nexport const label = () => varchar('label', { length });\n",
  'packages/common/deep/length.ts':
    "import sizes from './sizes.json';\n\nexport const length: number = sizes.label;\n",
  'packages/common/deep/sizes.json': '{ "label": 40 }\n',
  'packages/other/columns.ts':
    "import { varchar } from 'drizzle-orm/pg-core';\n\nexport const label = () => varchar('label', { length: 999 });\n",
  'packages/kinds/package.json': '{ "name": "@shop/kinds", "main": "./index.ts" }\n',
  'packages/kinds/index.ts': "export const KINDS = ['cash', 'card'] as const;\n",
  'packages/kinds/wide.ts': "export const KINDS = ['cash', 'card', 'shell'] as const;\n",
  'packages/db/package.json':
    '{ "name": "@shop/db", "imports": { "#name": "./src/name.ts" }, "scripts": { "generate": "drizzle-kit generate", "audit": "drizzle-kit generate --config=audit/config.ts" } }\n',
  'packages/db/drizzle.config.ts':
    "import { defineConfig } from 'drizzle-kit';\nimport { schema } from './settings';\n\nexport default defineConfig({ dialect: 'postgresql', schema, out: './drizzle' });\n",
  'packages/db/settings.ts': "export const schema = './src/schema/*.ts';\n",
  'packages/db/src/name.ts': "export const name = 'payments';\n",
  'packages/db/src/other-name.ts': "export const name = 'debts';\n",
  'packages/db/src/teams/index.ts': table('teams', 'teams'),
  'packages/db/src/schema/teams.ts': "export * from '../teams';\n",
  'packages/db/src/schema/members.ts': table('members', 'members'),
  'packages/db/src/v1/width.ts': 'export const width = 1;\n',
  'packages/db/src/v2/width.ts': 'export const width = 2;\n',
  'packages/db/src/schema/links.ts':
    "import { pgTable, varchar } from 'drizzle-orm/pg-core';\nimport { width } from '../current/width';\n\nexport const links = pgTable('links', { name: varchar('name', { length: width }) });\n",
  'packages/db/src/schema/payments.ts':
    "import { KINDS } from '@shop/kinds';\nimport { name } from '#name';\nimport { pgEnum, pgTable, uuid } from 'drizzle-orm/pg-core';\nimport { label } from '@/columns';\n\nexport const kind = pgEnum('kind', KINDS);\nexport const payments = pgTable(name, { id: uuid('id').primaryKey(), kind: kind('kind'), label: label() });\n",
};

function table(variable: string, name: string): string {
  return `import { pgTable, uuid } from 'drizzle-orm/pg-core';\n\nexport const ${variable} = pgTable('${name}', { id: uuid('id').primaryKey() });\n`;
}

/** A symlink, to v1. */
const CURRENT = 'packages/db/src/current';

let repo: Scene;
let start = '';

beforeAll(async () => {
  repo = await emptyScene('postgresql', { shared: true });
  for (const [path, text] of Object.entries(SHOP)) await repo.write(path, text);
  await mkdir(join(repo.dir, 'packages/db/node_modules/@shop'), { recursive: true });
  await symlink('../../../kinds', join(repo.dir, 'packages/db/node_modules/@shop/kinds'));
  await symlink('v1', join(repo.dir, CURRENT));
  await generate(join(repo.dir, 'packages/db'), { name: 'start' });
  start = await repo.commit('start');
  await remember();
});

afterAll(() => repo[Symbol.asyncDispose]());

beforeEach(async () => {
  await repo.git('reset', '--quiet', '--hard', start);
  await repo.git('clean', '--quiet', '-fd');
  expect(readClosure(join(repo.dir, '.git'))?.commit).toBe(start);
});

/** A change that concerns no project makes the guard remember what does. */
async function remember(): Promise<void> {
  await repo.edit('src/app.ts', (text) => text.replace('1', '2'));
  await repo.stage('src');
  expect(await repo.guard(['pre-commit'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
}

async function remembered(): Promise<string> {
  return readFile(join(repo.dir, '.git/drizzle-guard/store/closure'), 'utf8');
}

/** What is staged is refused by both, for the same reason. */
async function refusedByBoth(rules: readonly string[]): Promise<void> {
  const [hook, report] = await Promise.all([repo.guard(['pre-commit']), repo.check()]);
  expect({ rules: refusals(report), outcome: report.outcome }).toEqual({
    rules,
    outcome: 'refused',
  });
  expect(hook).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${rules[0]}: `) });
}

type Temptation = readonly [what: string, rules: readonly string[], change: () => Promise<unknown>];

const edited = (path: string, from: string, to: string) =>
  repo.edit(path, (text) => text.replace(from, to));

const TEMPTATIONS: readonly Temptation[] = [
  [
    'a schema file',
    ['schema-drift'],
    () => edited('packages/db/src/schema/members.ts', '{ id:', "{ other: uuid('other'), id:"),
  ],
  [
    'a new file that the schema pattern matches',
    ['schema-drift'],
    () => repo.write('packages/db/src/schema/new.ts', table('fresh', 'fresh')),
  ],
  ['a schema file less', ['schema-drift'], () => repo.remove('packages/db/src/schema/members.ts')],
  [
    'a file that shadows an imported folder',
    ['schema-drift'],
    () => repo.write('packages/db/src/teams.ts', table('teams', 'clubs')),
  ],
  [
    'a file that is imported two levels deep',
    ['schema-drift'],
    () => edited('packages/common/deep/length.ts', 'sizes.label', 'sizes.label + 1'),
  ],
  [
    'the JSON that it imports',
    ['schema-drift'],
    () => edited('packages/common/deep/sizes.json', '40', '41'),
  ],
  [
    'an imported file that is moved away',
    ['schema-unreadable'],
    () =>
      rename(
        join(repo.dir, 'packages/common/deep/length.ts'),
        join(repo.dir, 'packages/common/deep/size.ts'),
      ),
  ],
  [
    'a symlink that an import goes through',
    ['schema-drift'],
    async () => {
      await repo.remove(CURRENT);
      await symlink('v2', join(repo.dir, CURRENT));
    },
  ],
  [
    'a file behind that symlink',
    ['schema-drift'],
    () => edited('packages/db/src/v1/width.ts', '1', '11'),
  ],
  [
    'the paths of the tsconfig',
    ['schema-drift'],
    () => edited('tsconfig.json', 'packages/common', 'packages/other'),
  ],
  [
    'a tsconfig that is nearer',
    ['schema-drift'],
    () =>
      repo.write(
        'packages/db/tsconfig.json',
        '{ "compilerOptions": { "paths": { "@/*": ["../other/*"] } } }\n',
      ),
  ],
  [
    'a tsconfig between',
    ['schema-drift'],
    () =>
      repo.write(
        'packages/tsconfig.json',
        '{ "compilerOptions": { "paths": { "@/*": ["./other/*"] } } }\n',
      ),
  ],
  [
    'the imports of a package.json',
    ['schema-drift'],
    () => edited('packages/db/package.json', 'name.ts', 'other-name.ts'),
  ],
  [
    'a file of a workspace package',
    ['schema-drift'],
    () => edited('packages/kinds/index.ts', "'card'", "'card', 'shell'"),
  ],
  [
    'the entry of a workspace package',
    ['schema-drift'],
    () => edited('packages/kinds/package.json', 'index.ts', 'wide.ts'),
  ],
  [
    'a file that the config imports',
    ['schema-drift'],
    () => edited('packages/db/settings.ts', '*.ts', '{teams,members}.ts'),
  ],
  [
    'another drizzle config',
    ['schema-drift'],
    async () => {
      await repo.write(
        'packages/db/drizzle-audit.config.ts',
        "export default { dialect: 'postgresql', schema: './audit.ts', out: './audit' };\n",
      );
      await repo.write('packages/db/audit.ts', table('audit', 'audit'));
    },
  ],
  [
    'another drizzle config with a name after its name',
    ['schema-drift'],
    async () => {
      await repo.write(
        'packages/db/drizzle.config.pglite.ts',
        "export default { dialect: 'postgresql', schema: './audit.ts', out: './audit' };\n",
      );
      await repo.write('packages/db/audit.ts', table('audit', 'audit'));
    },
  ],
  [
    'a config that a script has named before it was there',
    ['schema-drift'],
    async () => {
      await repo.write(
        'packages/db/audit/config.ts',
        "export default { dialect: 'postgresql', schema: './audit/schema.ts', out: './audit/migrations' };\n",
      );
      await repo.write('packages/db/audit/schema.ts', table('audit', 'audit'));
    },
  ],
  [
    'the drizzle config, taken away',
    ['guard-narrowed'],
    () => repo.remove('packages/db/drizzle.config.ts'),
  ],
  [
    'a .gitignore for the migrations',
    ['migrations-ignored'],
    () => repo.write('packages/.gitignore', 'drizzle/\n'),
  ],
  [
    'a migration without an entry',
    ['migration-orphaned'],
    () => repo.write('packages/db/drizzle/0001_by_hand.sql', 'SELECT 1;\n'),
  ],
  [
    'a migration edited',
    ['migration-edited'],
    () => repo.edit('packages/db/drizzle/0000_start.sql', (text) => `${text}SELECT 1;\n`),
  ],
  [
    'a snapshot taken away',
    ['migration-removed'],
    () => repo.remove('packages/db/drizzle/meta/0000_snapshot.json'),
  ],
];

describe('after a closure was remembered', () => {
  it('what concerns no project is let through without a look at drizzle-kit', async () => {
    await repo.write('src/new.ts', 'export const fresh = 1;\n');
    await repo.write('src/schema.ts', 'export const schema = 1;\n');
    await repo.stage('src');
    // Without node_modules a check could only end with "could not check". (In this process they are
    // found already.)
    const built = (command: string) =>
      repo.run(process.execPath, [process.env['GUARD_CLI'] ?? '', command]);
    const ours = await remembered();
    expect((await built('pre-commit')).exitCode).toBe(0);
    const theirs = await remembered();
    expect(theirs).not.toBe(ours);
    await rename(join(repo.dir, 'node_modules'), join(repo.around, 'away'));
    try {
      expect(await built('check')).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('[kit-missing]'),
      });
      expect(await built('pre-commit')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      expect(await remembered()).toBe(theirs);
    } finally {
      await repo.write('.git/drizzle-guard/store/closure', ours);
      await rename(join(repo.around, 'away'), join(repo.dir, 'node_modules'));
    }
  });

  it.each(sample(TEMPTATIONS, 6))('%s is refused anyway: %j', async (_what, rules, change) => {
    await change();
    await repo.git('add', '--all');
    await refusedByBoth(rules);
  });

  it('a closure of another branch does not hold here', async () => {
    await repo.git('switch', '--quiet', '-c', 'moved');
    await repo.write('packages/db/src/new-home.ts', SHOP['packages/db/src/schema/members.ts']);
    await repo.write('packages/db/src/schema/members.ts', "export * from '../new-home';\n");
    await repo.commit('moved');
    await edited('packages/db/src/new-home.ts', '{ id:', "{ other: uuid('other'), id:");
    await repo.git('add', '--all');
    await refusedByBoth(['schema-drift']);
    await repo.git('reset', '--quiet', '--hard');
    await repo.git('switch', '--quiet', 'main');
  });

  it('a closure whose commit is gone is no closure', async () => {
    const known = await remembered();
    await repo.git('switch', '--quiet', '--orphan', 'gone');
    await repo.write('README.md', 'Gone.\n');
    const gone = await repo.commit('gone');
    await repo.git('switch', '--quiet', 'main');
    await repo.git('branch', '--quiet', '-D', 'gone');
    await repo.git('-c', 'gc.reflogExpire=now', 'reflog', 'expire', '--expire=now', '--all');
    await repo.git('gc', '--quiet', '--prune=now');
    expect((await repo.run('git', ['cat-file', '-e', gone])).exitCode).not.toBe(0);
    const readBack = readClosure(join(repo.dir, '.git'));
    await rm(join(repo.dir, '.git/drizzle-guard'), { recursive: true });
    if (readBack === undefined) throw new Error('nothing was remembered');
    await writeClosure(join(repo.dir, '.git'), { ...readBack, commit: gone });
    await edited('packages/db/src/schema/members.ts', '{ id:', "{ other: uuid('other'), id:");
    await repo.git('add', '--all');
    await refusedByBoth(['schema-drift']);
    await repo.write('.git/drizzle-guard/store/closure', known);
  });
});
