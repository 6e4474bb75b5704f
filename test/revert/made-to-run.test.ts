import { expect, it } from 'vitest';
import { pictureOf } from '../../src/facts/review/snapshot-picture.ts';
import type { Dialect } from '../../src/model/dialect.ts';
import { madeToRun } from '../../src/revert/made-to-run.ts';

const column = (name: string, type: string, value?: string): object => ({
  [name]: { name, type, notNull: false, ...(value === undefined ? {} : { default: value }) },
});
const PICTURE = pictureOf({
  version: '7',
  dialect: 'postgresql',
  tables: {
    'public.a': {
      name: 'a',
      schema: '',
      columns: {
        ...column('id', 'integer'),
        ...column('v', 'text'),
        ...column('w', 'text', "'1'"),
      },
      foreignKeys: {
        a_b_fk: {
          name: 'a_b_fk',
          tableFrom: 'a',
          tableTo: 'b',
          columnsFrom: ['id'],
          columnsTo: ['id'],
        },
      },
    },
    'public.b': { name: 'b', schema: '', columns: column('id', 'integer'), foreignKeys: {} },
  },
});

it.each<readonly [string, Dialect, readonly string[], readonly string[]]>([
  [
    'drops a foreign key that CASCADE has taken along only if it is there',
    'postgresql',
    ['DROP TABLE "b" CASCADE;', 'ALTER TABLE "a" DROP CONSTRAINT "a_b_fk";\n'],
    [
      'DROP TABLE "b" CASCADE;',
      '-- guard-allow sql-edited: CASCADE took it along with b\nALTER TABLE "a" DROP CONSTRAINT IF EXISTS "a_b_fk";\n',
    ],
  ],
  [
    'checks no foreign keys of MySQL while it drops what they refer to',
    'mysql',
    ['DROP TABLE `b`;', 'ALTER TABLE `a` DROP FOREIGN KEY `a_b_fk`;'],
    [
      '-- guard-allow sql-edited: foreign keys still refer to what is dropped\nSET FOREIGN_KEY_CHECKS = 0;',
      'DROP TABLE `b`;',
      '-- guard-allow sql-edited: foreign keys are checked again\nSET FOREIGN_KEY_CHECKS = 1;',
      'ALTER TABLE `a` DROP FOREIGN KEY `a_b_fk`;',
    ],
  ],
  ['drops other tables of MySQL as they are', 'mysql', ['DROP TABLE `a`;'], []],
  [
    'leaves other constraints and tables alone',
    'postgresql',
    [
      'ALTER TABLE "a" DROP CONSTRAINT "a_b_fk";',
      'DROP TABLE "c" CASCADE;',
      'ALTER TABLE "a" DROP CONSTRAINT "a_b_fk";',
      'DROP TABLE "b" CASCADE;',
      'ALTER TABLE "a" DROP CONSTRAINT "a_unique";',
    ],
    [],
  ],
  [
    'casts text',
    'postgresql',
    ['ALTER TABLE "a" ALTER COLUMN "v" SET DATA TYPE integer;'],
    [
      '-- guard-allow sql-edited: text is not cast to integer by itself\nALTER TABLE "a" ALTER COLUMN "v" SET DATA TYPE integer USING "v"::integer;',
    ],
  ],
  [
    'drops a default that is set again',
    'postgresql',
    [
      'ALTER TABLE "a" ALTER COLUMN "w" SET DATA TYPE integer;',
      'ALTER TABLE "a" ALTER COLUMN "w" SET DEFAULT 1;',
    ],
    [
      '-- guard-allow sql-edited: neither text nor the default is cast to integer by itself\nALTER TABLE "a" ALTER COLUMN "w" DROP DEFAULT;',
      'ALTER TABLE "a" ALTER COLUMN "w" SET DATA TYPE integer USING "w"::integer;',
      'ALTER TABLE "a" ALTER COLUMN "w" SET DEFAULT 1;',
    ],
  ],
  [
    'leaves what PostgreSQL casts, and what says how',
    'postgresql',
    [
      'ALTER TABLE "a" ALTER COLUMN "id" SET DATA TYPE text;',
      'ALTER TABLE "a" ALTER COLUMN "v" SET DATA TYPE varchar(20);',
      'ALTER TABLE "a" ALTER COLUMN "v" SET DATA TYPE integer USING length("v");',
    ],
    [],
  ],
  [
    'copies no column that is new in a table which is built again',
    'sqlite',
    ['INSERT INTO `__new_a`("id", "v", "new") SELECT "id", "v", "new" FROM `a`;'],
    [
      '-- guard-allow sql-edited: a has no "new" yet\nINSERT INTO `__new_a`("id", "v") SELECT "id", "v" FROM `a`;',
    ],
  ],
  [
    'copies a column that was renamed before, and all that are there',
    'sqlite',
    [
      'ALTER TABLE `a` RENAME COLUMN "w" TO "x";',
      'INSERT INTO `__new_a`("id", "x") SELECT "id", "x" FROM `a`;',
      'INSERT INTO `__new_c`("id", "x") SELECT "id", "x" FROM `c`;',
    ],
    [],
  ],
])('%s', (_, dialect, statements, expected) => {
  expect(madeToRun(statements, PICTURE, dialect)).toEqual(
    expected.length === 0 ? statements : expected,
  );
});
