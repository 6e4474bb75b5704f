import { join } from 'node:path';
import type { RepoPath } from '../../model/repo-path.ts';
import { withVariables, type Repository } from '../repository.ts';
import { commitTree } from '../trees/commit-tree.ts';
import type { ChangedPath } from '../trees/listing.ts';
import type { Overlaid } from '../trees/overlay-tree.ts';
import { sameEntry } from '../trees/tree.ts';
import { blobOid } from '../worktree/working-file.ts';
import { withMergeAhead } from './merge-ahead.ts';
import { mergedClosely } from './merged-closely.ts';
import type { Clash } from './merge-lines.ts';

/** What becomes of files of HEAD where a commit's changes to them are taken back. */
export interface TakenBack {
  /** What each gets; undefined: it goes. Under the names that HEAD has for them. */
  readonly files: ReadonlyMap<RepoPath, Overlaid | undefined>;
  /**
   * Of `files`, those that git would not have merged: later commits changed lines side by side with
   * those of the commit. What they mean has to be proven.
   */
  readonly close: readonly RepoPath[];
  readonly conflicts: readonly Conflict[];
}

/** A file whose lines later commits changed too. */
export interface Conflict {
  readonly path: RepoPath;
  /** `ours`: the lines of HEAD, `base`: those of the commit, `theirs`: those before it. */
  readonly clashes: readonly Clash[];
}

/**
 * What `git revert --no-commit` would make of some of the files that a commit changed, merged with
 * what came after it. Nothing is written.
 * @param commit full oid, in the history of HEAD; @param changed how it changed those files
 * @throws GuardError `usage` where a merge is needed and git is older than 2.38.
 */
export async function takenBack(
  repository: Repository,
  commit: string,
  changed: readonly ChangedPath[],
): Promise<TakenBack> {
  const { head } = repository;
  if (head === undefined) throw new TypeError('there is no commit');
  const tree = await commitTree(repository, head);
  const entries = await tree.entries();
  const left = changed.filter(({ path, before }) => !sameEntry(entries.get(path), before));
  if (left.every(({ path, after }) => sameEntry(entries.get(path), after))) {
    const then = async (path: RepoPath, oid: string): Promise<Uint8Array> =>
      (await repository.blobs.read([oid], () => path)).get(oid) ?? new Uint8Array();
    return {
      close: [],
      conflicts: [],
      files: new Map(
        left.map(({ path, before }) => [
          path,
          before === undefined ? undefined : { entry: before, bytes: () => then(path, before.oid) },
        ]),
      ),
    };
  }
  const making = (ahead: Repository, folder: string): Promise<readonly [string, string]> =>
    sidesOfRevert(ahead, folder, { commit, head, changed });
  return withMergeAhead(repository, making, async (ahead) => {
    const { merged } = ahead.joined;
    const closely = await mergedClosely(ahead);
    const conflicts = closely.flatMap(({ path, bytes, clashes }) =>
      bytes === undefined ? [{ path, clashes }] : [],
    );
    if (conflicts.length > 0) return { files: new Map(), close: [], conflicts };
    const made = await merged.entries();
    const paths = [...new Set([...entries.keys(), ...made.keys()])].filter(
      (path) => !ahead.unmerged.has(path) && !sameEntry(entries.get(path), made.get(path)),
    );
    const bytes = await merged.read(paths);
    const what = (path: RepoPath): Overlaid | undefined => {
      const entry = made.get(path);
      return entry === undefined
        ? undefined
        : { entry, bytes: bytes.get(path) ?? new Uint8Array() };
    };
    const files = new Map(paths.map((path) => [path, what(path)]));
    for (const { path, bytes: own = new Uint8Array() } of closely) {
      const mode = ahead.unmerged.get(path)?.[2]?.mode ?? '100644';
      files.set(path, { entry: { mode, oid: blobOid(repository, own) }, bytes: own });
    }
    return { conflicts: [], close: closely.map(({ path }) => path), files };
  });
}

/**
 * HEAD, and the commit without those changes, as two commits with the reverted one as their merge
 * base: that is what `git revert` merges (sequencer.c: `do_pick_commit`).
 */
async function sidesOfRevert(
  ahead: Repository,
  folder: string,
  {
    commit,
    head,
    changed,
  }: {
    readonly commit: string;
    readonly head: string;
    readonly changed: readonly ChangedPath[];
  },
): Promise<readonly [string, string]> {
  const { git } = withVariables(ahead, { GIT_INDEX_FILE: join(folder, 'index') });
  // A split index would put its other half into the repository.
  const whole = ['-c', 'core.splitIndex=false'];
  await git.run([...whole, 'read-tree', commit]);
  const nothing = '0'.repeat(ahead.emptyTree.length);
  const lines = changed.map(({ path, before }) =>
    before === undefined ? `0 ${nothing}\t${path}` : `${before.mode} ${before.oid}\t${path}`,
  );
  await git.run([...whole, 'update-index', '-z', '--index-info'], {
    input: `${lines.join('\0')}\0`,
  });
  const lineOf = async (...args: readonly string[]): Promise<string> =>
    (await git.run(args)).stdout.toString('utf8').trim();
  const commitOf = (tree: string, ...parents: readonly string[]): Promise<string> =>
    lineOf(
      '-c',
      'user.name=drizzle-guard',
      '-c',
      'user.email=drizzle-guard@localhost',
      'commit-tree',
      tree,
      '-m',
      'revert',
      ...parents.flatMap((parent) => ['-p', parent]),
    );
  const without = await lineOf(...whole, 'write-tree');
  const base = await commitOf(`${commit}^{tree}`);
  return [await commitOf(`${head}^{tree}`, base), await commitOf(without, base)];
}
