import { describe, expect, test } from 'vitest';
import { GuardError } from '../../src/model/errors.ts';
import { readGuardConfig, type GuardConfig } from '../../src/project/guard-config.ts';
import { RULE_IDS } from '../../src/rules/index.ts';
import type { Evaluate } from '../../src/project/kit-environment.ts';
import { memoryTree } from '../support/memory-tree.ts';

const never: Evaluate = async () => {
  throw new Error('nothing is to be run');
};
const read = (files: Record<string, string>, evaluate = never): Promise<GuardConfig> =>
  readGuardConfig(memoryTree(files), evaluate, RULE_IDS);
const inPackage = (guard: unknown): Record<string, string> => ({
  'package.json': JSON.stringify({ name: 'x', guard }),
  'drizzle.config.ts': '',
});

async function problems(
  files: Record<string, string>,
  evaluate = never,
): Promise<{ message: string; help: readonly string[] }> {
  const error: unknown = await read(files, evaluate).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GuardError)) throw new Error(`no GuardError but ${String(error)}`);
  expect(error.code).toBe('guard-config-invalid');
  return { message: error.message, help: error.help };
}

test('none', async () => {
  const empty = { rules: {}, allow: [] };
  expect(await read({})).toEqual(empty);
  expect(
    await read({ 'package.json': '{ "name": "guard", "dependencies": { "guard": "1" } }' }),
  ).toEqual(empty);
  expect(await read({ 'package.json': '<<<<<<< HEAD', 'packages/a/guard.config.ts': 'x' })).toEqual(
    empty,
  );
});

test('a key of package.json, all of it', async () => {
  const guard = {
    projects: ['./drizzle.config.ts', { config: 'drizzle.config.ts' }],
    rules: { 'sql-edited': undefined, 'journal-order': 'warning', 'bundle-stale': 'off' },
    allow: [
      {
        rule: 'migration-edited',
        path: './drizzle/0001_a.sql',
        migration: '0001_a',
        reason: 'agreed',
        until: '2027-02-28',
      },
    ],
    timeoutSeconds: 20,
  };
  expect(await read(inPackage(guard))).toEqual({
    source: 'package.json',
    projects: ['drizzle.config.ts'],
    rules: { 'journal-order': 'warning', 'bundle-stale': 'off' },
    allow: [
      {
        rule: 'migration-edited',
        path: 'drizzle/0001_a.sql',
        migration: '0001_a',
        reason: 'agreed',
        until: '2027-02-28',
      },
    ],
    timeoutSeconds: 20,
  });
});

describe('guard.config.*', () => {
  const rules = { rules: { 'schema-drift': 'warning' } };
  test.each([
    [
      'guard.config.ts',
      `import { defineConfig } from 'drizzle-guard'; export default defineConfig({ rules: { 'schema-drift': 'warning' } } as const);`,
    ],
    ['guard.config.mjs', `export default { rules: { 'schema-drift': 'warning' } };`],
    ['guard.config.cjs', `module.exports = { rules: { 'schema-drift': 'warning' } };`],
    ['guard.config.json', JSON.stringify(rules)],
  ])('%s, by its literals', async (name, text) => {
    expect(await read({ [name]: text })).toEqual({ source: name, allow: [], ...rules });
  });
  test('computed, by running it', async () => {
    const text = `import { rules } from './rules.js'; export default { rules };`;
    expect(
      await read({ 'guard.config.js': text }, async () => ({ status: 'ok', value: rules })),
    ).toMatchObject(rules);
    const { help } = await problems({ 'guard.config.js': text }, async () => ({
      status: 'unreadable',
      message: 'boom',
      line: 2,
    }));
    expect(help).toEqual(['line 2: boom']);
  });
  test('with a syntax error, or no config at all', async () => {
    expect(await problems({ 'guard.config.js': 'export default {\n rules: : }' })).toEqual({
      message: "the guard's config in guard.config.js is not valid (1 error)",
      help: ['line 2: Unexpected token'],
    });
    expect((await problems({ 'guard.config.js': 'const x = 1;' })).help).toEqual([
      'it has no default export',
    ]);
    expect((await problems({ 'guard.config.json': '[]' })).help[0]).toMatch(/an array/);
  });
  test('two of them', async () => {
    const both = { ...inPackage({}), 'guard.config.ts': 'export default {}' };
    expect(await problems(both)).toEqual({
      message: "the guard's config in package.json and guard.config.ts is not valid (1 error)",
      help: ['the guard reads one config: keep one of them'],
    });
  });
});

test('a package.json with a guard key that is not JSON is not passed over', async () => {
  const { help } = await problems({ 'package.json': '{ "guard": {},\n<<<<<<< HEAD' });
  expect(help).toEqual([expect.stringMatching(/^not JSON: /)]);
});

test('every error at once, a line each', async () => {
  const { message, help } = await problems(
    inPackage({
      project: ['x'],
      projects: ['missing.ts', 3, { config: '../up.ts', name: 'x' }],
      rules: { 'schema-drfit': 'error', 'journal-order': 'warn', nonsense: 'off' },
      allow: [
        { rule: 'sql', reason: ' ' },
        'x',
        { reason: 'r', path: '../x', until: '2026-02-30', why: 'y' },
      ],
      timeoutSeconds: 0,
    }),
  );
  expect(message).toBe("the guard's config in package.json is not valid (16 errors)");
  expect(help.map((line) => line.replace(/; there are .*/, '; there are ...'))).toEqual([
    'projects[0]: there is no file missing.ts (paths are relative to the top of the repository)',
    'projects[1] is 3, not the path of a drizzle config',
    'projects[2].config: there is no file ../up.ts (paths are relative to the top of the repository)',
    'projects[2].name is not a key the guard knows; there are ...',
    "rules.journal-order is 'warn', not one of error, warning, note, off",
    "rules.schema-drfit: there is no rule 'schema-drfit'; did you mean 'schema-drift'?",
    "rules.nonsense: there is no rule 'nonsense'; there are ...",
    "allow[0].rule: there is no rule 'sql'; there are ...",
    'allow[0].reason is missing: an exception says why',
    "allow[1] is 'x', not an object",
    'allow[2].rule is missing: name the rule that this excuses',
    'allow[2].path (../x) is outside the repository',
    "allow[2].until is '2026-02-30', not a day like 2026-12-31",
    'allow[2].why is not a key the guard knows; there are ...',
    'timeoutSeconds is 0, not a number above 0',
    "project is not a key the guard knows; did you mean 'projects'?",
  ]);
});

test('what is blank is left out, and what is undefined has its default', async () => {
  const allow = [{ rule: 'sql-edited', reason: 'r', path: '', migration: ' ', until: '' }];
  expect(
    await read({ 'guard.config.js': 'export default make();' }, async () => ({
      status: 'ok',
      value: { allow, rules: undefined, projects: undefined },
    })),
  ).toEqual({
    source: 'guard.config.js',
    rules: {},
    allow: [{ rule: 'sql-edited', reason: 'r' }],
  });
});

test.each([
  ['projects', 'x', "projects is 'x', not an array of config paths"],
  ['projects', [{}], 'projects[0].config is missing, not the path of a drizzle config'],
  ['timeoutSeconds', null, 'timeoutSeconds is null, not a number above 0'],
  ['rules', [], 'rules is an array, not an object of rule: severity'],
  ['allow', {}, 'allow is an object, not an array'],
  ['allow', [{ rule: 'sql-edited', reason: 3 }], 'allow[0].reason is 3, not a string'],
])('%s of a wrong type', async (key, value, line) => {
  expect((await problems(inPackage({ [key]: value }))).help).toEqual([line]);
});
