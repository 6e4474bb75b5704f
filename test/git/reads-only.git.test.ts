import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changedBetween } from '../../src/git/trees/changed.ts';
import { commitTree } from '../../src/git/trees/commit-tree.ts';
import { indexTree } from '../../src/git/trees/index-tree.ts';
import { unstagedFiles } from '../../src/git/worktree/unstaged.ts';
import { stashed } from '../../src/git/worktree/stash.ts';
import { ignoredPaths } from '../../src/git/worktree/ignored.ts';
import { publishedPaths } from '../../src/git/refs/published-paths.ts';
import { openRepository } from '../../src/git/repository.ts';
import { stagedPaths } from '../../src/git/worktree/staged.ts';
import { worktreeTree } from '../../src/git/trees/worktree-tree.ts';
import { repository } from '../support/repository.ts';

/** Every file with its content and the time it was written. */
async function pictureOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const item of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!item.isFile()) continue;
    const path = join(item.parentPath, item.name);
    found[path] = `${(await stat(path)).mtimeMs} ${createHash('sha256')
      .update(await readFile(path))
      .digest('hex')}`;
  }
  return found;
}

test('reading everything there is changes no file: not the index, not a ref, no object', async () => {
  const repo = await repository({ a: 'a', b: 'b', 'c/d': 'd', '.gitignore': 'ignored\n' });
  await repo.commit();
  await repo.write('b', 'stash me');
  await repo.git('stash');
  await repo.git('config', 'core.untrackedCache', 'true');
  await repo.git('config', 'feature.manyFiles', 'true');
  await repo.write('a', 'staged');
  await repo.stage('a');
  await repo.write('c/d', 'unstaged');
  await repo.write('ignored', 'i');
  await repo.write('new', 'n');
  // The index's times are out of date, so that a refresh would have something to write.
  await repo.run('touch', ['-d', '2001-01-01', 'a', 'b']);
  const before = await pictureOf(repo.dir);
  expect(Object.keys(before).length).toBeGreaterThan(15);

  const opened = await openRepository({
    cwd: repo.dir,
    env: { ...repo.env, GIT_OPTIONAL_LOCKS: '1' },
  });
  const index = await indexTree(opened);
  await index.after.read(['a', 'b', 'c/d']);
  const tree = await worktreeTree(opened, index);
  expect([...(await tree.after.read(['a', 'b', 'c/d', 'new'])).keys()].sort()).toEqual([
    'a',
    'b',
    'c/d',
    'new',
  ]);
  expect(await unstagedFiles(opened, index, ['', 'c'])).toHaveLength(3);
  expect(await stashed(opened, [''])).toHaveLength(1);
  expect(await ignoredPaths(opened, ['ignored'])).toEqual(['ignored']);
  await (await commitTree(opened, 'HEAD')).entries();
  await changedBetween(opened, opened.emptyTree, opened.head ?? '');
  await publishedPaths(opened, ['a', 'c/d']);
  await stagedPaths({ cwd: repo.dir, env: repo.env });

  expect(await pictureOf(repo.dir)).toEqual(before);
  // The picture could have shown it: git's own refresh rewrites the index.
  await repo.git('status');
  expect(await pictureOf(repo.dir)).not.toEqual(before);
});
