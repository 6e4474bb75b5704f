import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sources, version } from '../../model/version.ts';

/**
 * Variables that steer node itself, the `.env` file that drizzle-kit loads, or the language and time
 * zone of what is printed.
 */
const STEERS = /^(?:NODE_(?!ENV$)|DOTENV_|LC_|LANG$|LANGUAGE$|TZ$)/;

/**
 * What evaluates: the guard, esbuild, node, the platform, and the variables that steer these. Plain
 * JSON.
 */
export function identity(env: Readonly<Record<string, string | undefined>>): unknown {
  return [
    version,
    build(),
    process.version,
    process.platform,
    process.arch,
    process.execArgv,
    steering(env),
  ];
}

/** The variables that decide more than what code reads of them. */
export function steering(env: Readonly<Record<string, string | undefined>>): unknown {
  return Object.entries(env)
    .filter(([name, value]) => STEERS.test(name) && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** During development, two builds of one version differ. */
function build(): readonly string[] {
  const own = fileURLToPath(import.meta.url);
  const esbuild = stateOf(esbuildFile(own));
  if (sources !== undefined)
    return [
      sources,
      esbuild,
      ...['./worker.cjs', '../worker.cjs'].map((name) =>
        stateOf(fileURLToPath(new URL(name, import.meta.url))),
      ),
    ];
  const source = dirname(dirname(own));
  return [
    esbuild,
    ...readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => `${name} ${stateOf(`${source}/${name}`)}`),
  ];
}

function esbuildFile(from: string): string {
  try {
    return createRequire(from).resolve('esbuild');
  } catch {
    return '';
  }
}

function stateOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.size} ${found.mtimeMs}`;
}
