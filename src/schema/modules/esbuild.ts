import { createRequire } from 'node:module';

/**
 * How Go runs esbuild's own process, which lives no longer than this one: to collect its garbage
 * would take a third of its time. The limit holds in a run of many commits
 * (https://pkg.go.dev/runtime#hdr-Environment_Variables).
 */
const WITHOUT_COLLECTION: Readonly<Record<string, string>> = {
  GOGC: 'off',
  GOMEMLIMIT: '256MiB',
};

let loaded: typeof import('esbuild') | undefined;

/**
 * esbuild, loaded and its process started when it is needed. By `require`: for an `import` node
 * first parses its whole text to learn the names of its exports (20 ms).
 */
export function loadEsbuild(): typeof import('esbuild') {
  if (loaded !== undefined) return loaded;
  loaded = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  startProcess(loaded);
  return loaded;
}

/** The first call starts it at once, with the environment of that moment. */
function startProcess(esbuild: typeof import('esbuild')): void {
  const unset = Object.keys(WITHOUT_COLLECTION).filter((name) => process.env[name] === undefined);
  for (const name of unset) process.env[name] = WITHOUT_COLLECTION[name];
  esbuild.transform('').catch(() => undefined);
  for (const name of unset) delete process.env[name];
}
