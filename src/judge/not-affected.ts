import { countMigrations } from '../history/read.ts';
import { folderOf } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import { affects, containsAny } from '../relevance/affects.ts';
import { closureOf, ownFiles } from '../relevance/closure.ts';
import type { EvaluatedSchema } from '../schema/schema.ts';
import type { ProjectVerdict, TargetContext } from './context.ts';

/**
 * Of a project that no name says to be affected only the evaluation is asked for, which says what it
 * read: one of many projects in a repository costs little while another one changes.
 * @returns the verdict, where the change affects nothing that it read; else the evaluation, if there
 * was one.
 */
export async function whetherAffected(
  { evaluator, target: { after, touched }, all }: TargetContext,
  project: Project,
): Promise<{ readonly verdict?: ProjectVerdict; readonly schema?: EvaluatedSchema }> {
  const { name, dialect, out, twins = [] } = project;
  if (all || !evaluator.evaluates || twins.length > 0 || isNear(project, touched)) return {};
  const schema = await evaluator.evaluate(after, project);
  if (affects(closureOf({ project, schema }), touched)) return { schema };
  const migrations = await countMigrations(after, out, await evaluator.layout(project, after));
  return {
    verdict: {
      project: { config: name, dialect, out, migrations, checked: false },
      findings: [],
      preexisting: 0,
      evaluated: [{ project, schema }],
      notEvaluated: [],
    },
  };
}

/** Whether a change is among the files of a project, or below the folder of one of its schema files. */
function isNear(project: Project, touched: ReadonlySet<string>): boolean {
  const folders = [...new Set(project.schemaFiles.map(folderOf))];
  return (
    containsAny(ownFiles(project), touched) ||
    [...touched].some((path) =>
      folders.some((folder) => folder === '' || path.startsWith(`${folder}/`)),
    )
  );
}
