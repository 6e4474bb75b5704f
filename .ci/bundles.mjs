// How the command line is cut into files. Node takes a millisecond to load a small file, and no
// longer for 50 kB of code that is not run: so what each hook runs is one file, what a check runs
// is another, what `guard show` runs a third, and only what is large and rare is in chunks: also
// the parser of configs, as a check knows from the run before what they say. A check
// takes 40 ms to load: what starts the evaluating process is a file of its own, which both import, so
// that the process is the same. So is simple-git, which was more than half of `cli.js`: node keeps
// compiled code of all files but that one, which turns this on.
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

/** What others find in `check.js` and `show.js`. */
const IN_CHECK = [
  'src/check/check.ts',
  'src/check/new-migrations.ts',
  'src/commands/check.ts',
  'src/commands/in-hook.ts',
  'src/commands/output.ts',
  'src/commands/program.ts',
];
const IN_SHOW = ['src/commands/show-alone.ts', 'src/commands/show.ts'];

/** What several files import, by the name of its own. */
const SHARED = { 'simple-git': 'simple-git', 'warm-up': 'src/schema/warm-up.ts' };

/** What has chunks of its own: packages, and files of `src`. */
const RARE = new Set([
  '@sveltejs/acorn-typescript',
  'acorn',
  'commander',
  'jsonc-parser',
  'minimatch',
  'picomatch',
  'src/check/show.ts',
  'src/commands/demo.ts',
  'src/commands/doctor.ts',
  'src/commands/explain.ts',
  'src/commands/init.ts',
  'src/commands/init/clone.ts',
  'src/commands/revert.ts',
  'src/commands/status.ts',
  'src/commands/uninstall.ts',
  'src/project/guard-config-schema.ts',
  'src/project/scripts/reaches-older.ts',
  'src/report/github.ts',
  'src/report/gitlab.ts',
  'src/report/junit.ts',
  'src/report/sarif.ts',
  'src/report/show/show-markdown.ts',
]);
/** What every `guard show` needs, and a check hardly ever. */
const OF_SHOW = new Set([
  'acorn',
  'commander',
  'src/check/show.ts',
  'src/report/show/show-markdown.ts',
]);

const BUILTIN = /(?<=^|[;}\n])import ?(\{[^{}]*\}|\* ?as [\w$]+|[\w$]+) ?from ?("node:[\w/]+");/g;

/**
 * Takes node's own modules without `import`, which makes a list of all that a module has and so
 * loads what only rare parts of it need (of node:crypto all of webcrypto). A hook notices.
 * @param file absolute path, as esbuild wrote it
 */
async function withoutImportsOfNode(file) {
  const before = await readFile(file, 'utf8');
  const text = before.replaceAll(BUILTIN, (_, what, name) => {
    if (CALLED.has(name) && !/\bconstants\b/.test(what)) return whenCalled(what, name);
    const names = what.startsWith('{') ? what.replaceAll(' as ', ':') : what.replace(/^.* /, '');
    return `const ${names}=process.getBuiltinModule(${name});`;
  });
  if (/\bfrom ?"node:/.test(text))
    throw new Error(`${file} imports a module of node in another way`);
  // esbuild writes escapes, but not in a template that has a tag.
  const [other] = /.{0,40}[^\0-\x7F]/.exec(text) ?? [];
  if (other !== undefined)
    throw new Error(
      `${file} is not in ASCII, so that node takes twice as long to read it: ${other}`,
    );
  await writeFile(file, text);
}

/** They take one and two milliseconds to load, and some runs call nothing of them. */
const CALLED = new Set(['"node:crypto"', '"node:fs/promises"']);

function whenCalled(what, module) {
  const names = what.slice(1, -1).split(',');
  return names
    .map((one) => one.trim().split(' as '))
    .map(([name, local = name]) => {
      const of = `process.getBuiltinModule(${module})`;
      return `const ${local}=(...given)=>${of}.${name}(...given);`;
    })
    .join('');
}

const REQUIRE =
  "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);";
/** An older Node says so, where it would fail at the line above. */
const REFUSING_OLD_NODE =
  'if (process.getBuiltinModule === undefined) {' +
  "console.error('drizzle-guard could not check: it needs Node 20.19 or newer, and this is '" +
  "+ process.version + ' [usage]\\n  Install a newer Node, or call the guard with one.');" +
  'process.exit(2);}';

/**
 * Builds `cli.js`, `check.js`, `show.js`, those of `SHARED`, and `index.js` with the chunks of all
 * that is rare.
 * @param common options of esbuild, with `absWorkingDir`, `outdir` and `metafile`
 * @returns paths of all files that were bundled, relative to `absWorkingDir`
 */
export async function buildBundles(common) {
  const root = common.absWorkingDir;
  const rare = {};
  /** @param files by the names of the modules that they have; @param kept is in no chunk */
  const cut = (files, kept = new Set()) => ({
    name: 'cut',
    setup({ onResolve }) {
      onResolve({ filter: /^[@\w.]/ }, ({ path, kind, resolveDir }) => {
        if (kind === 'entry-point') return undefined;
        const name = path.startsWith('.') ? relative(root, resolve(resolveDir, path)) : path;
        const [shared] = Object.entries(SHARED).find(([, module]) => module === name) ?? [];
        if (shared !== undefined) return { path: `./${shared}.js`, external: true };
        if (kind !== 'dynamic-import') return undefined;
        const file = files.get(name);
        if (file !== undefined) return { path: file, external: true };
        if (!RARE.has(name) || kept.has(name)) return undefined;
        const chunk = `chunks/${name.replace(/^src\/|\.ts$/g, '').replaceAll(/\W+/g, '-')}`;
        rare[chunk] = name;
        return { path: `./${chunk}.js`, external: true };
      });
    },
  });
  const options = {
    ...common,
    format: 'esm',
    // simple-git calls require() for node's own modules.
    banner: { js: REQUIRE },
  };
  const oneFile = (name, modules, plugin) =>
    build({
      ...options,
      stdin: {
        contents: modules.map((file) => `export * from './${file}';`).join('\n'),
        resolveDir: root,
        sourcefile: `${name}.ts`,
      },
      entryNames: name,
      plugins: [plugin],
    });
  const ofShow = IN_SHOW.map((name) => [name, './show.js']);
  const ofBoth = [...IN_CHECK.map((name) => [name, './check.js']), ...ofShow];
  const whole = await Promise.all([
    build({
      ...options,
      banner: { js: `${REFUSING_OLD_NODE}\n${REQUIRE}` },
      // Without its imports of node nothing else in it says that it is a module (publint).
      footer: { js: 'export {};' },
      entryPoints: { cli: 'src/cli.ts' },
      plugins: [cut(new Map(ofBoth))],
    }),
    build({ ...options, entryPoints: SHARED, plugins: [cut(new Map())] }),
    build({ ...options, entryPoints: { 'read-table': 'src/database/child/main.ts' } }),
    oneFile('check', IN_CHECK, cut(new Map(ofShow))),
    oneFile('show', IN_SHOW, cut(new Map(), OF_SHOW)),
  ]);
  await Promise.all(
    ['cli', 'check', 'show', ...Object.keys(SHARED)].map((name) =>
      withoutImportsOfNode(join(resolve(root, common.outdir), `${name}.js`)),
    ),
  );
  const missing = [...RARE].filter((name) => !Object.values(rare).includes(name));
  if (missing.length > 0) throw new Error(`nothing imports ${missing.join(', ')} when needed`);
  const split = await build({
    ...options,
    entryPoints: { index: 'src/index.ts', ...rare },
    splitting: true,
    // Half a megabyte that nobody has to install; what hooks and checks run keeps its names.
    minifyIdentifiers: true,
    chunkNames: 'chunks/[name]-[hash]',
  });
  return [...whole, split].flatMap(({ metafile }) => Object.keys(metafile.inputs));
}
