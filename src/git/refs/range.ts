import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import { RAW } from '../trees/changed.ts';
import { parseRawFields, type ChangedPath } from '../trees/listing.ts';
import { withSubmoduleChanges } from '../trees/submodule-objects.ts';
import type { Repository } from '../repository.ts';

export interface RangeCommit {
  /** Full oid. */
  readonly oid: string;
  readonly parents: readonly string[];
  /** Against the first parent; for a root commit, everything. */
  readonly changed: readonly ChangedPath[];
}

export interface Range {
  /** Full oids: these commits and all their ancestors, ... */
  readonly include: readonly string[];
  /**
   * ... without these and all their ancestors. One that this repository lacks is ignored: a remote
   * may have more.
   */
  readonly exclude: readonly string[];
  /**
   * Also without what the remote-tracking branches of this remote have.
   */
  readonly excludeRemote?: string;
  /** Also without what any ref of this repository has: for a push that is being received. */
  readonly excludeRefs?: true;
}

/**
 * The commits of a range with what each changed, parents before children. Two git processes for any
 * number of commits.
 * @throws GuardError `object-missing` where a shallow history ends within the range: its last
 * commit lacks its parents and would seem to add every file.
 */
export async function commitsIn(
  repository: Repository,
  { include, exclude, excludeRemote, excludeRefs }: Range,
): Promise<readonly RangeCommit[]> {
  if (include.length === 0) return [];
  const remotes = excludeRemote === undefined ? [] : [`--remotes=${excludeRemote}`];
  const commits = await linksIn(repository, include, exclude, [
    ...remotes,
    ...(excludeRefs === undefined ? [] : ['--all']),
  ]);
  await refuseCut(repository, commits);
  const changes = await changesOf(repository, commits);
  return commits.map(({ oid, parents }) => ({ oid, parents, changed: changes.get(oid) ?? [] }));
}

/** A commit as the parent of others. */
type Link = Pick<RangeCommit, 'oid' | 'parents'>;

/**
 * @param without options of rev-list that name refs. Revisions go through standard input: a push
 * may have thousands of refs.
 */
async function linksIn(
  { git }: Repository,
  include: readonly string[],
  exclude: readonly string[],
  without: readonly string[] = [],
): Promise<readonly Link[]> {
  const args = [
    'rev-list',
    '--topo-order',
    '--reverse',
    '--parents',
    '--ignore-missing',
    '--stdin',
    ...(without.length === 0 ? [] : ['--not', ...without]),
  ];
  const { stdout } = await git.run(args, {
    input: [...include, ...exclude.map((oid) => `^${oid}`)].map((rev) => `${rev}\n`).join(''),
  });
  const lines = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => line.split(' ')).map(([oid = '', ...parents]) => ({ oid, parents }));
}

/**
 * The nearest ancestors of a commit that are outside the range: full oids, the one along the first
 * parents first, and none that is an ancestor of another. The commit itself where it is not in the
 * range; nothing where the range has its whole history.
 */
export async function boundaryOf(
  repository: Repository,
  tip: string,
  commits: readonly Link[],
): Promise<readonly string[]> {
  const parents = new Map(commits.map(({ oid, parents: of }) => [oid, of]));
  const seen = new Set([tip]);
  for (let at = parents.get(tip)?.[0]; at !== undefined; at = parents.get(at)?.[0]) seen.add(at);
  for (const oid of seen) for (const parent of parents.get(oid) ?? []) seen.add(parent);
  const outside = [...seen].filter((oid) => !parents.has(oid)).slice(0, MANY);
  if (outside.length < 2) return outside;
  const { stdout } = await repository.git.run(['merge-base', '--independent', ...outside]);
  const independent = new Set(stdout.toString('utf8').split('\n'));
  return outside.filter((oid) => independent.has(oid));
}

/** Each is compared as a whole tree; the nearest come first. */
const MANY = 64;

/**
 * `boundaryOf` a commit without what the others have. @param others full oids; one that this
 * repository lacks is ignored.
 */
export async function boundaryWith(
  repository: Repository,
  tip: string,
  others: readonly string[],
): Promise<readonly string[]> {
  return boundaryOf(repository, tip, await linksIn(repository, [tip], others));
}

/**
 * The parents of a commit, full oids; none of a root.
 * @throws GuardError `object-missing` where a shallow history hides them.
 */
export async function parentsOf(repository: Repository, oid: string): Promise<readonly string[]> {
  const { stdout } = await repository.git.run([
    'rev-list',
    '--parents',
    '--max-count=1',
    oid,
    '--',
  ]);
  const [, ...parents] = stdout.toString('utf8').trim().split(' ');
  await refuseCut(repository, [{ oid, parents }]);
  return parents;
}

/** The first line of each commit's message, by full oid. */
export async function subjectsOf(
  { git }: Repository,
  oids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (oids.length === 0) return new Map();
  const { stdout } = await git.run(['log', '--no-walk=unsorted', '--format=%H %s', '--stdin'], {
    input: `${oids.join('\n')}\n`,
  });
  const lines = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
}

/**
 * `diff-tree --stdin` takes `<commit> <parent>` a line and heads each answer with the commit; no
 * change, no output.
 */
async function changesOf(
  repository: Repository,
  commits: readonly Link[],
): Promise<ReadonlyMap<string, readonly ChangedPath[]>> {
  const input = commits
    .map(({ oid, parents: [first] }) => `${oid}${first === undefined ? '' : ` ${first}`}\n`)
    .join('');
  const { stdout } = await repository.git.run(['diff-tree', '--stdin', '--root', '-r', ...RAW], {
    input,
  });
  const fields = stdout.toString('utf8').split('\0');
  const changes = new Map<string, readonly ChangedPath[]>();
  for (let at = 0; at + 1 < fields.length;) {
    const oid = fields[at] ?? '';
    const from = at + 1;
    for (at = from; fields[at]?.startsWith(':') === true; at += 2);
    const { changed } = parseRawFields(fields.slice(from, at));
    changes.set(oid, await withSubmoduleChanges(repository, changed));
  }
  return changes;
}

async function refuseCut(
  { git, shallow, commonDir }: Repository,
  commits: readonly Link[],
): Promise<void> {
  if (!shallow || !commits.some(({ parents }) => parents.length === 0)) return;
  // While a push from a shallow clone is received, git has the new ends of the history in a
  // separate file.
  const list = git.env['GIT_SHALLOW_FILE'] ?? '';
  const cut = new Set(
    (
      await readFile(list === '' ? join(commonDir, 'shallow') : resolve(git.cwd, list), 'utf8')
    ).split('\n'),
  );
  const first = commits.find(({ oid }) => cut.has(oid));
  if (first === undefined) return;
  throw new GuardError(
    'object-missing',
    `this clone is shallow: its history ends at ${first.oid.slice(0, 8)}, within the range`,
    {
      help: ['Fetch more of it: git fetch --deepen=1000', 'Or all of it: git fetch --unshallow'],
    },
  );
}
