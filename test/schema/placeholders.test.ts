import { expect, test } from 'vitest';
import {
  placeholder,
  runWithPlaceholders,
  type Placeholders,
  type Run,
} from '../../src/schema/worker/child/placeholders.ts';

test.each([
  ['DATABASE_URL', 'postgresql', /^postgres:\/\//],
  ['DATABASE_URL', 'mysql', /^mysql:\/\//],
  ['TURSO_URL', 'turso', /^libsql:\/\//],
  ['DB_FILE', 'sqlite', /^file:/],
  ['DB_PORT', 'postgresql', /^5432$/],
  ['DB_HOST', 'mysql', /^localhost$/],
  ['NEXT_PUBLIC_APP_URL', 'postgresql', /^http:/],
  ['APP_DATABASE_URL', 'postgresql', /^postgres:/],
] as const)('%s for %s', (name, dialect, form) => {
  expect(placeholder(name, dialect)).toMatch(form);
});

type Env = Readonly<Record<string, string | undefined>>;

/** Runs code that reads variables and throws texts; `set` is the environment. */
async function placeholdersFor(code: (env: Env) => void, set: Env = {}) {
  const runs: Placeholders[] = [];
  const run = async (placeholders: Placeholders): Promise<Run<string>> => {
    runs.push(placeholders);
    const read: string[] = [];
    let listed = false;
    const env = new Proxy<Env>(
      { ...set, ...placeholders },
      {
        get: (of, name) => (read.push(String(name)), of[String(name)]),
        ownKeys: (of) => ((listed = true), Reflect.ownKeys(of)),
      },
    );
    try {
      code(env);
      return { status: 'done', value: 'done', output: '' };
    } catch (error) {
      return {
        status: 'failed',
        error,
        output: '',
        says: String(error),
        read,
        listed,
        final: false,
      };
    }
  };
  const { placeholders, last } = await runWithPlaceholders(
    run,
    (name) => set[name] !== undefined,
    'postgresql',
  );
  return { names: Object.keys(placeholders).sort(), last, runs };
}

test.each<readonly [string, (env: Env) => void, readonly string[]]>([
  ['nothing fails', (env) => void env['DATABASE_URL'], []],
  [
    'the error names it',
    (env) => {
      if (!env['REGION']) throw new Error('REGION is not set');
    },
    ['REGION'],
  ],
  [
    'the error names an optional one too',
    (env) => {
      void env['TABLE_PREFIX'];
      if (!env['REGION']) throw new Error('REGION is not set (TABLE_PREFIX may be missing)');
    },
    ['REGION'],
  ],
  [
    'the error names nothing, and an optional one was read last',
    (env) => {
      const [region] = [env['REGION'], env['TABLE_PREFIX']];
      if (!region) throw new Error('something is missing');
    },
    ['REGION'],
  ],
  [
    'the error advises a switch that skips the test',
    (env) => {
      if (env['SKIP_ENV_VALIDATION']) return;
      if (!env['API_KEY']) throw new Error('Set API_KEY, or SKIP_ENV_VALIDATION=1');
    },
    ['API_KEY'],
  ],
  [
    'one after the other is missed',
    (env) => {
      for (const name of ['A', 'B', 'C'])
        if (!env[name]) throw new Error(`missing variable ${name}`);
    },
    ['A', 'B', 'C'],
  ],
  [
    'either would do',
    (env) => {
      if (!env['POSTGRES_URL'] && !env['DATABASE_URL'])
        throw new Error('Set DATABASE_URL or POSTGRES_URL');
    },
    ['DATABASE_URL'],
  ],
  [
    'a copy of the environment is tested',
    (env) => {
      const copy = { ...env };
      if (!copy['REGION']) throw new TypeError('"REGION" is required');
    },
    ['REGION'],
  ],
  [
    'a number is wanted',
    (env) => {
      if (!(Number(env['POOL_SIZE']) > 0)) throw new Error('POOL_SIZE: expected a number');
    },
    ['POOL_SIZE'],
  ],
  [
    'what a library asks of any object is no variable',
    (env) => {
      void env['then'];
      if (!env['lower_case']) throw new Error('lower_case, then the rest');
    },
    ['lower_case'],
  ],
])('%s', async (_, code, names) => {
  expect(await placeholdersFor(code)).toMatchObject({ names, last: { status: 'done' } });
});

test('what no placeholder helps: the first failure, and variables of node stay unset', async () => {
  const { last, runs, names } = await placeholdersFor((env) => {
    if (env['NODE_ENV'] !== 'production') throw new Error(`NODE_ENV, ${env['DATABASE_URL']}`);
  });
  expect(last).toMatchObject({ status: 'failed', says: 'Error: NODE_ENV, undefined' });
  expect([names, runs.some((one) => 'NODE_ENV' in one)]).toEqual([[], false]);
});

test('a variable that is set is never replaced', async () => {
  const code = (env: Env): void => {
    if (env['DATABASE_URL'] === '') throw new Error('DATABASE_URL is empty');
  };
  expect(await placeholdersFor(code, { DATABASE_URL: '' })).toMatchObject({ runs: [{}] });
});
