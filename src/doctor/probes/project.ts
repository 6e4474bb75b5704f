import { pathspec } from '../../model/shell-quote.ts';
import { fault, ok, type Probe } from '../diagnosis.ts';

export const probe: Probe = {
  id: 'project',
  title: 'Drizzle projects',
  needs: 'repository',
  async probe(setUp) {
    const { projects, unreadable, looked } = await setUp.discovered();
    const diagnoses = [
      ...projects.map(({ config, dialect, out }) =>
        ok(`${config}: ${dialect}, migrations in ${out}`),
      ),
      ...unreadable.map(({ config, message, line }) =>
        fault(`${config}${line === undefined ? '' : `:${line}`} cannot be read: ${message}`, {
          text: 'See what drizzle-kit reports:',
          run: `npx drizzle-kit check --config=${config}`,
        }),
      ),
    ];
    if (diagnoses.length > 0) return diagnoses;
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
        fault(`${unstagedConfig} exists but is not staged: the guard checks what git records`, {
          text: 'Stage it, with its schema and migrations:',
          run: `git add ${pathspec(unstagedConfig)}`,
        }),
      ];
    return [
      fault(`there is no Drizzle project: ${looked}`, {
        text: 'If its config has another name, list it under `projects` in the guard config (guard.config.json, or `guard` in package.json): "projects": ["path/to/drizzle.config.ts"].',
      }),
    ];
  },
};
