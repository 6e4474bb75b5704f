import { pathspec } from '../../model/shell-quote.ts';
import { guardKeyFor, unclaimedJournals } from '../../facts/unclaimed-journals.ts';
import { hasFolders } from '../../history/folder-layout.ts';
import { journalPath } from '../../history/layout.ts';
import { withoutSchema } from '../../judge/unclaimed.ts';
import type { Project } from '../../project/project.ts';
import { problem, note, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { SetUp } from '../set-up.ts';

export const probe: Probe = {
  id: 'project',
  title: 'Drizzle projects',
  needs: 'repository',
  async probe(setUp) {
    const { projects, pulling, unreadable, looked } = await setUp.discovered();
    const tree = await setUp.tree();
    const entries = await tree.entries();
    const diagnoses = [
      ...(await Promise.all(
        projects.map(async (project) =>
          described(
            project,
            entries.has(journalPath(project.out)) || (await hasFolders(tree, project.out)),
          ),
        ),
      )),
      ...pulling.map(({ config, out }) => note(`${config} ${withoutSchema(out)}`)),
      ...unreadable.map(({ config, message, line }) =>
        problem(`${config}${line === undefined ? '' : `:${line}`} cannot be read: ${message}`, {
          text: 'See what drizzle-kit reports:',
          run: `npx drizzle-kit check --config=${config}`,
        }),
      ),
    ];
    const unclaimed = await unclaimedIn(setUp);
    if (diagnoses.length > 0) return [...diagnoses, ...unclaimed];
    const unstagedConfig = (
      await Promise.all(
        ['ts', 'js', 'mjs', 'json'].map(async (ending) =>
          (await setUp.read(`drizzle.config.${ending}`)) === undefined
            ? []
            : [`drizzle.config.${ending}`],
        ),
      )
    ).flat()[0];
    if (unstagedConfig !== undefined)
      return [
        problem(`${unstagedConfig} exists but is not staged: the guard checks what git records`, {
          text: 'Stage it, with its schema and migrations:',
          run: `git add ${pathspec(unstagedConfig)}`,
        }),
      ];
    return [
      ...unclaimed,
      problem(`there is no Drizzle project: ${looked}`, {
        text:
          'If its config has another name, list it under `projects` in the guard config ' +
          '(guard.config.json, or `guard` in package.json): "projects": ["path/to/drizzle.config.ts"].',
      }),
    ];
  },
};

function described({ config, dialect, out, pushed }: Project, hasMigrations: boolean): Diagnosis {
  if (hasMigrations) return ok(`${config}: ${dialect}, migrations in ${out}`);
  return pushed === true
    ? note(
        `${config}: ${dialect}, no migrations, and scripts run drizzle-kit push: the schema ` +
          'is compared with nothing until the first migration',
      )
    : note(`${config}: ${dialect}, no migrations in ${out} yet`, {
        text:
          'If the schema only ever goes to the database with drizzle-kit push, say so with ' +
          'a script in package.json: "db:push": "drizzle-kit push".',
      });
}

/** Journals of no known project, with the key of the guard's config that names all of them. */
async function unclaimedIn(setUp: SetUp): Promise<readonly Diagnosis[]> {
  const guardConfig = await setUp.guardConfig().catch(() => undefined);
  if (guardConfig === undefined) return [];
  const [tree, found] = await Promise.all([setUp.tree(), setUp.discovered()]);
  const journals = await unclaimedJournals(tree, found, guardConfig);
  if (journals.length === 0) return [];
  const { where, json, without, toFill } = await guardKeyFor(journals, tree, found, guardConfig);
  const fill = toFill.length === 0 ? '' : `, with your own ${toFill.join(' and ')}`;
  return [
    warning(
      `migrations that belong to no known project are not checked: ${journals.map(({ path }) => path).join(', ')}`,
      { text: `If drizzle-kit generates them, name the project in ${where}${fill}: ${json}` },
      { text: `If not (a template, a fixture), name those that there are: ${without}` },
    ),
  ];
}
