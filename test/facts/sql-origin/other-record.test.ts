import { describe, expect, test } from 'vitest';
import { otherRecord } from '../../../src/facts/sql-origin/other-record.ts';

const TWO = ['users.name->users.title', 'users->people'];
const [title = '', people = ''] = TWO;
const rename = (name: string): object => ({ op: 'rename', key: 'columns', set: { name } });

/** What is wrong with a snapshot where drizzle-kit writes another. */
function found(right: object, own: object, statements = ['ALTER TABLE ...']) {
  const snapshot = right as Record<string, unknown>;
  return otherRecord({ status: 'answered', statements, snapshot }, own as Record<string, unknown>);
}

describe('the renames that a snapshot records', () => {
  test.each([
    ['all of them', TWO, TWO],
    ['in another order', TWO, TWO.toReversed()],
    ['none', [], []],
    ['none, without a list', [], undefined],
  ])('%s: as drizzle-kit writes them', (_, right, renames) => {
    expect(found({ renames: right }, { renames })).toEqual({});
  });

  test.each([
    ['none', []],
    ['no list', undefined],
    ['one of two', [people]],
    ['one twice', [people, people]],
    ['one more', [...TWO, 'a->b']],
    ['one twice, and all others', [...TWO, title]],
    ['the other way round', [people, 'users.title->users.name']],
    ['no texts', [null, 1]],
  ])('%s: not as drizzle-kit writes them', (_, renames) => {
    expect(found({ renames: TWO }, { renames })).toEqual({
      record: { key: 'renames', right: TWO.map((one) => JSON.stringify(one)).toSorted() },
    });
  });

  test('one of a migration that changes nothing is not used', () => {
    expect(found({ renames: [] }, { renames: TWO }, [])).toEqual({});
  });

  test('among differences, beside others', () => {
    const right = { deltas: [rename('a'), { op: 'drop', key: 'b' }] };
    expect(found(right, { deltas: [{ op: 'create' }, rename('a')] })).toEqual({});
    expect(found(right, { deltas: [{ op: 'drop' }, { op: 'create' }] })).toMatchObject({
      record: { key: 'deltas', right: [expect.stringContaining('rename')] },
    });
  });
});

test('rows that the comparison writes otherwise', () => {
  const [table, key] = [
    { entityType: 'tables', name: 'a' },
    { entityType: 'pks', name: 'a_pkey' },
  ];
  const turned = { name: 'a_pkey', entityType: 'pks' };
  expect(found({ ddl: [table, key] }, { ddl: [turned, table, key] })).toEqual({});
  expect(found({ ddl: [table, key] }, { ddl: [table, { ...key, name: 'b' }] })).toEqual({
    record: { key: 'ddl', right: [JSON.stringify(key)] },
  });
});

test('drizzle-kit 0.x records none of it', () => {
  expect(otherRecord({ status: 'answered', statements: [] }, { renames: TWO })).toEqual({});
});
