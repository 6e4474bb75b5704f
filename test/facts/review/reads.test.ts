import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/facts/review/action.ts';
import { changesOf } from '../../../src/facts/review/changes.ts';
import { renamesOf } from '../../../src/facts/review/renames.ts';
import { pictureOf } from '../../../src/facts/review/snapshot-picture.ts';
import { readStatements } from '../../../src/facts/review/statement.ts';
import type { Dialect } from '../../../src/model/dialect.ts';
import { snapshotOf } from '../../support/review.ts';

const doneBy = (sql: string, dialect: Dialect = 'postgresql'): readonly Action[] =>
  readStatements(sql, dialect).flatMap(({ actions }) => actions);

describe('what a statement does', () => {
  it.each<[string, Dialect, readonly object[]]>([
    [
      'ALTER TABLE "a"."t" RENAME TO "u"',
      'postgresql',
      [{ kind: 'rename table', table: 'a.t', to: 'a.u' }],
    ],
    [
      'ALTER TABLE "public"."t" RENAME "x" TO "y"',
      'postgresql',
      [{ kind: 'rename column', table: 't', column: 'x', to: 'y' }],
    ],
    [
      'alter table if exists only T drop column if exists X cascade',
      'postgresql',
      [{ kind: 'drop column', table: 't', column: 'x' }],
    ],
    [
      'ALTER TABLE t ADD a int DEFAULT (f(1, 2)) NOT NULL, ADD COLUMN b text, DROP CONSTRAINT c, ALTER COLUMN d SET NOT NULL',
      'postgresql',
      [
        { kind: 'add column', table: 't', column: 'a', notNull: true, hasDefault: true },
        { kind: 'add column', table: 't', column: 'b', notNull: false, hasDefault: false },
        { kind: 'drop constraint', table: 't', name: 'c' },
        { kind: 'set not null', table: 't', column: 'd' },
      ],
    ],
    [
      'ALTER TABLE `t` ADD `a` integer REFERENCES u(id) ON UPDATE cascade ON DELETE SET NULL',
      'sqlite',
      [
        {
          kind: 'add column',
          table: 't',
          column: 'a',
          notNull: false,
          hasDefault: false,
          onDelete: 'set null',
        },
      ],
    ],
    [
      'ALTER TABLE t ADD CONSTRAINT "k" UNIQUE("a")',
      'postgresql',
      [
        {
          kind: 'add constraint',
          table: 't',
          name: 'k',
          constraint: { of: 'unique', columns: ['a'] },
          isNotValid: false,
        },
      ],
    ],
    [
      'ALTER TABLE t ADD PRIMARY KEY (a)',
      'mysql',
      [{ kind: 'add constraint', table: 't', name: 't_a_pkey', constraint: { columns: ['a'] } }],
    ],
    [
      'ALTER TABLE `t` MODIFY COLUMN `a` int NOT NULL',
      'mysql',
      [{ kind: 'change type', table: 't', column: 'a', type: 'int', notNull: true }],
    ],
    [
      'ALTER TABLE `t` DROP FOREIGN KEY `k`',
      'mysql',
      [{ kind: 'drop constraint', table: 't', name: 'k' }],
    ],
    [
      'RENAME TABLE `a` TO `b`, c TO d',
      'mysql',
      [
        { kind: 'rename table', table: 'a', to: 'b' },
        { kind: 'rename table', table: 'c', to: 'd' },
      ],
    ],
    [
      'DROP TABLE IF EXISTS a, "b"."c" CASCADE',
      'postgresql',
      [
        { kind: 'drop table', table: 'a' },
        { kind: 'drop table', table: 'b.c' },
      ],
    ],
    [
      'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "i" ON ONLY "t" USING btree ("a")',
      'postgresql',
      [{ kind: 'create index', name: 'i', table: 't', concurrently: true }],
    ],
    [
      'CREATE INDEX ON t (a)',
      'postgresql',
      [{ kind: 'create index', name: 't_a_idx', table: 't', concurrently: false, columns: ['a'] }],
    ],
    [
      "ALTER TYPE \"s\" ADD VALUE IF NOT EXISTS 'it''s' BEFORE 'a'",
      'postgresql',
      [{ kind: 'add value', type: 's', value: "it's" }],
    ],
    [
      'UPDATE ONLY t AS x SET a = (SELECT 1 WHERE true), (b, "c") = (1, 2)',
      'postgresql',
      [{ kind: 'update', table: 't', columns: ['a', 'b', 'c'], hasWhere: false }],
    ],
    [
      'UPDATE OR REPLACE t SET a = 1 WHERE b',
      'sqlite',
      [{ kind: 'update', table: 't', columns: ['a'], hasWhere: true }],
    ],
    [
      'WITH x AS (DELETE FROM a) INSERT INTO b SELECT 1',
      'postgresql',
      [
        { kind: 'delete', table: 'a', hasWhere: false },
        { kind: 'insert', table: 'b' },
      ],
    ],
    ['INSERT OR IGNORE INTO main.b VALUES (1)', 'sqlite', [{ kind: 'insert', table: 'b' }]],
    [
      'TRUNCATE a, b',
      'postgresql',
      [
        { kind: 'truncate table', table: 'a' },
        { kind: 'truncate table', table: 'b' },
      ],
    ],
    ['SELECT 1', 'postgresql', [{ kind: 'other' }]],
    [
      'ALTER TABLE t ADD a varchar(9) [] COLLATE "C" DEFAULT \'a, b\'::text NOT NULL, ADD b "s"."e"[] , ADD c timestamp (3) with time zone GENERATED ALWAYS AS (now()) STORED',
      'postgresql',
      [
        { definition: { type: 'varchar(9) []', default: "'a, b'::text", notNull: true } },
        { definition: { type: 's.e[]', notNull: false, counts: false } },
        { definition: { type: 'timestamp (3) with time zone', generated: 'stored' } },
      ],
    ],
    [
      'ALTER TABLE `t` CHANGE `a` b bigint unsigned NOT NULL AUTO_INCREMENT FIRST, DROP KEY k',
      'mysql',
      [
        { kind: 'rename column', column: 'a', to: 'b' },
        { kind: 'change type', column: 'b', type: 'bigint unsigned', notNull: true },
        { kind: 'drop index', table: 't', name: 'k' },
      ],
    ],
    [
      'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a, "B") REFERENCES auth.u (x, y) ON DELETE SET NULL NOT VALID, ADD CHECK (a > (1)), ADD UNIQUE USING INDEX i',
      'postgresql',
      [
        {
          name: 'c',
          isNotValid: true,
          constraint: {
            of: 'foreign key',
            columns: ['a', 'B'],
            target: 'auth.u',
            targetColumns: ['x', 'y'],
            onDelete: 'set null',
          },
        },
        { name: 't_check', isNotValid: false, constraint: { of: 'check', condition: 'a > (1)' } },
        { name: '' },
      ],
    ],
    [
      'CREATE UNIQUE INDEX i ON t USING btree (lower(a) DESC, b) INCLUDE (c) WHERE a IS NOT NULL',
      'postgresql',
      [{ unique: true, expression: true, columns: ['lower(a) DESC', 'b'], where: 'a IS NOT NULL' }],
    ],
    [
      "REPLACE LOW_PRIORITY INTO t (a, `b`) VALUES (1, 'x')",
      'mysql',
      [{ kind: 'insert', table: 't', replaces: true, columns: ['a', 'b'] }],
    ],
    [
      'DELETE FROM t WHERE NOT false OR a = 1 RETURNING *',
      'postgresql',
      [{ kind: 'delete', hasWhere: false, why: 'it always holds' }],
    ],
    ['DELETE FROM t WHERE (a IS NOT NULL)', 'sqlite', [{ hasWhere: true, whereNotNull: 'a' }]],
    ['DELETE FROM t WHERE 1=1 AND a BETWEEN 1 AND 1', 'mysql', [{ hasWhere: true }]],
    ["DELETE FROM t WHERE ((a = 1 OR ('x' = 'x')))", 'mysql', [{ hasWhere: false }]],
    [
      'CREATE FUNCTION f() RETURNS int AS $$ DELETE FROM a $$ LANGUAGE sql',
      'postgresql',
      [{ kind: 'other' }],
    ],
  ])('%s', (sql, dialect, actions) => {
    const done = doneBy(sql, dialect);
    expect(done).toMatchObject(actions);
    expect(done).toHaveLength(actions.length);
  });

  it('also inside of DO, with its line', () => {
    const sql =
      'SELECT 1;\nDO $$ BEGIN\n  IF true THEN\n    DROP TABLE a;\n  END IF;\n  UPDATE b SET c = 1;\nEND $$;';
    const read = readStatements(sql, 'postgresql').map(({ line, actions }) => [
      line,
      actions[0]?.kind,
    ]);
    expect(read).toContainEqual([4, 'drop table']);
    expect(read).toContainEqual([6, 'update']);
  });
});

describe('renames', () => {
  it('of the SQL, and of _meta where the SQL does not say them', () => {
    const meta = {
      _meta: {
        schemas: {},
        tables: { users: 'people', '"a"."b"': '"a"."c"' },
        columns: { '"people"."name"': '"people"."title"' },
      },
    };
    expect(renamesOf(doneBy('ALTER TABLE `users` RENAME TO `people`', 'sqlite'), meta)).toEqual([
      { kind: 'rename table', table: 'users', to: 'people' },
      { kind: 'rename table', table: 'a.b', to: 'a.c' },
      { kind: 'rename column', table: 'people', column: 'name', to: 'title' },
    ]);
  });

  it('make two pictures of the same thing', () => {
    const users = { columns: { id: 'integer pk', name: 'text' }, unique: { u: ['name'] } };
    const people = { columns: { id: 'integer pk', title: 'text' }, unique: { u: ['title'] } };
    const changes = changesOf(
      pictureOf(
        snapshotOf({
          users,
          posts: { columns: { by: 'integer' }, foreignKeys: { k: 'by -> users.id' } },
        }),
      ),
      pictureOf(
        snapshotOf({
          people,
          posts: { columns: { by: 'integer' }, foreignKeys: { k: 'by -> people.id' } },
        }),
      ),
      [
        { kind: 'rename table', table: 'users', to: 'people' },
        { kind: 'rename column', table: 'people', column: 'name', to: 'title' },
      ],
    );
    expect(changes).toMatchObject({
      tables: [{ name: 'people', before: { name: 'users' }, after: { name: 'people' } }],
      columns: [
        { table: 'people', name: 'title', before: { name: 'name' }, after: { name: 'title' } },
      ],
      uniques: [],
      foreignKeys: [],
    });
  });
});

it('a state of drizzle-kit 1.x is the same picture as a snapshot of 0.31', () => {
  const row = (entityType: string, name: string, more: object = {}): object => ({
    entityType,
    name,
    schema: 'public',
    ...more,
  });
  const column = (name: string, table: string, type: string, more: object = {}): object =>
    row('columns', name, {
      table,
      type,
      notNull: false,
      default: null,
      generated: null,
      identity: null,
      dimensions: 0,
      ...more,
    });
  const state = {
    version: '9',
    ddl: [
      row('schemas', 'auth', { schema: undefined }),
      row('enums', 'status', { values: ['a', 'b'] }),
      row('tables', 'users', { isRlsEnabled: false }),
      column('id', 'users', 'integer', { notNull: true }),
      column('tags', 'users', 'text', { dimensions: 1, default: "'{}'" }),
      row('pks', 'users_pkey', { table: 'users', columns: ['id'], nameExplicit: false }),
      row('uniques', 'users_tags_key', {
        table: 'users',
        columns: ['tags'],
        nullsNotDistinct: false,
      }),
      row('indexes', 'users_tags', {
        table: 'users',
        isUnique: false,
        where: 'id > 1',
        columns: [{ value: 'tags', isExpression: false }],
      }),
      row('checks', 'positive', { table: 'users', value: 'id > 0' }),
      row('fks', 'users_fk', {
        table: 'users',
        columns: ['id'],
        schemaTo: 'public',
        tableTo: 'users',
        columnsTo: ['id'],
        onDelete: 'CASCADE',
        onUpdate: 'NO ACTION',
      }),
    ],
    renames: [],
  };
  const picture = pictureOf(state);
  const older = pictureOf(
    snapshotOf(
      {
        users: {
          columns: { id: 'integer not null', tags: "text[] default '{}'" },
          primaryKey: ['id'],
          unique: { users_tags_key: ['tags'] },
          indexes: { users_tags: ['tags', 'where:id > 1'] },
          checks: { positive: 'id > 0' },
          foreignKeys: { users_fk: 'id -> users.id cascade' },
        },
      },
      'postgresql',
      { status: ['a', 'b'] },
      ['auth'],
    ),
  );
  expect(picture).toEqual(older);
});
