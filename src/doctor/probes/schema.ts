import { GuardError } from '../../model/errors.ts';
import { howToGenerate } from '../../project/scripts/how-to-generate.ts';
import type { Project } from '../../project/project.ts';
import { variablesMissing } from '../../schema/unset-variables.ts';
import { problem, note, ok, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { SetUp } from '../set-up.ts';
import { whyNeverStored } from '../../schema/cache/outside.ts';
import { counted } from '../../model/words.ts';

/** Whether each schema, as it would be recorded, can be loaded. */
export const probe: Probe = {
  id: 'schema',
  title: 'schema',
  needs: 'project',
  async probe(setUp) {
    const { projects } = await setUp.discovered();
    const diagnoses: Diagnosis[] = [];
    for (const project of projects) diagnoses.push(...(await look(setUp, project)));
    return diagnoses;
  },
};

function runUnder(config: string, under: string): Diagnosis {
  return note(
    `${config}: a script runs drizzle-kit under \`${under}\`, and what that sets is not known here`,
    { text: 'If the schema depends on it:', run: `${under} npx drizzle-guard check` },
  );
}

async function look(setUp: SetUp, project: Project): Promise<readonly Diagnosis[]> {
  const [evaluator, tree] = await Promise.all([setUp.evaluator(), setUp.tree()]);
  const { generate, install, under } = await howToGenerate(tree, project);
  try {
    let because: readonly string[] = [];
    const schema = await evaluator.evaluate(tree, project, (observed) => {
      because = whyNeverStored(observed);
    });
    if (schema.status === 'unset')
      throw variablesMissing(`the schema of ${project.name}`, { ...schema, base: project.base });
    if (schema.status === 'ok')
      return [
        ok(
          `${project.config}: ${counted(project.schemaFiles.length, 'schema file')}, ` +
            `${schema.closure.size} read in all`,
        ),
        ...atEveryCheck(project.config, setUp.neverStored.get(project.config)),
        ...atEveryCheck(`the schema of ${project.name}`, because),
        ...(under === undefined ? [] : [runUnder(project.config, under)]),
      ];
    const line = schema.line === undefined ? '' : `:${schema.line}`;
    const chain =
      schema.chain.length > 1 ? `, imported through ${schema.chain.slice(0, -1).join(' -> ')}` : '';
    return [
      problem(`${schema.path}${line}: ${schema.message}${chain}`, {
        text: "Fix the file. To see drizzle-kit's own error:",
        run: generate,
      }),
    ];
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    // The kit's own probe reports these.
    if (
      error.code === 'kit-missing' ||
      error.code === 'kit-unsupported' ||
      error.code === 'orm-missing'
    )
      return [];
    if (error.code === 'dialect-unsupported') return [note(error.message)];
    return [
      problem(
        error.message,
        ...error.help.map((text) => ({ text })),
        ...(error.code === 'dependency-missing'
          ? [{ text: 'Install the dependencies:', run: install }]
          : []),
      ),
    ];
  }
}

function atEveryCheck(what: string, because: readonly string[] = []): readonly Diagnosis[] {
  return because.length === 0
    ? []
    : [
        note(
          `${what} is evaluated at every check, as its answer cannot be stored: ${because.join('; ')}`,
        ),
      ];
}
