import { writeFile } from 'node:fs/promises';
import { indexTree } from '../../src/git/trees/index-tree.ts';
import { unstagedFiles } from '../../src/git/worktree/unstaged.ts';
import { openRepository } from '../../src/git/repository.ts';
import { stagedPaths } from '../../src/git/worktree/staged.ts';

/** Run by a real hook, bundled: writes down what the guard sees there. */
const where = { cwd: process.cwd(), env: process.env };
const staged = await stagedPaths(where);
const repository = await openRepository(where);
const { after, changed, mergeHeads } = await indexTree(repository);
const entries = [...(await after.entries())].map(([path, { mode, oid }]) => [
  path,
  `${mode} ${oid}`,
]);
const loose = (await unstagedFiles(repository, await indexTree(repository), [''])).map(
  ({ path, state }) => `${state} ${path}`,
);
await writeFile(
  process.env['PROBE'] ?? '',
  JSON.stringify({
    staged,
    topLevel: repository.topLevel,
    entries: Object.fromEntries(entries),
    changed: changed.map(({ path }) => path),
    mergeHeads,
    loose: loose.sort(),
  }),
);
