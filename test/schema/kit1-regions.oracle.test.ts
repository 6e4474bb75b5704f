import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'acorn';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import { withAccess } from '../../src/schema/kit/folders/regions.ts';
import { WANTED } from '../../src/schema/kit/folders/sources.ts';
import { KITS_1, modulesOf } from '../support/kit1.ts';

test.each(KITS_1)('%s: the part that is run names nothing of what is left out', (kit) => {
  const whole = join(modulesOf(kit), 'drizzle-kit/cli.js');
  const part = withAccess(whole, WANTED).toString();
  expect(part.length).toBeLessThan(statSync(whole).size / 4);
  expect(free(part)).toEqual([]);
  expect(free(part.replace(/^var init_diff\$1 = /m, 'var init_other = '))).toContain('init_diff$1');
});

/** The names that code uses and neither it nor node declares. */
function free(code: string): readonly string[] {
  // All that is declared inside gets a short name.
  const renamed = transformSync(`(() => {${code}})()`, { minifyIdentifiers: true }).code;
  const names = new Set<string>();
  collect(parse(renamed, { ecmaVersion: 'latest' }), names);
  return [...names].filter((name) => name.length > 3 && !(name in globalThis)).sort();
}

const NO_VARIABLES = new Set(['self', 'arguments', 'require', 'module', 'exports']);

function collect(node: unknown, names: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  const { type, name, computed } = node as Readonly<Record<string, unknown>>;
  if (type === 'MetaProperty') return;
  if (type === 'Identifier' && typeof name === 'string' && !NO_VARIABLES.has(name)) names.add(name);
  for (const [key, value] of Object.entries(node)) {
    const isName =
      key === 'label' || key === 'key' || (type === 'MemberExpression' && key === 'property');
    if (!isName || computed === true) collect(value, names);
  }
}
