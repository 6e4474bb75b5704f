import { describe, expect, test } from 'vitest';
import { howToMigrate } from '../../src/project/scripts/how-to-migrate.ts';
import { memoryTree } from '../support/memory-tree.ts';

type Files = Readonly<Record<string, string>>;

const command = (
  scripts: Files,
  files: Files = {},
  project = { config: 'drizzle.config.ts', base: '' },
) =>
  howToMigrate(
    memoryTree({ 'drizzle.config.ts': '', 'package.json': JSON.stringify({ scripts }), ...files }),
    project,
  );

describe("the project's own script", () => {
  test.each<[string, Files, string]>([
    [
      'that runs drizzle-kit migrate',
      { 'db:migrate': 'drizzle-kit migrate' },
      'npm run db:migrate',
    ],
    ['under any name', { 'db:up': 'dotenv -- drizzle-kit migrate' }, 'npm run db:up'],
    [
      'before others, the plain name first',
      {
        'migrate:deploy': 'drizzle-kit migrate',
        'db:migrate:dev': 'drizzle-kit migrate',
        'db:migrate': 'drizzle-kit migrate',
      },
      'npm run db:migrate',
    ],
    ['that runs a file for it', { 'db:migrate': 'tsx src/db/migrate.ts' }, 'npm run db:migrate'],
    [
      'with options between',
      { migrate: 'dotenv -e .env -- node --import tsx ./scripts/run-migrations.mts' },
      'npm run migrate',
    ],
    [
      'of wrangler',
      { 'd1:migrate:local': 'wrangler d1 migrations apply DB --local' },
      'npm run d1:migrate:local',
    ],
    [
      'drizzle-kit before a file',
      { migrate: 'tsx migrate.ts', 'db:apply': 'drizzle-kit migrate' },
      'npm run db:apply',
    ],
  ])('%s', async (_, scripts, expected) => {
    expect(await command(scripts)).toBe(expected);
  });

  test.each<[string, Files]>([
    ['there is none', { build: 'next build' }],
    ['it builds beside it', { build: 'drizzle-kit migrate && next build' }],
    ['it pushes', { 'db:migrate': 'drizzle-kit push' }],
    ['it takes something away first', { 'db:migrate': 'rm -rf data.db && drizzle-kit migrate' }],
    ['it generates too', { 'db:migrate': 'drizzle-kit generate && drizzle-kit migrate' }],
    [
      'it is for another database',
      { 'db:migrate:prod': 'drizzle-kit migrate', 'migrate:ci': 'tsx migrate.ts' },
    ],
    ['it is for another config', { 'db:migrate': 'drizzle-kit migrate --config=other.config.ts' }],
    ['nobody can tell what it does', { 'db:migrate': 'turbo run something' }],
  ])('not where %s', async (_, scripts) => {
    expect(await command(scripts, { 'other.config.ts': '' })).toBe(
      '( cd ./$(git rev-parse --show-cdup) && npx drizzle-kit migrate )',
    );
  });
});

test('the package manager, the workspace and the folder', async () => {
  const inner = {
    'packages/db/drizzle.pg.config.ts': '',
    'pnpm-lock.yaml': '',
    'pnpm-workspace.yaml': 'packages: [packages/*]',
  };
  const project = { config: 'packages/db/drizzle.pg.config.ts', base: 'packages/db' };
  const scripts = { migrate: 'drizzle-kit migrate --config drizzle.pg.config.ts' };
  expect(
    await command(
      {},
      { ...inner, 'packages/db/package.json': JSON.stringify({ name: '@x/db', scripts }) },
      project,
    ),
  ).toBe('pnpm --filter @x/db migrate');
  expect(await command({}, { ...inner, 'packages/db/package.json': '{}' }, project)).toBe(
    '( cd ./$(git rev-parse --show-cdup)packages/db && pnpm exec drizzle-kit migrate --config=drizzle.pg.config.ts )',
  );
});

test('where the app applies them there is nothing to run', async () => {
  for (const driver of ['expo', 'durable-sqlite'])
    expect(
      await howToMigrate(memoryTree({ 'drizzle.config.ts': '' }), {
        config: 'drizzle.config.ts',
        base: '',
        driver,
      }),
    ).toBeUndefined();
  expect(
    await howToMigrate(memoryTree({ 'drizzle.config.ts': '' }), {
      config: 'drizzle.config.ts',
      base: '',
      driver: 'd1-http',
    }),
  ).toBe('( cd ./$(git rev-parse --show-cdup) && npx drizzle-kit migrate )');
});
