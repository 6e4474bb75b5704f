import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isImplied } from '../../../src/facts/review/conditions.ts';

/** Rows with every value that the parts tell apart, and NULL. */
const ROWS = `CREATE TABLE t AS SELECT a, b, c, d FROM
  (VALUES (NULL::int), (1), (2)) x(a), (VALUES (NULL::int), (1), (2)) y(b),
  (VALUES (NULL), ('x'), ('y'), ('z')) z(c), (VALUES (NULL::boolean), (true), (false)) w(d)`;

const PART = fc.oneof(
  fc.constantFrom(
    'a = 1',
    '"t"."a" = 2',
    'b > 1',
    'a IS NULL',
    "c = 'x'",
    'd',
    'NOT d',
    'a BETWEEN 1 AND 2',
  ),
  fc
    .tuple(
      fc.constantFrom(
        'c in',
        'lower(c) IN',
        'c NOT IN',
        'NOT c IN',
        'd = c IN',
        'd IS DISTINCT FROM c IN',
      ),
      fc.subarray(["'x'", "'y'", "'z'"], { minLength: 1 }),
    )
    .map(([words, values]) => `${words} (${values.join(', ')})`),
  fc
    .constantFrom('a = 1 OR d', 'a = 1 OR b > 1 OR d', 'a = 1')
    .map((when) => `CASE WHEN ${when} THEN d ELSE b > 1 END`),
);

/** Without parentheses: AND binds tighter than OR. */
const FLAT = fc
  .array(fc.tuple(fc.constantFrom('a = 1', 'b > 1', 'd'), fc.constantFrom('AND', 'OR')), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.map(([part, word], at) => (at === 0 ? part : `${word} ${part}`)).join(' '));

/** Parts between AND and OR, with parentheses or without. */
const CONDITION = fc.letrec<{ one: string }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    PART,
    FLAT,
    fc
      .tuple(
        fc.array(tie('one'), { minLength: 2, maxLength: 3 }),
        fc.constantFrom(' OR ', ' AND '),
        fc.boolean(),
      )
      .map(([parts, word, isInside]) => {
        const text = parts.join(word);
        return isInside ? `(${text})` : text;
      }),
  ),
})).one;

it('no row of PostgreSQL keeps to conditions and breaks one that they imply', async () => {
  const db = new PGlite();
  await db.exec(ROWS);
  let implied = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(CONDITION, { minLength: 1, maxLength: 2 }),
      CONDITION,
      async (held, one) => {
        // What is said of one alone, and of it and more: half of the pairs are of the same parts.
        const pairs = [
          [held, one],
          [held, `${held[0]} OR ${one}`],
          [[...held, `(${one}) AND (${held[0]})`], one],
        ] as const;
        for (const [all, last] of pairs) {
          if (!isImplied(last, all, 'postgresql')) continue;
          implied++;
          const where = all.map((text) => `(${text}) IS NOT FALSE`).join(' AND ');
          const { rows } = await db.query(`SELECT * FROM t WHERE ${where} AND (${last}) IS FALSE`);
          expect(rows, `${all.join(' & ')} => ${last}`).toEqual([]);
        }
      },
    ),
    { numRuns: 1500, seed: 7 },
  );
  expect(implied).toBeGreaterThan(500);
  await db.close();
});
