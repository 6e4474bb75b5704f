import { createRequire } from 'node:module';

/**
 * esbuild, loaded when it is needed. By `require`: for an `import` node first parses its whole text
 * to learn the names of its exports (20 ms).
 */
export function loadEsbuild(): typeof import('esbuild') {
  return createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
}

/**
 * Starts esbuild's own process, so that it is ready when the first file is read. Nothing fails here.
 */
export function warmEsbuild(): void {
  loadEsbuild()
    .transform('')
    .catch(() => undefined);
}
