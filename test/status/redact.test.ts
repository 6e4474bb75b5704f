import { expect, it } from 'vitest';
import { redacted } from '../../src/database/redact.ts';

it.each<readonly [string, string, string]>([
  ['postgres://u:secret@h/d', 'no secret here', 'no *** here'],
  ['postgres://u:p%40ss@h/d', 'p@ss and p%40ss', '*** and ***'],
  ['postgres://u:a@b/c@h/d', 'not a@b/c', 'not ***'],
  ['postgres://u:se#cr:et@h/d', 'se#cr:et', '***'],
  ['libsql://h?authToken=ey.J0', 'token ey.J0', 'token ***'],
  ['mysql://u:100%@h/d', 'mysql://u:100%@h/d is odd', '*** is odd'],
  ['postgres://h/d', 'host h', 'host h'],
])('%s', (url, text, without) => {
  expect(redacted(text, url)).toBe(without);
});
