// Builds dist/: the command line and the library, split so that a run loads only what it needs,
// with everything but esbuild (a binary) bundled in; the worker that evaluates schemas; the demo's
// project; the licences of what is bundled; the types, in one file.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { buildBundles } from './bundles.mjs';
import { notices, thirdParty } from './third-party.mjs';
import { digestOfSources, isDistCurrent, keepStateOfDist } from './source-digest.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const { version } = JSON.parse(await readFile('package.json', 'utf8'));

// npm's `prepare` runs at each `npm ci` and `npm pack`; the same sources need no second build.
if (process.argv.includes('--if-changed') && (await isDistCurrent())) process.exit(0);

// The tests build copies of their own: `--out=<folder>`, and `--no-types` where nobody asks for
// them.
const out =
  process.argv.find((word) => word.startsWith('--out='))?.slice('--out='.length) ?? 'dist';
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  // jsonc-parser's `main` is UMD, whose requires a bundler cannot see.
  mainFields: ['module', 'main'],
  alias: { debug: `${root}.ci/no-debug.mjs` },
  external: ['esbuild', 'drizzle-kit', 'drizzle-orm'],
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  define: {
    'import.meta.env.VERSION': JSON.stringify(version),
    // During development, two builds of one version differ.
    'import.meta.env.BUILD': JSON.stringify(await digestOfSources()),
  },
  logLevel: 'warning',
  metafile: true,
};

const bundled = await buildBundles({ ...common, outdir: out });

// The process that runs users' code: a file of its own, in CommonJS like what drizzle-kit would
// load.
const worker = await build({
  ...common,
  entryPoints: { worker: 'src/schema/worker/child/main.ts' },
  outdir: out,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
});

// The JSON Schemas of `--format json` and of the guard's config, from the sources that their types
// come from.
const values = await build({
  ...common,
  stdin: {
    contents: `export * from './.ci/json-schemas.ts';
      export { RULE_IDS } from './src/rules/index.ts';`,
    resolveDir: root,
  },
  format: 'esm',
  write: false,
});
const { CONFIG_SCHEMA, REPORT_SCHEMA, REVIEW_SCHEMA, STATUS_SCHEMA, RULE_IDS } = await import(
  `data:text/javascript;base64,${Buffer.from(values.outputFiles[0].contents).toString('base64')}`
);
for (const [name, schema] of Object.entries({
  config: CONFIG_SCHEMA,
  report: REPORT_SCHEMA,
  review: REVIEW_SCHEMA,
  status: STATUS_SCHEMA,
}))
  await writeFile(`${out}/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);

const inputs = [...bundled, ...Object.keys(worker.metafile.inputs)];
await writeFile(`${out}/THIRD-PARTY-LICENSES.txt`, notices(await thirdParty(root, inputs)));

const script = await readFile('src/hooks/hook.sh', 'utf8');
await writeFile(`${out}/hook.sh`, script.replaceAll('@version@', version));
await cp('test/fixtures/teams', `${out}/demo`, { recursive: true });
if (process.argv.includes('--no-types')) process.exit(0);

execFileSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', '.ci/tsconfig.types.json', '--outDir', `${out}/types`],
  { stdio: 'inherit' },
);
// The ids written out: their declaration is made of the types of all rules.
const rules = `${out}/types/rules/index.d.ts`;
const [derived, ids] = ["(typeof LIST)[number]['id']", RULE_IDS.map((id) => `'${id}'`)];
const declarations = await readFile(rules, 'utf8');
if (!declarations.includes(derived)) throw new Error(`${rules} does not have ${derived}`);
await writeFile(rules, declarations.replace(derived, ids.join(' | ')));
// Only the types that the library exports, and those that they need.
const types = await rolldown({
  input: `${out}/types/index.d.ts`,
  // No public type needs a package.
  external: /^[@\w]/,
  checks: { pluginTimings: false },
  plugins: dts({ dtsInput: true }),
});
await types.write({ dir: out, format: 'es' });
await types.close();
await rm(`${out}/types`, { recursive: true });
if (out === 'dist') await keepStateOfDist();
