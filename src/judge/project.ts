import type { OtherBranch, ProjectChange, ProjectState, StateBefore } from '../facts/change.ts';
import type { Finding } from '../model/finding.ts';
import type { RuleId } from '../rules/index.ts';
import { commitTree } from '../git/trees/commit-tree.ts';
import { ignoredPaths } from '../git/worktree/ignored.ts';
import { mergeBase } from '../git/refs/merge-base.ts';
import type { Repository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { History } from '../history/history.ts';
import { readHistory, snapshotsRead } from '../history/read.ts';
import type { Discovered } from '../project/discover.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { Project } from '../project/project.ts';
import type { ReportedNotEvaluated, ReportedProject } from '../model/report.ts';
import { rule as migrationsIgnored } from '../rules/migrations-ignored.ts';
import { rule as splitCommit } from '../rules/split-commit.ts';
import { rule as sqlEdited } from '../rules/sql-edited.ts';
import { applyExceptions } from './exceptions.ts';
import { readProvenance } from '../facts/sql-origin/read-origin.ts';
import { readPublished } from '../facts/published.ts';
import {
  findingsOf,
  narrowed,
  splitByBefore,
  violationsOf,
  violationsOfChange,
  type Severities,
  type Violation,
} from './new-findings.ts';
import { withoutConsequences } from './one-cause.ts';
import { unjudged } from './without-evaluation.ts';
import { concerns, isNear, isPartOf } from '../relevance/closure.ts';
import { movedFrom } from '../facts/moved-project.ts';
import type { EvaluatedSchema } from '../schema/schema.ts';
import type { SchemaSession } from '../schema/evaluator.ts';
import { findSplit } from './split-commit.ts';
import { historyOf, readState } from '../facts/state.ts';
import type { Parent, Subject } from './target.ts';

/** One run of the guard over one change. */
export interface Run {
  readonly repository: Repository;
  readonly subject: Subject;
  readonly all: boolean;
  readonly session: SchemaSession;
  /** The subject's parents; their projects are looked for when asked. */
  readonly parents: readonly (Parent & { readonly found: () => Promise<Discovered> })[];
  readonly discover: (tree: Tree) => Promise<Discovered>;
  /** The subject's own projects. */
  readonly found: Discovered;
  readonly severityOf: Severities;
  readonly guardConfig: GuardConfig;
  readonly now: number;
  readonly coming?: () => Promise<Tree | undefined>;
}

export interface Judged {
  readonly project: ReportedProject;
  readonly findings: readonly Finding<RuleId>[];
  readonly preexisting: number;
  /** What the findings that are not pre-existing are made of; undefined where no rule was asked. */
  readonly introduced?: readonly Violation[];
  /** What the evaluation read, where there was one. */
  readonly looked?: { readonly project: Project; readonly schema: EvaluatedSchema };
  /** Everything that is wrong with the state, pre-existing or not; undefined where it was not judged. */
  readonly violations?: readonly Violation[];
  /** What of the change is not judged, as nothing can be evaluated. */
  readonly notEvaluated?: readonly ReportedNotEvaluated[];
}

/** Judges one project: its state against the states before, the change itself, and where another half may lie. */
export async function judgeProject(run: Run, project: Project): Promise<Judged> {
  const { session, subject, all, now } = run;
  const changed = subject.touched;
  const request = { tree: subject.after, project, session, changed, all, now };
  const history = historyOf(request);
  // What was done needs the schema for nothing: git, and drizzle-kit for new SQL, are asked about it while that is bundled.
  const ahead = isPartOf(changed, project) ? changeOf(run, project, history) : undefined;
  ahead?.catch(() => undefined);
  // A change that leaves the migrations alone will probably drift, and then the schema before it has to be looked at too.
  const next = [...changed].some((path) => path.startsWith(`${project.out}/`))
    ? {}
    : { next: () => projectsBefore(run, project) };
  const coming = run.coming === undefined ? {} : { coming: run.coming };
  const after = await readState({
    ...request,
    evaluate: true,
    ignored: await ignoredOf(run, project),
    history,
    ...next,
    ...coming,
  });
  const reported: ReportedProject = {
    config: project.config,
    dialect: project.dialect,
    out: project.out,
    migrations: after.history.migrations.length,
    checked: all || concerns(changed, project, after.schema),
  };
  const said = session.evaluates ? {} : { notEvaluated: unjudged(changed, project) };
  if (!reported.checked)
    return {
      project: reported,
      findings: [],
      preexisting: 0,
      looked: { project, schema: after.schema },
      ...said,
    };

  const violations = violationsOf(after);
  // git answers what was done while the thread evaluates what was there before.
  const changing = ahead ?? changeOf(run, project, history);
  changing.catch(() => undefined);
  const before = await violationsBefore(run, project, after, violations);
  const state = splitByBefore(violations, before);
  const change: ProjectChange = { after, ...(await changing) };
  // Where nothing is evaluated, that is said in so many words.
  const blocking = session.evaluates ? whatHidesDrift(state.preexisting, after, changed) : [];
  const joined = await joinSplit(
    run,
    after,
    [...state.introduced, ...blocking, ...violationsOfChange(change)],
    before,
  );
  const schemaTouched = concerns(
    new Set([...changed].filter((path) => !path.startsWith(`${project.out}/`))),
    project,
    after.schema,
  );
  const introduced = applyExceptions(
    withoutConsequences(joined, { severityOf: run.severityOf, schemaTouched }),
    {
      change,
      config: run.guardConfig,
      now,
      ...(session.evaluates ? {} : { unevaluated: true }),
    },
  );
  const findings = findingsOf(introduced, project.config, run.severityOf);
  const preexisting = state.preexisting.filter(
    (one) => !blocking.some(({ describe }) => describe === one.describe),
  );
  const old = all ? findingsOf(preexisting, project.config, run.severityOf) : [];
  return {
    project: reported,
    findings: [...findings, ...old.map((finding) => ({ ...finding, preexisting: true as const }))],
    preexisting: preexisting.length,
    introduced,
    looked: { project, schema: after.schema },
    violations,
    ...said,
  };
}

/** What the rules report of the project in the trees before; the schema is evaluated only if a violation depends on it. */
async function violationsBefore(
  run: Run,
  project: Project,
  after: ProjectState,
  violations: readonly Violation[],
): Promise<readonly Violation[]> {
  if (violations.length === 0) return [];
  const evaluate = violations.some(({ rule }) => rule.needsSchema === 'always');
  const ignoreChanged = [...run.subject.touched].some((path) => path.endsWith('.gitignore'));
  const states = await Promise.all(
    run.parents.map(async (parent) => {
      const { tree } = parent;
      const then = await projectBefore(run, parent, project);
      if (then === undefined) return [];
      return violationsOf(
        await readState({
          tree,
          project: then,
          session: run.session,
          changed: run.subject.touched,
          all: run.all,
          now: run.now,
          evaluate,
          ignored: ignoreChanged ? [] : after.ignored,
          also: snapshotsRead(after.history),
        }),
      );
    }),
  );
  return states.flat();
}

async function projectsBefore(
  run: Run,
  project: Project,
): Promise<readonly { readonly tree: Tree; readonly project: Project }[]> {
  const all = await Promise.all(
    run.parents.map(async (parent) => ({
      tree: parent.tree,
      project: await projectBefore(run, parent, project),
    })),
  );
  return all.flatMap(({ tree, project: then }) =>
    then === undefined ? [] : [{ tree, project: then }],
  );
}

/**
 * The project as the tree before had it: the same config, else the same migrations folder, else what was moved (see
 * `movedFrom`). Where its config could not be read before, today's reading of it is used: mending a config must not turn
 * its whole past into new faults.
 */
async function projectBefore(
  run: Run,
  { tree, found }: Run['parents'][number],
  project: Project,
): Promise<Project | undefined> {
  const then = await found();
  const same =
    then.projects.find(({ config }) => config === project.config) ??
    then.projects.find(({ out }) => out === project.out);
  if (same !== undefined) return same;
  if ([...then.unreadable, ...then.notRun].some(({ config }) => config === project.config))
    return project;
  return movedFrom({
    project,
    after: run.subject.after,
    foundAfter: run.found,
    before: tree,
    foundBefore: then,
  });
}

/** What was done, beside how things stand now. */
async function changeOf(
  run: Run,
  project: Project,
  reading: Promise<History>,
): Promise<Omit<ProjectChange, 'after'>> {
  const { subject, repository, session } = run;
  const [history, snapshotVersion] = await Promise.all([reading, session.snapshotVersion(project)]);
  const trees = await Promise.all(
    run.parents.map(async (parent) => {
      const { tree, rev } = parent;
      const then = await projectBefore(run, parent, project);
      if (then === undefined) return [];
      return [
        {
          project: then,
          history: await readHistory(tree, then.out, {
            changed: subject.touched,
            all: run.all,
            also: snapshotsRead(history),
          }),
          rev,
        },
      ];
    }),
  );
  const before = trees.flat();
  const folders = [project.out, ...before.map(({ project: { out } }) => out)];
  const touched = [...subject.touched].filter((path) =>
    folders.some((folder) => path.startsWith(`${folder}/`)),
  );
  const journals = new Set([
    history.journalPath,
    ...before.map((then) => then.history.journalPath),
  ]);
  const recorded = subject.recorded ? { history: { top: repository.topLevel } } : {};
  const [published, parted, others, provenance] = await Promise.all([
    subject
      .published()
      .then((commits) =>
        readPublished(
          repository,
          { paths: touched, journals: [...journals], recorded: contentsOf(history) },
          commits,
        ),
      ),
    historyWhereTheyParted(run, before),
    othersOf(run, history, before, project),
    readProvenance({
      tree: subject.after,
      after: { project, history, snapshotVersion },
      before,
      session,
      excusedAs: sqlEdited.id,
      ...recorded,
    }),
  ]);
  return {
    before,
    published,
    provenance,
    others,
    ...(parted === undefined ? {} : { mergeBase: parted }),
  };
}

/** The content of each file of a migration, by path. */
function contentsOf({ migrations }: History): ReadonlyMap<RepoPath, string> {
  return new Map(
    migrations.flatMap(({ sql, snapshot }) =>
      [sql, snapshot].flatMap((file) =>
        file === undefined ? [] : [[file.path, file.entry.oid] as const],
      ),
    ),
  );
}

async function othersOf(
  { repository, subject }: Run,
  ours: History,
  before: readonly StateBefore[],
  { out }: Project,
): Promise<readonly OtherBranch[]> {
  if (subject.meets === undefined) return [];
  const { readOthers } = await import('../facts/other-branches.ts');
  return readOthers({
    repository,
    ...subject.meets,
    ours,
    out,
    formerly: before.map(({ project }) => project.out),
  });
}

/** The history in the merge base of a merge's two parents: what a parent lacks, it removed if it is there. */
async function historyWhereTheyParted(
  { repository, subject }: Run,
  before: readonly StateBefore[],
): Promise<History | undefined> {
  const [own, other, more] = subject.parents;
  const out = before[0]?.project.out;
  if (own?.oid === undefined || other?.oid === undefined || more !== undefined || out === undefined)
    return undefined;
  const base = await mergeBase(repository, own.oid, other.oid);
  return base === undefined ? undefined : readHistory(await commitTree(repository, base), out);
}

/**
 * Where drift could not be judged because of something pre-existing, that refuses a change near it all the same: the
 * guard does not pass what it could not check. Of many snapshots only the one that is diffed against counts.
 */
function whatHidesDrift(
  preexisting: readonly Violation[],
  after: ProjectState,
  changed: ReadonlySet<RepoPath>,
): readonly Violation[] {
  if (after.drift.status !== 'not-judged' || !isNear(changed, after.project, after.schema))
    return [];
  const { newest, migrations } = after.history;
  const path = (newest ?? migrations.at(-1)?.snapshot)?.path ?? '';
  const diffed = path.slice(path.lastIndexOf('/') + 1);
  return preexisting
    .filter(({ rule }) => rule.hidesDrift === true)
    .flatMap((one) => narrowed(one, (of) => of.kind !== 'snapshot' || of.file === diffed));
}

/** git tells only of the working tree's own rules what they ignore, so of something recorded it is not asked. */
async function ignoredOf(run: Run, { out }: Project): Promise<readonly RepoPath[]> {
  if (run.subject.recorded) return [];
  const probes = [
    `${out}/meta/_journal.json`,
    `${out}/meta/0000_snapshot.json`,
    `${out}/0000_new_migration.sql`,
  ];
  return ignoredPaths(run.repository, probes);
}

/** Replaces findings that only a missing half causes by the one that names the half. */
async function joinSplit(
  run: Run,
  after: ProjectState,
  introduced: readonly Violation[],
  before: readonly Violation[],
): Promise<readonly Violation[]> {
  const { index } = run.subject;
  if (index === undefined) return introduced;
  const answer = await findSplit({
    repository: run.repository,
    index,
    project: after.project,
    after,
    introduced,
    before,
    session: run.session,
    rediscover: async (tree) =>
      (await run.discover(tree)).projects.find(({ config }) => config === after.project.config),
  });
  if (answer === undefined) return introduced;
  // Only a finding that refuses may take the place of others, as in `withoutConsequences`.
  const instead =
    run.severityOf(answer.status === 'split' ? splitCommit : migrationsIgnored) === 'error';
  const rest = instead ? introduced.filter((one) => !answer.explains.includes(one)) : introduced;
  if (answer.status === 'split') return [...rest, answer.violation];
  const ignored = [...migrationsIgnored.check({ ...after, ignored: answer.paths })];
  return [
    ...rest.filter(({ rule }) => rule !== migrationsIgnored),
    ...ignored.map((draft) => ({ ...draft, rule: migrationsIgnored })),
  ];
}
