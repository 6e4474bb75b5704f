import { guardKeyFor, unclaimedJournals } from '../facts/unclaimed-journals.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { ReportedNotEvaluated } from '../model/report.ts';
import type { RepoPath } from '../model/repo-path.ts';
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
  return Promise.all(
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
}
