import { expect, test } from 'vitest';
import { conditionsOf, withScript } from '../../src/schema/script-environment.ts';

const setting = (variables: Record<string, string>, conditions: string[] = []) => ({
  variables,
  files: [],
  conditions,
});

test.each<[value: string, seen: string | undefined]>([
  ['plain', 'plain'],
  ['$HERE/b', 'a/b'],
  ['${HERE}b', 'ab'],
  ['${NONE:-default}', 'default'],
  ['${NONE-default}', 'default'],
  ['${HERE:-default}', 'a'],
  ['$NONE', ''],
  ['$(cat .secret)', 'before'],
  ['`cat .secret`', 'before'],
])('a script sets %s', (value, seen) => {
  expect(withScript({ HERE: 'a', X: 'before' }, setting({ X: value }))['X']).toBe(seen);
});

test('a later variable may name an earlier one; nothing else changes', () => {
  expect(withScript({ A: '1' }, setting({ B: '$A', C: '$B-2' }))).toEqual({
    A: '1',
    B: '1',
    C: '1-2',
  });
  expect(withScript({ A: '1' }, undefined)).toEqual({ A: '1' });
});

test('a script takes variables away, and npm speaks of it and not of what runs the guard', () => {
  const env = {
    A: '1',
    B: '2',
    npm_lifecycle_event: 'check',
    npm_package_name: 'x',
    npm_config_x: '',
  };
  expect(withScript(env, undefined)).toEqual({ A: '1', B: '2', npm_config_x: '' });
  const npm = { npm_lifecycle_event: 'db:generate' };
  expect(withScript(env, { ...setting({ B: '3' }), npm, unset: ['A', 'B'] })).toEqual({
    B: '3',
    npm_config_x: '',
    npm_lifecycle_event: 'db:generate',
  });
  expect(withScript(env, { ...setting({ B: '3' }), npm, unset: ['*'] })).toEqual({ B: '3' });
});

test('conditions of the script and of NODE_OPTIONS', () => {
  const options = '--enable-source-maps --conditions=react-server -C worker --conditions dev';
  expect(conditionsOf({ NODE_OPTIONS: options }, setting({}, ['bun']))).toEqual([
    'bun',
    'react-server',
    'worker',
    'dev',
  ]);
  expect(conditionsOf({}, undefined)).toEqual([]);
});
