import type { ProjectState } from '../facts/change.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { affects, containsAny } from '../relevance/affects.ts';
import { closureOf } from '../relevance/closure.ts';
import { narrowed, type Violation } from './new-findings.ts';

/**
 * Where drift could not be judged because of something pre-existing, that refuses a change near it
 * anyway: the guard does not pass what it could not check. Of many snapshots only the one
 * that is diffed against counts.
 */
export function whatHidesDrift(
  preexisting: readonly Violation[],
  { project, schema, drift, history }: ProjectState,
  changed: ReadonlySet<RepoPath>,
): readonly Violation[] {
  if (drift.status !== 'not-judged') return [];
  // Near: what was read so far, and all below the folder that drizzle-kit is run from. A broken
  // project does not block others. Where no file matches the schema, no file was read that could
  // read others: a left-over config blocks nothing but changes of it and of its migrations.
  const read = closureOf({ project, schema });
  const isNear =
    project.schemaFiles.length === 0
      ? containsAny(read, changed)
      : affects({ ...read, unknownBelow: project.base }, changed);
  if (!isNear) return [];
  const path = (history.newest ?? history.migrations.at(-1)?.snapshot)?.path ?? '';
  const diffed = path.slice(path.lastIndexOf('/') + 1);
  return preexisting
    .filter(({ rule }) => rule.hidesDrift === true)
    .flatMap((one) => narrowed(one, (of) => of.kind !== 'snapshot' || of.file === diffed));
}
