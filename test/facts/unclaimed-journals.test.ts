import { expect, it } from 'vitest';
import { guardKeyFor, unclaimedJournals } from '../../src/facts/unclaimed-journals.ts';
import { discoverProjects, type Discovered } from '../../src/project/discover.ts';
import type { GuardConfig } from '../../src/project/guard-config.ts';
import { migrations } from '../support/history.ts';
import { memoryTree } from '../support/memory-tree.ts';

const TABLE = "import { text } from 'drizzle-orm/pg-core';\n";
const CONFIG =
  "export default { dialect: 'mysql', schema: './src/schema.ts', out: './drizzle' };\n";
const NOTHING: GuardConfig = { rules: {}, allow: [] };

async function look(
  files: Readonly<Record<string, string>>,
  { guardConfig = NOTHING, near }: { guardConfig?: GuardConfig; near?: readonly string[] } = {},
): Promise<{ readonly outs: readonly string[]; readonly key: Record<string, unknown> }> {
  const tree = memoryTree(files);
  const found: Discovered = await discoverProjects(tree, {
    top: '/top',
    evaluate: undefined,
    guardConfig,
  });
  const journals = await unclaimedJournals(tree, found, guardConfig, near);
  const { json } = await guardKeyFor(journals, tree, found, guardConfig);
  return { outs: journals.map(({ out }) => out), key: JSON.parse(json) };
}

it('a journal is unclaimed where no project has its folder', async () => {
  const own = { 'drizzle.config.ts': CONFIG, 'src/schema.ts': TABLE };
  const files = {
    ...own,
    ...migrations(1, { dialect: 'mysql' }),
    ...migrations(1, { out: 'server/db/migrations', dialect: 'sqlite' }),
    'server/db/schema.ts': TABLE,
  };
  const { outs, key } = await look(files);
  expect(outs).toEqual(['server/db/migrations']);
  expect(key).toEqual({
    guard: {
      projects: [
        'drizzle.config.ts',
        { dialect: 'sqlite', schema: 'server/db/schema.ts', out: 'server/db/migrations' },
      ],
    },
  });
  expect((await look(files, { near: ['drizzle/0001_x.sql', 'server/db/schema.ts'] })).outs).toEqual(
    [],
  );
  for (const near of ['server/db/migrations/0001_x.sql', 'server/db/migrations/meta/_journal.json'])
    expect((await look(files, { near: [near] })).outs).toEqual(['server/db/migrations']);
  // As the key is pasted, and where the projects are named without it.
  for (const projects of [['drizzle.config.ts'], []])
    expect((await look(files, { guardConfig: { ...NOTHING, projects } })).outs).toEqual([]);
});

it('none is seen in node_modules, and below a config that cannot be read or run', async () => {
  const stray = migrations(1, { out: 'apps/a/drizzle' });
  expect((await look(stray)).outs).toEqual(['apps/a/drizzle']);
  for (const config of ['export default {', 'export default make();'])
    expect((await look({ ...stray, 'apps/a/drizzle.config.ts': config })).outs).toEqual([]);
  expect((await look({ ...stray, 'apps/b/drizzle.config.ts': 'export default {' })).outs).toEqual([
    'apps/a/drizzle',
  ]);
  expect((await look(migrations(1, { out: 'node_modules/x/drizzle' }))).outs).toEqual([]);
  expect((await look({ 'meta/_journal.json': '{}' })).outs).toEqual(['']);
});

it('what is not evident is left to a person: the schema, the dialect', async () => {
  const inKey = async (files: Readonly<Record<string, string>>): Promise<unknown> =>
    ((await look(files)).key['guard'] as { projects: unknown[] }).projects[0];
  const stray = migrations(1, { out: 'db/drizzle' });
  expect(await inKey(stray)).toMatchObject({ dialect: 'postgresql', schema: 'path/to/schema.ts' });
  // No Drizzle in it.
  expect(await inKey({ ...stray, 'db/schema.ts': 'export {};\n' })).toMatchObject({
    schema: 'path/to/schema.ts',
  });
  expect(await inKey({ ...stray, 'db/schema/a.ts': TABLE, 'db/schema/b.ts': TABLE })).toMatchObject(
    { schema: 'db/schema/*.ts' },
  );
  expect(await inKey({ ...stray, 'db/drizzle/meta/_journal.json': '<<<<<<<\n' })).toMatchObject({
    dialect: expect.stringContaining('|') as string,
  });
});

it('NuxtHub has its own command, from the top of the repository', async () => {
  const app = { 'apps/web/package.json': '{ "dependencies": { "@nuxthub/core": "^0.10.6" } }' };
  const out = 'apps/web/server/db/migrations/sqlite';
  const files = { ...migrations(1, { out, dialect: 'sqlite' }), ...app };
  expect(await look({ ...files, 'apps/web/server/db/schema.ts': TABLE })).toMatchObject({
    outs: [out],
    key: {
      guard: {
        projects: [
          {
            schema: 'apps/web/server/db/schema.ts',
            generate: 'cd apps/web && npx nuxthub db generate',
          },
        ],
      },
    },
  });
});
