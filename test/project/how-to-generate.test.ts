import { describe, expect, test } from 'vitest';
import { type HowToGenerate, howToGenerate } from '../../src/project/scripts/how-to-generate.ts';
import { discoverProjects } from '../../src/project/discover.ts';
import { pnpmPackages } from '../../src/project/scripts/workspaces.ts';
import { memoryTree } from '../support/memory-tree.ts';

const CONFIG = `export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle' }`;

async function how(files: Record<string, string>): Promise<HowToGenerate> {
  const tree = memoryTree(files);
  const { projects } = await discoverProjects(tree, {
    top: '/repo',
    evaluate: async () => ({ status: 'unreadable', message: 'not run' }),
  });
  expect(projects).toHaveLength(1);
  return howToGenerate(tree, projects[0]!);
}

/** drizzle-kit finds its config in the folder that it is run in. */
const atTop = (command: string): string => `( cd ./$(git rev-parse --show-cdup) && ${command} )`;
const manifest = (scripts: Record<string, string>, more: object = {}): string =>
  JSON.stringify({ name: '@acme/db', scripts, ...more });
const GENERATE = { 'db:generate': 'drizzle-kit generate' };
const top = (
  more: Record<string, string>,
  scripts: Record<string, string> = GENERATE,
): Record<string, string> => ({
  'package.json': manifest(scripts),
  'drizzle.config.ts': CONFIG,
  'schema.ts': '',
  ...more,
});
const member = (
  more: Record<string, string>,
  root: object = { workspaces: ['packages/*'] },
): Record<string, string> => ({
  'package.json': JSON.stringify(root),
  'packages/db/package.json': manifest(GENERATE),
  'packages/db/drizzle.config.ts': CONFIG,
  'packages/db/schema.ts': '',
  ...more,
});

describe('the script of the one package', () => {
  test.each([
    [
      'npm',
      { 'package-lock.json': '' },
      'npm run db:generate',
      'npm run db:generate -- --custom --name hand_written',
    ],
    [
      'pnpm',
      { 'pnpm-lock.yaml': '' },
      'pnpm db:generate',
      'pnpm db:generate --custom --name hand_written',
    ],
    [
      'yarn',
      { 'yarn.lock': '' },
      'yarn db:generate',
      'yarn db:generate --custom --name hand_written',
    ],
    [
      'bun',
      { 'bun.lock': '' },
      'bun run db:generate',
      'bun run db:generate --custom --name hand_written',
    ],
    ['npm', {}, 'npm run db:generate', 'npm run db:generate -- --custom --name hand_written'],
  ])('%s', async (manager, lock, generate, generateCustom) => {
    expect(await how(top(lock))).toMatchObject({
      generate,
      generateCustom,
      install: `${manager} install`,
    });
  });
  test('the packageManager field goes before lock files', async () => {
    const files = top({
      'package-lock.json': '',
      'package.json': manifest(GENERATE, { packageManager: 'pnpm@9.15.0+sha512.abc' }),
    });
    expect((await how(files)).install).toBe('pnpm install');
  });
});

describe('the script of a workspace member', () => {
  test.each([
    [
      'npm',
      member({ 'package-lock.json': '' }),
      '( cd ./$(git rev-parse --show-cdup) && npm run db:generate -w packages/db )',
      '( cd ./$(git rev-parse --show-cdup) && npm run db:generate -w packages/db -- --custom --name hand_written )',
    ],
    [
      'pnpm',
      member({ 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n" }, {}),
      'pnpm --filter @acme/db db:generate',
      'pnpm --filter @acme/db db:generate --custom --name hand_written',
    ],
    [
      'yarn',
      member({ 'yarn.lock': '' }, { workspaces: { packages: ['packages/**'] } }),
      '( cd ./$(git rev-parse --show-cdup) && yarn workspace @acme/db db:generate )',
      '( cd ./$(git rev-parse --show-cdup) && yarn workspace @acme/db db:generate --custom --name hand_written )',
    ],
    [
      'bun',
      member({ 'bun.lockb': '' }),
      '( cd ./$(git rev-parse --show-cdup) && bun run --cwd packages/db db:generate )',
      '( cd ./$(git rev-parse --show-cdup) && bun run --cwd packages/db db:generate --custom --name hand_written )',
    ],
  ])('%s', async (manager, files, generate, generateCustom) => {
    expect(await how(files)).toMatchObject({
      generate,
      generateCustom,
      install: `( cd ./$(git rev-parse --show-cdup) && ${manager} install )`,
    });
  });
  test('a package beside the workspace is gone into', async () => {
    const files = member(
      {
        'pnpm-lock.yaml': '',
        'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n  - '!packages/db'\n",
      },
      {},
    );
    expect((await how(files)).generate).toBe(
      '( cd ./$(git rev-parse --show-cdup)packages/db && pnpm db:generate )',
    );
  });
  test('with a lock file of its own', async () => {
    expect(
      await how(member({ 'yarn.lock': '', 'packages/db/package-lock.json': '' }, {})),
    ).toMatchObject({
      generate: '( cd ./$(git rev-parse --show-cdup)packages/db && npm run db:generate )',
      generateCustom:
        '( cd ./$(git rev-parse --show-cdup)packages/db && npm run db:generate -- --custom --name hand_written )',
      install: '( cd ./$(git rev-parse --show-cdup)packages/db && npm install )',
    });
  });
});

describe('without a script to call', () => {
  test.each([
    ['npm', {}, 'npx drizzle-kit generate'],
    ['pnpm', { 'pnpm-lock.yaml': '' }, 'pnpm exec drizzle-kit generate'],
    ['yarn', { 'yarn.lock': '' }, 'yarn drizzle-kit generate'],
    ['bun', { 'bun.lock': '' }, 'bunx drizzle-kit generate'],
  ])('%s', async (_, lock, generate) => {
    expect(await how(top(lock, {}))).toMatchObject({
      generate: atTop(generate),
      generateCustom: atTop(`${generate} --custom --name hand_written`),
    });
  });
  test('a config of another name is passed, in the base folder', async () => {
    const files = {
      'my app/package.json': '{}',
      'my app/db/drizzle-admin.config.ts': CONFIG.replace('./schema', './src/schema'),
      'my app/src/schema.ts': '',
    };
    expect(await how(files)).toMatchObject({
      generate:
        '( cd ./$(git rev-parse --show-cdup)"my app" && npx drizzle-kit generate --config=db/drizzle-admin.config.ts )',
      generateCustom:
        '( cd ./$(git rev-parse --show-cdup)"my app" && npx drizzle-kit generate --custom --name hand_written --config=db/drizzle-admin.config.ts )',
      install: '( cd ./$(git rev-parse --show-cdup)"my app" && npm install )',
    });
  });
});

async function generateWith(scripts: Record<string, string>): Promise<[string, string]> {
  const { generate, generateCustom } = await how(top({ 'pnpm-lock.yaml': '' }, scripts));
  return [generate, generateCustom];
}

describe('which script', () => {
  const BARE = 'pnpm exec drizzle-kit generate';
  const CUSTOM = '--custom --name hand_written';
  test('never one that makes custom migrations, resets, checks or goes on to something else', async () => {
    expect(
      await generateWith({
        'db:custom': 'drizzle-kit generate --custom',
        'db:reset': 'rm -rf drizzle && drizzle-kit generate',
        'db:verify': 'drizzle-kit check && drizzle-kit generate',
        'db:up': 'drizzle-kit migrate && drizzle-kit generate',
        dev: 'drizzle-kit generate && next dev',
        other: 'drizzle-kit generate --config other.config.ts',
        push: 'drizzle-kit push',
      }),
    ).toEqual([atTop(BARE), atTop(`${BARE} ${CUSTOM}`)]);
  });
  test('one that builds first', async () => {
    expect(await generateWith({ gen: 'tsc && drizzle-kit generate' })).toEqual([
      'pnpm gen',
      'pnpm gen --custom --name hand_written',
    ]);
  });
  test('one that formats afterwards cannot take options', async () => {
    expect(
      await generateWith({ 'db:generate': 'drizzle-kit generate && prettier --write drizzle' }),
    ).toEqual(['pnpm db:generate', atTop(`${BARE} ${CUSTOM}`)]);
  });
  test('a name that the manager keeps for itself', async () => {
    expect((await generateWith({ update: 'drizzle-kit generate' }))[0]).toBe('pnpm run update');
  });
  test("a script of the root for a package's config", async () => {
    const files = {
      'package.json': manifest({ 'db:generate': 'cd packages/db && drizzle-kit generate' }),
      'packages/db/package.json': '{}',
      'packages/db/drizzle.config.ts': CONFIG,
      'packages/db/schema.ts': '',
    };
    expect((await how(files)).generate).toBe(atTop('npm run db:generate'));
  });
});

test('the packages of a pnpm-workspace.yaml', () => {
  expect(
    pnpmPackages(
      `# all\npackages:\n  # apps\n  - apps/* # here\n  - "packages/*"\n\n  - '!x'\ncatalog:\n  - no\n`,
    ),
  ).toEqual(['apps/*', 'packages/*', '!x']);
  expect(pnpmPackages(`catalog:\n  a: 1\npackages: ['a/*', "b"]\nonly: [c]\n`)).toEqual([
    'a/*',
    'b',
  ]);
  expect(pnpmPackages(`onlyBuiltDependencies:\n  - esbuild\n`)).toEqual([]);
  expect(pnpmPackages(`packages:\n- a\n- b\n`)).toEqual(['a', 'b']);
});

test.each<[name: string, files: Record<string, string>, generate: string]>([
  [
    'a script that runs another one',
    top({}, { drizzle: 'drizzle-kit', 'db:generate': 'npm run drizzle generate' }),
    'npm run db:generate',
  ],
  [
    'no script that migrates too',
    top({}, { ...GENERATE, 'generate:all': 'npm run db:generate && npm run db:generate' }),
    'npm run db:generate',
  ],
  [
    'a task of deno',
    {
      'deno.json': '{ "tasks": { "db": "deno run -A npm:drizzle-kit generate" } }',
      'drizzle.config.ts': CONFIG,
      'schema.ts': '',
    },
    'deno task db',
  ],
  [
    'options in a script',
    {
      'package.json': manifest({ gen: 'drizzle-kit generate --dialect sqlite --schema=schema.ts' }),
      'schema.ts': '',
    },
    'npm run gen',
  ],
  [
    'options in a script that does more',
    {
      'package.json': manifest({
        gen: 'rm -rf x && drizzle-kit generate --dialect sqlite --schema=schema.ts --out m',
      }),
      'schema.ts': '',
    },
    atTop('npx drizzle-kit generate --dialect=sqlite --schema=schema.ts --out=m'),
  ],
])('%s', async (_, files, generate) => {
  expect((await how(files)).generate).toBe(generate);
});
