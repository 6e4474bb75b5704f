import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import { createGit, linesOfGit, type GitOptions } from '../git.ts';
import type { Repository } from '../repository.ts';
import type { Entry } from '../trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/**
 * What git has stopped in the middle of. `other` is the commit that HEAD is joined with, a full
 * oid: the merged one, or the one that is being picked. Of the rest git keeps no commit, only what
 * the index has of both sides: a patch, a stash, a squashed merge.
 */
export type Joining =
  | { readonly kind: 'merge' | 'rebase' | 'cherry-pick'; readonly other: string }
  | { readonly kind: 'am' | 'other' }
  | { readonly kind: 'octopus' | 'revert' };

/**
 * By git's own files (wt-status.c: `wt_status_get_state`). `REBASE_HEAD` is there with both
 * backends of rebase (builtin/am.c: `parse_mail_rebase`; sequencer.c: `make_patch`).
 * @param isUnmerged whether the index has conflicts, or had them: a squashed merge, all of it staged.
 * @returns undefined where nothing is under way.
 */
export async function joining(
  { gitDir }: Pick<Repository, 'gitDir'>,
  isUnmerged: boolean,
): Promise<Joining | undefined> {
  const heads = (name: string): readonly string[] => {
    try {
      const text = readFileSync(join(gitDir, name), 'utf8');
      return text.split('\n').filter((line) => line !== '');
    } catch {
      return [];
    }
  };
  const [merged, picked, cherry, reverted] = [
    'MERGE_HEAD',
    'REBASE_HEAD',
    'CHERRY_PICK_HEAD',
    'REVERT_HEAD',
  ].map(heads);
  const isRebase = ['rebase-merge', 'rebase-apply'].some((name) => existsSync(join(gitDir, name)));
  const [merge, ...more] = merged ?? [];
  if (more.length > 0) return { kind: 'octopus' };
  if (merge !== undefined) return { kind: 'merge', other: merge };
  const [pick] = picked ?? [];
  if (isRebase && pick !== undefined) return { kind: 'rebase', other: pick };
  const [one] = cherry ?? [];
  if (one !== undefined) return { kind: 'cherry-pick', other: one };
  if ((reverted ?? []).length > 0) return { kind: 'revert' };
  if (existsSync(join(gitDir, 'rebase-apply', 'applying'))) return { kind: 'am' };
  return isUnmerged ? { kind: 'other' } : undefined;
}

/** Whether a squashed merge waits for its commit, with its conflicts or without (builtin/merge.c). */
export function isSquashing({ gitDir }: Pick<Repository, 'gitDir'>): boolean {
  return existsSync(join(gitDir, 'SQUASH_MSG'));
}

/**
 * Lets git go on after a conflict: it makes the commit, or leaves out one that has become empty.
 * @param options of the caller, for git as the person would run it; `cwd`: the top.
 * @returns what is left: git has stopped again, or is done. `said`: git's own words.
 * @throws GuardError `git-failed` where a hook refuses, or git does for another reason.
 */
export async function goOn(
  { gitDir, head }: Pick<Repository, 'gitDir' | 'head'>,
  options: GitOptions,
  doing: Joining['kind'] | undefined,
): Promise<{ readonly left: Joining | undefined; readonly said: string }> {
  const git = createGit({ ...options, asCaller: true });
  const isEmpty =
    (await git.run(['diff-index', '--cached', '--quiet', head ?? 'HEAD', '--'], { ok: [0, 1] }))
      .exitCode === 0;
  const command =
    doing === 'rebase' || doing === 'cherry-pick' || doing === 'am'
      ? [doing, isEmpty ? '--skip' : '--continue']
      : ['commit', '--no-edit'];
  const { exitCode, stdout, stderr } = await git.run(['-c', 'core.editor=true', ...command], {
    ok: [0, 1, 128],
  });
  const said = `${stdout.toString('utf8')}${stderr}`;
  const { size } = await readUnmerged({ git });
  const left = await joining({ gitDir }, size > 0);
  if (exitCode !== 0 && size === 0)
    throw new GuardError(
      'git-failed',
      `git ${command.join(' ')} ended with exit code ${exitCode}`,
      {
        help: linesOfGit(said),
      },
    );
  return { left, said };
}

/** What the index has of a conflict: the common ancestor's file, HEAD's, and the other one. */
export interface Stages {
  readonly 1?: Entry;
  readonly 2?: Entry;
  readonly 3?: Entry;
}

/** The conflicts of the index, by path. One git process. */
export async function readUnmerged({
  git,
}: Pick<Repository, 'git'>): Promise<ReadonlyMap<RepoPath, Stages>> {
  const { stdout } = await git.run(['ls-files', '--unmerged', '--full-name', '-z']);
  return stagesOf(stdout.toString('utf8').split('\0'));
}

/** @param records `<mode> <oid> <stage>\t<path>` */
export function stagesOf(records: readonly string[]): ReadonlyMap<RepoPath, Stages> {
  const found = new Map<RepoPath, Stages>();
  for (const record of records) {
    const [, mode = '', oid = '', stage = '', path = ''] =
      /^(\d+) ([0-9a-f]+) ([123])\t([^]*)$/.exec(record) ?? [];
    if (path !== '') found.set(path, { ...found.get(path), [stage]: { mode, oid } });
  }
  return found;
}
