import { afterAll, describe, expect, test } from 'vitest';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorker } from '../../src/schema/worker/host.ts';
import { openKit1 } from '../kit1/kit.ts';
import { scratch, writeFiles, type Files } from '../support/drizzle-project.ts';
import { evaluate, projectOf, readable, unreadable } from '../support/evaluation.ts';
import { KITS_1, linkKit1 } from '../support/kit1.ts';
import { WHOLE } from '../support/run-settings.ts';
import { INSTALLED, placed } from './module-layouts.ts';
import { LAYOUTS_1 } from './module-layouts-1.ts';

/** What is no code is left out of a folder. */
const OTHER_FILES: Files = {
  'all/readme.md': 'a schema',
  'all/data.json': '{',
  'all/.gitkeep': '',
  'all/a.ts': `export const before = await Promise.resolve('i');\n`,
  'all/t.ts': `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\nimport { before } from './a';\nimport { after } from './z';\nexport const table = sqliteTable('all', { column: text(before + after) });\n`,
  'all/z.ts': `export const after = await Promise.resolve('t');\n`,
};

describe.each(WHOLE ? KITS_1 : [KITS_1[0]])('drizzle-kit 1.0.0-%s', async (kit) => {
  const worker = openWorker({ env: {} });
  const { run, close } = await openKit1(kit);
  afterAll(async () => {
    close();
    await worker.close();
  });

  const project = async (files: Files): Promise<string> => {
    const dir = await scratch('drizzle-guard-layouts-1-');
    await writeFiles(dir, { ...INSTALLED, 'package.json': '{"type":"module"}', ...files });
    await linkKit1(dir, kit);
    return dir;
  };
  const generate = (dir: string, schema: readonly string[]): ReturnType<typeof run> =>
    run(dir, 'generate', {
      dialect: 'sqlite',
      schema: schema.map((path) => `./${path}`),
      name: 'all',
    });

  const taken = Object.entries(LAYOUTS_1).filter(([, { column }]) => column !== undefined);
  const layouts = taken.map(([name, layout], at) => ({
    name,
    layout,
    table: `t${at}`,
    ...placed(layout, `l${at}`, `t${at}`),
  }));

  test('the guard loads what drizzle-kit loads', async () => {
    const files = Object.assign({}, OTHER_FILES, ...layouts.map((one) => one.files)) as Files;
    const dir = await project(files);
    const schema = [...layouts.map((one) => one.schema), 'all'];
    expect(await generate(dir, schema)).toMatchObject({ status: 'ok' });
    const [folder = ''] = await readdir(join(dir, 'drizzle'));
    const sql = await readFile(join(dir, 'drizzle', folder, 'migration.sql'), 'utf8');
    const schemaFiles = [...layouts.map((one) => one.schema), ...Object.keys(OTHER_FILES)];
    const found = readable(await evaluate(dir, worker, files, projectOf('sqlite', schemaFiles)));
    const rows = found.snapshot['ddl'] as readonly Readonly<Record<string, unknown>>[];
    for (const { name, table, column } of [
      ...layouts.map(({ layout, ...one }) => ({ ...one, column: layout.column })),
      {
        name: 'a folder with other files, and schema files that await what others import',
        table: 'all',
        column: 'it',
      },
    ]) {
      const written = new RegExp(`CREATE TABLE \`${table}\` \\(\\s+\`([^\`]+)\``).exec(sql)?.[1];
      const ours = rows.find((row) => row['entityType'] === 'columns' && row['table'] === table);
      expect([name, written, ours?.['name']]).toEqual([name, column, column]);
    }
  });

  test.each(Object.entries(LAYOUTS_1).filter(([, { message }]) => message !== undefined))(
    'neither loads %s',
    async (_, layout) => {
      const { files, schema } = placed(layout, 'src', 'teams');
      const dir = await project(files);
      expect(await generate(dir, [schema])).toMatchObject({ status: 'error' });
      const found = await evaluate(dir, worker, files, projectOf('sqlite', [schema]));
      expect(unreadable(found).message).toMatch(layout.message!);
    },
  );
});
