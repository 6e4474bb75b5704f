import { chooseNode } from '../../ci/node-choice.ts';
import type { CiFacts } from '../../ci/facts.ts';
import { githubWorkflow, GITHUB_WORKFLOW } from '../../ci/github.ts';
import { GITLAB_PIPELINE, gitlabJob } from '../../ci/gitlab.ts';
import { readText, type Tree } from '../../git/trees/tree.ts';
import type { Worktree, Plan } from '../../hooks/hook-manager.ts';
import { type RepoPath, inside } from '../../model/repo-path.ts';
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

/** The file of each service that init writes, where it can be written whole. */
const FILES: Readonly<
  Record<CiService, { readonly path: RepoPath; readonly text: (facts: CiFacts) => string }>
> = {
  github: { path: GITHUB_WORKFLOW, text: githubWorkflow },
  gitlab: { path: GITLAB_PIPELINE, text: gitlabJob },
};

/**
 * Writes the service's file where there is none, and brings one up to date that an earlier version
 * wrote. Any other is not edited: a note says what to add.
 */
export async function addCi(
  worktree: Worktree,
  service: CiService,
  { facts, notes }: CiSetup,
): Promise<Plan> {
  const { path, text } = FILES[service];
  const [before, after] = [await worktree.read(path), text(facts)];
  if (before === after) return NO_PLAN;
  if (before === undefined || steps(before) === steps(after))
    return { edits: [{ path, before, after }], commands: [], notes: [...notes] };
  if (service === 'gitlab' && !CALLS_GUARD.test(before))
    return {
      ...NO_PLAN,
      notes: [...notes, `${path} exists and is not edited. Add this job to it:\n\n${after}`],
    };
  return { ...NO_PLAN, notes: [`${path} exists and is not edited.`] };
}

/**
 * Removes the files of both services where they are what init writes, in this version or an earlier
 * one.
 */
export async function removeCi(worktree: Worktree, { facts }: CiSetup): Promise<Plan> {
  const edits: Plan['edits'][number][] = [];
  const notes: string[] = [];
  for (const { path, text } of Object.values(FILES)) {
    const before = await worktree.read(path);
    if (before !== undefined && steps(before) === steps(text(facts)))
      edits.push({ path, before, after: undefined });
    else if (before !== undefined && CALLS_GUARD.test(before))
      notes.push(`${path} is not what guard init writes: remove the guard from it by hand.`);
  }
  return { edits, commands: [], notes };
}

const CALLS_GUARD = /(?:drizzle-)?guard["']? check\b/;

/**
 * What a file does: without its comments, which differ between versions, as do the names of the
 * guard's bin.
 */
function steps(text: string): string {
  return text.replace(/^\s*#.*\n/gm, '').replaceAll('/.bin/guard', '/.bin/drizzle-guard');
}
