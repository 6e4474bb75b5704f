import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import * as library from '../../src/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = (file: string): string => readFileSync(`${root}src/${file}`, 'utf8');

/** Every name that the library exports, and the file that declares it. */
function exported(): readonly (readonly [string, string])[] {
  const index = source('index.ts');
  const passedOn = [
    ...index.matchAll(/^export (?:type )?\{([^}]+)\} from '\.\/([^']+)';$/gm),
  ].flatMap(([, names = '', file = '']) =>
    names
      .split(',')
      .filter((name) => name.trim() !== '')
      .map((name) => [name.trim().replace(/^type /, ''), file] as const),
  );
  const own = [...index.matchAll(/^export (?:async )?function (\w+)/gm)].map(
    ([, name = '']) => [name, 'index.ts'] as const,
  );
  const types = [...index.matchAll(/^export type (\w+) =/gm)].map(
    ([, name = '']) => [name, 'index.ts'] as const,
  );
  return [...own, ...types, ...passedOn];
}

it('exports these names and no others', () => {
  expect(
    exported()
      .map(([name]) => name)
      .sort(),
  ).toEqual(
    [
      'CheckOptions',
      'Dialect',
      'Finding',
      'Fix',
      'GUARD_ERROR_CODES',
      'GuardError',
      'GuardErrorCode',
      'REPORT_SCHEMA',
      'REVIEW_SCHEMA',
      'RULE_IDS',
      'ReviewReport',
      'Report',
      'ReportedCommits',
      'ReportedError',
      'ReportedNotEvaluated',
      'ReportedProject',
      'RuleId',
      'STATUS_SCHEMA',
      'StatusReport',
      'Severity',
      'check',
      'exitCodeOf',
    ].sort(),
  );
  expect(Object.keys(library).sort()).toEqual([
    'GUARD_ERROR_CODES',
    'GuardError',
    'REPORT_SCHEMA',
    'REVIEW_SCHEMA',
    'RULE_IDS',
    'STATUS_SCHEMA',
    'check',
    'exitCodeOf',
  ]);
});

it.each(exported())('%s is documented where it is declared', (name, file) => {
  expect(source(file)).toMatch(
    new RegExp(
      String.raw`\*/\nexport (?:async )?(?:const|function|class|interface|type) ${name}\b`,
    ),
  );
});

it('loads nothing heavy before the first call: only the rules with the diff that they show, and builtins', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/index.ts'],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    splitting: true,
    outdir: 'nowhere',
    logLevel: 'silent',
  });
  const loaded = new Set(['src/index.ts']);
  for (const file of loaded)
    for (const { path, kind } of metafile.inputs[file]?.imports ?? [])
      if (kind !== 'dynamic-import') loaded.add(path);
  expect(
    [...loaded].filter(
      (path) => !path.startsWith('src/') && !builtinModules.includes(path.replace(/^node:/, '')),
    ),
  ).toEqual(['diff']);
  // The list of rules, and what the rules compare with: pure code, a few milliseconds.
  expect(
    [...loaded].filter((path) => !/^src\/(?:model|history|facts|sql|rules)\//.test(path)).sort(),
  ).toEqual([
    'diff',
    'node:buffer',
    'node:path',
    'node:util',
    'src/git/trees/submodules.ts',
    'src/git/trees/tree.ts',
    'src/index.ts',
    'src/report/report-schema.ts',
    'src/report/review-report.ts',
    'src/report/review-schema.ts',
    'src/report/schema-parts.ts',
    'src/report/status-schema.ts',
  ]);
});
