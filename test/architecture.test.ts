import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { RULE_IDS, RULES } from '../src/rules/index.ts';
import { readSource, type SourceFile } from './support/source-code.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const FILES = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'))
  .sort();

/**
 * The rooms, in the one direction of the design: a room may import from those before it, types
 * included.
 */
const DIRECTION = [
  'model',
  'git',
  'project',
  'history',
  'sql',
  'schema',
  'facts',
  'rules',
  'relevance',
  'judge',
  'status',
  'database',
  'check',
  'rebase',
  'revert',
  'report',
  'hooks',
  'ci',
  'doctor',
  'cli-context.ts',
  'commands',
  'main.ts',
  'cli.ts',
  'index.ts',
];

/** Modules that only these rooms load, because what they do is that room's alone. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  'simple-git': ['git'],
  'node:child_process': ['git', 'schema', 'hooks', 'database'],
  'node:worker_threads': [],
  'node:vm': ['schema'],
  'node:cluster': [],
  'node:http': [],
  'node:https': [],
  'node:net': [],
  'node:dgram': [],
  'node:tls': [],
  'node:dns': [],
  // By `require`, in esbuild.ts alone.
  esbuild: [],
  commander: ['commands'],
  picocolors: ['report'],
  'drizzle-kit': [],
  'drizzle-orm': [],
};

/** A tree is all that these know of the outside. */
const PURE = new Set(['model', 'project', 'history', 'sql', 'rules', 'rebase', 'status']);
const OUTSIDE =
  /^node:(?:fs|fs\/promises|child_process|process|worker_threads|os|net|http|https|vm)$/;

/** The hook's quick way: what is loaded before anything relevant was found. */
const QUICK_WAY = 'commands/pre-commit.ts';
const HEAVY = new Set([
  'esbuild',
  'acorn',
  '@sveltejs/acorn-typescript',
  'diff',
  'minimatch',
  'picomatch',
  'zod/mini',
  'commander',
  'picocolors',
  'jsonc-parser',
  'simple-git',
  'node:worker_threads',
  'node:child_process',
]);

/** A file that loads the disk and names one of these changes something. */
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
  'cli.ts': ['argv', 'cwd', 'env', 'exit', 'kill', 'off', 'on', 'pid', 'stderr', 'stdin', 'stdout'],
  'schema/worker/process.ts': ['execPath'],
  'schema/cache/identity.ts': ['arch', 'execArgv', 'platform', 'version'],
  'schema/cache/atomic-write.ts': ['pid'],
  'commands/demo-parts.ts': ['execPath'],
  'commands/doctor.ts': ['versions'],
  'database/child/connections.ts': ['env'],
  'database/child/main.ts': ['disconnect', 'on', 'once', 'send'],
  'database/read-table.ts': ['execPath'],
  'doctor/proof/temporary.ts': ['kill', 'off', 'on', 'pid'],
  'git/object-missing.ts': ['platform'],
  'git/plain-clone.ts': ['geteuid'],
  'git/rewrite/exclusive.ts': ['kill', 'pid'],
  'schema/modules/compile.ts': ['versions'],
  'schema/modules/esbuild.ts': ['env'],
  'schema/modules/tsx-resolve.ts': ['features'],
  'schema/kit/kit-cli.ts': ['execPath'],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly lazy: boolean;
}

/**
 * Every import that is left when types are taken away, in paths below src; a package or a builtin
 * by its name.
 */
let imports: readonly Import[];
/** Every file of ours that a file names in an import, those for types alone too. */
let arrows: ReadonlyMap<string, readonly string[]>;
let sources: ReadonlyMap<string, SourceFile>;

beforeAll(async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    // One bundle of all files: a bundle for each of them takes twenty times as long.
    stdin: {
      contents: FILES.map((file) => `import './src/${file}';`).join('\n'),
      resolveDir: root,
    },
    outdir: 'nowhere',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  });
  delete metafile.inputs['<stdin>'];
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
  arrows = new Map(FILES.map((file) => [file, namedBy(file)] as const));
  sources = new Map(
    await Promise.all(
      FILES.map(async (file) => [file, await readSource(`${root}/src/${file}`)] as const),
    ),
  );
}, 60_000);

describe('the rooms', () => {
  it('lead one way, types included', () => {
    const all = [...arrows].flatMap(([from, named]) => named.map((to) => ({ from, to })));
    expect(all.length).toBeGreaterThan(imports.filter(({ to }) => to.endsWith('.ts')).length);
    expect(all.filter(({ from, to }) => placeOf(to) > placeOf(from))).toEqual([]);
    expect(FILES.filter((file) => placeOf(file) === -1)).toEqual([]);
  });

  it('have no circles of files, types included', () => {
    expect(circles(arrows)).toEqual([]);
  });

  it('each own their tools: only git/ runs git, only schema/ starts other programs', () => {
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
    const reached = new Set([
      'cli.ts',
      'index.ts',
      'schema/worker/child/main.ts',
      'database/child/main.ts',
    ]);
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
    expect(loaded).toContain('git/worktree/staged.ts');
    expect([...loaded].filter((name) => HEAVY.has(name))).toEqual([]);
  });
});

describe('the outside', () => {
  it('is named `process` in cli.ts, and in few other spots for what is the same for every caller', () => {
    const found = new Map(
      FILES.flatMap((file) =>
        file.startsWith('schema/worker/child/')
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
    // The worker's own output is captured by replacing it; git and the worker read questions.
    const lawful =
      /^(?:report|commands)\/|^(?:main|cli)\.ts$|^schema\/worker\/(?:child\/|process\.ts)|^git\/objects\.ts$/;
    expect(prints.filter((file) => !lawful.test(file))).toEqual([]);
  });

  it('is changed by commands/, hooks/, git/rewrite/ and the cache; nobody else writes files', () => {
    const writers = FILES.filter((file) => {
      const { names } = sourceOf(file);
      return loadsDisk(file) && CHANGES.some((name) => names.has(name));
    });
    expect(writers).toContain('schema/cache/atomic-write.ts');
    expect(
      writers.filter(
        (file) =>
          !/^(?:commands|hooks|doctor\/proof)\//.test(file) &&
          !file.startsWith('git/rewrite/') &&
          ![
            'schema/cache/prune.ts',
            'schema/cache/atomic-write.ts',
            // A copy of a folder that PGlite would write into, in the system's temporary folder.
            'database/child/connections.ts',
          ].includes(file),
      ),
    ).toEqual([]);
  });

  it('is left by cli.ts alone: nobody else exits', () => {
    expect(
      FILES.filter(
        (file) =>
          file !== 'cli.ts' &&
          !file.startsWith('schema/worker/child/') &&
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
    const toSplit: readonly string[] = [];
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
  it('are one file each, and one entry of the list', () => {
    const files = RULES.map(
      ({ id, judges }) => `rules/${judges === 'migration' ? 'review/' : ''}${id}.ts`,
    );
    expect(files.filter((file) => !FILES.includes(file))).toEqual([]);
    for (const file of files)
      expect(imports).toContainEqual({ from: 'rules/index.ts', to: file, lazy: false });
    expect(
      imports.filter(({ from, to }) => from === 'rules/index.ts' && !files.includes(to)),
    ).toEqual([]);
  });

  it('are known by their ids to nobody else: what the engine has to know of a rule is a property of it', () => {
    const literals = new RegExp(`(['"\`])(?:${RULE_IDS.join('|')})\\1`, 'g');
    const found = FILES.map(
      (file) => [file, readFileSync(`${root}/src/${file}`, 'utf8').match(literals) ?? []] as const,
    ).filter(([, ids]) => ids.length > 0);
    expect(found.map(([file]) => file)).toContain('rules/sql-edited.ts');
    expect(found.filter(([file]) => !file.startsWith('rules/'))).toEqual([]);
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s says what it refuses in one clause, why in 100 characters, and how to fix it',
    (_id, rule) => {
      for (const sentence of [rule.title, rule.why, rule.details, rule.fix])
        expect(sentence.trim().length).toBeGreaterThan(10);
      expect(rule.title).toMatch(/^[^\n;:]+[^.]$/);
      expect(rule.why).toMatch(/^[^\n]+\.$/);
      expect(rule.why.length).toBeLessThanOrEqual(100);
      expect(['error', 'warning', 'note', 'off']).toContain(rule.severity);
    },
  );
});

function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

/** Its place in the one direction; -1 where the design has none for it. */
function placeOf(file: string): number {
  return DIRECTION.indexOf(roomOf(file));
}

/** What a file imports of ours, statically, lazily or for its types, in paths below src. */
function namedBy(file: string): readonly string[] {
  const text = readFileSync(`${root}/src/${file}`, 'utf8');
  return [...text.matchAll(/(?:\bfrom |\bimport\()'(\.[^']+)'/g)]
    .map(([, path = '']) => posix.join(posix.dirname(file), path))
    .filter((path) => FILES.includes(path));
}

/**
 * The sets of files that reach each other (Tarjan's strongly connected components), each sorted.
 */
function circles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.size - 1);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found.sort();
}

function loadsDisk(file: string): boolean {
  return imports.some(({ from, to }) => from === file && to.startsWith('node:fs'));
}

function sourceOf(file: string): SourceFile {
  const source = sources.get(file);
  if (source === undefined) throw new Error(`${file} was not read`);
  return source;
}
