import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { discoverProjects } from '../../src/project/discover.ts';
import { treeOf } from '../schema/cache/remembering.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'guard-schema-files-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const table = (name: string): string =>
  `import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\nexport const t = sqliteTable('${name}', { id: integer() });\n`;
const NAMES = ['b', 'B2', 'a-z', 'a_z', 'a', '10', '2', 'é', 'A'];

/**
 * A file that drizzle-kit takes and the guard does not, or the other way round, is a table too many
 * or too few.
 */
const FILES: Record<string, string> = {
  'package.json': JSON.stringify({
    type: 'module',
    scripts: { g: 'drizzle-kit generate --config cfg/drizzle-x.config.ts' },
  }),
  'cfg/drizzle-x.config.ts': `import type { Config } from 'drizzle-kit';
export default { dialect: 'sqlite', schema: ['./src/{y,x}*.ts', './src/deep/**/*.ts', './src/folder', './src/(g)/!(*.test).ts', './src/glob/*', './src/linked/*.ts'], dbCredentials: { url: process.env.URL! } } satisfies Config;`,
  ...Object.fromEntries(NAMES.map((name) => [`src/folder/${name}.ts`, table(`folder/${name}`)])),
  ...Object.fromEntries(NAMES.map((name) => [`src/glob/${name}.ts`, table(`glob/${name}`)])),
  'src/folder/.hidden.ts': table('folder/.hidden'),
  'src/folder/.gitkeep': '',
  'src/folder/sub/no.ts': table('folder/sub/no'),
  'src/folder/data.json': '{ "a": 1 }',
  'src/glob/.hidden.ts': table('glob/.hidden'),
  'src/glob/m/inner.ts': table('glob/m/inner'),
  'src/deep/.dot/no.ts': table('deep/.dot/no'),
  'src/deep/z.ts': table('deep/z'),
  'src/deep/k/a.ts': table('deep/k/a'),
  'src/(g)/a.ts': table('(g)/a'),
  'src/(g)/a.test.ts': table('(g)/a.test'),
  'src/x1.ts': table('x1'),
  'src/y.ts': table('y'),
  // Node loads a file under its real path; a link to a folder is loaded as a module.
  'src/real/r.ts': table('real/r'),
  'src/linked': '-> real',
  'src/whole/index.ts': table('whole/index'),
  'src/folder/whole': '-> ../whole',
};

async function evaluate(): Promise<never> {
  throw new Error('the config is literal');
}

test('drizzle-kit loads the same files in the same order', async () => {
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    if (text.startsWith('-> ')) await symlink(text.slice('-> '.length), join(folder, path));
    else await writeFile(join(folder, path), text);
  }
  await symlink(MODULES, join(folder, 'node_modules'), 'junction');
  const kit = join(MODULES, 'drizzle-kit/bin.cjs');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [kit, 'generate', '--config', 'cfg/drizzle-x.config.ts', '--name', 'x'],
    { cwd: folder },
  );
  expect(stdout).toContain('0000_x.sql');
  const sql = await readFile(join(folder, 'drizzle/0000_x.sql'), 'utf8');
  const tables = [...sql.matchAll(/CREATE TABLE `([^`]+)`/g)].map(([, name]) => name);

  const { projects } = await discoverProjects(treeOf(FILES), { top: folder, evaluate });
  expect(projects).toMatchObject([{ base: '', out: 'drizzle' }]);
  const ours = projects[0]!.schemaFiles
    .map((path) => (path === 'src/folder/whole' ? 'src/whole/index.ts' : path))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.slice('src/'.length, -'.ts'.length));
  expect(ours).toEqual(tables);
  expect(ours).toHaveLength(2 * NAMES.length + 9);
  expect(projects[0]!.schemaFiles).toEqual(
    expect.arrayContaining(['src/folder/.gitkeep', 'src/folder/data.json']),
  );
});
