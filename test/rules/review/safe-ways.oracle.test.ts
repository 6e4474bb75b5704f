import { PGlite } from '@electric-sql/pglite';
import { citext } from '@electric-sql/pglite/contrib/citext';
import { createClient } from '@libsql/client';
import { expect, it } from 'vitest';
import type { ReviewRuleId } from '../../../src/rules/index.ts';
import { says, type Literal, type TableLiteral, type Tables } from '../../support/review.ts';
import { CASES } from './cases.ts';
import { as, isOf } from './in-dialect.ts';

type Engine = 'postgresql' | 'sqlite';
/** Runs statements; 'ran', or the error. Nothing of them stays. */
type Run = (statements: readonly string[]) => Promise<string>;

/** What takes the place of a part of the statement, or needs more than tables: `engines.oracle.test.ts`. */
const RUN_ELSEWHERE: ReadonlySet<ReviewRuleId> = new Set([
  'checks-left-off',
  'partition-removed',
  'replace-loses-values',
  'sqlite-rebuild-copies-new-column',
]);

async function postgresql(): Promise<Run> {
  const db = new PGlite({ extensions: { citext } });
  await db.exec('CREATE ROLE reader');
  return async (statements) => {
    const isAlone = /CONCURRENTLY|VACUUM/.test(statements.at(-1) ?? '');
    try {
      if (!isAlone) await db.exec('BEGIN');
      for (const sql of statements) await db.exec(sql);
      return 'ran';
    } catch (error) {
      return String(error);
    } finally {
      await db.exec('ROLLBACK');
      await db.exec('DROP SCHEMA IF EXISTS public, billing CASCADE; CREATE SCHEMA public');
    }
  };
}

const sqlite: Run = async (statements) => {
  const db = createClient({ url: ':memory:' });
  try {
    for (const sql of statements) await db.executeMultiple(sql);
    return 'ran';
  } catch (error) {
    return String(error);
  } finally {
    db.close();
  }
};

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** The statements that make tables, each with a row. */
function made(tables: Tables): readonly string[] {
  const all = Object.entries(tables);
  return [
    ...all.map(([name, { columns, primaryKey }]) => {
      const parts = Object.entries(columns).map(
        ([column, words]) => `"${column}" ${words.replace(' pk', ' PRIMARY KEY')}`,
      );
      const key = primaryKey === undefined ? [] : [`PRIMARY KEY (${list(primaryKey)})`];
      return `CREATE TABLE "${name}" (${[...parts, ...key].join(', ')})`;
    }),
    ...all.flatMap(([name, table]) => indexed(name, table)),
    ...all.flatMap(([name, { columns }]) =>
      'id' in columns ? [`INSERT INTO "${name}" ("id") VALUES (1)`] : [],
    ),
  ];
}

function indexed(
  table: string,
  { unique = {}, uniqueIndexes = {}, indexes = {} }: TableLiteral,
): readonly string[] {
  const make = (kind: string, all: Readonly<Record<string, readonly string[]>>): string[] =>
    Object.entries(all).map(
      ([name, columns]) => `CREATE ${kind} "${name}" ON "${table}" (${list(columns)})`,
    );
  return [...make('UNIQUE INDEX', { ...unique, ...uniqueIndexes }), ...make('INDEX', indexes)];
}

/** What a database can be like where somebody pastes a step of the safe way. */
function states(
  { before, after, sql, enums, schemas, earlier = [] }: Literal,
  sooner: readonly string[],
): readonly (readonly string[])[] {
  const start = [
    ...(schemas?.[0] ?? []).map((name) => `CREATE SCHEMA ${name}`),
    ...Object.entries(enums?.[0] ?? {}).map(
      ([name, values]) => `CREATE TYPE ${name} AS ENUM ('${values.join("', '")}')`,
    ),
    ...made(before),
  ];
  const empty = start.filter((one) => !one.startsWith('INSERT'));
  const columns = Object.entries(after).flatMap(([table, { columns: now }]) =>
    Object.entries(now)
      .filter(([name]) => before[table]?.columns[name] === undefined)
      .map(([name, words]) => `ALTER TABLE "${table}" ADD "${name}" ${words.split(' ')[0]}`),
  );
  return [
    start,
    [...start, ...sooner],
    [...empty, ...sooner],
    [...start, ...earlier, sql],
    [...empty, ...earlier, sql],
    // Nullable, beside the old ones, as it is said in words.
    [...start, ...columns.filter((one) => !one.startsWith('ALTER TABLE "people"'))],
    [...start, 'ALTER TABLE "users" ADD "email_new" text'],
  ];
}

it.each<readonly [Engine, () => Promise<Run>]>([
  ['postgresql', postgresql],
  ['sqlite', async () => sqlite],
])('%s takes every statement of every safe way', { timeout: 300_000 }, async (dialect, open) => {
  const run = await open();
  const ran: ReviewRuleId[] = [];
  for (const [id, { reported }] of Object.entries(CASES) as [
    ReviewRuleId,
    (typeof CASES)[ReviewRuleId],
  ][]) {
    // The statement of the case is PostgreSQL's own, and is printed as it is.
    const isTheirs = dialect === 'sqlite' && id === 'not-in-transaction';
    if (!isOf(id, dialect) || RUN_ELSEWHERE.has(id) || isTheirs) continue;
    const literal = as(dialect, reported);
    const steps = says(id, literal)
      .flatMap(({ safe }) => safe)
      .flatMap(({ sql = '' }) => (sql === '' ? [] : [sql.replaceAll('<value>', "'a'")]));
    for (const [at, step] of steps.entries()) {
      const answers: string[] = [];
      for (const state of states(literal, steps.slice(0, at))) {
        answers.push(await run([...state, step]));
        if (answers.at(-1) === 'ran') break;
      }
      expect(answers.at(-1), `${id}: ${step}\n${answers.join('\n')}`).toBe('ran');
      ran.push(id);
    }
  }
  expect(new Set(ran).size).toBeGreaterThan(12);
});
