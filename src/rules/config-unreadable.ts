import type { Draft } from '../model/finding.ts';
import type { Project, UnreadableProject } from '../project/project.ts';
import type { EngineRule } from './rule.ts';
import { shellPath } from '../model/shell-quote.ts';

export const rule = {
  id: 'config-unreadable',
  severity: 'error',
  title:
    'a drizzle config cannot be read (a syntax error, an exception, no dialect), or is taken away while its migrations stay',
  why: 'A config that does not load hides a whole project from the guard and from drizzle-kit.',
  mend: 'Mend the config; it has to load without a database and without secrets.',
  examples: {
    refused: "drizzle.config.ts without a dialect: export default { schema: './schema.ts' }",
    passes: "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' }",
  },
  excusable: false,
  judges: 'engine',
} as const satisfies EngineRule;

/** The draft for a config that is there and cannot be read. */
export function unreadableConfig(project: UnreadableProject): Draft {
  return {
    entities: [{ kind: 'project', aspect: project.message }],
    describe: () => ({
      path: project.config,
      ...(project.line === undefined ? {} : { line: project.line }),
      message: project.message,
      ...(project.detail === undefined ? {} : { detail: project.detail }),
      fix: [
        {
          text: 'Mend the config so that it loads from what is staged. If it is not a config of drizzle-kit, name the real ones under `guard.projects` in package.json.',
        },
      ],
    }),
  };
}

/** The draft for a config that is taken away, or is one no more, while its migrations stay; `rev` names a tree that has it. */
export function lostConfig(
  project: Project,
  { isThere, rev }: { readonly isThere: boolean; readonly rev: string },
): Draft {
  return {
    entities: [{ kind: 'project', aspect: 'gone' }],
    describe: () => ({
      path: project.config,
      message: `${project.config} is ${isThere ? 'no config of drizzle-kit any more' : 'gone'}, and its migrations under ${project.out}/ stay behind without it`,
      fix: [
        {
          text: 'Bring the config back:',
          run: `git restore --source=${rev} --staged --worktree -- ${shellPath(project.config)}`,
        },
        {
          text: 'or, if the project is given up, remove its migrations in the same commit. A config of an unusual name is found when `guard.projects` in package.json names it.',
        },
      ],
    }),
  };
}
