import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/model/dialect.ts';
import { commonOrder, holdsInOrder } from '../../src/sql/common-order.ts';
import { compareStatements } from '../../src/sql/compare.ts';
import { splitStatements } from '../../src/sql/statements.ts';
import { SEEDS } from './seeds.ts';

/** The comparison with each statement as its source. */
function compare(expected: string, actual: string) {
  const { same, onlyAdded, missing, added, changed, moved } = compareStatements(
    splitStatements(expected, 'postgresql'),
    splitStatements(actual, 'postgresql'),
  );
  return {
    same,
    onlyAdded,
    missing: missing.map(({ source }) => source),
    added: added.map(({ source }) => source),
    changed: changed.map((pair) => `${pair.expected.source} -> ${pair.actual.source}`),
    moved: moved.map((pair) => `${pair.expected.source} -> ${pair.actual.source}`),
  };
}

const SAME = { same: true, onlyAdded: false, missing: [], added: [], changed: [], moved: [] };
const OTHER = { ...SAME, same: false };
const ADD = 'ALTER TABLE "a" ADD COLUMN';

describe('statements', () => {
  it('are the same whatever white space, comments and breakpoints stand around their tokens', () => {
    expect(
      compare(
        'CREATE TABLE "a" ("b" int);--> statement-breakpoint\nDROP TABLE "c";',
        '-- mine\nCREATE TABLE "a"\n(\n  "b" int -- b\n)\n;;DROP\tTABLE "c"',
      ),
    ).toEqual(SAME);
    expect(compare('', '-- nothing')).toEqual(SAME);
  });

  it.each([
    ['a string', `DROP 'a b'`, `DROP 'a  b'`],
    ['the case of a name in quotes', 'DROP TABLE "a", "b"', 'DROP TABLE "a", "B"'],
    ['another spelling of a type', 'a int', 'a integer'],
    ['another kind of a string', "a 'b'", "a E'b'"],
    ['another form of a number', 'a 1', 'a 1.0'],
    ['quotes of a name', 'DROP TABLE "a"', 'DROP TABLE a'],
    ['IF EXISTS', 'DROP TABLE "a"', 'DROP TABLE IF EXISTS "a"'],
  ])('are changed by %s', (_name, expected, actual) => {
    expect(compare(expected, actual)).toEqual({ ...OTHER, changed: [`${expected} -> ${actual}`] });
  });

  it.each<[Dialect, string, string, boolean]>([
    ['postgresql', 'CREATE VIEW v AS SELECT Id', 'create view V as select id', true],
    ['postgresql', 'a ADD b Ä', 'a ADD b ä', false],
    ['mysql', 'CREATE TABLE `a` (`b` INT)', 'create table `a` (`b` int)', true],
    [
      'mysql',
      'CREATE VIEW `v` AS SELECT 1 FROM Users',
      'CREATE VIEW `v` AS SELECT 1 FROM users',
      false,
    ],
    ['sqlite', 'a DEFAULT CURRENT_TIMESTAMP', 'a default current_timestamp', true],
    ['sqlite', 'a DEFAULT Active', 'a DEFAULT active', false],
    ['turso', 'CREATE VIEW `v` AS SELECT a AS Id', 'CREATE VIEW `v` AS SELECT a AS id', false],
  ])('in %s: %s and %s are the same: %s', (dialect, expected, actual, same) => {
    expect(
      compareStatements(splitStatements(expected, dialect), splitStatements(actual, dialect)).same,
    ).toBe(same);
  });

  it('that people added stand for themselves', () => {
    expect(
      compare(
        `${ADD} "b" int; ${ADD} "c" int`,
        `CREATE EXTENSION x; ${ADD} "b" int; UPDATE "a" SET "b" = 1; ${ADD} "c" int; SELECT 1`,
      ),
    ).toEqual({
      ...OTHER,
      onlyAdded: true,
      added: ['CREATE EXTENSION x', 'UPDATE "a" SET "b" = 1', 'SELECT 1'],
    });
    expect(compare(`${ADD} "b" int`, `${ADD} "b" int; ${ADD} "b" int`)).toMatchObject({
      onlyAdded: true,
      added: [`${ADD} "b" int`],
    });
    expect(compare('', 'SELECT 1')).toEqual({ ...OTHER, onlyAdded: true, added: ['SELECT 1'] });
  });

  it('that are gone are missing', () => {
    expect(compare(`${ADD} "b" int; DROP TABLE "x"`, `${ADD} "b" int`)).toEqual({
      ...OTHER,
      missing: ['DROP TABLE "x"'],
    });
    expect(compare('SELECT 1; SELECT 1', 'SELECT 1')).toEqual({ ...OTHER, missing: ['SELECT 1'] });
    expect(compare('DROP TABLE "x"', '/* DROP TABLE "x"; */')).toEqual({
      ...OTHER,
      missing: ['DROP TABLE "x"'],
    });
  });

  it('in another order are moved', () => {
    expect(
      compare('DROP TABLE "a"; CREATE TYPE x; SELECT 1', 'CREATE TYPE x; SELECT 1; DROP TABLE "a"'),
    ).toEqual({ ...OTHER, moved: ['DROP TABLE "a" -> DROP TABLE "a"'] });
    expect(
      compare('DROP TABLE "a"; CREATE TYPE x', 'CREATE TYPE x; UPDATE y; DROP TABLE "a"'),
    ).toEqual({ ...OTHER, moved: ['DROP TABLE "a" -> DROP TABLE "a"'], added: ['UPDATE y'] });
  });

  it('are paired with what they are most like', () => {
    expect(
      compare(
        `${ADD} "b" int; ${ADD} "c" text NOT NULL`,
        `${ADD} "c" text; UPDATE "a" SET "c" = ''; ${ADD} "d" int`,
      ),
    ).toEqual({
      ...OTHER,
      missing: [`${ADD} "b" int`],
      changed: [`${ADD} "c" text NOT NULL -> ${ADD} "c" text`],
      added: [`UPDATE "a" SET "c" = ''`, `${ADD} "d" int`],
    });
    expect(compare('DROP TABLE "a"', 'CREATE TABLE "a" ("b" int)')).toEqual({
      ...OTHER,
      missing: ['DROP TABLE "a"'],
      added: ['CREATE TABLE "a" ("b" int)'],
    });
  });

  it('of a file with CRLF are the same, and a literal in which only a part has it is not', () => {
    const { sql } = SEEDS.postgresql;
    expect(compare(sql, `\uFEFF${sql.replaceAll('\n', '\r\n')}`)).toEqual(SAME);
    expect(compare(sql, sql.replace("'two\n", "'two\r\n"))).toMatchObject({
      same: false,
      missing: [],
      added: [],
      changed: [expect.stringContaining("'two\r\n")],
    });
  });
});

describe('a common order', () => {
  it('is a longest one', () => {
    expect(commonOrder([...'abcbdab'], [...'bdcaba'])).toHaveLength(4);
    expect(commonOrder([...'xaby'], [...'xby'])).toEqual([
      [0, 0],
      [2, 1],
      [3, 2],
    ]);
    expect(commonOrder([], ['a'])).toEqual([]);
  });

  it('is still one, and quick, where the lists are enormous', () => {
    const a = Array.from({ length: 20_000 }, (_, at) => `${at}`);
    const b = a.flatMap((key) => ['begin', key, 'end']);
    expect(commonOrder(a, b)).toHaveLength(a.length);
    expect(holdsInOrder(a, b)).toBe(true);
    expect(holdsInOrder(b, a)).toBe(false);
    const same = a.map(() => 'same');
    expect(commonOrder([...same, 'x'], ['y', ...same])).toHaveLength(a.length);
  });
});
