import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { comparisonTable, withComparison } from '../../.ci/comparison-table.mjs';
import { RULE_IDS } from '../../src/rules/index.ts';
import comparison from './comparison.json' with { type: 'json' };

it('the README compares what is measured: `node .ci/comparison-table.mjs` writes it', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toBe(withComparison(readme, await comparisonTable()));
});

it('every tampering is refused by rules that there are, and the honest change by none', () => {
  for (const { id, guard } of comparison.rows) {
    expect(guard.length === 0, id).toBe(id === 'honest');
    expect(RULE_IDS).toEqual(expect.arrayContaining(guard));
  }
});

it('the table has a place in the README, or says that it has none', () => {
  expect(withComparison('a\n<!-- comparison -->\nold\n<!-- /comparison -->\nb', 'new $1')).toBe(
    'a\n<!-- comparison -->\nnew $1\n<!-- /comparison -->\nb',
  );
  expect(() => withComparison('a', 'new')).toThrow('no place');
});
