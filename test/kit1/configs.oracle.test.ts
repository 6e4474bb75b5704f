import { execFile } from 'node:child_process';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { drizzleProject, linkModules, type Files } from '../support/drizzle-project.ts';
import { KITS_1, linkKit1 } from '../support/kit1.ts';
import { emptyScene, refusals, type Scene } from '../support/scene.ts';
import { sample, SEED, WHOLE } from '../support/run-settings.ts';
import { openKit1 } from './kit.ts';

const OPTIONS = `dialect: 'sqlite', schema: './src/db/schema/index.ts'`;
const COMPUTED = `dialect, schema: './src/db/schema/index.ts'`;
const typescript = (text: string, more: Files = {}): Files => ({
  'drizzle.config.ts': text,
  ...more,
});
const option = (text: string): Files => typescript(`export default { ${OPTIONS}, ${text} };\n`);

/** Ways to write a config; whether a drizzle-kit takes it, drizzle-kit says. */
const CONFIGS: Readonly<Record<string, Files>> = {
  'a promise': typescript(`export default Promise.resolve({ ${OPTIONS} });\n`),
  'an unknown casing': option(`casing: 'snake'`),
  'a text for verbose': option(`verbose: 'yes'`),
  'a computed verbose': option(`verbose: process.argv.length > 0`),
  'await at its top': typescript(
    `const dialect = await Promise.resolve('sqlite');\nexport default { ${COMPUTED} };\n`,
  ),
  'a text for sql': option(`sql: 'yes'`),
  'an unknown prefix': option(`migrations: { prefix: 'date' }`),
  'no object for migrations': option(`migrations: null`),
  'a function': typescript(`export default () => ({ ${OPTIONS} });\n`),
  'a file of variables': typescript(
    `process.loadEnvFile('.env.db');\nconst dialect = process.env.DIALECT;\nexport default { ${COMPUTED} };\n`,
    { '.env.db': 'DIALECT=sqlite\n' },
  ),
  'an unknown dialect': typescript(`export default { ${OPTIONS}, dialect: 'sqlite3' };\n`),
  'a path from import.meta': typescript(
    `export default { dialect: 'sqlite', schema: import.meta.dirname + '/src/db/schema/index.ts' };\n`,
  ),
  'nothing for out': option(`out: null`),
  'filters and roles': option(
    `schemaFilter: ['a'], tablesFilter: '!x', entities: { roles: { provider: 'neon' } }`,
  ),
  'a class, and satisfies': typescript(
    `import type { Config } from 'drizzle-kit';\nclass Mine { dialect = 'sqlite' as const; schema = './src/db/schema/index.ts'; }\nexport default new Mine() satisfies Config;\n`,
  ),
};

/** The project with this config alone. */
async function project(files: Files): Promise<Scene> {
  const made = await emptyScene('sqlite');
  const { 'drizzle.config.ts': _, ...others } = drizzleProject('sqlite');
  for (const [path, text] of Object.entries({ ...others, ...files })) await made.write(path, text);
  return made;
}

type Generate = (made: Scene) => Promise<unknown>;

/** What drizzle-kit writes, the guard passes; what it does not load, the guard refuses. */
async function compare(files: Files, link: (dir: string) => Promise<void>, generate: Generate) {
  const place = async (its: Files): Promise<{ made: Scene; wrote: boolean }> => {
    const made = await project(its);
    await rm(join(made.dir, 'node_modules'));
    await link(made.dir);
    await generate(made);
    const out = await readdir(join(made.dir, 'drizzle')).catch((): string[] => []);
    return { made, wrote: out.length > 0 };
  };
  const { made, wrote } = await place(files);
  if (!wrote) {
    // The migration that it would have.
    const { made: other } = await place(typescript(`export default { ${OPTIONS} };\n`));
    await cp(join(other.dir, 'drizzle'), join(made.dir, 'drizzle'), { recursive: true });
  }
  await made.git('add', '--all');
  const report = await made.check();
  expect([report.projects.length, refusals(report)]).toEqual([
    1,
    wrote ? [] : [expect.stringMatching(/^(?:config|schema)-unreadable$/)],
  ]);
}

/** A nightly run takes all of them; CI every fifth with rc.5. */
const some = sample(Object.entries(CONFIGS), 5);

describe.each(WHOLE ? KITS_1 : [KITS_1[0]])('drizzle-kit 1.0.0-%s', async (kit) => {
  const { run, close } = await openKit1(kit);
  afterAll(close);
  test.each(some)(`%s, seed ${SEED}`, (_, files) =>
    compare(
      files,
      (dir) => linkKit1(dir, kit),
      (made) => run(made.dir, 'generate', { name: 'x' }),
    ),
  );
});

describe.each(WHOLE ? ['0.31'] : [])('drizzle-kit %s', () => {
  test.each(some)('%s', (_, files) =>
    compare(files, linkModules, (made) => {
      const bin = join(made.dir, 'node_modules/drizzle-kit/bin.cjs');
      return new Promise((resolve) => {
        execFile(process.execPath, [bin, 'generate', '--name=x'], { cwd: made.dir }, resolve);
      });
    }),
  );
});
