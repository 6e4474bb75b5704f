import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Every file of a folder, `.git` too, with its mode, its size, its time of change and its content;
 * links are not followed.
 */
export async function contentsOf(
  folder: string,
  below = '',
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const name of await readdir(join(folder, below))) {
    const path = join(below, name);
    const is = await lstat(join(folder, path));
    if (is.isDirectory()) Object.assign(found, await contentsOf(folder, path));
    else {
      const bytes = is.isSymbolicLink()
        ? await readlink(join(folder, path))
        : await readFile(join(folder, path));
      found[path] =
        `${is.mode.toString(8)} ${is.mtimeMs} ${createHash('sha1').update(bytes).digest('hex')}`;
    }
  }
  return found;
}
