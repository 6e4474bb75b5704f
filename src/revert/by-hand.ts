import { generatedStatements } from '../facts/sql-origin/exceptions-in-sql.ts';
import type { Project } from '../project/project.ts';
import { compareSnapshots } from '../schema/diff/compare.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import { splitStatements } from '../sql/statements.ts';

/**
 * The statements of a migration that drizzle-kit did not generate.
 * @param generated what it generates for it
 */
export function byHand(
  sql: string,
  generated: readonly string[],
  writes: Pick<Project, 'dialect' | 'breakpoints'>,
): readonly string[] {
  const known = new Set(generatedStatements(generated, writes).map(({ key }) => key));
  return splitStatements(sql, writes.dialect)
    .filter(({ key }) => !known.has(key))
    .map(({ source }) => source);
}

/** `0007_motto` and the like: what comes behind the number or time of a new migration's name. */
export function revertName(names: readonly string[], namePart: (name: string) => string): string {
  const last = names.at(-1) ?? '';
  return `revert_${namePart(last)}`;
}

/** What differs between two states: "teams", "teams.motto". */
export function changedIn(before: Json | undefined, after: Json): readonly string[] {
  return compareSnapshots(before, after).map(({ entity }) => entity);
}
