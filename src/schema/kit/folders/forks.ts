import type { Dialect } from '../../../model/dialect.ts';
import type { ForkBranch, ForkConflict } from '../../folders.ts';
import { method, property } from '../foreign-module.ts';
import { rowsOf, type ReadFile } from './read-folder.ts';
import type { Functions } from './regions.ts';
import { CHECK, COMMUTATIVITY, folderDialect, sourceOf } from './sources.ts';

/** `detectNonCommutative`; undefined for the dialects that have none. */
export function detect(kit: Functions, dialect: Dialect, files: readonly ReadFile[]): unknown {
  const commutativity = kit.get(COMMUTATIVITY, 'getCommutativityDialect')(dialect);
  if (commutativity === undefined) return undefined;
  return method(commutativity, 'detectNonCommutative')(files);
}

export function conflictsIn(report: unknown): readonly ForkConflict[] {
  const conflicts = property(report, 'conflicts');
  return (Array.isArray(conflicts) ? conflicts : []).map((conflict: unknown) => ({
    parent: String(property(conflict, 'parentPath') ?? ''),
    branches: ['branchA', 'branchB'].map((name) => branchIn(property(conflict, name))),
  }));
}

function branchIn(branch: unknown): ForkBranch {
  const chain = property(branch, 'chain');
  const paths = (Array.isArray(chain) ? chain : []).map((one) => String(property(one, 'path')));
  const source = property(property(branch, 'source'), 'path');
  return {
    folders: paths,
    source: typeof source === 'string' ? source : (paths.at(-1) ?? ''),
    text: String(property(branch, 'statementDescription')),
  };
}

/** The open leaves, where drizzle-kit puts them together; what it means by a branch. */
export function openBranch(kit: Functions, report: unknown): unknown {
  return kit.get(CHECK, 'selectOpenCommutativeBranch')(report ?? { conflicts: [], leafNodes: [] });
}

/** The rows of the leaves' last common ancestor with what each leaf did since; undefined: nothing. */
export function merge(
  kit: Functions,
  dialect: Dialect,
  branch: unknown,
): readonly unknown[] | undefined {
  const statements = property(branch, 'statements');
  if (!Array.isArray(statements) || statements.length === 0) return undefined;
  const { family } = folderDialect(dialect);
  const made = kit.get(sourceOf(family, 'serializer'), 'generateLatestSnapshot')(
    property(branch, 'parentSnapshot'),
    statements,
  );
  return JSON.parse(JSON.stringify(rowsOf(made))) as unknown[];
}
