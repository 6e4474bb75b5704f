import { isInOut } from '../history/layout.ts';
import { guardKeyFor, unclaimedJournals } from '../facts/unclaimed-journals.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { ReportedNotEvaluated } from '../model/report.ts';
import { type RepoPath, inside } from '../model/repo-path.ts';
import type { Discovered } from '../project/discover.ts';
import type { GuardConfig } from '../project/guard-config.ts';

/**
 * What is not checked, as no project has it: migrations with a journal that a change touches.
 * @param touched undefined: all of them
 */
export async function unclaimed(
  tree: Tree,
  found: Discovered,
  guardConfig: GuardConfig,
  touched: ReadonlySet<RepoPath> | undefined,
): Promise<readonly ReportedNotEvaluated[]> {
  const journals = await unclaimedJournals(tree, found, guardConfig, touched);
  const pulled = found.pulling.filter(
    ({ config, out }) =>
      touched === undefined || [...touched].some((path) => path === config || isInOut(out, path)),
  );
  const unnamed = await Promise.all(
    journals.map(async (journal): Promise<ReportedNotEvaluated> => {
      const { where, json, without, toFill } = await guardKeyFor(
        [journal],
        tree,
        found,
        guardConfig,
      );
      const fill = toFill.length === 0 ? '' : ` (fill in ${toFill.join(' and ')})`;
      return {
        config: journal.path,
        why:
          'belongs to no known Drizzle project, so its migrations are not checked. Name the ' +
          `project in ${where}: ${json}${fill}; or that there is none: ${without}`,
      };
    }),
  );
  return [
    ...pulled.map(({ name, out }) => ({ config: name, why: withoutSchema(out) })),
    ...unnamed,
  ];
}

/** Why nothing is checked where `drizzle-kit pull` alone is run. */
export function withoutSchema(out: RepoPath): string {
  return (
    'has no schema file yet: nothing is checked until its `schema` names one that git records ' +
    `(drizzle-kit pull writes ${inside(out, 'schema.ts')})`
  );
}
