import { expect, test } from 'vitest';
import { placeholder, withPlaceholders } from '../../src/schema/thread/worker/placeholders.ts';

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

test.each([
  'NODE_ENV',
  'CI',
  'DEBUG',
  'npm_config_registry',
  'NO_COLOR',
  'HTTPS_PROXY',
  'HOME',
  'TEST_CONFIG_PATH_PREFIX',
])('%s stays unset', (name) => {
  expect(placeholder(name, 'postgresql')).toBeUndefined();
});

test('a set variable is kept, a read one has a value, and none is listed', () => {
  const env = withPlaceholders({ SET: 'yes', EMPTY: '' }, 'postgresql');
  expect([env['SET'], env['EMPTY'], 'DATABASE_URL' in env, 'NODE_ENV' in env]).toEqual([
    'yes',
    '',
    true,
    false,
  ]);
  expect(Object.hasOwn(env, 'DATABASE_URL')).toBe(true);
  expect(Object.keys(env)).toEqual(['SET', 'EMPTY']);
  expect(String(env)).toBe('[object Object]');
});
