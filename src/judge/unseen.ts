import { GuardError } from '../model/errors.ts';
import type { ReportedNotEvaluated } from '../model/report.ts';
import { variablesMissing } from '../schema/unset-variables.ts';
import { discoverProjects } from '../project/discover.ts';
import { readGuardConfig } from '../project/guard-config.ts';
import { RULE_IDS } from '../rules/index.ts';
import type { RunContext } from './context.ts';
import { levelsOf, severities } from './new-findings.ts';
import type { CheckTarget, Parent } from './target.ts';
import { judgeTree, type TreeVerdict } from './tree.ts';

/**
 * Judges a change of which no name matters, where it is not known what the projects read. What
 * could not be evaluated before either is pre-existing: the verdict names it in
 * `notEvaluated`, and has no closure.
 * @throws GuardError as `judgeTree`, where only the changed tree cannot be evaluated.
 */
export async function judgeUnseen(context: RunContext, target: CheckTarget): Promise<TreeVerdict> {
  try {
    return withUnset(await judgeTree(context, target));
  } catch (error) {
    const failed = await failedBefore(context, target, error);
    const names = await namesIn(context, target);
    if (names.length < 2) return notEvaluated(names, failed);
    // One project that cannot be evaluated does not hide another.
    const each: TreeVerdict[] = [];
    for (const name of names) each.push(await judgeOne({ ...context, only: [name] }, target, name));
    return joined(each);
  }
}

async function judgeOne(
  context: RunContext,
  target: CheckTarget,
  name: string,
): Promise<TreeVerdict> {
  try {
    return withUnset(await judgeTree(context, target));
  } catch (error) {
    return notEvaluated([name], await failedBefore(context, target, error));
  }
}

/** Names the projects whose schemas a variable decides that is not set. */
function withUnset(verdict: TreeVerdict): TreeVerdict {
  const { judged } = verdict;
  const notes = judged.flatMap(({ evaluated = [] }) =>
    evaluated.flatMap(({ project: { name, base }, schema }) =>
      schema.status === 'unset'
        ? notesOf([name], variablesMissing('the schema', { variables: schema.variables, base }))
        : [],
    ),
  );
  return notes.length === 0 ? verdict : { ...verdict, notEvaluated: notes };
}

/** The error, where a tree before fails like that too. @throws the error, where none does. */
async function failedBefore(
  context: RunContext,
  { parents }: CheckTarget,
  error: unknown,
): Promise<GuardError> {
  if (!(error instanceof GuardError)) throw error;
  for (const parent of parents) {
    const before = await judgeTree(context, unchanged(parent)).catch((reason: unknown) => reason);
    if (before instanceof GuardError && before.code === error.code) return error;
  }
  throw error;
}

/** A tree of which nothing changes: its projects are evaluated, and nothing of them is checked. */
function unchanged({ tree, oid }: Pick<Parent, 'tree' | 'oid'>): CheckTarget {
  return {
    after: tree,
    parents: [],
    changed: [],
    touched: new Set(),
    published: async () => ({ tips: [] }),
    ...(oid === undefined ? {} : { commit: oid }),
  };
}

/** The projects of a tree as far as the bytes of its configs show them. */
async function namesIn(
  { repository, memory }: RunContext,
  { after }: CheckTarget,
): Promise<readonly string[]> {
  try {
    const { projects, unreadable, notRun } = await discoverProjects(after, {
      top: repository.topLevel,
      guardConfig: await readGuardConfig(after, undefined, RULE_IDS),
      memory,
      evaluate: undefined,
    });
    return [...projects, ...unreadable, ...notRun].map(({ name }) => name);
  } catch (error) {
    // The guard's own config is not valid, or git lacks a file.
    if (error instanceof GuardError) return ['package.json'];
    throw error;
  }
}

function notEvaluated(names: readonly string[], error: GuardError): TreeVerdict {
  return { ...joined([]), notEvaluated: notesOf(names, error) };
}

function notesOf(
  names: readonly string[],
  { message, help: [fix] }: GuardError,
): readonly ReportedNotEvaluated[] {
  const said = `could not evaluate whether it reads a changed file (${message.replace(/\.$/, '')})`;
  const steps = [...(fix === undefined ? [] : [fix]), 'Then: npx drizzle-guard check --all'];
  const why = [said, ...steps.map((step) => step.replace(/\.$/, ''))].join('. ');
  return names.map((config) => ({ config, why }));
}

function joined(verdicts: readonly TreeVerdict[]): TreeVerdict {
  return {
    projects: verdicts.flatMap(({ projects }) => projects),
    judged: verdicts.flatMap(({ judged }) => judged),
    findings: verdicts.flatMap(({ findings }) => findings),
    preexisting: verdicts.reduce((sum, { preexisting }) => sum + preexisting, 0),
    notEvaluated: verdicts.flatMap((one) => one.notEvaluated),
    unclaimed: verdicts[0]?.unclaimed ?? [],
    severityOf: verdicts[0]?.severityOf ?? severities(levelsOf({ rules: {} })),
    closure: () => undefined,
  };
}
