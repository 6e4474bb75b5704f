import type { ProjectChange } from '../facts/change.ts';
import type { SqlOrigin } from '../facts/sql-origin/origin.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Evaluator } from '../schema/evaluator.ts';
import type { Drift } from '../schema/schema.ts';

/** What the verdict on a project in one tree is based on. */
export interface ProjectEvidence {
  /** Name of the checked tree: "the index", "commit 0123456789ab". */
  readonly tree: string;
  readonly config: RepoPath;
  /** Undefined where nothing is evaluated. */
  readonly versions: { readonly version: string; readonly ormVersion: string } | undefined;
  /** The newest snapshot, which the schema is compared with. */
  readonly snapshot: RepoPath | undefined;
  readonly drift: Drift;
  /** The migrations that are new in the change, by tag. */
  readonly migrations: ReadonlyMap<string, SqlOrigin>;
}

/** Collects the evidence of a verdict. */
export async function evidenceOf(
  tree: string,
  { after: { project, history, drift }, sqlOrigins }: ProjectChange,
  evaluator: Evaluator,
): Promise<ProjectEvidence> {
  return {
    tree,
    config: project.config,
    versions: await evaluator.versionsFor(project),
    snapshot: history.newest?.path,
    drift,
    migrations: sqlOrigins,
  };
}
