import type { RepoPath } from '../../model/repo-path.ts';
import type { Place } from '../set-up.ts';
import type { RuleId } from '../../rules/ids.ts';
import { readText } from '../../git/trees/tree.ts';

/** A violation to be planted: a file that the guard refuses, whatever else stands in the project. */
export interface Plant {
  readonly rule: RuleId;
  readonly path: RepoPath;
  readonly text: string;
  /** "a migration that the journal does not list" */
  readonly what: string;
}

/** The first violation of a readable project whose rule refuses here; undefined where every such rule is switched off. */
export async function choosePlant(place: Place): Promise<Plant | undefined> {
  const { projects } = await place.found();
  const { rules } = await place.guardConfig().catch(() => ({ rules: {} }));
  const tree = await place.tree();
  const plants: Plant[] = [];
  for (const { out, schemaFiles } of projects) {
    plants.push({
      rule: 'migration-orphaned',
      path: `${out}/drizzle_guard_doctor.sql`,
      text: 'SELECT 1;\n',
      what: 'a migration that the journal does not list',
    });
    const journal = await readText(tree, `${out}/meta/_journal.json`);
    if (journal !== undefined)
      plants.push({
        rule: 'journal-invalid',
        path: `${out}/meta/_journal.json`,
        text: `${journal}<<<<<<< drizzle-guard doctor\n`,
        what: 'a journal with a conflict marker',
      });
    const [schema] = schemaFiles;
    if (schema !== undefined)
      plants.push({
        rule: 'schema-unreadable',
        path: schema,
        text: 'export const = ;\n',
        what: 'a schema that cannot be read',
      });
  }
  return plants.find(
    ({ rule }) =>
      (rules as Readonly<Partial<Record<RuleId, string>>>)[rule] === undefined ||
      (rules as Readonly<Partial<Record<RuleId, string>>>)[rule] === 'error',
  );
}
