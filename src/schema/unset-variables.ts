import { GuardError } from '../model/errors.ts';
import { inside, type RepoPath } from '../model/repo-path.ts';
import { listed } from '../model/words.ts';
import type { Project } from '../project/project.ts';
import type { EvaluatedSchema } from './schema.ts';

/** Why code gives no answer: it is another one with each value of these variables. */
export function dependsOn(subject: string, variables: readonly string[]): string {
  const are = variables.length === 1 ? 'is not set, and its value is' : 'are not set, and they are';
  return `${listed(variables)} ${are} part of ${subject}`;
}

/** The guard cannot check: a required variable that decides names or paths is not set. */
export function variablesMissing(
  subject: string,
  { variables, base }: { readonly variables: readonly string[]; readonly base: RepoPath },
): GuardError {
  const set = variables.map((name) => `${name}=...`).join(' ');
  return new GuardError('variable-missing', `${dependsOn(subject, variables)}.`, {
    help: [
      `Set ${variables.length === 1 ? 'it' : 'them'} as for drizzle-kit: ${set} ` +
        `in ${inside(base, '.env')}, or in the environment of git and of CI.`,
      'Or give the code a default for it.',
    ],
  });
}

/** What was checked without variables that the script's wrapper may set; one line. */
export function withoutOpen(
  { open = [], environment }: Project,
  schema: EvaluatedSchema,
): string | undefined {
  const names = [...new Set([...open, ...((schema.status === 'ok' && schema.open) || [])])];
  const under = environment?.under;
  if (names.length === 0 || under === undefined) return undefined;
  const [is, it] = names.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return (
    `checked with the default of ${listed(names)}, which ${is} not set here: \`${under}\` may set ` +
    `${it}, and the schema is another one then; to be sure: ${under} npx drizzle-guard check`
  );
}

/** @throws GuardError `variable-missing` where a variable that is not set decides the schema. */
export function assertVariables({
  project: { name, base },
  schema,
}: {
  readonly project: Project;
  readonly schema: EvaluatedSchema;
}): void {
  if (schema.status === 'unset')
    throw variablesMissing(`the schema of ${name}`, { variables: schema.variables, base });
}
