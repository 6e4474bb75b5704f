import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProblems } from '../../src/sql/run-problems.ts';
import { libsql, postgresql, type Engine } from './engines.ts';
import { sameAsEngine } from './same-as-engine.ts';

const engines = new Map<string, Engine>();
const engine = (name: string) => (): Engine => engines.get(name)!;
beforeAll(async () => {
  const { pglite, nodePostgres } = await postgresql();
  engines
    .set('pglite', pglite)
    .set('node-postgres', nodePostgres)
    .set('libsql', await libsql());
});
afterAll(() => Promise.all([engine('libsql')().close(), engine('pglite')().close()]));

describe('what the guard says of a migration is what the migrator does: libsql', () => {
  sameAsEngine(engine('libsql'), 'sqlite', 100);
});

describe('... PGlite', () => {
  sameAsEngine(engine('pglite'), 'postgresql', 25);
});

describe('... node-postgres', () => {
  sameAsEngine(engine('node-postgres'), 'postgresql', 25);
});

it('`breakpoints: false` is nothing to the migrators: only a driver that takes several statements runs it', async () => {
  const sql = 'CREATE TABLE a (x int);\nCREATE TABLE b (x int);';
  expect(await engine('node-postgres')().migrate(sql)).toEqual({ schema: ['a(x)', 'b(x)'] });
  expect(await engine('libsql')().migrate(sql)).toEqual({ schema: ['a(x)'] });
  expect(await engine('pglite')().migrate(sql)).toEqual({
    error: 'cannot insert multiple commands into a prepared statement',
    schema: [],
  });
  for (const { target } of engines.values())
    expect(runProblems(sql, { ...target, breakpoints: false })).toEqual([]);
});
