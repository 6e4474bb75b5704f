import { type RepoPath, folderOf } from '../../model/repo-path.ts';
import { isRecord } from '../../model/unknown.ts';
import { readLiterals } from '../config/literals.ts';
import type { PackageFile } from './package-file.ts';

/** Whether a path is a deno config, which may have tasks. */
export function isDenoConfig(path: RepoPath): boolean {
  return /(?:^|\/)deno\.jsonc?$/.test(path);
}

/**
 * The tasks of a deno config as the scripts of a package: `"task": "line"` or `"task": { "command":
 * "line" }`. Undefined when it is not JSON with comments.
 */
export async function parseDenoTasks(
  path: RepoPath,
  bytes: Uint8Array,
): Promise<PackageFile | undefined> {
  // JSON with comments and trailing commas is an expression of JavaScript.
  const text = `export default ${new TextDecoder('utf-8').decode(bytes)}`;
  const read = await readLiterals(text, 'deno.js', new Set(['tasks']));
  if (read.status !== 'literal' || !isRecord(read.value['tasks'])) return undefined;
  const lines = Object.entries(read.value['tasks']).flatMap(([name, task]): [string, string][] => {
    const line = isRecord(task) ? task['command'] : task;
    return typeof line === 'string' ? [[name, line]] : [];
  });
  return { path, folder: folderOf(path), scripts: new Map(lines) };
}
