import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardError } from '../errors.ts';
import { RAW } from './changed.ts';
import { gitTree, withChanges } from './git-tree.ts';
import { parseRawFields, type ChangedPath } from './listing.ts';
import type { Repository } from './repository.ts';
import type { Tree } from './tree.ts';

export interface RangeCommit {
  /** Full oid. */
  readonly oid: string;
  readonly parents: readonly string[];
  /** Against the first parent; for a root commit, everything. */
  readonly changed: readonly ChangedPath[];
}

export interface Range {
  /** Full oids of commits that are in, with all they are made of, ... */
  readonly include: readonly string[];
  /** ... but for these and all they are made of. One that is not here is passed over: a remote may have more than we. */
  readonly exclude: readonly string[];
  /** Nor what the remote-tracking branches of this remote have: its name, or '*' for all remotes. */
  readonly excludeRemote?: string;
}

/**
 * The commits of a range with what each changed: parents before children, two git processes however many they are.
 * @throws GuardError `object-missing` where a shallow history cuts the range off: a commit at the cut has parents that
 * are not here, and would seem to have made every file.
 */
export async function commitsIn(repository: Repository, { include, exclude, excludeRemote }: Range): Promise<readonly RangeCommit[]> {
  if (include.length === 0) return [];
  const remotes = excludeRemote === undefined ? [] : ['--not', excludeRemote === '*' ? '--remotes' : `--remotes=${excludeRemote}`];
  const args = ['rev-list', '--topo-order', '--reverse', '--parents', '--ignore-missing', ...include, ...exclude.map((oid) => `^${oid}`), ...remotes, '--'];
  const { stdout } = await repository.git.run(args);
  const lines = stdout.toString('utf8').split('\n').filter((line) => line !== '');
  const commits = lines.map((line) => line.split(' ')).map(([oid = '', ...parents]) => ({ oid, parents }));
  await refuseCut(repository, commits);
  const changes = await changesOf(repository, commits);
  return commits.map(({ oid, parents }) => ({ oid, parents, changed: changes.get(oid) ?? [] }));
}

/** A commit's tree made from its first parent's, without listing it anew. */
export function treeAfter(repository: Repository, parent: Tree, { oid, changed }: RangeCommit): Tree {
  return gitTree(repository, `commit ${oid.slice(0, 8)}`, async () => withChanges(await parent.entries(), changed));
}

/** `diff-tree --stdin` takes `<commit> <parent>` a line and heads each answer with the commit; no change, no answer. */
async function changesOf({ git }: Repository, commits: readonly Pick<RangeCommit, 'oid' | 'parents'>[]): Promise<ReadonlyMap<string, readonly ChangedPath[]>> {
  const input = commits.map(({ oid, parents: [first] }) => `${oid}${first === undefined ? '' : ` ${first}`}\n`).join('');
  const { stdout } = await git.run(['diff-tree', '--stdin', '--root', '-r', ...RAW], { input });
  const fields = stdout.toString('utf8').split('\0');
  const changes = new Map<string, readonly ChangedPath[]>();
  for (let at = 0; at + 1 < fields.length; ) {
    const oid = fields[at] ?? '';
    const from = at + 1;
    for (at = from; fields[at]?.startsWith(':') === true; at += 2);
    changes.set(oid, parseRawFields(fields.slice(from, at)).changed);
  }
  return changes;
}

async function refuseCut({ shallow, commonDir }: Repository, commits: readonly Pick<RangeCommit, 'oid' | 'parents'>[]): Promise<void> {
  if (!shallow || !commits.some(({ parents }) => parents.length === 0)) return;
  const cut = new Set((await readFile(join(commonDir, 'shallow'), 'utf8')).split('\n'));
  const first = commits.find(({ oid }) => cut.has(oid));
  if (first === undefined) return;
  throw new GuardError('object-missing', `the history here is shallow, and cut off at ${first.oid.slice(0, 8)}, within the range`, {
    help: ['Fetch more of it: git fetch --deepen=1000', 'Or all of it: git fetch --unshallow'],
  });
}
