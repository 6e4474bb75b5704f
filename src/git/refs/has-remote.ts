import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../repository.ts';

const remotes = new WeakMap<Repository, Promise<boolean>>();

/**
 * Once a repository. Where its own configuration names one, that says it; otherwise git, which
 * knows of all files that may.
 */
export function hasRemote(repository: Repository): Promise<boolean> {
  const known = remotes.get(repository) ?? askForRemotes(repository);
  remotes.set(repository, known);
  return known;
}

async function askForRemotes({ git, commonDir }: Repository): Promise<boolean> {
  const own = await readFile(join(commonDir, 'config'), 'utf8').catch(() => '');
  if (/^\s*\[remote "[^"\\]+"\]\s*\n\s*url *= *\S/m.test(own)) return true;
  return (await git.run(['remote'])).stdout.length > 0;
}
