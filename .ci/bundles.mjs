// How the command line is cut into files. Node takes a millisecond to load a small file, and no
// longer for 50 kB of code that is not run: so what each hook runs is one file, what a check runs
// is another, and only what is large and rare is in chunks. A check takes 40 ms to load: what starts
// the evaluating thread is a file of its own, which both import, so that the thread is the same.
import { relative, resolve } from 'node:path';
import { build } from 'esbuild';

/** What `cli.js` finds in `check.js`. */
const IN_CHECK = [
  'src/check/check.ts',
  'src/check/new-migrations.ts',
  'src/commands/check.ts',
  'src/commands/in-hook.ts',
  'src/commands/output.ts',
  'src/commands/program.ts',
];

const WARM_UP = 'src/schema/warm-up.ts';

/** What has chunks of its own: packages, and files of `src`. */
const RARE = new Set([
  '@sveltejs/acorn-typescript',
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
  'src/report/github.ts',
  'src/report/gitlab.ts',
  'src/report/junit.ts',
  'src/report/sarif.ts',
  'src/report/show/show-markdown.ts',
  'src/report/show/page/page.ts',
]);

/**
 * Builds `cli.js`, `check.js`, `warm-up.js`, and `index.js` with the chunks of all that is rare.
 * @param common options of esbuild, with `absWorkingDir`, `outdir` and `metafile`
 * @returns paths of all files that were bundled, relative to `absWorkingDir`
 */
export async function buildBundles(common) {
  const root = common.absWorkingDir;
  const rare = {};
  const cut = (inOtherFile) => ({
    name: 'cut',
    setup({ onResolve }) {
      onResolve({ filter: /^[@\w.]/ }, ({ path, kind, resolveDir }) => {
        if (kind === 'entry-point') return undefined;
        const name = path.startsWith('.') ? relative(root, resolve(resolveDir, path)) : path;
        if (name === WARM_UP) return { path: './warm-up.js', external: true };
        if (kind !== 'dynamic-import') return undefined;
        if (inOtherFile.has(name)) return { path: './check.js', external: true };
        if (!RARE.has(name)) return undefined;
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
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  };
  const whole = await Promise.all([
    build({
      ...options,
      entryPoints: { cli: 'src/cli.ts' },
      plugins: [cut(new Set(IN_CHECK))],
    }),
    build({ ...options, entryPoints: { 'warm-up': WARM_UP }, plugins: [cut(new Set())] }),
    build({ ...options, entryPoints: { 'read-table': 'src/database/child/main.ts' } }),
    build({
      ...options,
      stdin: {
        contents: IN_CHECK.map((file) => `export * from './${file}';`).join('\n'),
        resolveDir: root,
        sourcefile: 'check.ts',
      },
      entryNames: 'check',
      plugins: [cut(new Set())],
    }),
  ]);
  const missing = [...RARE].filter((name) => !Object.values(rare).includes(name));
  if (missing.length > 0) throw new Error(`nothing imports ${missing.join(', ')} when needed`);
  const split = await build({
    ...options,
    entryPoints: { index: 'src/index.ts', ...rare },
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  });
  return [...whole, split].flatMap(({ metafile }) => Object.keys(metafile.inputs));
}
