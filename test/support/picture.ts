import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** The guard's own cache, the one thing that it may write; and the tests' dependencies. */
const LEFT_OUT = /^(?:\.git\/drizzle-guard(?:\/|$)|node_modules$)/;

/**
 * Every file and folder of a repository, `.git` included, byte for byte, with its mode and the time
 * it was last changed: a file that was made and taken away again shows in its folder's time.
 */
export async function pictureOf(dir: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  const look = async (folder: string): Promise<void> => {
    for (const name of await readdir(join(dir, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (LEFT_OUT.test(path)) continue;
      const at = join(dir, path);
      const about = await lstat(at);
      const content = about.isFile()
        ? createHash('sha256')
            .update(await readFile(at))
            .digest('hex')
        : about.isSymbolicLink()
          ? await readlink(at)
          : '';
      found[path] = `${about.mode.toString(8)} ${about.mtimeMs} ${about.ctimeMs} ${content}`;
      if (about.isDirectory()) await look(path);
    }
  };
  await look('');
  return found;
}
