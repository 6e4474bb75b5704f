import { GuardError } from '../errors.ts';
import { changedInIndex } from '../git/changed.ts';
import { commitTree } from '../git/commit-tree.ts';
import { indexTree, type IndexChange } from '../git/index-tree.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { EMPTY_TREE, type RepoPath, type Tree } from '../git/tree.ts';
import { worktreeTree } from '../git/worktree-tree.ts';
import { discoverProjects, type Discovered } from '../project/discover.ts';
import type { LiteralsMemory } from '../project/read-project.ts';
import { readGuardConfig } from '../project/guard-config.ts';
import type { Report } from '../report/report.ts';
import { judgeProject, type Judged, type Run } from './judge-project.ts';
import { judgeLost, judgeUnreadable, lostProjects } from './judge-config.ts';
import { knownClosure, writeKnownClosure } from './known-closure.ts';
import { severities } from './ratchet.ts';
import { couldMatter } from './relevance.ts';
import { openSession, type SchemaSession } from './session.ts';

export interface CheckOptions {
  /** Absolute path of any folder inside the repository. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is judged: what a commit would record now, or the same as if everything were staged. */
  readonly what: 'index' | 'worktree';
  /** Judge every project whole, and report what was there before the change too. */
  readonly all?: boolean;
  /** Only these projects: paths of drizzle configs, relative to the top of the repository. */
  readonly projects?: readonly string[];
  /** Milliseconds since 1970; the clock by default. */
  readonly now?: number;
  readonly signal?: AbortSignal;
}

/**
 * Judges what git is about to record. Reads only; the one thing it may write is the guard's own cache.
 * @throws GuardError when it could not look; a user's mistake is a finding in the report.
 */
export async function check(options: CheckOptions): Promise<Report> {
  const repository = await openRepository({ cwd: options.cwd, env: options.env, ...(options.signal === undefined ? {} : { signal: options.signal }) });
  const index = await indexTree(repository);
  const change = options.what === 'worktree' ? await worktreeTree(repository, index) : index;
  // A merge that drops what the other side brought differs from that side alone.
  const aside = await Promise.all(change.mergeHeads.map((head) => changedInIndex(repository, head)));
  const changed = new Set([...change.changed, ...aside.flat()].map(({ path }) => path));
  const all = options.all ?? false;
  if (!all && ![...changed].some(couldMatter)) {
    return nothing(changed.size === 0 ? `${change.after.name} holds no change` : 'no changed file could belong to a Drizzle project');
  }
  const session = openSession({ repository, env: options.env });
  try {
    return await checkTrees({ repository, index: change, changed, all, session, options });
  } finally {
    await session.close();
  }
}

interface Opened {
  readonly repository: Repository;
  readonly index: IndexChange;
  readonly changed: ReadonlySet<RepoPath>;
  readonly all: boolean;
  readonly session: SchemaSession;
  readonly options: CheckOptions;
}

async function checkTrees(opened: Opened): Promise<Report> {
  const { repository, index, session, options } = opened;
  const guardConfig = await readGuardConfig(index.after, (path) => session.evaluateConfig(index.after, path));
  if (guardConfig.timeoutSeconds !== undefined) session.limitTo(guardConfig.timeoutSeconds * 1000);
  const memory: LiteralsMemory = new Map();
  const discover = (tree: Tree): Promise<Discovered> =>
    discoverProjects(tree, { top: repository.topLevel, guardConfig, memory, evaluate: (path) => session.evaluateConfig(tree, path) });
  const found = await discover(index.after);
  const { projects, unreadable } = chosen(found, options.projects);
  const mergeTrees = await Promise.all(index.mergeHeads.map((head) => commitTree(repository, head)));
  const parents = [index.before, ...mergeTrees].filter((tree) => tree !== EMPTY_TREE);
  const run: Run = {
    ...opened,
    parents: parents.map((tree, at) => ({ tree, rev: at === 0 ? 'HEAD' : index.mergeHeads.length === 1 ? 'MERGE_HEAD' : (index.mergeHeads[at - 1] ?? 'HEAD'), found: once(() => discover(tree)) })),
    discover,
    severityOf: severities(guardConfig.rules),
    guardConfig,
    now: options.now ?? Date.now(),
    hasWorkingTree: options.what === 'index',
  };
  const lost = await lostProjects(run, found);
  if (projects.length === 0 && unreadable.length === 0 && lost.length === 0) {
    throw new GuardError('no-project', `there is no Drizzle project in ${index.after.name}`, { help: [found.looked] });
  }
  const judged = await Promise.all([
    ...projects.map((project) => judgeProject(run, project)),
    ...unreadable.map((project) => judgeUnreadable(run, project)),
    ...lost.map((project) => judgeLost(run, project)),
  ]);
  const reported = judged.map(({ project }) => project);
  if (!reported.some(({ checked }) => checked)) {
    await remember(opened, judged, found);
    return { ...nothing('nothing of this change concerns a Drizzle project'), projects: reported };
  }
  const findings = judged.flatMap((one) => one.findings);
  return {
    version: 1,
    outcome: findings.some(({ severity, preexisting }) => severity === 'error' && preexisting !== true) ? 'refused' : 'passed',
    projects: reported,
    findings,
    preexisting: judged.reduce((sum, one) => sum + one.preexisting, 0),
  };
}

/** Nothing concerned a project, so HEAD has the same closure as the index: the next commits can be told by names alone. */
async function remember({ repository, options }: Opened, judged: readonly Judged[], found: Discovered): Promise<void> {
  if (options.what !== 'index' || repository.head === undefined || options.projects?.length || found.unreadable.length > 0) return;
  const looked = judged.flatMap(({ looked: one }) => (one === undefined ? [] : [one]));
  await writeKnownClosure(repository.commonDir, knownClosure(repository.head, looked, found.lookedFor));
}

function nothing(why: string): Report {
  return { version: 1, outcome: 'passed', projects: [], findings: [], preexisting: 0, nothingToCheck: why };
}

function chosen(found: Discovered, names: readonly string[] | undefined): Pick<Discovered, 'projects' | 'unreadable'> {
  if (names === undefined || names.length === 0) return found;
  const configs = [...found.projects, ...found.unreadable].map(({ config }) => config);
  const unknown = names.filter((name) => !configs.includes(name));
  if (unknown.length > 0) {
    throw new GuardError('usage', `there is no Drizzle project ${unknown.join(', ')}`, { help: [`The projects are: ${configs.join(', ') || 'none'}.`] });
  }
  return {
    projects: found.projects.filter(({ config }) => names.includes(config)),
    unreadable: found.unreadable.filter(({ config }) => names.includes(config)),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
