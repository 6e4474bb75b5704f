import { describe, expect, it } from 'vitest';
import type { Rename } from '../../src/schema/worker/protocol.ts';
import { WHOLE } from '../support/run-settings.ts';
import { sqlOf } from './branches.ts';
import { inShort1, openFolderBranches } from './folder-branches.ts';

interface Step {
  readonly body: string;
  readonly more?: string;
  readonly renames?: readonly Rename[];
}

interface Case {
  readonly name: string;
  readonly before: Step;
  readonly theirs: readonly Step[];
  readonly mine: readonly Step[];
  readonly merged: Step;
  /** False where what drizzle-kit writes fails on SQLite, or loses rows, in any order. */
  readonly runs?: false;
  readonly want: 'planned' | 'nothing';
}

const table = (body: string, more = ''): string =>
  `import { check, index, integer, sqliteTable, sqliteView, text } from 'drizzle-orm/sqlite-core';\nimport { sql } from 'drizzle-orm';\nexport const t = sqliteTable('t', { id: integer().primaryKey(), ${body} }, (t) => [${more}]);\n`;
const VIEW = `export const seen = sqliteView('seen').as((q) => q.select({ a: t.a }).from(t));\n`;
const textOf = ({ body, more = '' }: Step): string =>
  more.startsWith('view')
    ? table(body, more === 'view' ? '' : "check('long', sql`a <> 'b'`)") + VIEW
    : table(body, more);
const RENAME: Rename = {
  kind: 'column',
  table: { schema: '', table: 't' },
  from: 'a',
  to: 'b',
};

/** drizzle-kit takes each of the two branches for commutative. */
const CASES: readonly Case[] = [
  {
    name: 'a column that is added and then altered, which makes the table again / a column',
    before: { body: 'a: text()' },
    theirs: [{ body: 'a: text(), theirs: text()' }],
    mine: [{ body: 'a: text(), b: text()' }, { body: 'a: text(), b: integer()' }],
    merged: { body: 'a: text(), theirs: text(), b: integer()' },
    want: 'planned',
  },
  {
    name: 'a column that is renamed and altered at once / a column',
    before: { body: 'a: text()' },
    theirs: [{ body: 'a: text(), theirs: text()' }],
    mine: [{ body: 'b: integer()', renames: [RENAME] }],
    merged: { body: 'b: integer(), theirs: text()' },
    want: 'planned',
  },
  {
    name: 'a check that comes and goes / an index',
    before: { body: 'a: text()' },
    theirs: [{ body: 'a: text()', more: "index('by_a').on(t.a)" }],
    mine: [{ body: 'a: text()', more: "check('long', sql`a <> 'b'`)" }, { body: 'a: text()' }],
    merged: { body: 'a: text()', more: "index('by_a').on(t.a)" },
    want: 'planned',
  },
  {
    name: 'a check / a view',
    before: { body: 'a: text()' },
    theirs: [{ body: 'a: text()', more: 'view' }],
    mine: [{ body: 'a: text()', more: "check('long', sql`a <> 'b'`)" }],
    merged: { body: 'a: text()', more: 'view and check' },
    runs: false,
    want: 'planned',
  },
  {
    name: 'a column that goes and comes back / an index on it',
    before: { body: 'a: text()' },
    theirs: [{ body: 'a: text()', more: "index('by_a').on(t.a)" }],
    mine: [{ body: '' }, { body: 'a: text()' }],
    merged: { body: 'a: text()', more: "index('by_a').on(t.a)" },
    runs: false,
    want: 'planned',
  },
  {
    name: 'a column that goes, and then another step / an index on it',
    before: { body: 'a: text()' },
    theirs: [{ body: 'a: text()', more: "index('by_a').on(t.a)" }],
    mine: [{ body: '' }, { body: 'b: text()', renames: [] }],
    merged: { body: 'b: text()' },
    want: 'planned',
  },
  {
    name: 'two columns, each in two steps that alter nothing else',
    before: { body: 'a: text()' },
    theirs: [{ body: 'a: text(), b: text()' }, { body: 'a: text()' }],
    mine: [{ body: 'a: text(), c: text()' }, { body: 'a: text(), c: text(), d: text()' }],
    merged: { body: 'a: text(), c: text(), d: text()' },
    want: 'nothing',
  },
];

describe.each(WHOLE ? (['rc5', 'rc4'] as const) : (['rc5'] as const))(
  'drizzle-kit 1.0.0-%s: what is left of a branch is not all that it does',
  (kit) => {
    const scene = openFolderBranches(kit, 'sqlite');
    const stepsOf = (side: string, steps: readonly Step[]) =>
      steps.map((step, at) => ({
        name: `${side}${at}`,
        schema: textOf(step),
        renames: step.renames ?? [],
      }));

    it.each(CASES)('$name', async ({ before, theirs, mine, merged, want, runs = true }) => {
      const fork = await scene.make({}, { name: 'init', schema: textOf(before) });
      const base = await scene.make(fork, ...stepsOf('theirs', theirs));
      const own = await scene.make(fork, ...stepsOf('mine', mine));
      const branches = {
        fork,
        base,
        own,
        merged: textOf(merged),
        runs,
        answers: { takeBack: true },
      };
      const plan = await scene.plan(branches);
      expect(plan.status, inShort1(plan).join('\n')).toBe(want);
      await scene.apply(branches, plan);
    });

    it('a table that is made again has its columns in the order of the schema', async () => {
      const body = (...columns: readonly string[]): Step => ({ body: columns.join(', ') });
      const [a, b, c] = ['a: text()', 'b: text()', 'c: text()'];
      const fork = await scene.make({}, { name: 'init', schema: textOf(body(a, b, c)) });
      const both = ['d: text()', 'same: text()'];
      const base = await scene.make(fork, ...stepsOf('theirs', [body(a, b, c, ...both)]));
      const [mid, changed] = ['mid: text()', 'b: integer()'];
      const own = await scene.make(
        fork,
        ...stepsOf('mine', [
          body(a, b, c, 'same: text(), own: text()'),
          {
            ...body(a, mid, changed, 'z: text()', 'same: text(), own: text()'),
            renames: [{ ...RENAME, from: 'c', to: 'z' }],
          },
        ]),
      );
      const end = body(a, mid, changed, 'z: text()', ...both, 'own: text()');
      const branches = { fork, base, own, merged: textOf(end) };
      const plan = await scene.plan(branches);
      await scene.apply(branches, plan);
      const made = sqlOf(plan).flatMap((sql) => /CREATE TABLE[^;]*/.exec(sql) ?? []);
      expect(made.map((sql) => sql.match(/(?<=\t`)\w+/g)?.join(' '))).toEqual([
        'id a mid b z d same own',
      ]);
    });
  },
);
