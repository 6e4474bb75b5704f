import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The absolute path of Yarn's `.pnp.cjs` where this process runs under Plug'n'Play; undefined elsewhere. A thread has to
 * call its `setup()`: without that nothing of the project's dependencies can be found or read.
 */
export function plugNPlay(from: string): string | undefined {
  try {
    return createRequire(join(from, 'package.json')).resolve('pnpapi');
  } catch {
    return undefined;
  }
}

/** The folder of a package as Plug'n'Play has it, perhaps inside a zip file that node's `fs` then reads. `from`: absolute folder. */
export function pluggedFolder(name: string, from: string): string | undefined {
  if (plugNPlay(from) === undefined) return undefined;
  try {
    const api: unknown = createRequire(join(from, 'package.json'))('pnpapi');
    if (
      typeof api !== 'object' ||
      api === null ||
      !('resolveToUnqualified' in api) ||
      typeof api.resolveToUnqualified !== 'function'
    )
      return undefined;
    const folder: unknown = api.resolveToUnqualified(name, join(from, '/'));
    return typeof folder === 'string' ? folder : undefined;
  } catch {
    return undefined;
  }
}
