import { describe, expect, test } from 'vitest';
import { kitCalls } from '../../src/project/scripts/kit-calls.ts';

const CALLS: [script: string, calls: object[]][] = [
  [
    'drizzle-kit generate',
    [{ command: 'generate', folder: '.', custom: false, takesArguments: true }],
  ],
  [
    'drizzle-kit generate --config=configs/sqlite.config.ts',
    [{ command: 'generate', config: 'configs/sqlite.config.ts' }],
  ],
  [
    'drizzle-kit generate --config ./a.config.ts --name x',
    [{ command: 'generate', config: './a.config.ts' }],
  ],
  [
    'drizzle-kit --config "my configs/a.config.ts" push',
    [{ command: 'push', config: 'my configs/a.config.ts' }],
  ],
  ["drizzle-kit generate --config='a.ts'", [{ config: 'a.ts' }]],
  [
    'tsc && drizzle-kit generate && biome format .',
    [{ command: 'generate', last: false, takesArguments: false }],
  ],
  ['dotenv -e .env.local -- drizzle-kit migrate', [{ command: 'migrate' }]],
  ['cross-env NODE_ENV=test npx drizzle-kit@0.31.4 generate', [{ command: 'generate' }]],
  ['node --import tsx ./node_modules/drizzle-kit/bin.cjs generate', [{ command: 'generate' }]],
  ['.\\node_modules\\.bin\\drizzle-kit generate', [{ command: 'generate' }]],
  ['cd packages/server && drizzle-kit generate', [{ folder: './packages/server' }]],
  ['cd a && cd ../b && pnpm -C c exec drizzle-kit generate', [{ folder: './a/../b/c' }]],
  ['bun --cwd=packages/db drizzle-kit generate', [{ folder: './packages/db' }]],
  ['drizzle-kit generate --custom --name seed', [{ custom: true }]],
  [
    'drizzle-kit generate --dialect=sqlite --schema ./s.ts',
    [{ options: { dialect: 'sqlite', schema: './s.ts' } }],
  ],
  [
    'drizzle-kit check && drizzle-kit generate; git diff --exit-code',
    [{ command: 'check' }, { command: 'generate', last: false }],
  ],
  [
    'bash -c "cd db && drizzle-kit generate --config x.ts"',
    [{ config: 'x.ts', folder: './db', last: true, takesArguments: false }],
  ],
  ['concurrently "drizzle-kit studio" \'next dev\'', [{ command: 'studio' }]],
  ['drizzle-kit generate:pg --out x', [{ command: 'generate:pg' }]],
  ['eslint drizzle-kit-config', []],
  ['echo "run drizzle-kit"', []],
  [
    'env -u A --unset=B -uC D=1 drizzle-kit generate',
    [{ environment: { variables: { D: '1' }, unset: ['A', 'B', 'C'] } }],
  ],
  ['env -i A=1 drizzle-kit generate', [{ environment: { variables: { A: '1' }, unset: ['*'] } }]],
  [
    'export A=1 B=2 && unset A && drizzle-kit generate',
    [{ environment: { variables: { B: '2' }, unset: ['A'] } }],
  ],
  [
    'A=$(op read "op://x (y)/z") B="`date`" drizzle-kit generate',
    [{ environment: { variables: { A: '$(op read "op://x (y)/z")', B: '`date`' } } }],
  ],
  ['echo $(drizzle-kit generate)', [{ command: 'generate' }]],
  ['echo ` && drizzle-kit generate\necho `', [{ command: 'generate' }]],
  [
    'foo run -- npx drizzle-kit generate',
    [{ under: 'foo run --', environment: { under: 'foo run --' } }],
  ],
  ['foo run -- sh -c "drizzle-kit generate"', [{ environment: { under: 'foo run --' } }]],
  ['concurrently "drizzle-kit generate"', [{ command: 'generate' }]],
  ['next build', []],
  ['drizzle-kit', []],
];

describe('calls of drizzle-kit in a script', () => {
  test.each(CALLS)('%s', (script, calls) => {
    const found = kitCalls(script);
    expect(found).toHaveLength(calls.length);
    expect(found).toMatchObject(calls);
  });
});

const SCRIPTS = new Map(
  Object.entries({
    drizzle: 'drizzle-kit --config=db/kit.ts',
    'with-env': 'dotenv -e ../../.env --',
    generate: 'pnpm run drizzle generate',
    local: 'cross-env DB=local drizzle-kit',
    loop: 'npm run loop drizzle-kit generate',
  }),
);

test.each<[script: string, calls: object[]]>([
  ['npm run drizzle -- generate', [{ command: 'generate', config: 'db/kit.ts' }]],
  ['npm run drizzle generate', [{ command: 'generate', takesArguments: false }]],
  ['npm run drizzle generate --custom', [{ command: 'generate', custom: false }]],
  ['npm run drizzle -- generate --custom', [{ custom: true, takesArguments: true }]],
  ['pnpm drizzle generate --custom', [{ command: 'generate', custom: true, takesArguments: true }]],
  ['yarn run drizzle generate && tsc', [{ command: 'generate', last: false }]],
  ['bun drizzle generate', [{ command: 'generate' }]],
  ['deno task drizzle generate', [{ command: 'generate' }]],
  ['npm run generate', [{ command: 'generate', config: 'db/kit.ts' }]],
  ['npm drizzle generate', []],
  ['npm run other generate', []],
  [
    'pnpm with-env drizzle-kit generate',
    [{ command: 'generate', environment: { files: ['./../../.env'] } }],
  ],
  [
    'NODE_ENV=test pnpm local generate',
    [{ environment: { variables: { NODE_ENV: 'test', DB: 'local' } } }],
  ],
  ['cd db && pnpm drizzle generate', [{ folder: '.' }]],
  ['npm run loop', [{ command: 'generate' }]],
])('a script that another one calls: %s', (script, calls) => {
  const found = kitCalls(script, SCRIPTS);
  expect(found).toHaveLength(calls.length);
  expect(found).toMatchObject(calls);
});

test.each<[script: string, under: string | undefined]>([
  ['doppler run -p web -- drizzle-kit generate', 'doppler run -p web --'],
  ['A=b npx sst shell npx drizzle-kit generate', 'npx sst shell'],
  [
    'infisical run --env="my dev" -- pnpm exec drizzle-kit generate',
    'infisical run "--env=my dev" --',
  ],
  ['pnpm -C db exec drizzle-kit generate', undefined],
  ['bun run --bun drizzle-kit generate', undefined],
  ['A=b dotenv -e x -- npx drizzle-kit generate', undefined],
  ['npx cross-env A=b drizzle-kit generate', undefined],
  ['corepack pnpm exec drizzle-kit generate', undefined],
  ['drizzle-kit generate', undefined],
])('what drizzle-kit is run under: %s', (script, under) => {
  expect(kitCalls(script)[0]?.under).toBe(under);
});

test.each<[script: string, environment: object | undefined]>([
  ['DB=pg drizzle-kit generate', { variables: { DB: 'pg' }, files: [], conditions: [] }],
  [`A='b c' B="d=e" drizzle-kit generate`, { variables: { A: 'b c', B: 'd=e' } }],
  ['cross-env NODE_ENV=production drizzle-kit generate', { variables: { NODE_ENV: 'production' } }],
  ['cross-env-shell DB=a "drizzle-kit generate"', { variables: { DB: 'a' } }],
  ['env -i DB=a npx drizzle-kit generate', { variables: { DB: 'a' } }],
  ['export DB=a && export TWO=b; drizzle-kit generate', { variables: { DB: 'a', TWO: 'b' } }],
  ['DB=a tsc && drizzle-kit generate', undefined],
  ['drizzle-kit generate --name=x', undefined],
  ['dotenv -e .env.local -e .env -- drizzle-kit generate', { files: ['./.env.local', './.env'] }],
  ['set DB=a&& drizzle-kit generate', { variables: { DB: 'a' } }],
  ['dotenv -v DB=a drizzle-kit generate', { variables: { DB: 'a' }, files: ['./.env'] }],
  ['dotenv -o -- drizzle-kit generate', { expands: 'all', replaces: true }],
  [
    'dotenv -c production -- drizzle-kit generate',
    { files: ['./.env.production.local', './.env.local', './.env.production', './.env'] },
  ],
  [
    'dotenvx run --overload -f .env.dev -- drizzle-kit generate',
    { files: ['./.env.dev'], expands: 'unquoted', replaces: true },
  ],
  ['env-cmd -f ./test.env drizzle-kit generate', { files: ['././test.env'], replaces: true }],
  ['env-cmd --no-override drizzle-kit generate', { files: ['./.env'], conditions: [] }],
  ['env-cmd -e production drizzle-kit generate', undefined],
  [
    'cd db && set -a && . ./.env && set +a && drizzle-kit generate',
    { files: ['./db/./.env'], replaces: true, expands: 'unquoted' },
  ],
  ['set -a; source .env; drizzle-kit generate', { files: ['./.env'] }],
  ['source .env && drizzle-kit generate', undefined],
  ["export $(grep -v '^#' .env | xargs) && drizzle-kit generate", { files: ['./.env'] }],
  ['env $(cat .env.local | xargs) drizzle-kit generate', { files: ['./.env.local'] }],
  ['tsx --env-file=.env node_modules/drizzle-kit/bin.cjs generate', { files: ['./.env'] }],
  ['bun --env-file=.env.local drizzle-kit generate', { files: ['./.env.local'], expands: 'all' }],
  ['bun drizzle-kit generate', undefined],
  [
    'NODE_ENV=production bun node_modules/.bin/drizzle-kit generate',
    { files: ['./.env.local', './.env.production', './.env'], conditions: ['bun'] },
  ],
  ['cd db && dotenv -e ../.env drizzle-kit generate', { files: ['./db/../.env'] }],
  [
    'node --env-file=.env --env-file .env.local --conditions=react-server ./node_modules/drizzle-kit/bin.cjs generate',
    { files: ['./.env.local', './.env'], conditions: ['react-server'] },
  ],
  ['node -C worker node_modules/drizzle-kit/bin.cjs generate', { conditions: ['worker'] }],
  ['pnpm -C db exec drizzle-kit generate', undefined],
  ['bunx --bun drizzle-kit generate', { conditions: ['bun'] }],
  ['bash -c "A=b drizzle-kit generate"', { variables: { A: 'b' } }],
])('what a script sets: %s', (script, environment) => {
  const [call] = kitCalls(script);
  if (environment === undefined) expect(call).not.toHaveProperty('environment');
  else expect(call?.environment).toMatchObject(environment);
});
