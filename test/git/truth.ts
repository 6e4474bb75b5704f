import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tree } from '../../src/git/trees/tree.ts';
import type { TestRepository } from '../support/repository.ts';

/** What git itself says a tree holds: `mode oid` by path. */
export async function recorded(repo: TestRepository, rev: string): Promise<Record<string, string>> {
  const listed = (await repo.git('ls-tree', '-r', '-z', '--full-tree', rev))
    .split('\0')
    .filter((line) => line !== '');
  return Object.fromEntries(
    listed.map((line) => {
      const [mode = '', , rest = ''] = line.split(' ');
      return [line.slice(line.indexOf('\t') + 1), `${mode} ${rest.slice(0, rest.indexOf('\t'))}`];
    }),
  );
}

/** What the guard says it holds, in the same form. */
export async function seen(tree: Tree): Promise<Record<string, string>> {
  return Object.fromEntries(
    [...(await tree.entries())].map(([path, { mode, oid }]) => [path, `${mode} ${oid}`]),
  );
}

/** The tree that `git add -A` and a commit would record, made with a copy of the index. */
export async function afterAddAll(repo: TestRepository): Promise<Record<string, string>> {
  const index = join(repo.around, 'index-of-the-truth');
  await copyFile(join(repo.dir, '.git/index'), index).catch(() => undefined);
  const env = { GIT_INDEX_FILE: index };
  for (const args of [['add', '-A'], ['write-tree']]) {
    const { stdout, stderr, exitCode } = await repo.run('git', args, { env });
    if (exitCode !== 0) throw new Error(stderr);
    if (args[0] === 'write-tree') return recorded(repo, stdout.trim());
  }
  throw new Error('unreachable');
}

export const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
