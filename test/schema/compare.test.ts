import { describe, expect, test } from 'vitest';
import { compareSnapshots } from '../../src/schema/diff/compare.ts';

const column = (name: string, over: Record<string, unknown> = {}) => ({
  name,
  type: 'text',
  primaryKey: false,
  notNull: false,
  ...over,
});
const table = (name: string, over: Record<string, unknown> = {}) => ({
  name,
  schema: '',
  columns: {
    id: column('id', { type: 'uuid', primaryKey: true, notNull: true }),
    motto: column('motto'),
  },
  indexes: {},
  foreignKeys: {},
  compositePrimaryKeys: {},
  uniqueConstraints: {},
  policies: {},
  checkConstraints: {},
  isRLSEnabled: false,
  ...over,
});
const snapshot = (over: Record<string, unknown> = {}) => ({
  version: '7',
  dialect: 'postgresql',
  tables: { 'public.teams': table('teams') },
  enums: {},
  schemas: {},
  sequences: {},
  roles: {},
  policies: {},
  views: {},
  ...over,
});
const withTable = (over: Record<string, unknown>) =>
  snapshot({ tables: { 'public.teams': table('teams', over) } });
const described = (
  before: ReturnType<typeof snapshot> | undefined,
  after: ReturnType<typeof snapshot>,
) =>
  compareSnapshots(before, after).map(
    ({ entity, kind, change, detail }) => `${change} ${kind} ${entity}: ${detail}`,
  );

describe('two snapshots', () => {
  test('that are alike differ in nothing, whatever an older version left out', () => {
    const { isRLSEnabled: _, policies: __, checkConstraints: ___, ...older } = table('teams');
    expect(
      described(snapshot({ tables: { 'public.teams': older }, policies: undefined }), snapshot()),
    ).toEqual([]);
  });

  test('nothing before: everything is added', () => {
    expect(described(undefined, snapshot())).toEqual(['added table teams: 2 columns: id, motto']);
    expect(described(snapshot(), snapshot({ tables: {} }))).toEqual([
      'removed table teams: 2 columns: id, motto',
    ]);
  });

  test('columns', () => {
    const columns = table('teams').columns;
    expect(
      described(
        snapshot(),
        withTable({
          columns: {
            ...columns,
            description: column('description', {
              type: 'varchar(255)',
              notNull: true,
              default: "'x'",
            }),
          },
        }),
      ),
    ).toEqual(["added column teams.description: varchar(255), not null, default 'x'"]);
    expect(
      described(withTable({ columns: { ...columns, old: column('old') } }), snapshot()),
    ).toEqual(['removed column teams.old: text']);
    expect(
      described(
        snapshot(),
        withTable({
          columns: {
            ...columns,
            motto: column('motto', { type: 'varchar(9)', notNull: true, default: 1 }),
          },
        }),
      ),
    ).toEqual([
      'changed column teams.motto: text -> varchar(9), nullable -> not null, no default -> default 1',
    ]);
    const identity = { type: 'always', name: 'seq' };
    expect(
      described(
        snapshot(),
        withTable({ columns: { ...columns, motto: column('motto', { identity }) } }),
      )[0],
    ).toContain('changed column teams.motto: identity: none -> ');
  });

  test.each([
    [
      'indexes',
      'index',
      {
        teams_idx: {
          name: 'teams_idx',
          columns: [{ expression: 'motto', isExpression: false }],
          isUnique: true,
        },
      },
      'teams.teams_idx: unique on (motto)',
    ],
    [
      'indexes',
      'index',
      { teams_idx: { name: 'teams_idx', columns: ['motto'], isUnique: false } },
      'teams.teams_idx: on (motto)',
    ],
    [
      'foreignKeys',
      'foreign key',
      { fk: { name: 'fk', tableTo: 'clubs', columnsFrom: ['club'], columnsTo: ['id'] } },
      'teams.fk: (club) references clubs (id)',
    ],
    [
      'uniqueConstraints',
      'unique constraint',
      { u: { name: 'u', columns: ['a', 'b'] } },
      'teams.u: (a, b)',
    ],
    [
      'compositePrimaryKeys',
      'primary key',
      { pk: { name: 'pk', columns: ['a'] } },
      'teams.pk: (a)',
    ],
    ['checkConstraints', 'check', { c: { name: 'c', value: '"a" > 1' } }, 'teams.c: "a" > 1'],
    [
      'policies',
      'policy',
      { p: { name: 'p', as: 'PERMISSIVE', for: 'ALL' } },
      'teams.p: permissive all',
    ],
  ])('%s: %s', (field, kind, value, text) => {
    expect(described(snapshot(), withTable({ [field]: value }))).toEqual([`added ${kind} ${text}`]);
    expect(described(withTable({ [field]: value }), snapshot())).toEqual([
      `removed ${kind} ${text}`,
    ]);
  });

  test('a part that changed says what of it', () => {
    const index = (isUnique: boolean) =>
      withTable({ indexes: { i: { name: 'i', columns: ['a'], isUnique } } });
    expect(described(index(false), index(true))).toEqual([
      'changed index teams.i: isUnique: none -> true'.replace('none', 'false'),
    ]);
    expect(described(snapshot(), withTable({ isRLSEnabled: true }))).toEqual([
      'changed row level security teams.row level security: enabled',
    ]);
  });

  test('what is beside the tables', () => {
    const status = (values: string[]) =>
      snapshot({ enums: { 'public.status': { name: 'status', schema: 'public', values } } });
    expect(described(snapshot(), status(['a', 'b']))).toEqual(["added enum enum status: 'a', 'b'"]);
    expect(described(status(['a', 'b']), status(['a', 'c']))).toEqual([
      "changed enum enum status: value 'c' added, value 'b' removed",
    ]);
    expect(described(status(['a', 'b']), status(['b', 'a']))).toEqual([
      'changed enum enum status: values in another order',
    ]);
    expect(described(snapshot(), snapshot({ schemas: { auth: 'auth' } }))).toEqual([
      'added schema schema auth: ',
    ]);
    expect(
      described(
        snapshot({ views: { 'auth.v': { name: 'v', schema: 'auth', materialized: true } } }),
        snapshot(),
      ),
    ).toEqual(['removed view view auth.v: materialized']);
    expect(
      described(
        snapshot({ sequences: { 'public.s': { name: 's', schema: 'public', cache: '1' } } }),
        snapshot({ sequences: { 'public.s': { name: 's', schema: 'public', cache: '2' } } }),
      ),
    ).toEqual(['changed sequence sequence s: cache: 1 -> 2']);
  });

  test('a table outside the public schema carries its name', () => {
    const after = snapshot({
      tables: { 'public.teams': table('teams'), 'auth.users': table('users', { schema: 'auth' }) },
    });
    expect(compareSnapshots(snapshot(), after)).toMatchObject([
      { entity: 'auth.users', owner: 'auth.users' },
    ]);
  });

  describe('states of drizzle-kit 1.x, which are rows', () => {
    const place = { schema: 'public', table: 'teams' };
    const rows = [
      { entityType: 'tables', schema: 'public', name: 'teams', isRlsEnabled: false },
      { entityType: 'columns', ...place, name: 'id', type: 'integer', default: null },
      { entityType: 'pks', ...place, name: 'old_pkey', nameExplicit: false, columns: ['id'] },
    ];
    const state = (...ddl: readonly Record<string, unknown>[]) => ({
      version: '9',
      dialect: 'postgres',
      ddl,
    });
    const differences = (
      before: Parameters<typeof compareSnapshots>[0],
      after: Parameters<typeof compareSnapshots>[1],
    ) =>
      compareSnapshots(before, after).map(
        ({ entity, change, detail }) => `${change} ${entity} ${detail}`,
      );

    test('columns, enums, indexes', () => {
      const added = [
        { entityType: 'columns', ...place, name: 'motto', type: 'text', default: "'x'" },
        { entityType: 'enums', schema: 'public', name: 'mood', values: ['sad'] },
        {
          entityType: 'indexes',
          ...place,
          name: 'by_id',
          nameExplicit: true,
          columns: [{ value: 'id', isExpression: false }],
          isUnique: true,
        },
      ];
      expect(differences(state(...rows), state(...rows, ...added))).toEqual([
        "added enum mood 'sad'",
        "added teams.motto text, default 'x'",
        'added teams.by_id unique on (id)',
      ]);
      expect(differences(undefined, state(...rows))).toEqual(['added teams 1 column: id']);
    });

    test('a name that drizzle-kit made and would keep is no difference', () => {
      const [team, id, key] = rows as [(typeof rows)[0], (typeof rows)[1], (typeof rows)[2]];
      const now = { ...key, name: 'teams_pkey' };
      expect(differences(state(...rows), state(team, id, now))).toEqual([]);
      expect(
        differences(state(...rows), state(team, id, { ...now, nameExplicit: true })),
      ).toHaveLength(2);
    });

    test('a default of SQL Server is one of its column', () => {
      const later = { entityType: 'defaults', ...place, column: 'id', name: 'df', default: '1' };
      expect(differences(state(...rows), state(...rows, later))).toEqual([
        'changed teams.id no default -> default 1',
      ]);
    });
  });
});
