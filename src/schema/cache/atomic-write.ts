import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

let written = 0;

/**
 * Writes a file whole or not at all: a temporary file beside it, `<name>.<process>.<unique>.tmp`,
 * takes its place. Missing folders are created. `path`: absolute.
 * @throws what the file system throws; nothing half-written stays.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  written += 1;
  const temporary = `${path}.${process.pid}.${Date.now().toString(36)}${written}.tmp`;
  try {
    await writeFile(temporary, content, { flag: 'wx' }).catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(temporary, content, { flag: 'wx' });
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'ENOENT';
}
