import {
  appendFile,
  chmod,
  cp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MIGRATION, described } from '../../support/described.ts';
import { PROJECT_DIALECTS } from '../../support/drizzle-project.ts';
import { refusals, scene, type Scene } from '../../support/scene.ts';
import { sample, WHOLE } from '../../support/run-settings.ts';
import { settle } from './remembering.ts';

const CLI = (): string => process.env['GUARD_CLI'] ?? '';
const PROBE = fileURLToPath(new URL('./started.cjs', import.meta.url));

/** The built guard with a probe that prints on stderr what it starts. */
async function cli(
  repo: Scene,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ exitCode: number; stdout: string; started: readonly string[] }> {
  const { exitCode, stdout, stderr } = await repo.run(process.execPath, [CLI(), ...args], {
    env: { NODE_OPTIONS: `--require=${PROBE}`, ...env },
  });
  return {
    exitCode,
    stdout,
    started: stderr
      .split('\n')
      .flatMap((line) => (line.startsWith('started: ') ? [line.slice('started: '.length)] : [])),
  };
}

const store = (repo: Scene): string => join(repo.dir, '.git/drizzle-guard/store');
/** A guard that runs may write into it meanwhile. */
const forget = (repo: Scene): Promise<void> =>
  rm(join(repo.dir, '.git/drizzle-guard'), { recursive: true, force: true, maxRetries: 20 });

describe.each(WHOLE ? PROJECT_DIALECTS : (['turso'] as const))('%s', (dialect) => {
  test('a second check says the same to the byte, and starts neither esbuild nor a process', async () => {
    const repo = await scene(dialect);
    await repo.columns('description');
    await repo.stage('src');
    await settle();
    const off = await cli(repo, ['check', '--format=json', '--no-cache']);
    expect(off).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('schema-drift') });
    expect(await readdir(join(repo.dir, '.git'))).not.toContain('drizzle-guard');
    const cold = await cli(repo, ['check', '--format=json']);
    expect([...cold.started].toSorted()).toEqual(['esbuild', 'process']);
    const warm = await cli(repo, ['check', '--format=json']);
    expect(warm.started).toEqual([]);
    expect([cold.stdout, warm.stdout]).toEqual([off.stdout, off.stdout]);
    const compiled = async (): Promise<readonly string[]> =>
      (await readdir(store(repo))).filter((name) => name.startsWith('code-'));
    const forgetAnswers = async (): Promise<void> => {
      for (const name of await readdir(store(repo)))
        if (!name.startsWith('code-')) await rm(join(store(repo), name));
    };
    // The first run, which may be the only one, keeps no compiled code.
    expect(await compiled()).toEqual([]);
    await forgetAnswers();
    expect((await cli(repo, ['check', '--format=json'])).stdout).toBe(off.stdout);
    const kept = await compiled();
    expect(kept).toHaveLength(1);
    await forgetAnswers();
    const code = await readFile(join(store(repo), kept[0] ?? ''));
    const quick = await cli(repo, ['check', '--format=json']);
    expect(quick.started).toContain('process');
    expect(quick.stdout).toBe(off.stdout);
    expect(await readFile(join(store(repo), kept[0] ?? ''))).toEqual(code);
    await described(repo);
    await repo.stage('src', 'drizzle');
    const [fresh, known] = [
      await cli(repo, ['check', '--format=json', '--no-cache']),
      await cli(repo, ['check', '--format=json']),
    ];
    expect(known).toEqual({ ...fresh, started: expect.anything() });
    expect(JSON.parse(fresh.stdout)).toMatchObject({
      outcome: 'passed',
      projects: [{ checked: true, migrations: 2 }],
    });
    expect(await cli(repo, ['check', '--format=json'])).toEqual({ ...fresh, started: [] });
  });
});

describe('what invalidates', () => {
  let repo: Scene;
  beforeAll(async () => {
    repo = await scene('postgresql', { shared: true });
    // Packages of its own, that a test may change.
    await rm(join(repo.dir, 'node_modules'));
    const guard = fileURLToPath(new URL('../../../node_modules', import.meta.url));
    for (const name of ['drizzle-kit', 'drizzle-orm'])
      await cp(join(guard, name), join(repo.dir, 'node_modules', name), {
        recursive: true,
        filter: (path) =>
          !/\.(?:d\.c?ts|js|map|mjs|md)$/.test(path) || /(?:api|index)\.(?:js|mjs)$/.test(path),
      });
    for (const name of ['esbuild', '@esbuild', 'get-tsconfig', '@drizzle-team', 'tsx'])
      await symlink(join(guard, name), join(repo.dir, 'node_modules', name)).catch(() => undefined);
    await repo.columns('description');
    await repo.stage('src');
    await settle();
  });
  afterAll(() => repo[Symbol.asyncDispose]());

  const known = async (): Promise<void> => {
    await settle();
    await cli(repo, ['check']);
    expect((await cli(repo, ['check'])).started).toEqual([]);
  };

  test.each<readonly [string, string, (text: string) => string]>([
    [
      'drizzle-kit upgraded',
      'drizzle-kit/package.json',
      (text) => text.replace(/"version": "0\.31\.\d+"/, '"version": "0.31.99"'),
    ],
    [
      'drizzle-orm upgraded',
      'drizzle-orm/package.json',
      (text) => text.replace(/"version": "(0\.\d+)\.\d+"/, '"version": "$1.99"'),
    ],
    ['drizzle-kit patched', 'drizzle-kit/api.js', (text) => `${text}\n// patched`],
  ])('%s', async (_, file, change) => {
    await known();
    const path = join(repo.dir, 'node_modules', file);
    const text = await readFile(path, 'utf8');
    expect(change(text)).not.toBe(text);
    await writeFile(path, change(text));
    expect((await cli(repo, ['check'])).started).toContain('process');
    await known();
  });

  test('the language and the time zone, and what steers node', async () => {
    await known();
    for (const env of [{ TZ: 'Asia/Tokyo' }, { LC_ALL: 'de_DE.UTF-8' }, { NODE_PATH: '/nowhere' }])
      expect((await cli(repo, ['check'], env)).started).toContain('process');
    expect((await cli(repo, ['check'], { EDITOR: 'ed' })).started).toEqual([]);
  });
});

describe('damage', () => {
  let repo: Scene;
  let truth: string;
  const report = async (...args: string[]): Promise<string> =>
    (await repo.guard(['check', '--format=json', ...args])).stdout;
  beforeAll(async () => {
    repo = await scene('sqlite', { shared: true });
    await repo.columns('description');
    await repo.stage('src');
    truth = await report('--no-cache');
    expect(await report()).toBe(truth);
    expect((await readdir(store(repo))).length).toBeGreaterThan(4);
  });
  afterAll(() => repo[Symbol.asyncDispose]());

  const each = async (act: (path: string, size: number) => Promise<unknown>): Promise<void> => {
    for (const name of await readdir(store(repo))) {
      const path = join(store(repo), name);
      await act(path, (await readFile(path)).length);
    }
  };

  const DAMAGES: readonly (readonly [string, (path: string, size: number) => Promise<unknown>])[] =
    [
      ['entries that are empty', (path) => truncate(path, 0)],
      ['entries of half their length', (path, size) => truncate(path, Math.floor(size / 2))],
      ['entries that lack their last byte', (path, size) => truncate(path, size - 1)],
      ['entries with one more byte', (path) => appendFile(path, 'x')],
      [
        'a bit that flipped in the middle of each',
        async (path, size) => {
          const bytes = await readFile(path);
          bytes[Math.floor(size / 2)]! ^= 1;
          await writeFile(path, bytes);
        },
      ],
      [
        'a snapshot that someone has edited',
        async (path) =>
          writeFile(
            path,
            (await readFile(path, 'utf8'))
              .replaceAll('description', 'motto')
              .replaceAll('"statements":["', '"statements":[]}//'),
          ),
      ],
      [
        'entries that were exchanged',
        async (path) =>
          writeFile(path, await readFile(join(store(repo), (await readdir(store(repo)))[0] ?? ''))),
      ],
      [
        'foreign JSON',
        (path) => writeFile(path, '{"status":"ok","snapshot":{},"value":{},"steady":true}'),
      ],
      [
        'folders in their places',
        async (path) => {
          await rm(path);
          await cp(join(repo.dir, 'src'), path, { recursive: true });
        },
      ],
    ];

  test.each(sample(DAMAGES, 2))(
    '%s change nothing, and the cache is whole again afterwards',
    async (_, damage) => {
      await each(damage);
      expect(await report()).toBe(truth);
      if (_.startsWith('folders')) await forget(repo);
      expect(await report()).toBe(truth);
    },
  );

  test('the built guard says the same', async () => {
    expect((await cli(repo, ['check', '--format=json'])).stdout).toBe(truth);
  });

  test('deleting it while guards run', async () => {
    const said = await Promise.all([
      ...Array.from({ length: 3 }, () => cli(repo, ['check', '--format=json'])),
      forget(repo),
    ]);
    expect(new Set(said.slice(0, -1).map((one) => one?.stdout))).toEqual(new Set([truth]));
  });

  test('a repository that may not be written: neither by mode, nor for a file in the way, nor for a full disk', async () => {
    await forget(repo);
    // Root writes in spite of the mode; the verdict is the same for all.
    await chmod(join(repo.dir, '.git'), 0o555);
    try {
      expect(await report()).toBe(truth);
    } finally {
      await chmod(join(repo.dir, '.git'), 0o755);
    }
    await forget(repo);
    const limited = await repo.run('sh', [
      '-c',
      `ulimit -f 1; exec "${process.execPath}" "${CLI()}" check --format=json`,
    ]);
    expect(limited.stdout).toBe(truth);
    // What did not fit in is not there by half.
    for (const name of await readdir(store(repo)))
      expect((await readFile(join(store(repo), name))).length).toBeLessThanOrEqual(1024);
    expect((await readdir(store(repo))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await report()).toBe(truth);
  });
});

test('two guards side by side each keep what is theirs', async () => {
  const repo = await scene('sqlite');
  await repo.columns('description');
  await repo.stage('src');
  await settle();
  const [built, fromSource] = [
    () => cli(repo, ['check', '--format=json']),
    () => repo.guard(['check', '--format=json']),
  ];
  const first = await built();
  const mine = await readdir(store(repo));
  expect((await fromSource()).stdout).toBe(first.stdout);
  const both = await readdir(store(repo));
  expect(both.length).toBeGreaterThan(mine.length);
  expect(both).toEqual(expect.arrayContaining(mine));
  expect(await built()).toEqual({ ...first, started: [] });
});

test('guards at once say the same, and leave one whole cache', async () => {
  const repo = await scene('sqlite');
  await repo.columns('description');
  await repo.stage('src');
  await settle();
  const said = await Promise.all(
    Array.from({ length: 4 }, () => cli(repo, ['check', '--format=json'])),
  );
  expect(new Set(said.map(({ stdout }) => stdout)).size).toBe(1);
  expect((await readdir(store(repo))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect((await cli(repo, ['check', '--format=json'])).started).toEqual([]);
});

test('a default that is another each time is reported as such from the cache too', async () => {
  const repo = await scene('sqlite');
  await repo.edit('src/db/schema/teams.ts', (text) =>
    text.replace(
      'motto:',
      `label: text('label').default(new Date().toISOString()),\n  kind: text('kind').default('plain'),\n  motto:`,
    ),
  );
  await repo.stage('src');
  const texts = [await repo.check('--no-cache'), await repo.check(), await repo.check()].map(
    (report) => JSON.stringify(report).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<now>'),
  );
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toContain('another at every evaluation');
});

test('a migration is taken at its word from the cache only with the very same words', async () => {
  const repo = await scene('sqlite');
  await described(repo);
  await repo.stage('src', 'drizzle');
  expect(refusals(await repo.check())).toEqual([]);
  expect(refusals(await repo.check())).toEqual([]);
  const sql = await repo.read(MIGRATION.sql);
  await repo.write(MIGRATION.sql, sql.replace('text', 'integer'));
  await repo.stage('src', 'drizzle');
  expect(refusals(await repo.check())).toEqual(['sql-edited']);
  expect(refusals(await repo.check())).toEqual(['sql-edited']);
  await repo.write(MIGRATION.sql, sql);
  await repo.edit(MIGRATION.snapshot, (text) =>
    text.replace('"name": "description"', '"name": "descriptions"'),
  );
  await repo.stage('src', 'drizzle');
  const [off, known] = [await repo.check('--no-cache'), await repo.check()];
  expect(known).toEqual(off);
  expect(refusals(known)).not.toEqual([]);
});
