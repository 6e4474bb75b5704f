import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { GuardError } from '../model/errors.ts';
import { PAGE_MARK } from '../report/show/page/mark.ts';

/**
 * Writes a page, and the folders above it. A file that is there is overwritten only if it is such a
 * page itself: nothing of the repository gets lost by a mistyped name.
 * @param path as given: absolute, or relative to `cwd`
 * @returns what to print
 * @throws GuardError `output-failed`.
 */
export async function writePage(cwd: string, path: string, page: string): Promise<string> {
  const file = resolve(cwd, path);
  const old = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw failed(path, error.message, error);
  });
  if (old !== undefined && !old.startsWith(PAGE_MARK))
    throw failed(path, 'there is a file that guard show did not write');
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, page, { flag: old === undefined ? 'wx' : 'w' });
  } catch (cause) {
    throw failed(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  return `drizzle-guard: wrote ${path} (${Math.ceil(Buffer.byteLength(page) / 1024)} kB).\n`;
}

function failed(path: string, why: string, cause?: unknown): GuardError {
  return new GuardError('output-failed', `the page cannot be written to ${path}: ${why}`, {
    cause,
    help: ['Name another file with --html.'],
  });
}
