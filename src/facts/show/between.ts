import type { Tree } from '../../git/trees/tree.ts';
import type { History, Migration } from '../../history/history.ts';
import { GuardError } from '../../model/errors.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Project } from '../../project/project.ts';
import type { Json } from '../../schema/diff/snapshot-json.ts';
import type { Evaluator } from '../../schema/evaluator.ts';

export interface ShownRequest {
  readonly tree: Tree;
  readonly project: Project;
  readonly evaluator: Evaluator;
  readonly history: History;
}

/** The states of the schema around some migrations. */
export interface Between {
  readonly of: readonly Migration[];
  readonly before: Json | undefined;
  readonly after: Json;
  /** What a reader has to know; sentences. */
  readonly notes?: readonly string[];
}

/** @param problems what is wrong with the snapshot */
export function unreadable(
  path: RepoPath,
  problems: readonly { readonly message: string; readonly line?: number }[],
): GuardError {
  const [{ message = 'cannot be read', line = undefined } = {}] = problems;
  return cannotShow(`${path}${line === undefined ? '' : `:${line}`} ${message}`);
}

export function cannotShow(message: string): GuardError {
  return new GuardError('evaluation-failed', message, {
    help: ['npx drizzle-guard check --all lists what is wrong with the migrations.'],
  });
}
