import { isPublished } from '../git/refs/published.ts';
import { commitTree } from '../git/trees/commit-tree.ts';
import type { Overlaid } from '../git/trees/overlay-tree.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { blobOid } from '../git/worktree/working-file.ts';
import { exclusively } from '../git/rewrite/exclusive.ts';
import { lastRewrite, putBack, rewrite } from '../git/rewrite/rewrite.ts';
import type { Project } from '../project/project.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { withContext, type RunOptions } from '../check/run.ts';
import { isInOut } from '../history/layout.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { JournalHistory as History } from '../history/history.ts';
import type { Evaluator } from '../schema/evaluator.ts';
import type { RunContext } from '../judge/context.ts';
import { orderOf, type Order } from './base-side.ts';
import type { Answers, RebaseInput, RebasePlan } from './input.ts';
import type { RebasedProject, RebaseReport } from './outcome.ts';
import { planRebase } from './plan.ts';
import { projectsIn } from './projects.ts';
import { mayAsk } from './renames.ts';
import { readSides } from './read-sides.ts';
import { inSituation, type Situation } from './situation.ts';
import { stillRefused } from './still-refused.ts';
import { assertResolved } from './unresolved.ts';
import { wantedFiles } from './wanted-files.ts';

interface RebaseOptions extends Pick<RunOptions, 'cwd' | 'env' | 'now' | 'cache' | 'projects'> {
  /** A revision: whose migrations stay. */
  readonly onto?: string;
  readonly answers?: Answers;
  /** Write nothing. */
  readonly dryRun?: boolean;
}

/**
 * Puts the branch's own migrations on top of the base's, in the middle of a merge, rebase or the
 * like, or after a wrong one. It writes and stages files of the migrations folders, all or none.
 * @throws GuardError where nothing can be put in order; a decision that only a person can make is a
 * stop in the report.
 */
export async function rebase(options: RebaseOptions): Promise<RebaseReport> {
  const repository = await openRepository(options);
  if (options.dryRun === true) return rebaseIn(repository, options);
  return exclusively(repository, async () => {
    await putBack(repository);
    return rebaseIn(repository, options);
  });
}

async function rebaseIn(repository: Repository, options: RebaseOptions): Promise<RebaseReport> {
  const { onto: named, dryRun = false } = options;
  const last = lastRewrite(repository);
  return inSituation(repository, { named, dryRun }, async (situation) => {
    const now = options.now ?? (await last) ?? Date.now();
    const { report } = await withContext(
      situation.repository,
      { ...options, now },
      async (context) => {
        const { merged } = situation.joined;
        const found = await projectsIn(context, merged, 'npx drizzle-guard rebase');
        return putInOrder({ ...options, ...found, ...situation, context });
      },
      async (judged) => {
        await judged.report;
      },
    );
    return report;
  });
}

interface Run extends Situation, Pick<RebaseOptions, 'answers' | 'dryRun'> {
  readonly context: RunContext;
  readonly projects: readonly Project[];
  /** The migrations folders of all projects. */
  readonly outs: readonly RepoPath[];
}

interface Planned {
  readonly project: Project;
  /** Missing in the folder layout, where a plan has all files. */
  readonly histories?: Pick<RebaseInput, 'base' | 'own' | 'fork'>;
  readonly plan: RebasePlan;
  /** The newest migration of the base. */
  readonly newest?: string;
  /** See `planFolders`. */
  readonly baseTree?: Tree;
  readonly ownTree?: Tree;
}

/** What comes out, as soon as nothing has to be evaluated for it: files may still be written. */
interface Judged {
  readonly report: Promise<RebaseReport>;
}

async function putInOrder(run: Run): Promise<Judged> {
  const { repository, context, joined, unmerged, doing, sides, dryRun, projects, outs, onto } = run;
  await assertResolved(run);
  const ordered = orderOf(repository, sides, outs, onto);
  const [order, ...planned] = await Promise.all([
    ordered,
    ...projects.map((project) => planProject(run, ordered, project)),
  ]);
  const report: RebaseReport = {
    version: 1,
    outcome: 'nothing',
    ...(doing === undefined || doing === 'ahead' ? {} : { during: doing.kind }),
    base: order.base.name,
    own: order.own.name,
    ...(planned.every(({ histories }) => histories === undefined) && {
      layout: 'folders' as const,
    }),
    projects: planned.flatMap(reported),
    files: [],
    toStage: [...unmerged.keys()].filter((path) => !outs.some((out) => isInOut(out, path))),
    refused: [],
    ...(dryRun === true ? { dryRun } : {}),
  };
  if (planned.some(({ plan }) => plan.status === 'stopped'))
    return { report: Promise.resolve({ ...report, outcome: 'stopped' }) };
  const wanted = new Map<RepoPath, Overlaid | undefined>();
  for (const { histories = {}, plan, baseTree, ownTree } of planned) {
    if (plan.status !== 'planned') continue;
    const given = { repository, histories, plan, order, baseTree, ownTree, joined, unmerged };
    for (const [path, what] of await wantedFiles(given)) wanted.set(path, what);
  }
  for (const { project, histories } of planned)
    if (histories === undefined) await addBundle(project, run, wanted);
  if (wanted.size === 0) return { report: Promise.resolve(report) };
  const judged = stillRefused(context, joined.merged, wanted, sides);
  const written =
    dryRun === true ? Promise.resolve() : rewrite(repository, wanted, context.now, judged);
  const done = written.then(async (): Promise<RebaseReport> => ({
    ...report,
    outcome: 'done',
    files: [...wanted.keys()].sort(),
    refused: await judged,
    ...(doing === undefined && (await isOwnHead(repository, wanted)) ? { amends: true } : {}),
  }));
  // What goes wrong is thrown when everything is as before.
  await Promise.race([judged.catch(() => done), done]);
  return { report: done };
}

/** In the folder layout, where every migration may stay as it is and this file not. */
async function addBundle(
  project: Project,
  { repository, joined: { merged }, unmerged }: Run,
  wanted: Map<RepoPath, Overlaid | undefined>,
): Promise<void> {
  const { bundleFile } = await import('./folders/bundle-file.ts');
  const [path, bytes] = (await bundleFile(project, merged, wanted, new Set(unmerged.keys()))) ?? [];
  if (path === undefined || bytes === undefined) return;
  wanted.set(path, { entry: { mode: '100644', oid: blobOid(repository, bytes) }, bytes });
}

/** Whether nobody else has HEAD yet, and what is written replaces files that it has. */
async function isOwnHead(
  repository: Repository,
  wanted: ReadonlyMap<RepoPath, unknown>,
): Promise<boolean> {
  const { head } = repository;
  if (head === undefined || (await isPublished(repository, head))) return false;
  const entries = await (await commitTree(repository, head)).entries();
  return [...wanted.keys()].some((path) => !path.endsWith('/migrations.js') && entries.has(path));
}

async function planProject(
  { context, joined, answers, repository, sides: { parents } }: Run,
  ordered: Promise<Order>,
  project: Project,
): Promise<Planned> {
  const { evaluator, now } = context;
  if ((await evaluator.layout(project)) === 'folders') {
    const { planFolders } = await import('./folders/plan.ts');
    const schema = evaluator.evaluate(joined.merged, project);
    schema.catch(() => undefined);
    const order = await ordered;
    const { merged } = joined;
    const asked = { project, order, schema, evaluator, merged, now, answers: answers ?? {} };
    const oidOf = (bytes: Uint8Array): string => blobOid(repository, bytes);
    const isMerge = parents.includes(order.own);
    return { project, ...(await planFolders({ ...asked, isMerge, oidOf })) };
  }
  // Evaluating takes longest, and begins first.
  const [schema, order, histories] = await Promise.all([
    evaluator.evaluate(joined.merged, project),
    ordered,
    ordered.then(({ base, own, fork }) =>
      readSides({ base: base.tree, own: own.tree, fork }, project.out),
    ),
  ]);
  const plan = await planRebase(
    { project, ...histories, schema, now, answers: answers ?? {} },
    {
      generate: async (before, after, recorded) => {
        const answered = await evaluator.generate(project, before, after, recorded);
        if (answered.status !== 'answered') throw new TypeError('a question was not answered');
        return answered;
      },
      mayAsk,
      agreed: async () => {
        const sides = [
          agrees(evaluator, project, order.base.tree, histories.base.history),
          agrees(evaluator, project, order.own.tree, histories.own.history),
        ];
        return (await Promise.all(sides)).every((one) => one);
      },
    },
  );
  const newest = histories.base.history.migrations.at(-1)?.journal.tag;
  return { project, histories, plan, ...(newest === undefined ? {} : { newest }) };
}

/** Whether drizzle-kit finds nothing to generate in a tree. */
async function agrees(
  evaluator: Evaluator,
  project: Project,
  tree: Tree,
  { newest }: History,
): Promise<boolean> {
  if (newest?.snapshot.status !== 'ok') return false;
  const schema = await evaluator.evaluate(tree, project);
  if (schema.status !== 'ok') return false;
  const generated = await evaluator.generate(project, newest.snapshot.json, schema.snapshot);
  return generated.status === 'answered' && generated.statements.length === 0;
}

function reported({ project, newest, plan }: Planned): readonly RebasedProject[] {
  if (plan.status === 'nothing') return [];
  return [
    {
      project: project.name,
      out: project.out,
      ...(newest === undefined ? {} : { onTopOf: newest }),
      migrations:
        plan.status === 'planned'
          ? plan.migrations.map(({ sql, snapshot, ...rest }) => ({
              ...rest,
              ...(sql === undefined ? {} : { sql: sql.path }),
              ...(snapshot === undefined ? {} : { snapshot: snapshot.path }),
            }))
          : [],
      remarks: plan.status === 'planned' ? plan.remarks : [],
      stops: plan.status === 'stopped' ? plan.stops : [],
    },
  ];
}
