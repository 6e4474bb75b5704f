import { expect, it } from 'vitest';
import { DIALECTS, type Dialect } from '../../../src/model/dialect.ts';
import type { ReviewRuleId } from '../../../src/rules/index.ts';
import { flavourOf } from '../../../src/sql/tokens/flavour.ts';
import { says, type Literal } from '../../support/review.ts';
import { CASES } from './cases.ts';
import { as, isOf } from './in-dialect.ts';

/** Rules about what the snapshots of no other dialect have, and nobody writes in its SQL. */
const OF_NO_OTHER: ReadonlySet<ReviewRuleId> = new Set([
  'counter-set-back',
  'drop-cascades',
  'drop-enum',
  'drop-schema',
  'enum-value-removed',
  'mysql-enum-reordered',
  'own-transaction',
  'policy-dropped',
  'privileges-changed',
  'row-security-off',
  'sqlite-rebuild-copies-new-column',
  'squawk-cli',
]);

const { users, posts } = CASES['foreign-key-target-missing'].reported.after;
const LONG = 'x'.repeat(65);
const keyed = (name: string): Literal['after'] => ({
  users: users!,
  posts: { ...posts!, foreignKeys: { [name]: 'author -> users.id' } },
});
/** Cases that the dialect has words of its own for. */
const IN_MYSQL: Partial<typeof CASES> = {
  'type-change-may-fail': {
    reported: {
      before: { users: { columns: { email: 'varchar(99)' } } },
      after: { users: { columns: { email: 'varchar(9)' } } },
      sql: 'ALTER TABLE "users" MODIFY COLUMN "email" varchar(9);',
    },
    passes: {
      before: { users: { columns: { email: 'varchar(9)' } } },
      after: { users: { columns: { email: 'varchar(99)' } } },
      sql: 'ALTER TABLE "users" MODIFY COLUMN "email" varchar(99);',
    },
  },
  'type-change-rewrites': {
    reported: {
      before: { users: { columns: { at: 'int' } } },
      after: { users: { columns: { at: 'bigint' } } },
      sql: 'ALTER TABLE "users" MODIFY COLUMN "at" bigint;',
    },
    passes: {
      before: { users: { columns: { at: 'int' } } },
      after: { users: { columns: { at: 'int not null' } } },
      sql: 'ALTER TABLE "users" MODIFY COLUMN "at" int NOT NULL;',
    },
  },
  'name-too-long': {
    reported: {
      before: { users: users! },
      after: { users: { ...users!, indexes: { [LONG]: ['email'] } } },
      sql: `CREATE INDEX "${LONG}" ON "users" ("email");`,
    },
    passes: {
      before: { users: users! },
      after: { users: { ...users!, indexes: { [LONG.slice(1)]: ['email'] } } },
      sql: `CREATE INDEX "${LONG.slice(1)}" ON "users" ("email");`,
    },
  },
  // Names of indexes are apart in each table there; those of foreign keys are not.
  'name-used-twice': {
    reported: {
      before: keyed('fk'),
      after: {
        ...keyed('fk'),
        tags: { columns: { id: 'integer pk' }, foreignKeys: { FK: 'id -> users.id' } },
      },
      sql: 'CREATE TABLE "tags" ("id" int PRIMARY KEY);ALTER TABLE "tags" ADD CONSTRAINT "FK" FOREIGN KEY ("id") REFERENCES "users"("id");',
    },
    passes: {
      before: { users: { ...users!, indexes: { name_idx: ['email'] } }, posts: posts! },
      after: {
        users: { ...users!, indexes: { name_idx: ['email'] } },
        posts: { ...posts!, indexes: { name_idx: ['author'] } },
      },
      sql: 'CREATE INDEX "name_idx" ON "posts" ("author");',
    },
  },
};
const IN_MSSQL: Partial<typeof CASES> = {
  'counter-set-back': {
    reported: {
      before: keyed('fk'),
      after: keyed('fk'),
      sql: "DBCC CHECKIDENT ('users', RESEED, 0);",
    },
    passes: { before: keyed('fk'), after: keyed('fk'), sql: "DBCC CHECKIDENT ('users', RESEED);" },
  },
};
const ALL = Object.entries(CASES) as [ReviewRuleId, (typeof CASES)[ReviewRuleId]][];
const each = ALL.flatMap(([id, literals]) =>
  DIALECTS.filter((dialect) => !OF_NO_OTHER.has(id) || isOf(id, dialect)).map((dialect) => ({
    id,
    dialect,
    is: isOf(id, dialect),
    ...((flavourOf(dialect) === 'mysql' && IN_MYSQL[id]) ||
      (dialect === 'mssql' && IN_MSSQL[id]) ||
      literals),
  })),
);

it.each(each)('$dialect: $id reports it: $is', ({ id, dialect, is, reported, passes }) => {
  expect(says(id, as(dialect, reported))).toHaveLength(is ? 1 : 0);
  expect(says(id, as(dialect, passes))).toEqual([]);
});

it('who there is, each database says in its own words', () => {
  const of = (dialect: Dialect): string | undefined =>
    says('privileges-changed', as(dialect, CASES['privileges-changed'].reported))[0]?.safe[0]?.sql;
  expect(of('postgresql')).toContain('pg_roles');
  expect(of('mysql')).toContain('mysql.user');
});
