import type { Draft } from '../model/finding.ts';
import type { Project, UnreadableProject } from '../project/project.ts';
import type { EngineRule } from './rule.ts';
import { pathspec } from '../model/shell-quote.ts';

export const rule = {
  id: 'config-unreadable',
  severity: 'error',
  title: 'a drizzle config cannot be read, or was removed while its migrations stay',
  why: 'A config that does not load hides its whole project from the guard and from drizzle-kit.',
  details:
    'Refused are a syntax error, an exception, a missing dialect, and a config that was removed or renamed while its migrations stay in the repository. The config is read as it is in the commit.',
  fix: 'Fix the config: it has to load without a database and without secrets.',
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
          text: 'Fix the config so that it loads from what is staged. If it is not a config of drizzle-kit, list the real ones under `guard.projects` in package.json.',
        },
      ],
    }),
  };
}

/**
 * The draft for a config that was removed, or is no longer one, while its migrations stay; `rev`
 * names a tree that has it.
 */
export function lostConfig(
  project: Project,
  { isThere, rev }: { readonly isThere: boolean; readonly rev: string },
): Draft {
  return {
    entities: [{ kind: 'project', aspect: 'gone' }],
    describe: () => ({
      path: project.config,
      message: `${project.config} ${isThere ? 'is no longer a drizzle config' : 'was removed'}, but its migrations under ${project.out}/ are still there`,
      fix: [
        {
          text: 'Restore the config:',
          run: `git restore --source=${rev} --staged --worktree -- ${pathspec(project.config)}`,
        },
        {
          text: 'Or, if the project is no longer needed, remove its migrations in the same commit. If the config has an unusual name now, list it under `guard.projects` in package.json.',
        },
      ],
    }),
  };
}
