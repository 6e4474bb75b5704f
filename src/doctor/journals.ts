import { parseJournal } from '../history/journal.ts';
import { journalPath } from '../history/layout.ts';
import { isInSubmodule, submodulesIn } from '../git/trees/submodules.ts';
import { readText, type Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';

/** The journals of these projects that can be read, by path. */
export async function journalsOf(
  tree: Tree,
  projects: readonly Project[],
): Promise<ReadonlyMap<RepoPath, string>> {
  const submodules = submodulesIn(await tree.entries());
  const found = new Map<RepoPath, string>();
  for (const { out } of projects) {
    const path = journalPath(out);
    if (submodules.some((one) => isInSubmodule(path, one))) continue;
    const text = await readText(tree, path);
    if (text !== undefined && parseJournal(Buffer.from(text)).status === 'ok')
      found.set(path, text);
  }
  return found;
}
