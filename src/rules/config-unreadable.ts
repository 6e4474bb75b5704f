import type { Draft } from '../model/finding.ts';
import type { UnreadableProject } from '../project/project.ts';
import type { EngineRule } from './rule.ts';

export const rule = {
  id: 'config-unreadable',
  severity: 'error',
  title: 'a drizzle config cannot be read',
  why: 'A config that does not load hides its whole project from the guard and from drizzle-kit.',
  details:
    'Refused are a syntax error, an exception and a missing dialect. The config is read as ' +
    'it is in the commit.',
  fix: 'Fix the config: it has to load without a database and without secrets.',
  examples: {
    refused: "drizzle.config.ts without a dialect: export default { schema: './schema.ts' }",
    passes: "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' }",
  },
  excusable: false,
  aboutNewestState: true,
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
          text:
            'Fix the config so that it loads from what is staged. If nothing is generated with ' +
            'it, list those that are under `guard.projects` in package.json.',
        },
      ],
    }),
  };
}
