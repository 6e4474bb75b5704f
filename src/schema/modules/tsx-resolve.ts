import { extname, isAbsolute, posix } from 'node:path';
import { createRequire } from 'node:module';
import { NOT_FOUND, type NodeFound, type Resolve } from './node-resolve.ts';

/**
 * What loads a project's files: jiti 2 in drizzle-kit 1.x, tsx 4.21 in 0.31 from 0.31.10 on,
 * esbuild-register before; bun loads them itself (`bunx --bun`).
 */
export type KitLoader = 'jiti' | 'tsx' | 'esbuild-register' | 'bun';

/** @param version of drizzle-kit, which bundles its loader; undefined where it is not known */
export function loaderOf(version: string | undefined, conditions: readonly string[]): KitLoader {
  if (conditions.includes('bun')) return 'bun';
  if (version === undefined) return 'tsx';
  if (!version.startsWith('0.')) return 'jiti';
  return /^0\.(?:30|31\.[0-9](?!\d))/.test(version) ? 'esbuild-register' : 'tsx';
}

/** The extensions that node knows here; from node 22.18 on there is TypeScript among them. */
const OF_NODE = Object.keys(createRequire(import.meta.url).extensions);
const ADDED: Readonly<Record<KitLoader, readonly string[]>> = {
  jiti: ['.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts'],
  tsx: ['.ts', '.tsx', '.jsx'],
  'esbuild-register': ['.jsx', '.ts', '.tsx', '.mjs', '.mts', '.cts'],
  bun: ['.tsx', '.jsx', '.ts', '.mjs', '.mts', '.cjs', '.cts'],
};
const TYPESCRIPT_PARENT = /\.(?:[cm]?ts|[tj]sx)$/;
const TYPESCRIPT_FIRST = ['.ts', '.tsx', '.jsx', '.js', '.json'];
const JAVASCRIPT_FIRST = ['.js', '.json', '.ts', '.tsx', '.jsx'];
/** A `.js` that is a `.ts`, and so on. */
const INSTEAD: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.ts', '.jsx', '.js'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/** What is tried behind a name without extension: the keys of `require.extensions`. */
export function extensionsOf(loader: KitLoader): readonly string[] {
  return [...new Set([...OF_NODE, ...ADDED[loader]])];
}

/**
 * The conditions of node's `require` here, and those of a script. bun takes an `import` for one.
 * jiti tries those of `import` first: here they come second, for a package without others, so that
 * drizzle-orm stays the one that drizzle-kit has.
 */
export function conditionsOf(
  loader: KitLoader,
  conditions: readonly string[],
): readonly ReadonlySet<string>[] {
  const loadsModules: unknown = Reflect.get(process.features, 'require_module');
  const common = ['node', ...(loadsModules === true ? ['module-sync'] : []), 'node-addons'];
  const required = new Set(['require', ...common, ...conditions]);
  if (loader === 'bun') return [required.add('import')];
  return loader === 'jiti' ? [required, new Set(['import', ...common, ...conditions])] : [required];
}

/** Whether TypeScript is looked for where a file names JavaScript: tsx's `resolveTsFilename`. */
export function looksForTypeScript(loader: KitLoader, importer: string, allowJs: boolean): boolean {
  if (loader === 'esbuild-register') return false;
  return loader === 'bun' || allowJs || TYPESCRIPT_PARENT.test(importer);
}

/** The first that the package exports something for; otherwise what the first of all found. */
export function firstExported([first, ...others]: readonly Resolve[]): Resolve {
  return async (request, folder) => {
    const found = (await first?.(request, folder)) ?? NOT_FOUND;
    if (!('code' in found) || found.code === 'MODULE_NOT_FOUND') return found;
    for (const other of others) {
      const exported = await other(request, folder);
      if (!('code' in exported)) return exported;
    }
    return found;
  };
}

/** Whether a request is a path, relative or absolute. */
export function isPath(request: string): boolean {
  return /^\.\.?(?:\/|$)/.test(request) || isAbsolute(request);
}

/**
 * What tsx's `require` finds, over node's own: its `createTsExtensionResolver` and
 * `createImplicitResolver`.
 * @param typescript see `looksForTypeScript`
 */
export function tsxResolve(node: Resolve, typescript: boolean): Resolve {
  const first = async (
    requests: readonly string[],
    folder: string,
  ): Promise<NodeFound | undefined> => {
    for (const request of requests) {
      const found = await node(request, folder);
      if (!('code' in found)) return found;
    }
    return undefined;
  };
  const named = (request: string): readonly string[] =>
    typescript && !request.endsWith('/') ? typescriptNames(request) : [];

  const oneName: Resolve = async (request, folder) => {
    const before = isPath(request) ? await first(named(request), folder) : undefined;
    if (before !== undefined) return before;
    const found = await node(request, folder);
    if (!('code' in found) || found.code !== 'MODULE_NOT_FOUND') return found;
    const { target } = found;
    const others = [...(target === undefined ? [] : named(target)), ...named(request)];
    return (await first(others, folder)) ?? found;
  };

  return async (written, folder) => {
    const request = /(?:^|\/)\.\.$|^\.$/.test(written) ? `${written}/` : written;
    if (request.endsWith('/')) {
      const index = posix.join(request, 'index.js');
      const found = await oneName(request.startsWith('./') ? `./${index}` : index, folder);
      if (!('code' in found)) return found;
    }
    const found = await oneName(request, folder);
    if (!('code' in found) || found.code !== 'MODULE_NOT_FOUND') return found;
    const index = await oneName(`${request}/index.js`, folder);
    return 'code' in index ? found : index;
  };
}

/** tsx's `mapTsExtensions`. */
function typescriptNames(request: string): readonly string[] {
  const extension = extname(request);
  const instead = INSTEAD[extension] ?? [];
  const isOwn = isPath(request) && !/[\\/]node_modules[\\/]/.test(request);
  return [
    ...instead.map((other) => `${request.slice(0, -extension.length)}${other}`),
    ...(isOwn ? TYPESCRIPT_FIRST : JAVASCRIPT_FIRST).map((other) => `${request}${other}`),
  ];
}
