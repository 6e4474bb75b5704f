import { describe, expect, it } from 'vitest';
import type { ProjectState } from '../../../src/facts/change.ts';
import { RULES, type ReviewRuleId } from '../../../src/rules/index.ts';
import { HOW } from '../../support/history.ts';
import { review, says, sqlOf, type Literal } from '../../support/review.ts';

const messages = (id: ReviewRuleId, literal: Literal): readonly string[] =>
  says(id, literal).map(({ message }) => message);

function levelsOf(id: ReviewRuleId, literal: Literal): readonly unknown[] {
  const rule = RULES.find((one) => one.id === id);
  if (rule?.judges !== 'migration') throw new Error(`${id} reviews nothing`);
  return [...rule.check(review(literal), { how: HOW } as ProjectState)].map((one) => one.severity);
}

describe('check-on-existing-rows', () => {
  const id = 'check-on-existing-rows';

  const again = (from: string, to: string, more: Partial<Literal> = {}): readonly string[] =>
    messages(id, {
      before: { users: { columns: { id: 'integer pk', age: 'integer' }, checks: { c: from } } },
      after: { users: { columns: { id: 'integer pk', age: 'integer' }, checks: { c: to } } },
      sql: `ALTER TABLE "users" DROP CONSTRAINT "c";ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (${to});`,
      ...more,
    });
  const HELD = [
    'c is checked for the rows of users: none breaks it, and all are read under a lock',
  ];
  const MAY_FAIL = ['c is checked for the rows of users, which fails if one breaks it'];

  it.each([
    ["state in ('a', 'b')", "state IN ('a', 'c', 'b')"],
    ['"users"."state" in (1)', '("users"."state" in (1, 2))'],
    ["lower(state) in ('a')", "lower(state) in ('a', 'b')"],
    ["state = 'a'", "state in ('a', 'b')"],
    ['age > 1 OR id > 1', '(id > 1) OR state OR (age > 1)'],
    ['age > 1 AND id > 1', 'id > 1'],
    ['(age > 1 AND id > 1) OR state', 'state OR age > 1'],
    ['age BETWEEN 1 AND 2 AND id > 1', 'age BETWEEN 1 AND 2'],
    ['(state AND age > 1) OR (state AND id > 1)', 'state'],
  ])('is a note of PostgreSQL alone where %s becomes %s', (from, to) => {
    expect(again(from, to)).toEqual(HELD);
    expect(again(from, to, { dialect: 'sqlite' })).toEqual([]);
    expect(again(to, from)).toEqual(MAY_FAIL);
  });

  it.each([
    ["state in ('a', 'b')", "state in ('a', 'c')"],
    ["state not in ('a')", "state not in ('a', 'b')"],
    ["NOT state in ('a')", "NOT state in ('a', 'b')"],
    // IN binds tighter: whether "on" is what the rest says.
    ['on = state in (1)', 'on = state in (1, 2)'],
    ['on IS DISTINCT FROM state in (1)', 'on IS DISTINCT FROM state in (1, 2)'],
    ['CASE WHEN a OR b THEN c ELSE d END', 'CASE WHEN a OR x OR b THEN c ELSE d END'],
    ['age > 1', 'age > 1 AND id > 1'],
    ['a XOR b AND c', 'c'],
    ['a OR b AND c', 'c'],
  ])('says that it may fail where %s becomes %s', (from, to) => {
    expect(again(from, to)).toEqual(MAY_FAIL);
  });

  it('may fail where the rows have got other values since', () => {
    const drop = 'ALTER TABLE "users" DROP CONSTRAINT "c";';
    const add = 'ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (age in (1, 2));';
    const written = (sql: string): readonly string[] =>
      again('age in (1)', 'age in (1, 2)', { sql: drop + sql + add });
    expect(written('')).toEqual(HELD);
    expect(written('UPDATE "users" SET "age" = 3 WHERE "age" = 1;')).toEqual(MAY_FAIL);
    expect(written('INSERT INTO "users" VALUES (1, 3);')).toEqual(MAY_FAIL);
    expect(written('ALTER TABLE "users" ALTER "age" TYPE bigint USING age + 9;')).toEqual(MAY_FAIL);
    const copied = (value: string): readonly string[] =>
      again('age in (1)', 'age in (1, 2)', {
        dialect: 'sqlite',
        sql: `CREATE TABLE "__new_users" (id, age);INSERT INTO "__new_users"("id", "age") SELECT "id", ${value} FROM "users";DROP TABLE "users";ALTER TABLE "__new_users" RENAME TO "users";`,
      });
    expect([copied('"age"'), copied('"age" + 1').length]).toEqual([[], 1]);
  });

  it('warns of the lock for a big table, and shows no SELECT for rows that break nothing', () => {
    const literal: Literal = {
      before: { users: { columns: { id: 'integer pk' }, checks: { c: 'id > 1' } } },
      after: { users: { columns: { id: 'integer pk' }, checks: { c: 'id > 1 OR id = 0' } } },
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (id > 1 OR id = 0);',
    };
    const levels = (bigTables: string[]): readonly unknown[] =>
      levelsOf(id, { ...literal, said: { bigTables } });
    expect([levels([]), levels(['users'])]).toEqual([['note'], ['warning']]);
    expect(sqlOf(says(id, literal))).not.toContain('SELECT');
    expect(sqlOf(says(id, literal))).toContain('NOT VALID');
  });

  it('knows a condition again by the new names of its columns and its table', () => {
    const columns = { id: 'integer pk' };
    const literal: Literal = {
      before: {
        users: { columns: { ...columns, age: 'integer' }, checks: { c: '"users"."age" > 1' } },
      },
      after: {
        people: {
          columns: { ...columns, years: 'integer' },
          checks: { c: '"people"."years" > 1' },
        },
      },
      sql: 'ALTER TABLE "users" RENAME TO "people";ALTER TABLE "people" RENAME COLUMN "age" TO "years";ALTER TABLE "people" DROP CONSTRAINT "c";ALTER TABLE "people" ADD CONSTRAINT "c" CHECK ("people"."years" > 1);',
    };
    expect(messages(id, literal)).toEqual([]);
    expect(messages('guarantee-dropped', literal)).toEqual([]);
  });
});
