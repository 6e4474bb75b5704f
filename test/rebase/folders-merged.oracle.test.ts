import { describe, expect, it } from 'vitest';
import type { Files } from '../support/drizzle-project.ts';
import { KITS_1 } from '../support/kit1.ts';
import { WHOLE } from '../support/run-settings.ts';
import type { Make } from './branches.ts';
import { inShort1, openFolderBranches } from './folder-branches.ts';

/** A branch that has merged others already, and made a migration with two parents on top of that. */
interface Case {
  readonly name: string;
  /** Columns that main made before the branch merged it, and after. */
  readonly early: string;
  readonly late: string;
  /** Columns of the branch: of each line before the merge, and of the migration that joins them. */
  readonly lines: readonly string[];
  readonly joins: string | undefined;
  readonly want: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'that goes together with all that main made since',
    early: 'b',
    late: 'c',
    lines: ['a'],
    joins: 'm',
    want: ['nothing'],
  },
  {
    name: 'of which main made the first migration too',
    early: 'b',
    late: 'a',
    lines: ['a'],
    joins: 'm',
    want: ['line0 dropped', 'joins kept'],
  },
  {
    name: 'of which main made a part of the first migration too',
    early: 'b',
    late: 'a',
    lines: ['a n'],
    joins: 'm',
    want: ['line0 generated', 'joins kept'],
  },
  {
    name: 'of which main made the joining migration too',
    early: 'b',
    late: 'm',
    lines: ['a'],
    joins: 'm',
    want: ['joins dropped'],
  },
  {
    name: 'with two lines of its own, of which main made the second too',
    early: '',
    late: 'd',
    lines: ['a', 'd n'],
    joins: 'm',
    want: ['line1 generated', 'joins kept'],
  },
  {
    name: 'that joins with SQL by hand',
    early: 'b',
    late: 'a',
    lines: ['a n'],
    joins: undefined,
    want: ['line0 generated', 'joins custom'],
  },
];

const DIALECTS = ['sqlite', 'postgresql'] as const;

describe.each(WHOLE ? KITS_1 : (['rc5'] as const))('drizzle-kit 1.0.0-%s', (kit) => {
  describe.each(WHOLE ? DIALECTS : (['sqlite'] as const))('%s: a branch', (dialect) => {
    const scene = openFolderBranches(kit, dialect);
    const core = dialect === 'sqlite' ? 'sqlite' : 'pg';
    const schema = (...columns: readonly string[]): string =>
      `import { integer, ${core}Table, text } from 'drizzle-orm/${core}-core';\n` +
      `export const t = ${core}Table('t', { id: integer().primaryKey(), ${namesIn(columns)
        .map((name) => `${name}: text()`)
        .join(', ')} });\n`;
    const makes = (name: string, ...columns: readonly string[]): readonly Make[] =>
      columns.at(-1) === '' ? [] : [{ name, schema: schema(...columns) }];

    it.each(CASES)('$name', async ({ early, late, lines, joins, want }) => {
      const first = await scene.make({}, { name: 'init', schema: schema() });
      const fork = await scene.make(first, ...makes('early', early));
      const base = await scene.make(fork, ...makes('late', early, late));
      const apart: Files[] = [];
      for (const [at, columns] of lines.entries())
        apart.push(await scene.make(first, ...makes(`line${at}`, columns)));
      const custom: Make = { name: 'joins', edit: () => 'UPDATE t SET id = id WHERE id = 0;' };
      const last = joins === undefined ? [custom] : makes('joins', early, ...lines, joins);
      const own = await scene.make(Object.assign({}, fork, ...apart) as Files, ...last);
      const newest = Object.keys(own).find((path) => path.endsWith('_joins/snapshot.json'));
      const { prevIds } = JSON.parse(own[newest ?? ''] ?? '') as { prevIds: unknown };
      expect(prevIds).toHaveLength(2);
      const merged = schema(early, late, ...lines, joins ?? '');
      const branches = { fork, base, own, merged };
      const plan = await scene.plan(branches);
      expect(inShort1(plan)).toEqual(want);
      await scene.apply(branches, plan);
    });
  });
});

function namesIn(columns: readonly string[]): readonly string[] {
  return [...new Set(columns.flatMap((some) => some.split(' ')))].filter((name) => name !== '');
}
