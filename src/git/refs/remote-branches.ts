import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../repository.ts';

interface RemoteBranch {
  /** `refs/remotes/origin/main` */
  readonly ref: string;
  readonly oid: string;
}

export interface RemoteBranches {
  /** All remote-tracking branches, each once: not `origin/HEAD`, which names one of them. */
  readonly branches: readonly RemoteBranch[];
  /** The refs that are their remote's default branch, as far as the clone knows. */
  readonly defaults: ReadonlySet<string>;
  /** The branches of the clone itself that have the name of a long-lived one, full names. */
  readonly trunks: readonly string[];
  /**
   * The branch that is checked out or being rebased, without `refs/heads/`; undefined for another
   * detached HEAD.
   */
  readonly current?: string;
  /**
   * The full name of its upstream, as configured: mostly a remote-tracking branch, here or gone.
   */
  readonly upstream?: string;
}

const REMOTES = 'refs/remotes/';
const HEADS = 'refs/heads/';

const asked = new WeakMap<Repository, Promise<RemoteBranches>>();

/** One git process, once a repository: nothing here changes a ref. */
export function remoteBranches(repository: Repository): Promise<RemoteBranches> {
  const known = asked.get(repository) ?? readBranches(repository);
  asked.set(repository, known);
  return known;
}

async function readBranches({ git, gitDir }: Repository): Promise<RemoteBranches> {
  const [{ stdout }, rebased] = await Promise.all([
    git.run([
      'for-each-ref',
      '--format=%(HEAD)%00%(objectname)%00%(refname)%00%(symref)%00%(upstream)',
      'refs/remotes',
      'refs/heads',
    ]),
    rebasedBranch(gitDir),
  ]);
  const rows = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\0'));
  const branches: RemoteBranch[] = [];
  const defaults = new Set<string>();
  const trunks: string[] = [];
  let current: { readonly name: string; readonly upstream: string } | undefined;
  for (const [head = '', oid = '', ref = '', symref = '', upstream = ''] of rows) {
    if (ref.startsWith(HEADS)) {
      if (isLongLived(ref)) trunks.push(ref);
      if (head === '*' || ref === rebased) current = { name: ref.slice(HEADS.length), upstream };
    } else if (symref === '') branches.push({ ref, oid });
    else if (ref.endsWith('/HEAD')) defaults.add(symref);
  }
  if (current === undefined) return { branches, defaults, trunks };
  return {
    branches,
    defaults,
    trunks,
    current: current.name,
    ...(current.upstream === '' ? {} : { upstream: current.upstream }),
  };
}

/**
 * The branch that a rebase has taken HEAD away from, full name; undefined where there is none
 * (wt-status.c: `read_and_strip_branch`).
 */
async function rebasedBranch(gitDir: string): Promise<string | undefined> {
  for (const folder of ['rebase-merge', 'rebase-apply']) {
    const name = await readFile(join(gitDir, folder, 'head-name'), 'utf8').catch(() => '');
    if (name !== '') return name.trimEnd();
  }
  return undefined;
}

/**
 * The name of the remote that a push goes to: git hands its URL to the hook where that was typed.
 * The URL itself where no remote has it.
 */
export async function remoteNamed({ git }: Repository, nameOrUrl: string): Promise<string> {
  const { stdout } = await git.run(['remote', '--verbose']);
  const remotes = stdout
    .toString('utf8')
    .split('\n')
    .map((line) => /^(.+)\t(.*) \((?:fetch|push)\)/.exec(line) ?? []);
  if (remotes.some(([, name]) => name === nameOrUrl)) return nameOrUrl;
  const found = remotes.find(([, , url]) => url !== undefined && plain(url) === plain(nameOrUrl));
  return found?.[1] ?? nameOrUrl;
}

function plain(url: string): string {
  return url.replace(/\/*$/, '').replace(/\.git$/, '');
}

/** The usual names of long-lived branches. */
const LONG_LIVED =
  /(?:^|\/)(?:main|master|trunk|mainline|default|dev|devel|develop|development|next|canary|edge|stag(?:e|ing)|test(?:ing)?|uat|qa|preview|prod(?:uction)?|live|stable|lts|releases?(?:[-/._].*)?|v?\d+(?:\.(?:\d+|x))+)$|^refs\/remotes\/[^/]+\/v?\d+$/i;

/** @param branch its name, with or without `refs/heads/` and the like. */
export function isLongLived(branch: string): boolean {
  return LONG_LIVED.test(branch);
}

/**
 * Whether a remote-tracking branch is the remote's copy of one person's topic branch, and not a
 * long-lived one. The migrations that only a topic branch has are still in progress: a rebase onto
 * a base with one of the same number generates them again. Long-lived are a remote's default
 * branch, one with the name of a long-lived branch, and the only branch of a remote, unless another
 * remote has a long-lived one: then it is a fork to which a topic was pushed.
 * @param ref full name.
 */
export function isTopic(ref: string, { branches, defaults }: RemoteBranches): boolean {
  if (defaults.has(ref) || LONG_LIVED.test(ref)) return false;
  const remote = ref.slice(REMOTES.length).split('/')[0] ?? '';
  return branches.some(
    (other) =>
      other.ref !== ref &&
      (other.ref.startsWith(`${REMOTES}${remote}/`) ||
        defaults.has(other.ref) ||
        LONG_LIVED.test(other.ref)),
  );
}

/**
 * The remote's copies of the branch that is checked out, as long as it is a topic branch: its own,
 * whatever the remote.
 */
export function ownTopics(remote: RemoteBranches): readonly string[] {
  const { current, branches, upstream } = remote;
  if (current === undefined) return [];
  // A remote's name may have a slash in it; for the upstream it is known which part is the branch.
  const isOwn = (ref: string): boolean =>
    nameOf(ref) === current || (ref === upstream && ref.endsWith(`/${current}`));
  return branches.map(({ ref }) => ref).filter((ref) => isOwn(ref) && isTopic(ref, remote));
}

/** `refs/remotes/origin/feature/x` -> `feature/x` */
export function nameOf(ref: string): string {
  return ref.slice(REMOTES.length).split('/').slice(1).join('/');
}

/** The branch that is checked out, without `refs/heads/`; undefined for a detached HEAD. */
export async function currentBranch({ git }: Repository): Promise<string | undefined> {
  const { stdout, exitCode } = await git.run(['symbolic-ref', '--quiet', '--short', 'HEAD'], {
    ok: [0, 1],
  });
  return exitCode === 0 ? stdout.toString('utf8').trimEnd() : undefined;
}

type Commit = string | 'missing' | 'no-commit';

/**
 * The commit that each object is, or that it names in the end as an annotated tag.
 * @param oids full. @returns for each its commit's full oid, or why there is none.
 */
export async function commitsOf(
  { objects }: Repository,
  oids: Iterable<string>,
): Promise<ReadonlyMap<string, Commit>> {
  const found = [...new Set(oids)].map(async (oid): Promise<[string, Commit]> => {
    const [itself, named] = await Promise.all([objects.look(oid), objects.look(`${oid}^{commit}`)]);
    if (named.oid !== undefined && named.type === 'commit') return [oid, named.oid];
    return [oid, itself.oid === undefined ? 'missing' : 'no-commit'];
  });
  return new Map(await Promise.all(found));
}
