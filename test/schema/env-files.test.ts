import { expect, test } from 'vitest';
import { environmentOfKit, parseVariables } from '../../src/schema/env-files.ts';

// What dotenv 16.5 answers, which drizzle-kit's bin.cjs includes.
test.each<readonly [text: string, variables: Readonly<Record<string, string>>]>([
  ['A=b', { A: 'b' }],
  ['export A = b c # said', { A: 'b c' }],
  ['A: b', { A: 'b' }],
  [`A='b # c'\r\nB="d\\ne"\rC=\`f'g"\``, { A: 'b # c', B: 'd\ne', C: `f'g"` }],
  ['A="b\nc"\nB=', { A: 'b\nc', B: '' }],
  ['# A=b\nA.b-c=$D', { 'A.b-c': '$D' }],
  ['A=1\nA=2\nnothing', { A: '2' }],
])('%j', (text, variables) => {
  expect(parseVariables(text)).toEqual(variables);
});

/** What dotenv-cli 11, dotenvx 2 and env-cmd 11 make of these lines; `SET` is set. */
const EXPANDING = [
  'A=one',
  'B=$A-two',
  'D=${NONE:-other}',
  'E=\\$A',
  "F='$A'",
  'SET=file',
  'X=${SET}-x',
  'Y=$NONE-y',
  'Z=${A:+instead}',
  'LATER=$Q',
  'Q=$LATER',
  'ME=$ME/x',
].join('\n');
const files: Readonly<Record<string, string>> = {
  '/top/.env': 'FROM=top\nSET=file\nEMPTY=file',
  '/top/app/.env': 'FROM=app\nONLY=app',
  '/top/app/.env.local': 'FROM=local\nLOCAL=1\nSET=local',
  '/home/me/.env': 'FROM=home',
  '/top/named.app': EXPANDING,
  '/top/b/.env.dev': 'A=dev\nSECRET=encrypted:BE9\n',
  '/top/vault/.env': 'FROM=vault',
  '/top/vault/.env.vault': 'DOTENV_VAULT=x',
};
const seenIn = (base: string, env = {}, script = {}) =>
  environmentOfKit({
    top: '/top',
    base,
    env,
    script: { variables: {}, files: [], conditions: [], ...script },
    log: { disk: new Set() },
    files: async (path) => {
      const text = files[path];
      return text === undefined ? { kind: 'absent' } : { kind: 'file', bytes: Buffer.from(text) };
    },
  });

test('drizzle-kit reads .env where it is run, and replaces nothing that is set', async () => {
  expect(await seenIn('', { SET: 'yes', EMPTY: '', UNSET: undefined })).toEqual({
    FROM: 'top',
    SET: 'yes',
    EMPTY: '',
  });
  expect(await seenIn('app')).toEqual({ FROM: 'app', ONLY: 'app' });
  expect(await seenIn('elsewhere', { SET: 'yes' })).toEqual({ SET: 'yes' });
});

test('the files of a script come first, and what it sets replaces both', async () => {
  expect(
    await seenIn(
      'app',
      { SET: 'yes' },
      { files: ['app/.env.local', 'app/none'], variables: { LOCAL: '$LOCAL$SET' } },
    ),
  ).toEqual({ FROM: 'local', ONLY: 'app', LOCAL: '1yes', SET: 'yes' });
});

test.each<[how: object, seen: object]>([
  [
    { expands: 'all' },
    { B: 'one-two', D: 'other', E: '$A', F: 'one', SET: 'yes', X: 'yes-x', Y: '-y', Z: 'instead' },
  ],
  [
    { expands: 'unquoted', replaces: true },
    { B: 'one-two', E: '$A', F: '$A', SET: 'file', X: 'file-x' },
  ],
  [{ replaces: true }, { B: '$A-two', E: '\\$A', F: '$A', SET: 'file', X: '${SET}-x' }],
])('a wrapper that has its own way with a file: %j', async (how, seen) => {
  const found = await seenIn(
    'none',
    { SET: 'yes', KIND: 'app' },
    { ...how, files: ['named.$KIND', 'b/.env.${STAGE}'], variables: { STAGE: 'dev' } },
  );
  const replaced = 'replaces' in how;
  expect(found).toMatchObject({ ...seen, A: replaced ? 'dev' : 'one' });
  expect(found).not.toHaveProperty('SECRET');
});

test('variables of dotenv choose the file, and let it replace', async () => {
  const chosen = { DOTENV_CONFIG_PATH: '../.env', SET: 'yes' };
  expect(await seenIn('app', chosen)).toMatchObject({ FROM: 'top', SET: 'yes' });
  expect(await seenIn('app', { ...chosen, DOTENV_CONFIG_OVERRIDE: 'true' })).toMatchObject({
    SET: 'file',
  });
  expect(await seenIn('app', { HOME: '/home/me', DOTENV_CONFIG_PATH: '~/.env' })).toMatchObject({
    FROM: 'home',
  });
});

test('an encrypted vault is not taken for nothing', async () => {
  await expect(seenIn('vault', { DOTENV_KEY: 'dotenv://x' })).rejects.toMatchObject({
    code: 'evaluation-failed',
  });
  expect(await seenIn('app', { DOTENV_KEY: 'dotenv://x' })).toMatchObject({ FROM: 'app' });
});
