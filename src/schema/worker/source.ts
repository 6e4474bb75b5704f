import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadEsbuild } from '../modules/esbuild.ts';

type WorkerSource = { readonly file: string } | { readonly code: string };

let source: Promise<WorkerSource> | undefined;

/**
 * The code of the process that evaluates schemas: `worker.cjs` in the built package (beside this
 * chunk, or a folder above it), or bundled from `child/main.ts` when the guard runs from its
 * sources (node 20 cannot strip types).
 */
export function workerSource(): Promise<WorkerSource> {
  return (source ??= findSource());
}

async function findSource(): Promise<WorkerSource> {
  for (const name of ['./worker.cjs', '../worker.cjs']) {
    const file = fileURLToPath(new URL(name, import.meta.url));
    if (existsSync(file)) return { file };
  }
  const { build } = loadEsbuild();
  const main = fileURLToPath(new URL('./child/main.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [main],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  });
  return { code: outputFiles[0]?.text ?? '' };
}
