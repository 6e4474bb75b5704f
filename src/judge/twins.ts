import { readState } from '../facts/state.ts';
import type { History } from '../history/history.ts';
import type { Project } from '../project/project.ts';
import type { EvaluatedProject } from '../relevance/closure.ts';
import type { Discovered } from '../project/discover.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { TargetContext } from './context.ts';
import { splitByBefore, violationsOf, type Violation } from './new-findings.ts';

export interface JudgedTwins {
  readonly evaluated: readonly EvaluatedProject[];
  readonly introduced: readonly Violation[];
  readonly preexisting: readonly Violation[];
}

/**
 * What else `drizzle-kit generate` would write into the project's `out`: each further config with a
 * schema of its own is evaluated, and its drift is a finding of the project. One that drifted
 * before stays as it is, since each migration of the other config is drift to it.
 */
export async function judgeTwins(
  context: TargetContext,
  { twins = [] }: Project,
  history: Promise<History>,
): Promise<JudgedTwins> {
  if (!context.evaluator.evaluates) return NONE;
  const judged = await Promise.all(twins.map((twin) => judgeTwin(context, twin, history)));
  return {
    evaluated: judged.flatMap(({ evaluated }) => evaluated),
    introduced: judged.flatMap(({ introduced }) => introduced),
    preexisting: judged.flatMap(({ preexisting }) => preexisting),
  };
}

const NONE: JudgedTwins = { evaluated: [], introduced: [], preexisting: [] };

async function judgeTwin(
  context: TargetContext,
  twin: Project,
  history: Promise<History>,
): Promise<JudgedTwins> {
  const { target, parents } = context;
  const { schema, violations } = await schemaViolations(context, target.after, twin, history);
  const evaluated = [{ project: twin, schema }];
  if (violations.length === 0) return { ...NONE, evaluated };
  const then = await Promise.all(
    parents.map(async ({ tree, found }) => {
      const before = withSameOut(await found(), twin);
      if (before === undefined) return undefined;
      const read = await schemaViolations(context, tree, before);
      return { isSame: before.name === twin.name, violations: read.violations };
    }),
  );
  const known = then.filter((one) => one !== undefined);
  if (known.length === 0 || known.some((one) => one.isSame && one.violations.length > 0))
    return { evaluated, introduced: [], preexisting: violations };
  return {
    evaluated,
    ...splitByBefore(
      violations,
      known.flatMap((one) => one.violations),
    ),
  };
}

/** The same config in a tree before, else the one whose place it takes. */
function withSameOut({ projects }: Discovered, twin: Project): Project | undefined {
  const same = projects.filter(({ out }) => out === twin.out);
  return (
    same.flatMap((one) => [one, ...(one.twins ?? [])]).find(({ name }) => name === twin.name) ??
    same[0]
  );
}

/** What depends on the schema; all else is the same for every config of one `out`. */
async function schemaViolations(
  { evaluator, target: { touched }, now }: TargetContext,
  tree: Tree,
  project: Project,
  history?: Promise<History>,
) {
  const state = await readState({
    tree,
    project,
    evaluator,
    changed: touched,
    all: false,
    now,
    evaluate: true,
    ignored: [],
    ...(history === undefined ? {} : { history }),
  });
  const violations = violationsOf(state)
    .filter(({ rule }) => rule.needsSchema === 'always')
    .map((one): Violation => ({
      ...one,
      describe: (entities) => {
        const said = one.describe(entities);
        return { ...said, message: `${said.message} (with ${project.name})` };
      },
    }));
  return { schema: state.schema, violations };
}
