import type { ProjectChange } from '../facts/change.ts';
import type { SqlOrigin } from '../facts/sql-origin/origin.ts';
import type { History } from '../history/history.ts';
import type { Dialect } from '../model/dialect.ts';
import { splitStatements } from '../sql/statements.ts';
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
  /** Those that are new in the change. */
  readonly migrations: readonly MigrationEvidence[];
}

export interface MigrationEvidence {
  readonly tag: string;
  /**
   * The snapshot that its own was made from; undefined for the first one, and where it could not be
   * read.
   */
  readonly parent: RepoPath | undefined;
  readonly origin: SqlOrigin;
  /** The statements that drizzle-kit generates, as far as it was asked. */
  readonly expected: readonly string[];
}

/** Collects the evidence of a verdict. */
export async function evidenceOf(
  tree: string,
  { after: { project, history, drift }, sqlOrigins }: ProjectChange,
  evaluator: Evaluator,
): Promise<ProjectEvidence> {
  return {
    tree,
    config: project.name,
    versions: await evaluator.versionsFor(project),
    snapshot: history.newest?.path,
    drift,
    migrations: [...sqlOrigins].map(([tag, one]) => ({
      tag,
      parent: parentOf(history, tag),
      origin: one,
      expected: expectedOf(one, project.dialect),
    })),
  };
}

/** The statements of a generated migration are those of its file. */
function expectedOf(origin: SqlOrigin, dialect: Dialect): readonly string[] {
  if (origin.kind === 'edited') return origin.expected;
  return origin.kind === 'generated'
    ? splitStatements(origin.sql, dialect).map(({ source }) => source)
    : [];
}

function parentOf({ migrations }: History, tag: string): RepoPath | undefined {
  const own = migrations.find(({ name }) => name === tag)?.snapshot?.snapshot;
  if (own?.status !== 'ok') return undefined;
  return migrations.find(
    ({ snapshot }) =>
      snapshot?.snapshot.status === 'ok' && own.prevIds.includes(snapshot.snapshot.id),
  )?.snapshot?.path;
}
