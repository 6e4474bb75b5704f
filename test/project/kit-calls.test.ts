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
  ['drizzle-kit generate --dialect=sqlite --schema ./s.ts', [{ withoutConfig: true }]],
  [
    'drizzle-kit check && drizzle-kit generate; git diff --exit-code',
    [{ command: 'check' }, { command: 'generate', last: false }],
  ],
  [
    'bash -c "cd db && drizzle-kit generate --config x.ts"',
    [{ config: 'x.ts', folder: '././db', last: true, takesArguments: false }],
  ],
  ['concurrently "drizzle-kit studio" \'next dev\'', [{ command: 'studio' }]],
  ['drizzle-kit generate:pg --out x', [{ command: 'generate:pg' }]],
  ['eslint drizzle-kit-config', []],
  ['echo "run drizzle-kit"', []],
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
