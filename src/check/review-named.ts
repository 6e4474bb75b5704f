import type { Tree } from '../git/trees/tree.ts';
import type { RunContext } from '../judge/context.ts';
import { reviewNamed, type ToReview } from '../judge/named.ts';
import type { Report } from '../model/report.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { RuleId } from '../rules/index.ts';
import { report } from './run.ts';

/** A report, and the migrations that it is about. */
export interface Reviewed {
  readonly report: Report<RuleId>;
  readonly migrations: readonly string[];
}

/** Reviews some migrations of each project, as if each was the only new one. */
export async function reviewOf(
  context: RunContext,
  guardConfig: GuardConfig,
  tree: Tree,
  asked: readonly ToReview[],
): Promise<Reviewed> {
  const reviews = [];
  for (const one of asked)
    reviews.push({
      project: one.project,
      ...(await reviewNamed(context, guardConfig, tree, one)),
    });
  return {
    migrations: reviews.flatMap(({ migrations }) => migrations),
    report: report({
      projects: reviews.map(({ project: { name, dialect, out }, migrations }) => ({
        config: name,
        dialect,
        out,
        migrations: migrations.length,
        checked: migrations.length > 0,
      })),
      findings: reviews.flatMap(({ findings }) => findings),
      preexisting: 0,
      notEvaluated: [],
      unclaimed: [],
    }),
  };
}
