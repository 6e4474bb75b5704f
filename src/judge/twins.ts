import { readState } from '../facts/state.ts';
import type { History } from '../history/history.ts';
import type { Entity } from '../model/entity.ts';
import type { Project } from '../project/project.ts';
import type { EvaluatedProject } from '../relevance/closure.ts';
import type { Discovered } from '../project/discover.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { ReportedNotEvaluated } from '../model/report.ts';
import { assertVariables, dependsOn } from '../schema/unset-variables.ts';
import type { TargetContext } from './context.ts';
import { changedSince } from './grown-drift.ts';
import { narrowed, splitByBefore, violationsOf, type Violation } from './new-findings.ts';

interface JudgedTwins {
  readonly evaluated: readonly EvaluatedProject[];
  readonly introduced: readonly Violation[];
  readonly preexisting: readonly Violation[];
  readonly notEvaluated: readonly ReportedNotEvaluated[];
}

/**
 * What else `drizzle-kit generate` would write into the project's `out`: each further config with a
 * schema of its own is evaluated, and its drift is a finding of the project. Of one that drifted
 * before only what its own schema changes is new, since each migration of the other config is drift
 * to it.
 */
export async function judgeTwins(
  context: TargetContext,
  project: Project,
  history: Promise<History>,
): Promise<JudgedTwins> {
  if (!context.evaluator.evaluates) return NONE;
  const { twins = [] } = project;
  const judged = await Promise.all(twins.map((twin) => judgeTwin(context, twin, history)));
  const evaluated = judged.flatMap((one) => one.evaluated);
  return {
    evaluated,
    notEvaluated: evaluated
      .filter((one) => isOfAnotherPlace(one, project))
      .map(({ project: { name }, schema }) => ({
        config: name,
        why: `not checked: ${schema.status === 'unset' ? dependsOn('the schema', schema.variables) : ''}`,
      })),
    introduced: judged.flatMap(({ introduced }) => introduced),
    preexisting: judged.flatMap(({ preexisting }) => preexisting),
  };
}

/**
 * Whether a script runs the project's config with variables that this machine does not have: those
 * of production, say.
 */
export function isOfAnotherPlace(
  { project, schema }: EvaluatedProject,
  { name, config }: Project,
): boolean {
  return schema.status === 'unset' && project.config === config && project.name !== name;
}

const NONE: JudgedTwins = { evaluated: [], introduced: [], preexisting: [], notEvaluated: [] };

async function judgeTwin(
  context: TargetContext,
  twin: Project,
  history: Promise<History>,
): Promise<Omit<JudgedTwins, 'notEvaluated'>> {
  const { target, parents } = context;
  const after = await schemaViolations(context, target.after, twin, history);
  const { violations } = after;
  const evaluated = [{ project: twin, schema: after.state.schema }];
  if (violations.length === 0) return { ...NONE, evaluated };
  const then = await Promise.all(
    parents.map(async ({ tree, found }) => {
      const before = withSameOut(await found(), twin);
      if (before === undefined) return undefined;
      const read = await schemaViolations(context, tree, before);
      assertVariables(read.state);
      return { ...read, isSame: isSame(before, twin) };
    }),
  );
  const known = then.filter((one) => one !== undefined);
  if (known.length === 0) return { evaluated, introduced: [], preexisting: violations };
  const before = known.flatMap((one) => one.violations);
  const drifted = known.filter((one) => one.isSame && one.violations.length > 0);
  if (drifted.length === 0) return { evaluated, ...splitByBefore(violations, before) };
  const again = () => context.evaluator.evaluateAgain(target.after, twin);
  const changes = await Promise.all(
    drifted.map(({ state }) => changedSince(state, after.state, again)),
  );
  const isOwn = (entity: Entity): boolean => changes.every((isChanged) => isChanged(entity));
  const ofSchema = (wanted: boolean): readonly Violation[] =>
    violations.flatMap((one) =>
      narrowed(one, (entity) => OF_DRIFT.has(entity.kind) && isOwn(entity) === wanted),
    );
  const rest = splitByBefore(
    violations.flatMap((one) => narrowed(one, ({ kind }) => !OF_DRIFT.has(kind))),
    before,
  );
  return {
    evaluated,
    introduced: [...ofSchema(true), ...rest.introduced],
    preexisting: [...ofSchema(false), ...rest.preexisting],
  };
}

const OF_DRIFT: ReadonlySet<Entity['kind']> = new Set(['schema', 'statement']);

/** The same config in a tree before, else the one whose place it takes. */
function withSameOut({ projects }: Discovered, twin: Project): Project | undefined {
  const same = projects.filter(({ out }) => out === twin.out);
  return (
    same.flatMap((one) => [one, ...(one.twins ?? [])]).find((one) => isSame(one, twin)) ?? same[0]
  );
}

/** A script may have another name now. */
function isSame(one: Project, other: Project): boolean {
  return (
    one.name === other.name ||
    (one.config === other.config &&
      JSON.stringify(one.environment) === JSON.stringify(other.environment))
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
  return { state, violations };
}
