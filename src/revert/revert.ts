import { withContext, type RunOptions } from '../check/run.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { parentsOf, subjectsOf } from '../git/refs/range.ts';
import { exclusively } from '../git/rewrite/exclusive.ts';
import { assertFinished } from '../git/rewrite/record.ts';
import { putBack, rewrite } from '../git/rewrite/rewrite.ts';
import { takenBack, type TakenBack } from '../git/rewrite/taken-back.ts';
import { changedBetween } from '../git/trees/changed.ts';
import { indexTree, type IndexChange } from '../git/trees/index-tree.ts';
import { overlayTree, type Overlaid } from '../git/trees/overlay-tree.ts';
import { blobOid } from '../git/worktree/working-file.ts';
import { readHistory } from '../history/read.ts';
import type { RunContext } from '../judge/context.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { shellWord } from '../model/shell-quote.ts';
import { howToGenerate } from '../project/scripts/how-to-generate.ts';
import { projectsIn, type ProjectsIn } from '../rebase/projects.ts';
import { findingsIn } from '../rebase/still-refused.ts';
import { advised, assertReadable } from './advice.ts';
import { assertClean, assertIdle, assertUnstaged } from './before.ts';
import { conflictStop } from './conflict.ts';
import type { RevertedProject, RevertReport } from './outcome.ts';
import { planRevert, type RevertPlan } from './plan.ts';
import { isPublishedIn } from './published.ts';
import { isOfMigrations } from './schema-files.ts';
import { schemaBack } from './schema-back.ts';
import { targetOf, type Target } from './target.ts';
import { undoneIn, type Undone } from './undone.ts';

interface RevertOptions extends Pick<RunOptions, 'cwd' | 'env' | 'now' | 'cache' | 'projects'> {
  /** A migration, by its name or path; or a revision. */
  readonly what: string;
  /** Write nothing. */
  readonly dryRun?: boolean;
}

/**
 * Takes the migrations of a commit back: the schema files go back as they were before it, merged
 * with what came later, and a new migration does the rest; those that are the newest, and that
 * nobody else has, are taken away. Files are written and staged, all or none.
 * @throws GuardError where nothing can be reverted; what a person has to decide is a stop in the
 * report.
 */
export async function revert(options: RevertOptions): Promise<RevertReport> {
  const repository = await openRepository(options);
  if (options.dryRun === true) {
    assertFinished(repository);
    return revertIn(repository, options);
  }
  return exclusively(repository, async () => {
    await putBack(repository);
    return revertIn(repository, options);
  });
}

async function revertIn(
  repository: Repository,
  { what, dryRun = false, ...options }: RevertOptions,
): Promise<RevertReport> {
  await assertIdle(repository);
  const index = await indexTree(repository);
  return withContext(repository, options, async (context) => {
    const again = `npx drizzle-guard revert ${shellWord(what)}`;
    const today = await projectsIn(context, index.after, again);
    const projects = await Promise.all(
      today.projects.map(async (project) => ({
        project,
        generate: (await howToGenerate(index.after, project)).generate,
        history: await readHistory(index.after, project.out, {
          layout: await context.evaluator.layout(project, index.after),
        }),
      })),
    );
    const unread = async (error: unknown): Promise<never> => {
      await assertReadable(repository, projects, again);
      throw error;
    };
    const target = await targetOf(repository, what, projects).catch(unread);
    const undone = await undoneIn(target, projects).catch(unread);
    return goBack({ context, index, today, target, undone, dryRun, again });
  });
}

interface Run {
  readonly context: RunContext;
  readonly index: IndexChange;
  readonly today: ProjectsIn;
  readonly target: Target;
  readonly undone: readonly Undone[];
  readonly dryRun: boolean;
  readonly again: string;
}

async function goBack(run: Run): Promise<RevertReport> {
  const { context, index, today, target, dryRun } = run;
  const { repository, now } = context;
  const { commit, parent } = target;
  const changed = await changedBetween(repository, parent ?? repository.emptyTree, commit);
  const { back, decides, closure } = await schemaBack(run, changed);
  assertUnstaged(index.changed, decides);
  const taken = await takenBack(repository, commit, back);
  const planned = await planAll(run, taken);
  const untouched = back.length > 0 ? [] : [...closure];
  const reported = await Promise.all(
    planned.map(async ({ reported: one }, at) => {
      const asked = { repository, target, untouched, undone: run.undone[at]?.undone ?? [] };
      return { ...one, stops: await Promise.all(one.stops.map((stop) => advised(stop, asked))) };
    }),
  );
  const went = new Set(back.map(({ path }) => path));
  const report: RevertReport = {
    version: 1,
    outcome: 'stopped',
    commit,
    subject: (await subjectsOf(repository, [commit])).get(commit) ?? '',
    projects: reported,
    outs: today.outs,
    schema: [...taken.files.keys()].sort(),
    files: [],
    others: changed
      .map(({ path }) => path)
      .filter((path) => !went.has(path) && !today.outs.some((out) => isOfMigrations(out, path))),
    refused: [],
    ...((await parentsOf(repository, commit)).length > 1 ? { isMerge: true as const } : {}),
    ...(dryRun ? { dryRun } : {}),
  };
  if (reported.some(({ stops }) => stops.length > 0)) return report;
  const wanted = new Map<RepoPath, Overlaid | undefined>(taken.files);
  for (const { plan } of planned) {
    if (plan === undefined || 'stop' in plan) continue;
    for (const path of plan.removed) wanted.set(path, undefined);
    for (const { path, bytes } of plan.files)
      wanted.set(path, { entry: { mode: '100644', oid: blobOid(repository, bytes) }, bytes });
  }
  await assertClean(repository, [...wanted.keys()]);
  const head = { tree: index.before, name: 'HEAD', commit: repository.head ?? '' };
  const findings = await findingsIn(context, index.after, wanted, [head]);
  const refused = findings.filter(({ severity }) => severity === 'error');
  if (refused.length > 0) return { ...report, refused };
  if (!dryRun) await rewrite(repository, wanted, now, Promise.resolve());
  return {
    ...report,
    outcome: 'done',
    projects: report.projects.map((one) => ({
      ...one,
      review: findings.filter(({ project }) => project === one.project),
    })),
    files: [...wanted.keys()].sort(),
  };
}

interface Planned {
  readonly reported: RevertedProject;
  readonly plan?: RevertPlan;
}

/** Plans each project on the schema files as they were; a conflict in them stops all. */
async function planAll(
  { context, index, target, undone, again }: Run,
  { files, close, conflicts }: TakenBack,
): Promise<readonly Planned[]> {
  const { evaluator, now, repository } = context;
  const after = overlayTree(index.after, 'the schema as it was', files);
  const then = conflicts.length > 0 ? undefined : await projectsIn(context, after, again);
  const planned: Planned[] = [];
  for (const { project, undone: migrations, stop } of undone) {
    const { generate, generateCustom } = await howToGenerate(index.after, project);
    const reported: RevertedProject = {
      project: project.name,
      out: project.out,
      generate,
      generateCustom,
      reverted: migrations.map(({ name }) => name),
      lost: [],
      review: [],
      stops: stop === undefined ? [] : [stop],
    };
    const stopped = (one: RevertedProject['stops'][number]): Planned => ({
      reported: { ...reported, stops: [...reported.stops, one] },
    });
    const own = then?.projects.find(({ out }) => out === project.out);
    if (stop !== undefined) planned.push({ reported });
    else if (then === undefined) planned.push(stopped(conflictStop(conflicts)));
    else if (own === undefined)
      planned.push(stopped({ reason: 'no-schema', entities: [project.config] }));
    else {
      const schema = await evaluator.evaluate(after, own);
      if (schema.status !== 'ok') {
        const message = schema.status === 'unreadable' ? schema.message : undefined;
        const path = schema.status === 'unreadable' ? schema.path : own.config;
        planned.push(
          stopped({
            reason: 'no-schema',
            entities: [path],
            ...(message === undefined ? {} : { detail: message }),
          }),
        );
        continue;
      }
      const plan = await planRevert(
        {
          project: own,
          tree: index.after,
          undone: migrations,
          schema: schema.snapshot,
          evaluator,
          commit: target.commit,
          now,
          close,
        },
        await isPublishedIn(repository, migrations),
      );
      if ('stop' in plan) planned.push(stopped(plan.stop));
      else {
        const { files: _, removed: __, ...said } = plan;
        planned.push({ reported: { ...reported, ...said }, plan });
      }
    }
  }
  return planned;
}
