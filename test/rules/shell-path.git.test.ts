import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellPath } from '../../src/model/shell-quote.ts';

test('plain paths stay readable', () => {
  expect(shellPath('packages/db/drizzle/0003_odd-hulk.sql')).toBe(
    'packages/db/drizzle/0003_odd-hulk.sql',
  );
  expect(shellPath(':x')).toBe('./:x');
  // In double quotes, which cmd.exe knows, where nothing in them means anything to sh.
  expect(shellPath('app/(shop)/[id]/schema.ts')).toBe('"app/(shop)/[id]/schema.ts"');
});

test('sh gives back every path, byte for byte', () => {
  const paths = [
    'a b.sql',
    "it's",
    '"quoted"',
    'new\nline',
    '$HOME/`x`',
    'app/[id]/x.ts',
    'back\\slash',
    '*?{a,b}',
    '~',
    '#',
    '!',
    'ü/日本',
    '',
    'a;b&c|d',
    '100% a',
    "it's a",
    '(a)',
    'a\\',
  ];
  const out = execFileSync('sh', [
    '-c',
    `printf '%s\\0' ${paths.map(shellPath).join(' ')}`,
  ]).toString();
  expect(out.split('\0').slice(0, -1)).toEqual(paths);
});
