import { expect, it } from 'vitest';
import { shownChange } from '../../../src/facts/show/compare-shown.ts';
import type { How, ShownChange } from '../../../src/facts/show/shown.ts';

type Json = Readonly<Record<string, unknown>>;

const column = (name: string, type = 'text', more: Json = {}): Json => ({
  [name]: { name, type, primaryKey: false, notNull: false, ...more },
});
const key = (name: string, table: string, from: string, tableTo: string): Json => ({
  [name]: {
    name,
    tableFrom: table,
    tableTo,
    columnsFrom: [from],
    columnsTo: ['id'],
    onDelete: 'cascade',
    onUpdate: 'no action',
  },
});
const table = (name: string, columns: readonly Json[], more: Json = {}): Json => ({
  [`public.${name}`]: {
    name,
    schema: '',
    columns: Object.assign({}, ...columns) as Json,
    indexes: {},
    foreignKeys: {},
    compositePrimaryKeys: {},
    uniqueConstraints: {},
    ...more,
  },
});
const snapshot = (...tables: readonly Json[]): Json => ({
  version: '7',
  dialect: 'postgresql',
  tables: Object.assign({}, ...tables) as Json,
  enums: {},
  schemas: {},
});

const ID = column('id', 'integer', { primaryKey: true, notNull: true });
const users = table('users', [ID, column('name')]);

/** "users changed: id same, name dropped": tables with their columns. */
function said({ tables }: ShownChange): readonly string[] {
  const words = (all: readonly { name: string; was?: string; how: How }[]): string =>
    all
      .map(({ name, was, how }) => `${name} ${how}${was === undefined ? '' : ` (${was})`}`)
      .join(', ');
  return tables.map(
    ({ columns, parts, ...one }) => `${words([one])}: ${words(columns)}; ${words(parts)}`,
  );
}

it('what comes, goes and changes, with what stays beside it', () => {
  const posts = table('posts', [ID, column('user_id', 'integer')], {
    foreignKeys: key('posts_user_fk', 'posts', 'user_id', 'users'),
  });
  const after = table(
    'users',
    [ID, column('name', 'varchar(20)', { notNull: true }), column('email')],
    {
      indexes: {
        email_idx: {
          name: 'email_idx',
          columns: [{ expression: 'email', isExpression: false }],
          isUnique: true,
          where: 'email is not null',
        },
      },
    },
  );
  const change = shownChange(snapshot(users, table('old', [ID])), snapshot(after, posts), []);
  expect(said(change)).toEqual([
    'old dropped: id dropped; ',
    'posts added: id added, user_id added; posts_user_fk added',
    'users changed: id same, name changed, email added; email_idx added',
  ]);
  expect(change.tables[2]?.columns[1]).toMatchObject({
    type: 'varchar(20)',
    more: 'not null',
    change: 'text -> varchar(20), nullable -> not null',
  });
  expect(change.tables[2]?.parts[0]?.text).toBe('unique on (email) where email is not null');
  expect(change.tables[1]?.parts[0]?.text).toBe(
    '(user_id) references users (id) on delete cascade',
  );
  expect(change.edges).toEqual([
    {
      from: 'posts',
      to: 'users',
      name: 'posts_user_fk',
      columns: ['user_id'],
      how: 'added',
      optional: true,
    },
  ]);
});

it('neighbours are joined by a key in either direction, and others are left out', () => {
  const before = [
    table('teams', [ID]),
    table('users', [ID, column('team', 'integer', { notNull: true })], {
      foreignKeys: key('a', 'users', 'team', 'teams'),
    }),
    table('posts', [ID, column('author')], { foreignKeys: key('b', 'posts', 'author', 'users') }),
    table('tags', [ID, column('post')], { foreignKeys: key('c', 'tags', 'post', 'posts') }),
  ];
  const now = table('users', [ID, column('team', 'integer', { notNull: true }), column('x')], {
    foreignKeys: key('a', 'users', 'team', 'teams'),
  });
  const change = shownChange(snapshot(...before), snapshot(...before, now), []);
  expect(said(change)).toEqual(['users changed: id same, team same, x added; a same']);
  expect(change.neighbours).toEqual(['posts', 'teams']);
  expect(change.edges.map(({ from, to, how, optional }) => [from, to, how, optional])).toEqual([
    ['users', 'teams', 'same', false],
    ['posts', 'users', 'same', true],
  ]);
});

it('a rename is one, also of what keys and indexes name; without it one goes and one comes', () => {
  const before = snapshot(
    users,
    table('posts', [ID, column('user_id')], {
      foreignKeys: key('posts_user_id_fk', 'posts', 'user_id', 'users'),
    }),
  );
  const after = snapshot(
    table('people', [ID, column('title')]),
    table('posts', [ID, column('author_id')], {
      foreignKeys: key('posts_author_id_fk', 'posts', 'author_id', 'people'),
    }),
  );
  const renames = [
    { kind: 'rename table', table: 'users', to: 'people' },
    { kind: 'rename column', table: 'people', column: 'name', to: 'title' },
    { kind: 'rename column', table: 'posts', column: 'user_id', to: 'author_id' },
  ] as const;
  expect(said(shownChange(before, after, renames))).toEqual([
    'people renamed (users): id same, title renamed (name); ',
    'posts changed: id same, author_id renamed (user_id); posts_author_id_fk renamed (posts_user_id_fk)',
  ]);
  expect(said(shownChange(before, after, []))).toEqual([
    'people added: id added, title added; ',
    'posts changed: id same, author_id added, user_id dropped; posts_author_id_fk added, posts_user_id_fk dropped',
    'users dropped: id dropped, name dropped; ',
  ]);
});

it('a rename to what is not there afterwards is none, and one into the place of another does not hide it', () => {
  const gone = { kind: 'rename table', table: 'users', to: 'users_old' } as const;
  expect(shownChange(snapshot(users), snapshot(users), [gone]).tables).toEqual([]);
  const before = snapshot(table('t', [ID, column('a'), column('b', 'integer')]));
  const after = snapshot(table('t', [ID, column('b')]));
  const place = { kind: 'rename column', table: 't', column: 'a', to: 'b' } as const;
  expect(said(shownChange(before, after, [place]))).toEqual([
    't changed: id same, b renamed (a), b (before) dropped; ',
  ]);
});

it('two kits write the same otherwise, and nothing changed', () => {
  const other = {
    ...snapshot(),
    tables: {
      'public.users': {
        uniqueConstraints: {},
        columns: { name: { type: 'text', name: 'name', default: null }, ...ID },
        name: 'users',
        isRLSEnabled: false,
        policies: {},
        schema: '',
      },
    },
    views: {},
  };
  expect(shownChange(snapshot(users), other, [])).toEqual({
    tables: [],
    edges: [],
    neighbours: [],
    things: [],
  });
});

it('reads a state of drizzle-kit 1.x, and enums, views and sequences of any', () => {
  const row = (entityType: string, name: string, more: Json = {}): Json => ({
    entityType,
    schema: 'public',
    name,
    ...more,
  });
  const state = (...rows: readonly Json[]): Json => ({
    version: '8',
    dialect: 'postgres',
    ddl: rows,
  });
  const tags = row('columns', 'tags', {
    table: 'users',
    type: 'text',
    dimensions: 1,
    notNull: true,
  });
  const change = shownChange(
    state(row('tables', 'users'), row('enums', 'kind', { values: ['a'] })),
    state(
      row('tables', 'users'),
      tags,
      row('enums', 'kind', { values: ['a', 'b'] }),
      row('views', 'v'),
    ),
    [],
  );
  expect(said(change)).toEqual(['users changed: tags added; ']);
  expect(change.tables[0]?.columns[0]?.type).toBe('text[]');
  expect(change.things).toEqual([
    { kind: 'enum', name: 'kind', how: 'changed', text: "value 'b' added" },
    { kind: 'view', name: 'v', how: 'added', text: '' },
  ]);
});

it('the first migration makes all, one that drops everything leaves nothing', () => {
  expect(said(shownChange(undefined, snapshot(users), []))).toEqual([
    'users added: id added, name added; ',
  ]);
  expect(said(shownChange(snapshot(users), snapshot(), []))).toEqual([
    'users dropped: id dropped, name dropped; ',
  ]);
});
