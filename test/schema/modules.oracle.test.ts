import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { drizzleKit, scratch, writeFiles, type Files } from '../support/drizzle-project.ts';
import { INSTALLED, LAYOUTS, placed } from './module-layouts.ts';

const GUARD_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const CONFIG = (schema: readonly string[]): string =>
  `export default { dialect: 'sqlite', schema: ${JSON.stringify(schema)}, out: './drizzle' };\n`;

/** A project of these schemas, on disk. */
async function project(files: Files, schema: readonly string[]): Promise<string> {
  const dir = await scratch('drizzle-guard-layouts-');
  await mkdir(join(dir, 'node_modules'));
  for (const name of ['drizzle-orm', 'drizzle-kit'])
    await symlink(join(GUARD_MODULES, name), join(dir, 'node_modules', name));
  const own = {
    'package.json': '{"name":"shop","type":"module"}',
    'drizzle.config.ts': CONFIG(schema.map((path) => `./${path}`)),
  };
  await writeFiles(dir, { ...INSTALLED, ...own, ...files });
  return dir;
}

test('drizzle-kit sees what the layouts say it sees', async () => {
  const taken = Object.values(LAYOUTS)
    .filter(({ column }) => column !== undefined)
    .map((layout, at) => ({ layout, ...placed(layout, `l${at}`, `t${at}`) }));
  const dir = await project(
    Object.assign({}, ...taken.map(({ files }) => files)) as Files,
    taken.map(({ schema }) => schema),
  );
  await drizzleKit(dir, ['generate', '--name=all']);
  const sql = await readFile(join(dir, 'drizzle/0000_all.sql'), 'utf8');
  const columns = taken.map(
    (_, at) => new RegExp(`CREATE TABLE \`t${at}\` \\(\\s+\`([^\`]+)\``).exec(sql)?.[1],
  );
  expect(columns).toEqual(taken.map(({ layout }) => layout.column));
});

describe('drizzle-kit does not load', () => {
  test.each(Object.entries(LAYOUTS).filter(([, { message }]) => message !== undefined))(
    '%s',
    async (_, layout) => {
      const { files, schema } = placed(layout, 'src', 'teams');
      const dir = await project(files, [schema]);
      const { stdout } = await drizzleKit(dir, ['generate', '--name=all']);
      expect(stdout).not.toMatch(/Your SQL migration|No schema changes/);
    },
  );
});
