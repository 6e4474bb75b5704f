import type { SetUp } from '../set-up.ts';
import type { RuleId } from '../../rules/ids.ts';
import type { PlantedViolation } from './result.ts';
import { readText } from '../../git/trees/tree.ts';

/** The first violation of a readable project whose rule refuses here; undefined where every such rule is switched off. */
export async function chooseViolation(setUp: SetUp): Promise<PlantedViolation | undefined> {
  const { projects } = await setUp.discovered();
  const { rules } = await setUp.guardConfig().catch(() => ({ rules: {} }));
  const tree = await setUp.tree();
  const candidates: PlantedViolation[] = [];
  for (const { out, schemaFiles } of projects) {
    candidates.push({
      rule: 'migration-orphaned',
      path: `${out}/drizzle_guard_doctor.sql`,
      text: 'SELECT 1;\n',
      what: 'a migration that the journal does not list',
    });
    const journal = await readText(tree, `${out}/meta/_journal.json`);
    if (journal !== undefined)
      candidates.push({
        rule: 'journal-invalid',
        path: `${out}/meta/_journal.json`,
        text: `${journal}<<<<<<< drizzle-guard doctor\n`,
        what: 'a journal with a conflict marker',
      });
    const [schema] = schemaFiles;
    if (schema !== undefined)
      candidates.push({
        rule: 'schema-unreadable',
        path: schema,
        text: 'export const = ;\n',
        what: 'a schema that cannot be read',
      });
  }
  return candidates.find(
    ({ rule }) =>
      (rules as Readonly<Partial<Record<RuleId, string>>>)[rule] === undefined ||
      (rules as Readonly<Partial<Record<RuleId, string>>>)[rule] === 'error',
  );
}
