import { describe, expect, test } from 'vitest';
import { undone } from '../../src/schema/diff/undone.ts';

const column = (name: string, rest: object = {}) => ({ name, type: 'text', ...rest });
const table = (name: string, columns: readonly object[], rest: object = {}) => ({
  name,
  schema: '',
  columns: Object.fromEntries(columns.map((one) => [(one as { name: string }).name, one])),
  indexes: {},
  isRLSEnabled: false,
  ...rest,
});
type Table = ReturnType<typeof table>;
const state = (tables: readonly Table[], rest: object = {}) => ({
  tables: Object.fromEntries(tables.map((one) => [`public.${one.name}`, one])),
  ...rest,
});
const teams = (...columns: readonly string[]) =>
  table(
    'teams',
    ['id', 'name', ...columns].map((name) => column(name)),
  );
const withEnum = (...values: readonly string[]) =>
  state([teams()], { enums: { 'public.role': { name: 'role', schema: 'public', values } } });
const withIndex = (indexes: object) => state([table('teams', [column('id')], { indexes })]);
const plain = { isMadeAgain: false };

describe('lost', () => {
  test.each([
    ['a column', [teams()], [teams('email')], [teams('phone')], ['teams.email']],
    ['a table', [teams()], [teams(), table('posts', [])], [teams()], ['posts']],
    [
      'a column of a table that both made',
      [],
      [table('posts', [column('a'), column('b')])],
      [table('posts', [column('a'), column('c')])],
      ['posts.b'],
    ],
    [
      'what it removed',
      [teams('old'), table('posts', [])],
      [teams()],
      [teams('old'), table('posts', [column('more')])],
      ['teams.old, which it removed', 'posts, which it removed'],
    ],
    [
      'the type of a column that got a default',
      [table('teams', [column('size')])],
      [table('teams', [column('size', { type: 'integer' })])],
      [table('teams', [column('size', { default: 1 })])],
      ['teams.size'],
    ],
    [
      'a column of a table that the other side renamed',
      [teams()],
      [teams('email')],
      [{ ...teams(), name: 'clubs' }],
      ['teams.email'],
    ],
    [
      'row level security',
      [teams()],
      [{ ...teams(), isRLSEnabled: true }],
      [teams('phone')],
      ['teams (isRLSEnabled)'],
    ],
  ] as const)('%s', (_, start, made, now, lost) => {
    expect(undone(state(start), state(made), state(now), plain)).toEqual(lost);
    expect(undone(state(start), state(made), state(made), plain)).toEqual([]);
    expect(undone(state(start), state(start), state(now), plain)).toEqual([]);
  });

  test('a value of an enum that got another one', () => {
    const [start, made, now] = [withEnum('a'), withEnum('a', 'b'), withEnum('a', 'c')];
    expect(undone(start, made, now, plain)).toEqual(["enum role 'b'"]);
    expect(undone(start, made, withEnum('a', 'c', 'b'), plain)).toEqual([]);
  });

  test('an index, unless what was made again may have given it another name', () => {
    const [start, made] = [withIndex({}), withIndex({ by_id: { name: 'by_id', columns: ['id'] } })];
    expect(undone(start, made, start, plain)).toEqual(['teams.by_id']);
    expect(undone(start, made, start, { isMadeAgain: true })).toEqual([]);
  });

  test('the same of drizzle-kit 1.x, whose states are rows', () => {
    const rows = (...columns: readonly string[]) => ({
      ddl: [
        { entityType: 'tables', schema: 'public', name: 'teams' },
        ...columns.map((name) => ({
          entityType: 'columns',
          schema: 'public',
          table: 'teams',
          ...column(name),
        })),
      ],
    });
    expect(undone(rows('id'), rows('id', 'email'), rows('id', 'phone'), plain)).toEqual([
      'teams.email',
    ]);
  });
});

describe('not lost', () => {
  test.each([
    [
      'a column that both made, in another form',
      [teams()],
      [teams('email')],
      [
        table(
          'teams',
          [...'id name'.split(' '), 'email'].map((n) => column(n, { notNull: true })),
        ),
      ],
    ],
    ['a column of a table that the other side dropped', [teams()], [teams('email')], []],
    [
      'what both changed, in another way',
      [table('teams', [column('size')])],
      [table('teams', [column('size', { type: 'integer' })])],
      [table('teams', [column('size', { type: 'bigint' })])],
    ],
    [
      'a column in a table that the other side renamed',
      [teams()],
      [teams('email')],
      [{ ...teams('email'), name: 'clubs' }],
    ],
  ] as const)('%s', (_, start, made, now) => {
    expect(undone(state(start), state(made), state(now), plain)).toEqual([]);
  });
});
