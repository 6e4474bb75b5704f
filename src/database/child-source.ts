import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The arguments for node that run the process which asks a database: `read-table.js` in the built
 * package, or its code bundled when the guard runs from its sources.
 */
export async function childArguments(): Promise<readonly string[]> {
  for (const name of ['./read-table.js', '../read-table.js']) {
    const file = fileURLToPath(new URL(name, import.meta.url));
    if (existsSync(file)) return [file];
  }
  const { loadEsbuild } = await import('../schema/modules/esbuild.ts');
  const { outputFiles } = await loadEsbuild().build({
    entryPoints: [fileURLToPath(new URL('./child/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  return ['--input-type=module', '--eval', outputFiles[0]?.text ?? ''];
}
