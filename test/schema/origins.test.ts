import { expect, test } from 'vitest';
import { findOrigins } from '../../src/schema/diff/origins.ts';
import type { Difference } from '../../src/schema/schema.ts';
import { memoryTree } from '../support/memory-tree.ts';

const of = (
  owner: string,
  entity = owner,
  kind = 'column',
  change: Difference['change'] = 'added',
): Difference => ({ owner, entity, kind, change, detail: '' });

const TEXT = `import { pgEnum, pgTable, text } from 'drizzle-orm/pg-core';
// teams' table, don't be misled
export const status = pgEnum('status', ['teams', 'b']);
const createTable = pgTableCreator((name) => \`app_\${name}\`);

export const teams = pgTable(
  'teams',
  {
    id: text('id'),
    longName: text(),
    other: text("motto)"),
    label: text('label'),
  },
  (table) => [index('teams_idx').on(table.label)],
);
export const users = auth.table("users", { label: text('label') });
export const prefixed = createTable('prefixed', {});
`;

async function lines(...differences: Difference[]): Promise<Record<string, string>> {
  const tree = memoryTree({
    'src/a.ts': 'export {};',
    'src/db.ts': TEXT,
    'src/names.json': '["teams"]',
  });
  const origins = await findOrigins(
    tree,
    new Set(['src/a.ts', 'src/db.ts', 'src/names.json']),
    differences,
  );
  return Object.fromEntries(
    [...origins].map(([name, { path, line }]) => [name, `${path}:${line}`]),
  );
}

test('a table, its columns by name or key in either casing, its index', async () => {
  expect(
    await lines(
      of('teams', 'teams.label'),
      of('teams', 'teams.long_name'),
      of('teams', 'teams.teams_idx', 'index'),
    ),
  ).toEqual({
    teams: 'src/db.ts:6',
    'teams.label': 'src/db.ts:12',
    'teams.long_name': 'src/db.ts:10',
    'teams.teams_idx': 'src/db.ts:14',
  });
});

test('tables of a schema, with a prefix, and an enum', async () => {
  expect(
    await lines(of('auth.users', 'auth.users.label'), of('app_prefixed'), of('enum status')),
  ).toEqual({
    'auth.users': 'src/db.ts:16',
    'auth.users.label': 'src/db.ts:16',
    app_prefixed: 'src/db.ts:17',
    'enum status': 'src/db.ts:3',
  });
});

test('what is gone points to its table, what has no definition to nothing', async () => {
  expect(await lines(of('teams', 'teams.gone', 'column', 'removed'), of('nowhere'))).toEqual({
    teams: 'src/db.ts:6',
  });
});
