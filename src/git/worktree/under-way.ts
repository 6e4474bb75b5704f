import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../repository.ts';

/** The operation in progress, by git's own files (wt-status.c: `wt_status_get_state`). */
export function underWay({ gitDir }: Pick<Repository, 'gitDir'>): 'rebase' | 'bisect' | undefined {
  if (['rebase-merge', 'rebase-apply'].some((name) => existsSync(join(gitDir, name))))
    return 'rebase';
  return existsSync(join(gitDir, 'BISECT_LOG')) ? 'bisect' : undefined;
}

/** Whether the one commit is an ancestor of the other. */
export async function isAncestor(
  { git }: Repository,
  one: string,
  other: string,
): Promise<boolean> {
  return (
    (await git.run(['merge-base', '--is-ancestor', one, other], { ok: [0, 1, 128] })).exitCode === 0
  );
}
