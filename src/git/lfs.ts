import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GuardError } from '../model/errors.ts';
import type { Git } from './git.ts';

/** What git records for a file in Git LFS (git-lfs's docs/spec.md): at most 1024 bytes. */
const POINTER =
  /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:ext-.*\n)*oid sha256:([0-9a-f]{64})\nsize (\d+)\n/;
const LONGEST = 1024;

/** The SHA-256 of the content that a pointer stands for; undefined for any other file. */
export function lfsOid(bytes: Uint8Array): string | undefined {
  if (bytes.length > LONGEST) return undefined;
  return POINTER.exec(Buffer.from(bytes).toString('latin1'))?.[1];
}

/**
 * Reads the content that a pointer stands for from the store of Git LFS in this clone. Nothing is
 * fetched.
 * @param commonDirs absolute paths of git common directories, each with a store; @param oid as `lfsOid` gives it;
 * @param path names the file for the message.
 * @throws GuardError `object-missing`.
 */
export async function readLfs(
  git: Git,
  commonDirs: readonly string[],
  oid: string,
  path: string | undefined,
): Promise<Uint8Array> {
  const { stdout } = await git.run(['config', '--type=path', '--get', 'lfs.storage'], {
    ok: [0, 1],
  });
  const storage = stdout.toString('utf8').replace(/\n$/, '') || 'lfs';
  for (const folder of commonDirs) {
    const file = join(resolve(folder, storage), 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === oid)
      return bytes;
  }
  throw new GuardError(
    'object-missing',
    `${path ?? 'a file'} is in Git LFS, and this clone does not have its content`,
    {
      help: [
        'Fetch what the checked out commit needs: git lfs pull',
        'For older commits and other branches: git lfs fetch --all',
      ],
    },
  );
}
