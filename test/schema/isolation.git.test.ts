import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openWorker } from '../../src/schema/worker/host.ts';
import {
  linkModules,
  scratch,
  type Files,
  type ProjectDialect,
} from '../support/drizzle-project.ts';
import { columnsOf, evaluate, projectOf, readable, unreadable } from '../support/evaluation.ts';

const worker = openWorker({ env: {} });
let top: string;
beforeAll(async () => {
  top = await scratch('drizzle-guard-isolation-');
  await linkModules(top);
});
afterAll(() => worker.close());

/** A schema with lines before its one table; its column is named by `value`. */
const schema = (lines: string, value = "'it'"): Files => ({
  'src/schema.ts': `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\n${lines}\nexport const teams = sqliteTable('teams', { it: text(${value}) });\n`,
});
const look = (files: Files, over = {}, project = {}, dialect: ProjectDialect = 'sqlite') =>
  evaluate(top, worker, files, projectOf(dialect, ['src/schema.ts'], project), over);

describe('a schema is not disturbed by', () => {
  test.each([
    ['printing', `console.log('hello'); console.error('there'); process.stdout.write('again');`],
    ['a timer that never ends', 'setInterval(() => undefined, 5);'],
    [
      'a server that listens',
      `import { createServer } from 'node:http'; createServer().listen(0);`,
    ],
    ['a promise that is rejected', `void Promise.reject(new Error('nobody catches this'));`],
    ['an error thrown later', `setTimeout(() => { throw new Error('too late'); }, 0);`],
    ['an exit later', 'setTimeout(() => process.exit(1), 0);'],
    [
      'changing the working folder',
      `process.chdir('src'); if (!process.cwd().endsWith('src')) throw new Error(process.cwd());`,
    ],
    ['a top-level handler of signals', `process.on('SIGINT', () => undefined);`],
  ])('%s', async (_, lines) => {
    const printed = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    const found = columnsOf(await look(schema(lines)), 'teams');
    const loud = printed.some((spy) => spy.mock.calls.length > 0);
    for (const spy of printed) spy.mockRestore();
    expect([found, loud]).toEqual([['it'], false]);
  });
});

describe('the surroundings', () => {
  test('the working folder is the one that drizzle-kit is run from', async () => {
    const files = {
      'packages/db/src/schema.ts': schema(
        `import { basename, resolve } from 'node:path';`,
        'basename(process.cwd()) + basename(resolve("."))',
      )['src/schema.ts']!,
    };
    const found = await evaluate(
      top,
      worker,
      files,
      projectOf('sqlite', ['packages/db/src/schema.ts'], { base: 'packages/db' }),
    );
    expect(columnsOf(found, 'teams')).toEqual(['dbdb']);
  });

  test('the process looks as under drizzle-kit generate', async () => {
    const lines = `import { isMainThread, parentPort, threadId, workerData } from 'node:worker_threads';
      import { basename } from 'node:path';
      const [, bin, ...rest] = process.argv;
      const seen = [basename(bin!), rest, isMainThread, parentPort, threadId, workerData, basename(require.main!.filename), require.main === module];`;
    const found = await look(schema(lines, 'JSON.stringify(seen)'), {}, { config: 'db/kit.ts' });
    expect(columnsOf(found, 'teams')).toEqual([
      '["drizzle-kit",["generate","--config=db/kit.ts"],true,null,0,null,"bin.cjs",false]',
    ]);
  });

  test('code that waits for messages, or ends them, answers nevertheless', async () => {
    const lines = `import * as threads from 'node:worker_threads';\nthreads.parentPort?.removeAllListeners(); threads.parentPort?.close();\nprocess.on('message', () => undefined); process.disconnect?.();`;
    expect(columnsOf(await look(schema(lines)), 'teams')).toEqual(['it']);
  });

  test('a process that code kills, or whose messages it spoils, is another one next time', async () => {
    for (const lines of [
      `import { execFileSync } from 'node:child_process'; execFileSync('kill', ['-KILL', String(process.pid)]);`,
      `import { writeSync } from 'node:fs'; writeSync(3, new Uint8Array([1, 0, 0, 0, 0])); for (;;);`,
    ]) {
      const { message } = unreadable(await look(schema(lines)));
      expect(message).toContain('the process that evaluates the schema ended early');
      expect(columnsOf(await look(schema('')), 'teams')).toEqual(['it']);
    }
  });

  test('the environment is the one that is handed in', async () => {
    expect(
      columnsOf(
        await look(schema('', 'process.env.COLUMN!'), { env: { COLUMN: 'from_env' } }),
        'teams',
      ),
    ).toEqual(['$COLUMN']);
  });

  test('what one evaluation sets, the next one does not see', async () => {
    await look(
      schema(
        `process.env.LEFT = 'over'; (globalThis as { left?: string }).left = 'over'; process.chdir('/');`,
      ),
    );
    const value = `process.env.LEFT ?? (globalThis as { left?: string }).left ?? (process.cwd() === '/' ? 'root' : 'clean')`;
    expect(columnsOf(await look(schema('', value)), 'teams')).toEqual(['clean']);
  });

  test.each<readonly [ProjectDialect, string]>([
    ['postgresql', 'postgres:'],
    ['mysql', 'mysql:'],
    ['turso', 'libsql:'],
  ])(
    'a schema that insists on variables is given placeholders that suit %s',
    async (dialect, protocol) => {
      const insist = `const url = process.env.DATABASE_URL;\nif (!url) { console.error('DATABASE_URL is missing'); process.exit(1); }\nif (new URL(url).protocol !== '${protocol}' || Number.isNaN(Number(process.env.DB_PORT))) throw new Error('does not suit: ' + url);`;
      const table =
        dialect === 'turso'
          ? schema(insist)
          : {
              'src/schema.ts': `import { ${dialect === 'mysql' ? 'mysqlTable' : 'pgTable'} as table, text } from 'drizzle-orm/${dialect === 'mysql' ? 'mysql' : 'pg'}-core';\n${insist}\nexport const teams = table('teams', { it: text('it') });\n`,
            };
      expect(
        columnsOf(await look(table, { env: { NODE_ENV: 'test' } }, {}, dialect), 'teams'),
      ).toEqual(['it']);
    },
  );

  test.each<readonly [string, string]>([
    ['a test by hand', `if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL');`],
    [
      'zod, of all variables at once',
      `import { z } from 'zod';\nz.object({ DATABASE_URL: z.string(), KEY: z.string().min(8), POOL: z.coerce.number(), PREFIX: z.string().default('app'), AUDIT: z.string().optional() }).parse({ ...process.env });`,
    ],
    [
      'an error that names nothing',
      `const { PREFIX, AUDIT, SKIP_VALIDATION } = process.env;\nnew URL(process.env.DATABASE_URL!); void [PREFIX, AUDIT, SKIP_VALIDATION];`,
    ],
  ])('optional variables keep their defaults beside one that is missing: %s', async (_, lines) => {
    const value = `(process.env.PREFIX ?? 'app') + (process.env.AUDIT ? '_audit' : '')`;
    expect(columnsOf(await look(schema(lines, value)), 'teams')).toEqual(['app']);
  });

  const NEEDED = `const need = (name: string): string => { const value = process.env[name]; if (!value) throw new Error('missing ' + name); return value; };\n`;
  test.each<readonly [string, string, string, readonly string[]]>([
    ['a name', '', `need('TABLE_PREFIX').toUpperCase() + '_teams'`, ['TABLE_PREFIX']],
    ['the path of a URL', '', `new URL(need('DATABASE_URL')).pathname`, ['DATABASE_URL']],
    [
      'one of two names, the longer',
      '',
      `need('DB') && need('DB_SCHEMA') + '_teams'`,
      ['DB_SCHEMA'],
    ],
    [
      'a switch',
      `const audit = process.env.AUDIT; if (audit !== 'true' && audit !== 'false') throw new Error('AUDIT: true or false');`,
      `audit === 'true' ? 'audit' : 'teams'`,
      ['AUDIT'],
    ],
    [
      'a number',
      `const size = Number(process.env.SIZE); if (!(size > 0)) throw new Error('SIZE: expected a number');`,
      `'of' + size`,
      ['SIZE'],
    ],
  ])('a variable that is missing and decides the schema: %s', async (_, lines, value, names) => {
    expect(await look(schema(`${NEEDED}${lines}`, value))).toMatchObject({
      status: 'unset',
      variables: names,
    });
  });

  test('a variable that is missing decides nothing that changes each time by itself', async () => {
    const lines = `${NEEDED}need('DB_PORT'); need('DB_HOST');`;
    const changing = schema(lines, `'it' + performance.now()`);
    expect(await look(changing)).toMatchObject({ status: 'ok' });
  });

  test('casing is handed on', async () => {
    const files = {
      'src/schema.ts': `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\nexport const teams = sqliteTable('teams', { longName: text() });\n`,
    };
    expect(columnsOf(await look(files, {}, { casing: 'snake_case' }), 'teams')).toEqual([
      'long_name',
    ]);
    expect(columnsOf(await look(files), 'teams')).toEqual(['longName']);
  });
});

describe('a schema that cannot be evaluated', () => {
  test('throws: message, file, line and the way there', async () => {
    const files = {
      'src/schema.ts': `export * from './teams';\n`,
      'src/teams.ts': `const a: number = 1;\n\nif (a) throw new TypeError('no such team');\n`,
    };
    expect(unreadable(await look(files))).toMatchObject({
      path: 'src/teams.ts',
      line: 3,
      chain: ['src/schema.ts', 'src/teams.ts'],
      message: 'the schema throws TypeError: no such team',
    });
  });

  test('throws inside drizzle-orm: the line of the schema that led there', async () => {
    const files = {
      'src/schema.ts': `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\nexport const teams = sqliteTable('teams', {\n  it: undefined as never,\n});\n`,
    };
    expect(unreadable(await look(files))).toMatchObject({ path: 'src/schema.ts', line: 2 });
  });

  test('throws something that is no error', async () => {
    expect(unreadable(await look(schema(`throw 'just text';`)))).toMatchObject({
      message: 'the schema throws just text',
    });
  });

  test.each([
    [
      'a revoked proxy',
      'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy;',
    ],
    ['hostile getters', `throw { get message() { throw this; }, get stack() { throw 1; } };`],
    ['an object without a prototype', 'throw Object.create(null);'],
    [
      'a proxy whose traps throw',
      'throw new Proxy({}, { get() { throw 1; }, has() { throw 2; }, getPrototypeOf() { throw 3; } });',
    ],
  ])('throws %s', async (_, line) => {
    expect(unreadable(await look(schema(line), { timeLimit: 20_000 })).message).toBe(
      'the schema throws something whose message cannot be read',
    );
  });

  test.each([
    ['throws', `throw new Error('x'.repeat(50_000_000));`],
    ['throws many lines', `throw new Error('x\\n'.repeat(5_000_000));`],
    ['prints', `console.log('x'.repeat(50_000_000)); throw new Error('y');`],
  ])('%s megabytes: the beginning is enough', async (_, line) => {
    const found = unreadable(await look(schema(line)));
    expect(JSON.stringify(found).length).toBeLessThan(200_000);
    expect(found).toMatchObject({ path: 'src/schema.ts', line: 2 });
  });

  test('misses a dependency of a dependency, behind a test of the environment: not its own error', async () => {
    const files = {
      ...schema(`import './env';\nimport 'half-installed';`),
      'src/env.ts': `if (!process.env.DATABASE_URL) throw new Error('Invalid environment');`,
    };
    const folder = join(top, 'src/node_modules/half-installed');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'index.js'), `require('the-other-half');`);
    await expect(look(files)).rejects.toMatchObject({
      code: 'dependency-missing',
      message: expect.stringContaining('the-other-half'),
    });
  });

  test('leaves, with what it said before', async () => {
    const files = schema(
      `console.error('SECRET_LEVEL must be a number');\nif (process.env.SECRET_LEVEL !== '7') process.exit(3);`,
    );
    expect(unreadable(await look(files))).toMatchObject({
      path: 'src/schema.ts',
      line: 3,
      message: 'the schema calls process.exit(3)',
      detail: 'SECRET_LEVEL must be a number',
    });
  });

  test('leaves and does not notice', async () => {
    expect(unreadable(await look(schema('try { process.exit(1); } catch {}')))).toMatchObject({
      message: 'the schema calls process.exit(1)',
    });
  });

  test('never ends: the limit is named, and the next schema is evaluated', async () => {
    const stuck = unreadable(await look(schema('for (;;);'), { timeLimit: 700 }));
    expect(stuck).toMatchObject({
      path: 'src/schema.ts',
      message: 'the schema did not finish evaluating within 0.7 seconds',
    });
    expect(columnsOf(await look(schema('')), 'teams')).toEqual(['it']);
  });

  test('says the name of a variable where its value would show', async () => {
    const env = {
      DATABASE_URL: 'postgres://me:p%40ss-word@db/x',
      STAGE: 'blue',
      KEY: 'a\nb-secret',
    };
    const lines = `const { DATABASE_URL, STAGE, KEY } = process.env; console.error(new URL(DATABASE_URL!).password, JSON.stringify(KEY));\nthrow new Error('no ' + DATABASE_URL + ' in ' + STAGE + ', bluebell p@ss-word');`;
    const found = unreadable(await look(schema(lines), { env }));
    expect(found.message).toBe(
      'the schema throws no $DATABASE_URL in $STAGE, bluebell $DATABASE_URL',
    );
    expect(found.detail).toContain('$DATABASE_URL "$KEY"');
    expect(JSON.stringify(found)).not.toMatch(/ss-word|b-secret/);
  });

  test('is refused by drizzle-kit: its own words, without colours', async () => {
    const files = {
      'src/schema.ts': `import { index, pgTable, text } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', { it: text('it') }, (t) => [index('same').on(t.it), index('same').on(t.it)]);\n`,
    };
    const { message, detail } = unreadable(await look(files, {}, {}, 'postgresql'));
    expect(message).toContain(
      "drizzle-kit refuses the schema: We've found duplicated index name across public schema",
    );
    expect(`${message}${detail}`).not.toContain('\u001B');
  });
});

test('requests at once are answered in order, also behind one that asks and one that never ends', async () => {
  const reads = `import { readFileSync } from 'node:fs';`;
  const files = {
    ...schema(reads, `readFileSync('src/name.txt', 'utf8')`),
    'src/name.txt': 'of_tree',
  };
  const [first, endless, second, last] = await Promise.all([
    look(files),
    look(schema('for (;;);'), { timeLimit: 1500 }),
    look(files),
    look(schema('', "'last'")),
  ]);
  expect(unreadable(endless).message).toContain('1.5 seconds');
  expect([first, second, last].map((one) => columnsOf(one, 'teams'))).toEqual([
    ['of_tree'],
    ['of_tree'],
    ['last'],
  ]);
});

test('a worker that is closed answers no more', async () => {
  const other = openWorker({ env: {} });
  await other.close();
  await expect(
    evaluate(top, other, schema(''), projectOf('sqlite', ['src/schema.ts'])),
  ).rejects.toMatchObject({ code: 'internal' });
  expect(readable(await look(schema(''))).closure.size).toBe(1);
});

/** Each time the answer arrives while the caller is busy, and is delivered after `close` has begun. */
const CLOSED_TOO_EARLY = `import { openWorker } from './host.mjs';
const request = { kind: 'config', code: 'module.exports = [() => ({})];', top: '/', cwd: process.cwd(), env: {}, argv: [], main: '' };
for (let n = 0; n < 12; n += 1) {
  const worker = openWorker({ env: {} });
  await worker.ask(request);
  worker.ask(request);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  await worker.close();
}
process.stdout.write('closed');
`;

/** A folder with the worker, as `host.mjs`. */
async function folderOfWorker(): Promise<string> {
  const folder = await scratch('drizzle-guard-closing-');
  await copyFile(
    join(dirname(process.env['GUARD_CLI'] ?? ''), 'worker.cjs'),
    join(folder, 'worker.cjs'),
  );
  await build({
    entryPoints: [fileURLToPath(new URL('../../src/schema/worker/host.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['esbuild'],
    outfile: join(folder, 'host.mjs'),
    banner: {
      js: "import { createRequire as create } from 'node:module'; const require = create(import.meta.url);",
    },
  });
  return folder;
}

test('a worker that answers while it is closed does not end the guard', async () => {
  const folder = await folderOfWorker();
  await writeFile(join(folder, 'main.mjs'), CLOSED_TOO_EARLY);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['main.mjs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  // Without a promise that settles, node ends with 13.
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'closed', stderr: '' });
});

/** Is killed while the code that it waits for runs. */
const KILLED = `import { openWorker } from './host.mjs';
const code = "require('node:fs').writeFileSync('pid', String(process.pid)); process.kill(process.ppid, 'SIGKILL'); for (;;);";
const file = process.cwd() + '/endless.js';
openWorker({ env: {} }).ask(
  {
    kind: 'config',
    code: { files: [file], first: [], modules: new Map([[file, { kind: 'code', text: code }]]), found: new Map() },
    top: '/nowhere', cwd: process.cwd(), env: {}, argv: [], main: file, awaits: false, dialect: undefined,
  },
  500,
);
`;

test('a process whose guard was killed ends, even in an endless loop', async () => {
  const folder = await folderOfWorker();
  await writeFile(join(folder, 'main.mjs'), KILLED);
  const { signal } = spawnSync(process.execPath, ['main.mjs'], { cwd: folder });
  expect(signal).toBe('SIGKILL');
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
  expect(pid).toBeGreaterThan(1);
  await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false);
}, 90_000);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
