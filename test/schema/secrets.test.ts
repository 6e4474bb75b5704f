import { expect, test } from 'vitest';
import { unrecorded, withoutSecrets } from '../../src/schema/worker/secrets.ts';

async function* texts(...all: string[]): AsyncGenerator<string> {
  yield* all;
}

test.each([
  ['nothing of the kind', '"name": "users"', '$PREFIX_users'],
  ['the name of the variable', '"name": "$PREFIX_users"', '$$PREFIX_users'],
  [
    'the name as JSON may write it',
    String.raw`"name": "\u0024PREFI\u0058_users"`,
    '$$PREFIX_users',
  ],
  ['the name with more signs', '"name": "$$PREFIX_users"', '$$$PREFIX_users'],
])('a value never looks like what a snapshot has: %s', async (_what, text, shown) => {
  const secrets = await unrecorded([['acme_corp', 'PREFIX']], texts('', text));
  expect(withoutSecrets({ name: 'acme_corp_users' }, secrets)).toEqual({ name: shown });
});

test('what is recorded is no secret', async () => {
  expect(await unrecorded([['acme_corp', 'PREFIX']], texts('"acme_corp_users"'))).toEqual([]);
});
