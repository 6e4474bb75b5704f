import type { Tree } from '../git/trees/tree.ts';
import { installedIn } from '../git/worktree/installed.ts';
import type { Migration } from '../history/history.ts';
import type { RunContext } from '../judge/context.ts';
import { chosen } from '../judge/tree.ts';
import { GuardError } from '../model/errors.ts';
import { discoverProjects, type Discovered } from '../project/discover.ts';
import { readGuardConfig, type GuardConfig } from '../project/guard-config.ts';
import type { Evaluate } from '../project/kit-environment.ts';
import { RULE_IDS } from '../rules/index.ts';

/** The guard's config and the projects of a tree, those asked for alone. */
export async function projectsOf(
  context: RunContext,
  tree: Tree,
): Promise<
  { readonly guardConfig: GuardConfig } & Pick<Discovered, 'projects' | 'unreadable' | 'looked'>
> {
  const top = context.repository.topLevel;
  const evaluate: Evaluate = (path, run) => context.evaluator.evaluateConfig(tree, path, run);
  const guardConfig = await readGuardConfig(tree, evaluate, RULE_IDS);
  const found = await discoverProjects(tree, {
    top,
    guardConfig,
    memory: context.memory,
    evaluate,
    installed: installedIn(top),
  });
  const { projects, unreadable } = chosen(found, context.only);
  return { guardConfig, projects, unreadable, looked: found.looked };
}

/** Whether a migration is one of those named: as it is called, or by the path of its SQL. */
export function isNamedIn(words: readonly string[]): (migration: Migration) => boolean {
  return ({ name, sqlPath }) =>
    words.some((word) => [name, `${name}.sql`, sqlPath].includes(word.replace(/^\.\//, '')));
}

/** @param command of the guard, for an example */
export function noMigration(names: readonly string[], command: string): GuardError {
  return new GuardError('usage', `there is no migration ${names.join(', ')}`, {
    help: [`Name it as its SQL file or folder is named: npx drizzle-guard ${command} 0007_teams`],
  });
}
