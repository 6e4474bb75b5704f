import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { RULE_IDS } from '../src/rules/ids.ts';
import { RULES } from '../src/rules/index.ts';
import { readSource, type SourceFile } from './support/source-code.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const FILES = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'))
  .sort();

/** What each room may load, beside itself and the LEAVES: only what stands before it on the one way of the design. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  git: [],
  project: ['git'],
  history: ['git', 'project'],
  schema: ['git', 'project', 'history'],
  cache: ['git', 'schema'],
  sql: ['project'],
  'change.ts': ['git', 'project', 'history', 'schema'],
  rules: ['git', 'project', 'history', 'schema', 'sql', 'change.ts'],
  check: [
    'git',
    'project',
    'history',
    'schema',
    'cache',
    'sql',
    'change.ts',
    'rules',
    'report/report.ts',
  ],
  report: ['rules'],
  hooks: ['git', 'project'],
  ci: ['git', 'project'],
  doctor: ['git', 'project', 'history', 'schema', 'rules', 'check', 'report', 'hooks'],
  commands: [
    'git',
    'project',
    'history',
    'schema',
    'sql',
    'rules',
    'check',
    'report',
    'hooks',
    'ci',
    'doctor',
    'main.ts',
  ],
  'main.ts': ['commands', 'report'],
  'cli.ts': ['main.ts'],
  'index.ts': ['check', 'report', 'rules'],
};

/** Words that all rooms share; they load nothing of ours. */
const LEAVES = new Set([
  'errors.ts',
  'esbuild.ts',
  'finding.ts',
  'provenance.ts',
  'version.ts',
  'rules/ids.ts',
]);

/** Modules that only these rooms load, because what they do is that room's alone. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  'simple-git': ['git'],
  'node:child_process': ['schema', 'hooks'],
  'node:worker_threads': ['schema'],
  'node:vm': ['schema'],
  'node:cluster': [],
  'node:http': [],
  'node:https': [],
  'node:net': [],
  'node:dgram': [],
  'node:tls': [],
  'node:dns': [],
  'enhanced-resolve': ['schema'],
  // By `require`, in esbuild.ts alone.
  esbuild: [],
  commander: ['commands'],
  picocolors: ['report'],
  'drizzle-kit': [],
  'drizzle-orm': [],
};

/** A tree is all that these know of the outside. */
const PURE = new Set([
  'project',
  'history',
  'sql',
  'rules',
  'change.ts',
  'finding.ts',
  'errors.ts',
]);
const OUTSIDE =
  /^node:(?:fs|fs\/promises|child_process|process|worker_threads|os|net|http|https|vm)$/;

/** The hook's quick way: what is loaded before anything relevant was found. */
const QUICK_WAY = 'commands/pre-commit.ts';
const HEAVY = new Set([
  'esbuild',
  'enhanced-resolve',
  'acorn',
  'picomatch',
  'valibot',
  'commander',
  'picocolors',
  'jsonc-parser',
  'simple-git',
  'node:worker_threads',
  'node:child_process',
]);

/** Whoever loads the disk and names one of these changes something. */
const CHANGES = [
  'appendFile',
  'chmod',
  'cp',
  'mkdir',
  'mkdirSync',
  'mkdtemp',
  'rename',
  'rm',
  'rmSync',
  'symlink',
  'unlink',
  'writeFile',
  'writeFileSync',
];

/** Who names `process`, and which part of it. All else is handed in. */
const PROCESS: Readonly<Record<string, readonly string[]>> = {
  'cli.ts': [
    'argv',
    'cwd',
    'env',
    'exitCode',
    'kill',
    'off',
    'on',
    'pid',
    'stderr',
    'stdin',
    'stdout',
  ],
  'cache/identity.ts': ['arch', 'execArgv', 'platform', 'version'],
  'cache/store.ts': ['pid'],
  'check/known-closure.ts': ['pid'],
  'commands/demo-parts.ts': ['execPath'],
  'commands/doctor.ts': ['versions'],
  'doctor/proof/temporary.ts': ['kill', 'off', 'on', 'pid'],
  'git/object-missing.ts': ['platform'],
  'schema/bundle.ts': ['versions'],
  'schema/kit-cli.ts': ['execPath'],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly lazy: boolean;
}

/** Every import that is left when types are taken away, in paths below src; a package or a builtin by its name. */
let imports: readonly Import[];
let sources: ReadonlyMap<string, SourceFile>;

beforeAll(async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: FILES.map((file) => `src/${file}`),
    outdir: 'nowhere',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  });
  imports = Object.entries(metafile.inputs).flatMap(([file, input]) =>
    input.imports
      .filter(({ path }) => path !== '<runtime>')
      .map(({ path, kind, external }) => ({
        from: file.replace(/^src\//, ''),
        to: external
          ? builtinModules.includes(path)
            ? `node:${path}`
            : path
          : path.replace(/^src\//, ''),
        lazy: kind === 'dynamic-import',
      })),
  );
  sources = new Map(
    await Promise.all(
      FILES.map(async (file) => [file, await readSource(`${root}/src/${file}`)] as const),
    ),
  );
}, 60_000);

describe('the rooms', () => {
  it('lead one way: git, project and history, schema, change, rules, check, report and commands', () => {
    expect(imports.length).toBeGreaterThan(150);
    const wrong = imports.filter(
      ({ from, to }) => to.endsWith('.ts') && !LEAVES.has(to) && !mayLoad(from, to),
    );
    expect(wrong).toEqual([]);
  });

  it('share words that load nothing of ours but each other', () => {
    expect(
      imports.filter(({ from, to }) => LEAVES.has(from) && to.endsWith('.ts') && !LEAVES.has(to)),
    ).toEqual([]);
  });

  it('each own their tools: only git/ runs git, only schema/ starts threads and programs', () => {
    const wrong = imports.filter(
      ({ from, to }) => !(OWNERS[to] ?? [roomOf(from)]).includes(roomOf(from)),
    );
    expect(wrong).toEqual([]);
    const used = new Set(imports.map(({ to }) => to));
    expect(
      Object.entries(OWNERS).filter(([tool, owners]) => owners.length > 0 && !used.has(tool)),
    ).toEqual([]);
  });

  it('judge without a disk: project, history, rules and the change load nothing of the outside', () => {
    expect(imports.filter(({ from, to }) => PURE.has(roomOf(from)) && OUTSIDE.test(to))).toEqual(
      [],
    );
  });

  it('are all lived in: every file is reached from the command line, the library or the worker', () => {
    const reached = new Set(['cli.ts', 'index.ts', 'schema/worker/main.ts']);
    // Files of types alone are reached by `import type`, which is gone here.
    const typesOnly = new Set(FILES.filter((file) => !sourceOf(file).runs));
    for (const at of reached)
      for (const { to } of imports.filter(({ from }) => from === at))
        if (to.endsWith('.ts')) reached.add(to);
    expect(FILES.filter((file) => !reached.has(file) && !typesOnly.has(file))).toEqual([]);
  });

  it('are entered by the hook without anything heavy', () => {
    const loaded = new Set(['cli.ts', 'main.ts', QUICK_WAY]);
    for (const at of loaded)
      for (const { to, lazy } of imports.filter(({ from }) => from === at))
        if (!lazy) loaded.add(to);
    expect(loaded).toContain('git/staged.ts');
    expect([...loaded].filter((name) => HEAVY.has(name))).toEqual([]);
  });
});

describe('the outside', () => {
  it('is named `process` in cli.ts, and in few other spots for what is the same for every caller', () => {
    const found = new Map(
      FILES.flatMap((file) =>
        file.startsWith('schema/worker/')
          ? []
          : [[file, sourceOf(file).partsOf('process')] as const],
      ),
    );
    const wrong = [...found].filter(([file, parts]) =>
      parts.some((part) => !PROCESS[file]?.includes(part)),
    );
    expect(wrong).toEqual([]);
    expect(found.get('cli.ts')).toContain('argv');
  });

  it('is written to by report/, commands/, main and cli alone: nobody else prints', () => {
    const prints = FILES.filter(
      (file) => sourceOf(file).partsOf('console').length > 0 || sourceOf(file).callsOf('write') > 0,
    );
    expect(prints).toContain('commands/output.ts');
    // The worker's own output is captured by replacing it.
    const lawful = /^(?:report|commands)\/|^(?:main|cli)\.ts$|^schema\/worker\//;
    expect(prints.filter((file) => !lawful.test(file))).toEqual([]);
  });

  it('is changed by commands/ and hooks/, and by the cache; nobody else writes files', () => {
    const writers = FILES.filter((file) => {
      const { names } = sourceOf(file);
      return loadsDisk(file) && CHANGES.some((name) => names.has(name));
    });
    expect(writers).toContain('check/known-closure.ts');
    expect(
      writers.filter(
        (file) =>
          !/^(?:commands|hooks|doctor\/proof)\//.test(file) &&
          !['cache/prune.ts', 'cache/store.ts', 'check/known-closure.ts'].includes(file),
      ),
    ).toEqual([]);
  });

  it('is left by cli.ts alone: nobody else exits', () => {
    expect(
      FILES.filter(
        (file) =>
          !file.startsWith('schema/worker/') &&
          sourceOf(file)
            .partsOf('process')
            .some((part) => part === 'exit' || part === 'abort'),
      ),
    ).toEqual([]);
  });
});

describe('the files', () => {
  // Formatted lines. Those named are the ones to split.
  it('are small: none over 250 lines', () => {
    const toSplit = [
      'check/check-push.ts',
      'check/judge-project.ts',
      'check/judge-range.ts',
      'check/session.ts',
      'check/tell-commits.ts',
      'hooks/yaml-edit.ts',
      'schema/resolve.ts',
      'schema/worker/tree-files.ts',
    ];
    const long = FILES.map(
      (file) => [file, readFileSync(`${root}/src/${file}`, 'utf8').split('\n').length - 1] as const,
    ).filter(([, lines]) => lines > 250);
    expect(long.map(([file]) => file)).toEqual(toSplit);
  });

  it('say what they hold: no utils, no helpers, no common', () => {
    expect(
      FILES.filter((file) =>
        /(?:^|\/)(?:utils?|helpers?|common|misc|shared|manager)(?:\/|\.|$)/.test(file),
      ),
    ).toEqual([]);
  });
});

describe('the rules', () => {
  it('are one file each, listed in the order of their ids', () => {
    expect(RULES.map(({ id }) => id)).toEqual([...RULE_IDS]);
    const files = RULE_IDS.map((id) => `rules/${id}.ts`);
    expect(files.filter((file) => !FILES.includes(file))).toEqual([]);
    for (const file of files)
      expect(imports).toContainEqual({ from: 'rules/index.ts', to: file, lazy: false });
    expect(
      imports.filter(({ from, to }) => from === 'rules/index.ts' && !files.includes(to)),
    ).toEqual([]);
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s says what it refuses, why, and how to mend it',
    (_id, rule) => {
      for (const sentence of [rule.title, rule.why, rule.mend])
        expect(sentence.trim().length).toBeGreaterThan(10);
      expect(rule.title).not.toContain('\n');
      expect(['error', 'warning', 'note']).toContain(rule.severity);
    },
  );
});

function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

function mayLoad(from: string, to: string): boolean {
  return (
    roomOf(from) === roomOf(to) ||
    (ROOMS[roomOf(from)] ?? []).some((room) => room === to || room === roomOf(to))
  );
}

function loadsDisk(file: string): boolean {
  return imports.some(({ from, to }) => from === file && to.startsWith('node:fs'));
}

function sourceOf(file: string): SourceFile {
  const source = sources.get(file);
  if (source === undefined) throw new Error(`${file} was not read`);
  return source;
}
