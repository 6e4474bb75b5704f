import type { ProjectChange, ProjectState, StateBefore } from '../change.ts';
import type { Draft, Finding } from '../finding.ts';
import { commitTree } from '../git/commit-tree.ts';
import type { IndexChange } from '../git/index-tree.ts';
import { ignoredPaths } from '../git/loose.ts';
import { mergeBase } from '../git/merge-base.ts';
import type { Repository } from '../git/repository.ts';
import type { RepoPath, Tree } from '../git/tree.ts';
import type { History } from '../history/history.ts';
import { readHistory, snapshotsRead } from '../history/read.ts';
import type { Discovered } from '../project/discover.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { Project } from '../project/project.ts';
import type { ReportedProject } from '../report/report.ts';
import { entity } from '../rules/entity.ts';
import { rule as migrationsIgnored } from '../rules/migrations-ignored.ts';
import { applyExceptions } from './exceptions.ts';
import { readProvenance } from './provenance.ts';
import { readPublished } from './published.ts';
import { draftsOf, draftsOfChange, ratchet, tell, type Severities } from './ratchet.ts';
import { refine, type Fresh } from './refine.ts';
import { concerns, isNear } from './known-closure.ts';
import type { EvaluatedSchema } from '../schema/schema.ts';
import type { SchemaSession } from './session.ts';
import { findSplit } from './split.ts';
import { readState } from './state.ts';

/** One run of the guard over one change. */
export interface Run {
  readonly repository: Repository;
  readonly index: IndexChange;
  readonly changed: ReadonlySet<RepoPath>;
  readonly all: boolean;
  readonly session: SchemaSession;
  /** The trees before: none (first commit), one, or a merge's parents. Their projects are looked for when asked. */
  readonly parents: readonly { readonly tree: Tree; readonly rev?: string; readonly found: () => Promise<Discovered> }[];
  readonly discover: (tree: Tree) => Promise<Discovered>;
  readonly severityOf: Severities;
  readonly guardConfig: GuardConfig;
  readonly now: number;
  /** Whether what is judged is the index, so that the working tree may hold another half. */
  readonly hasWorkingTree: boolean;
}

export interface Judged {
  readonly project: ReportedProject;
  readonly findings: readonly Finding[];
  readonly preexisting: number;
  /** What the evaluation read, where there was one. */
  readonly looked?: { readonly project: Project; readonly schema: EvaluatedSchema };
}

/** Judges one project: its state against the states before, the change itself, and where another half may lie. */
export async function judgeProject(run: Run, project: Project): Promise<Judged> {
  const { session, index, changed, all, now } = run;
  const after = await readState({ tree: index.after, project, session, changed, all, now, evaluate: true, ignored: await ignoredOf(run, project) });
  const reported: ReportedProject = {
    config: project.config,
    dialect: project.dialect,
    out: project.out,
    migrations: after.history.migrations.length,
    checked: all || concerns(changed, project, after.schema),
  };
  if (!reported.checked) return { project: reported, findings: [], preexisting: 0, looked: { project, schema: after.schema } };

  const drafts = draftsOf(after);
  const before = await draftsBefore(run, project, after, drafts);
  const state = ratchet(drafts, before);
  const change = await changeOf(run, project, after);
  const held = heldForWantOfJudgement(state.preexisting, after, changed);
  const fresh = [...state.fresh, ...held, ...draftsOfChange(change).map((draft) => ({ draft, entities: draft.entities }))];
  const joined = await joinSplit(run, after, fresh, before);
  const schemaTouched = concerns(new Set([...changed].filter((path) => !path.startsWith(`${project.out}/`))), project, after.schema);
  const findings = tell(applyExceptions(refine(joined, { severityOf: run.severityOf, schemaTouched }), { change, config: run.guardConfig, now }), project.config, run.severityOf);
  const preexisting = state.preexisting.filter((draft) => !held.some((one) => one.draft === draft));
  const old = all ? tell(preexisting.map((draft) => ({ draft, entities: draft.entities })), project.config, run.severityOf) : [];
  return {
    project: reported,
    findings: [...findings, ...old.map((finding): Finding => ({ ...finding, preexisting: true }))],
    preexisting: preexisting.length,
  };
}

/** What the rules said of the project in the trees before; nothing is evaluated that no draft depends on. */
async function draftsBefore(run: Run, project: Project, after: ProjectState, drafts: readonly Draft[]): Promise<readonly Draft[]> {
  if (drafts.length === 0) return [];
  const evaluate = drafts.some(({ rule }) => rule === 'schema-drift' || rule === 'schema-unreadable');
  const ignoreChanged = [...run.changed].some((path) => path.endsWith('.gitignore'));
  const states = await Promise.all(
    run.parents.map(async ({ tree, found }) => {
      const then = projectBefore(await found(), project);
      if (then === undefined) return [];
      return draftsOf(
        await readState({
          tree,
          project: then,
          session: run.session,
          changed: run.changed,
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

/**
 * The project as the tree before had it: the same config, or else the same migrations folder. Where its config could
 * not be read before, today's reading of it is used: mending a config must not turn its whole past into new faults.
 */
function projectBefore(found: Discovered, project: Project): Project | undefined {
  const same = found.projects.find(({ config }) => config === project.config) ?? found.projects.find(({ out }) => out === project.out);
  if (same !== undefined) return same;
  return found.unreadable.some(({ config }) => config === project.config) ? project : undefined;
}

async function changeOf(run: Run, project: Project, after: ProjectState): Promise<ProjectChange> {
  const before = await Promise.all(
    run.parents.map(async ({ tree, rev, found }) => {
      const then = projectBefore(await found(), project);
      if (then === undefined) return [];
      return [{ project: then, history: await readHistory(tree, then.out, { changed: run.changed, all: run.all, also: snapshotsRead(after.history) }), ...(rev === undefined ? {} : { rev }) }];
    }),
  );
  const folders = [project.out, ...before.flat().map(({ project: { out } }) => out)];
  const touched = [...run.changed].filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)));
  const journals = [after.history.journalPath, ...before.flat().map(({ history }) => history.journalPath)];
  const [published, parted] = await Promise.all([readPublished(run.repository, touched, [...new Set(journals)]), historyWhereTheyParted(run, before.flat())]);
  const provenance = await readProvenance({ tree: run.index.after, after, before: before.flat(), session: run.session });
  return { after, before: before.flat(), published, provenance, ...(parted === undefined ? {} : { mergeBase: parted }) };
}

/** The history in the merge base of a merge's two parents: what a parent lacks, it removed if it is there. */
async function historyWhereTheyParted({ repository, index }: Run, before: readonly StateBefore[]): Promise<History | undefined> {
  const [other, more] = index.mergeHeads;
  const out = before[0]?.project.out;
  if (other === undefined || more !== undefined || repository.head === undefined || out === undefined) return undefined;
  const base = await mergeBase(repository, repository.head, other);
  return base === undefined ? undefined : readHistory(await commitTree(repository, base), out);
}

/**
 * Where drift could not be judged because of a fault that was there before, that fault is held against a change near it
 * all the same: the guard does not say yes to what it could not look at.
 */
function heldForWantOfJudgement(preexisting: readonly Draft[], after: ProjectState, changed: ReadonlySet<RepoPath>): readonly Fresh[] {
  if (after.drift.status !== 'not-judged' || !isNear(changed, after.project, after.schema)) return [];
  const { newest, migrations } = after.history;
  const path = (newest ?? migrations.at(-1)?.snapshot)?.path ?? '';
  const ofNewest = entity(path.slice(path.lastIndexOf('/') + 1), '');
  return preexisting.flatMap((draft): readonly Fresh[] => {
    if (draft.rule === 'schema-unreadable') return [{ draft, entities: draft.entities }];
    // One draft may speak of many snapshots: only the one that nothing can be diffed against is held.
    const entities = draft.rule === 'snapshot-invalid' ? draft.entities.filter((one) => one.startsWith(ofNewest)) : [];
    return entities.length === 0 ? [] : [{ draft, entities }];
  });
}

async function ignoredOf(run: Run, { out }: Project): Promise<readonly RepoPath[]> {
  const probes = [`${out}/meta/_journal.json`, `${out}/meta/0000_snapshot.json`, `${out}/0000_new_migration.sql`];
  return ignoredPaths(run.repository, probes);
}

/** Replaces findings that only a missing half causes by the one that names the half. */
async function joinSplit(run: Run, after: ProjectState, fresh: readonly Fresh[], before: readonly Draft[]): Promise<readonly Fresh[]> {
  if (!run.hasWorkingTree) return fresh;
  const answer = await findSplit({
    repository: run.repository,
    index: run.index,
    project: after.project,
    after,
    fresh,
    before,
    session: run.session,
    rediscover: async (tree) => (await run.discover(tree)).projects.find(({ config }) => config === after.project.config),
  });
  if (answer === undefined) return fresh;
  // Only a finding that refuses may take the place of others, as in `refine`.
  const instead = run.severityOf(answer.status === 'split' ? 'split-commit' : 'migrations-ignored') === 'error';
  const rest = instead ? fresh.filter((one) => !answer.explains.includes(one)) : fresh;
  if (answer.status === 'split') return [...rest, { draft: answer.draft, entities: answer.draft.entities }];
  const ignored = [...(migrationsIgnored.judges === 'state' ? migrationsIgnored.check({ ...after, ignored: answer.paths }) : [])];
  return [...rest.filter(({ draft }) => draft.rule !== 'migrations-ignored'), ...ignored.map((draft) => ({ draft, entities: draft.entities }))];
}
