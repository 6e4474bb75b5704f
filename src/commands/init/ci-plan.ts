import { chooseNode } from '../../ci/node-choice.ts';
import type { CiFacts } from '../../ci/facts.ts';
import { githubWorkflow, GITHUB_WORKFLOW } from '../../ci/github.ts';
import { GITLAB_JOB, GITLAB_PIPELINE } from '../../ci/gitlab.ts';
import { withGitlabJob, withoutGitlabJob } from '../../ci/gitlab-pipeline.ts';
import { readText, type Tree } from '../../git/trees/tree.ts';
import type { Worktree, Plan } from '../../hooks/hook-manager.ts';
import { inside } from '../../model/repo-path.ts';
import type { Packages } from './packages.ts';
import { NO_PLAN } from './plans.ts';
import { readJson } from './inspect-project.ts';
import { isRecord } from '../../model/unknown.ts';

export type CiService = 'github' | 'gitlab';

export interface CiSetup {
  readonly facts: CiFacts;
  readonly notes: readonly string[];
}

/** What a pipeline must know of the project. */
export async function ciSetup(tree: Tree, packages: Packages, guard: string): Promise<CiSetup> {
  const { manager, managerVersion, classicYarn, lockVersion, managed, lockFile } = packages;
  const folders = [...new Set([packages.folder, ''])];
  const entries = await tree.entries();
  const texts = new Map<string, string>();
  const engines = new Map<string, string>();
  for (const folder of folders) {
    for (const name of ['.nvmrc', '.node-version']) {
      const path = inside(folder, name);
      const text = entries.has(path) ? await readText(tree, path) : undefined;
      if (text !== undefined) texts.set(path, text);
    }
    const json = await readJson(tree, inside(folder, 'package.json'));
    const named = isRecord(json) && isRecord(json['engines']) ? json['engines']['node'] : undefined;
    if (typeof named === 'string') engines.set(folder, named);
  }
  const { choice, tooOld } = chooseNode(packages.folder, {
    text: (path) => texts.get(path),
    engines: (folder) => engines.get(folder),
  });
  return {
    facts: {
      manager,
      classicYarn,
      folder: managed,
      node: choice,
      guard,
      ...(managerVersion === undefined ? {} : { managerVersion }),
      ...(lockVersion === undefined ? {} : { lockVersion }),
      ...(lockFile === undefined ? {} : { lockFile }),
    },
    notes:
      tooOld === undefined
        ? []
        : [
            `The project names Node ${tooOld}, on which the guard does not run: in CI it takes Node ${choice.version}.`,
          ],
  };
}

/** Writes the service's file. One that somebody else wrote, or edited, stays as it is. */
export async function addCi(
  worktree: Worktree,
  service: CiService,
  { facts, notes }: CiSetup,
): Promise<Plan> {
  const path = service === 'github' ? GITHUB_WORKFLOW : GITLAB_PIPELINE;
  const before = await worktree.read(path);
  const left = (why: string): Plan => ({
    ...NO_PLAN,
    notes: [`${path} is left as it is: ${why}.`],
  });
  const edited = (text: string, more: readonly string[]): Plan => ({
    edits: [{ path, before, after: text }],
    commands: [],
    notes: [...notes, ...more],
  });
  if (service === 'github') {
    const after = githubWorkflow(facts);
    if (before === after) return NO_PLAN;
    return before === undefined
      ? edited(after, [])
      : left('it is there already, and another text than init would write');
  }
  const added = await withGitlabJob(before, facts);
  if (added.status === 'added') return edited(added.text, added.notes);
  if (added.status === 'unfit') return left(added.why);
  return before !== undefined && withoutGitlabJob(before, facts) !== undefined
    ? NO_PLAN
    : left(`it has a job ${GITLAB_JOB} already`);
}

/** Takes away what init wrote for either service, where it still is as init writes it. */
export async function removeCi(worktree: Worktree, { facts }: CiSetup): Promise<Plan> {
  const edits: Plan['edits'][number][] = [];
  const notes: string[] = [];
  const workflow = await worktree.read(GITHUB_WORKFLOW);
  if (workflow === githubWorkflow(facts))
    edits.push({ path: GITHUB_WORKFLOW, before: workflow, after: undefined });
  else if (workflow !== undefined)
    notes.push(
      `${GITHUB_WORKFLOW} is not as init writes it, and is left: remove it by hand if it is no longer wanted.`,
    );
  const pipeline = await worktree.read(GITLAB_PIPELINE);
  const without = pipeline === undefined ? undefined : withoutGitlabJob(pipeline, facts);
  if (without !== undefined)
    edits.push({ path: GITLAB_PIPELINE, before: pipeline, after: without.text });
  else if (pipeline !== undefined && new RegExp(`^${GITLAB_JOB}:`, 'm').test(pipeline))
    notes.push(
      `The job ${GITLAB_JOB} of ${GITLAB_PIPELINE} is not as init writes it, and is left: remove it by hand if it is no longer wanted.`,
    );
  return { edits, commands: [], notes };
}
