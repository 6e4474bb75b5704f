import type { Entity } from '../model/entity.ts';
import type { ChangeRule } from './rule.ts';

export const rule = {
  id: 'push-in-deploy',
  severity: 'warning',
  title: 'a deploy runs drizzle-kit push',
  why: 'push changes the database to fit the schema, without a migration that anybody has read.',
  details:
    'In CI files, Dockerfiles, compose files, files of platforms, and scripts of package.json that ' +
    'deploy or start (start, build, deploy, release and the like), also through another script. ' +
    'Scripts for development are left alone. Only lines that the change adds are reported. push ' +
    'drops what the schema does not have; with --force it does not even ask.',
  fix: 'Run `drizzle-kit migrate` there.',
  examples: {
    refused: 'CMD ["sh", "-c", "npx drizzle-kit push --force && node server.js"]',
    passes: 'CMD ["sh", "-c", "npx drizzle-kit migrate && node server.js"]',
  },
  judges: 'change',
  point: 'data',
  *check({ deploys = [] }) {
    for (const { path, line, text } of deploys) {
      const entity: Entity = { kind: 'file', file: path, aspect: text };
      yield {
        entities: [entity],
        describe: () => ({
          path,
          line,
          message: `${path} runs drizzle-kit push where the application is deployed`,
          detail: text,
          fix: [
            { text: 'Generate migrations, and apply them there: `drizzle-kit migrate`.' },
            {
              text:
                'If it only ever runs for a throwaway database, say so under `allow` in the ' +
                `guard's config: { "rule": "push-in-deploy", "path": ` +
                `${JSON.stringify(path)}, "reason": "why" }.`,
            },
          ],
        }),
      };
    }
  },
} as const satisfies ChangeRule;
