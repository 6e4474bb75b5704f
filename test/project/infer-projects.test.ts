import { expect, it } from 'vitest';
import { inferProjects } from '../../src/project/infer-projects.ts';
import { migrations } from '../support/history.ts';
import { memoryTree } from '../support/memory-tree.ts';

const WHY = 'it is computed';

async function inferred(
  files: Readonly<Record<string, string>>,
  configs: readonly string[],
  known: readonly string[] = [],
): Promise<readonly (readonly [string, string, string])[]> {
  const projects = await inferProjects(
    memoryTree(files),
    configs.map((config) => ({ config, name: config, why: WHY })),
    known.map((out) => ({ out })),
  );
  expect(
    projects.every(
      ({ unread, schema, schemaFiles }) =>
        unread === WHY && schema.length === 0 && schemaFiles.length === 0,
    ),
  ).toBe(true);
  return projects.map(({ config, out, dialect }) => [config, out, dialect] as const);
}

it('the one journal below the one config is its own', async () => {
  const mysql = migrations(1, { out: 'db/migrations', dialect: 'mysql' });
  expect(await inferred(mysql, ['drizzle.config.ts'])).toEqual([
    ['drizzle.config.ts', 'db/migrations', 'mysql'],
  ]);
  expect(
    await inferred({ ...mysql, ...migrations(1) }, ['db/drizzle.config.ts', 'drizzle.config.ts']),
  ).toEqual([
    ['db/drizzle.config.ts', 'db/migrations', 'mysql'],
    ['drizzle.config.ts', 'drizzle', 'postgresql'],
  ]);
  expect(
    await inferred({ ...mysql, ...migrations(1) }, ['drizzle.config.ts'], ['drizzle']),
  ).toEqual([['drizzle.config.ts', 'db/migrations', 'mysql']]);
});

it('nothing is guessed: two journals for one config, two configs for one journal, none above, a journal that is none', async () => {
  const one = migrations(1);
  const two = { ...one, ...migrations(1, { out: 'other' }) };
  expect(await inferred(two, ['drizzle.config.ts'])).toEqual([]);
  expect(await inferred(one, ['drizzle.config.ts', 'drizzle.prod.config.ts'])).toEqual([]);
  expect(await inferred(one, ['apps/web/drizzle.config.ts'])).toEqual([]);
  for (const text of ['{', '[]', '{ "dialect": "oracle" }', '{}'])
    expect(await inferred({ 'drizzle/meta/_journal.json': text }, ['drizzle.config.ts'])).toEqual(
      [],
    );
  expect(
    await inferred(migrations(1, { out: 'node_modules/a/drizzle' }), ['drizzle.config.ts']),
  ).toEqual([]);
});
