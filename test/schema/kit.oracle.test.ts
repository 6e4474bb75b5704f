import { symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findKit, SNAPSHOT_VERSIONS } from '../../src/schema/kit/find-kit.ts';
import { loadKit } from '../../src/schema/kit/load-kit.ts';
import { snapshotProblems } from '../../src/schema/kit/snapshot-problems.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import {
  drizzleKit,
  filesIn,
  linkModules,
  PROJECT_DIALECTS,
  projectWithHistory,
  scratch,
  writeFiles,
} from '../support/drizzle-project.ts';
import { evaluate, projectOf } from '../support/evaluation.ts';
import { scene } from '../support/scene.ts';

const SNAPSHOT = 'drizzle/meta/0000_snapshot.json';
const GUARD_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

test('the one that node would find from the folder that drizzle-kit is run from', async () => {
  const top = await scratch();
  await linkModules(top);
  const kit = findKit(top, 'packages/db', 'npm install');
  expect(kit.version).toMatch(/^0\.31\./);
  expect(kit.ormVersion).toMatch(/^0\.\d+\./);
  expect(kit.api.endsWith('api.js')).toBe(true);
});

test('one that keeps a journal loads no dialect of drizzle-orm before it is asked about one', async () => {
  const top = await scratch();
  await linkModules(top);
  loadKit(findKit(top, '', 'npm install'));
  const dialects = Object.keys(createRequire(import.meta.url).cache).flatMap(
    (path) => /drizzle-orm[\\/](\w+)-core[\\/]/.exec(path)?.[1] ?? [],
  );
  // drizzle-orm's `sql.cjs` needs the enums of pg-core.
  expect([...new Set(dialects)]).toEqual(['pg']);
});

test('none is installed', async () => {
  const top = await scratch();
  await expect(async () => findKit(top, '', 'pnpm install')).rejects.toMatchObject({
    code: 'kit-missing',
    help: ['Install the dependencies: pnpm install'],
  });
});

test("Yarn's Plug'n'Play is refused, with the setting that helps", async () => {
  const top = await scratch();
  await writeFiles(top, { '.pnp.cjs': '', 'packages/db/package.json': '{}' });
  await expect(async () => findKit(top, 'packages/db', 'yarn install')).rejects.toMatchObject({
    code: 'kit-missing',
    message: expect.stringContaining("Plug'n'Play"),
    help: [expect.stringContaining('nodeLinker: node-modules')],
  });
});

test.each(['1.0.0', '1.0.0-rc.4', '0.29.1', '0.9.0', '2.1.0', 'nonsense'])(
  'version %s is not judged with',
  async (version) => {
    const top = await scratch();
    await writeFiles(top, {
      'node_modules/drizzle-kit/package.json': JSON.stringify({ name: 'drizzle-kit', version }),
      'node_modules/drizzle-kit/api.js': '',
    });
    await expect(async () => findKit(top, '', 'npm install')).rejects.toMatchObject({
      code: 'kit-unsupported',
      message: expect.stringContaining(version),
    });
  },
);

test('drizzle-orm is missing', async () => {
  const top = await scratch();
  await writeFiles(top, {
    'node_modules/drizzle-kit/package.json': '{"name":"drizzle-kit","version":"0.31.4"}',
    'node_modules/drizzle-kit/api.js': '',
  });
  await expect(async () => findKit(top, '', 'npm install')).rejects.toMatchObject({
    code: 'orm-missing',
  });
});

test('a drizzle-kit that is not what its version says is reported as such, without a verdict on the schema', async () => {
  const top = await scratch();
  await writeFiles(top, {
    'node_modules/drizzle-kit/package.json': '{"name":"drizzle-kit","version":"0.31.99"}',
    'node_modules/drizzle-kit/api.js': 'module.exports = {};',
  });
  await symlink(join(GUARD_MODULES, 'drizzle-orm'), join(top, 'node_modules/drizzle-orm'));
  const worker = openWorker({ env: {} });
  const looked = evaluate(
    top,
    worker,
    { 'src/schema.ts': 'export {};' },
    projectOf('sqlite', ['src/schema.ts']),
  );
  await expect(looked).rejects.toMatchObject({ code: 'kit-failed' });
  await worker.close();
});

test('gel has no migrations', async () => {
  const top = await scratch();
  await linkModules(top);
  const worker = openWorker({ env: {} });
  const looked = evaluate(
    top,
    worker,
    { 'src/schema.ts': 'export {};' },
    { ...projectOf('sqlite', ['src/schema.ts']), dialect: 'gel' },
  );
  await expect(looked).rejects.toMatchObject({ code: 'dialect-unsupported' });
  await worker.close();
});

test('a driver of 1.x is refused, as drizzle-kit 0.31 refuses the config', async () => {
  const repo = await scene('postgresql');
  const passing = await repo.guard(['check', '--all']);
  await repo.edit('drizzle.config.ts', (text) =>
    text.replace('"dialect"', '"driver": "dsql",\n  "dialect"'),
  );
  await repo.stage('drizzle.config.ts');
  const kit = await repo.run(process.execPath, ['node_modules/drizzle-kit/bin.cjs', 'generate']);
  const said = await repo.guard(['check', '--all']);
  expect([passing.exitCode, kit.exitCode, said.exitCode]).toEqual([0, 1, 2]);
  expect(said.stderr).toContain('does not have the driver dsql, which is of 1.0.');
});

test.each(PROJECT_DIALECTS)(
  '%s: a snapshot is malformed exactly where drizzle-kit says so, with the field that is wrong',
  async (dialect) => {
    const dir = await projectWithHistory(dialect);
    const sound = (await filesIn(dir))[SNAPSHOT]!;
    const kit = findKit(dir, '', 'npm install');
    const worker = openWorker({ env: {} });
    const problems = async (text: string): Promise<readonly string[]> => {
      const [found = []] = await snapshotProblems({ kit, worker, dialect }, [Buffer.from(text)]);
      await writeFiles(dir, { [SNAPSHOT]: text });
      const { stdout } = await drizzleKit(dir, ['check']);
      expect(stdout.includes('data is malformed'), `${stdout}\n${text}`).toBe(found.length > 0);
      return found.map(({ message }) => message);
    };
    expect(await problems(sound)).toEqual([]);
    expect(await problems(sound.replace('"notNull": true', '"notNull": "yes"'))).toEqual([
      expect.stringMatching(/^is not as drizzle-kit wants it \(tables\..*\.notNull: /),
    ]);
    expect(await problems(sound.replace('"columns": {', '"columns": [], "was": {'))).toEqual([
      expect.stringContaining('columns'),
    ]);
    // A table that was found sound before hides no other that is not.
    expect(await problems(sound.replace('"tables": {', '"tables": { "none": 1,'))).toEqual([
      expect.stringContaining('tables.none'),
    ]);
    await worker.close();
  },
);

test('the table of snapshot versions is what drizzle-kit writes', async () => {
  for (const dialect of ['postgresql', 'mysql', 'sqlite', 'turso', 'singlestore'] as const) {
    const snapshot = JSON.parse(
      (await filesIn(await projectWithHistory(dialect)))['drizzle/meta/0000_snapshot.json']!,
    ) as { version: string };
    expect(snapshot.version).toBe(String(SNAPSHOT_VERSIONS[dialect]));
  }
});
