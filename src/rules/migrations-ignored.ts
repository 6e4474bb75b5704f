import type { StateRule } from './rule.ts';
import { shellPath } from '../model/shell-quote.ts';

export const rule = {
  id: 'migrations-ignored',
  severity: 'error',
  title: 'the migrations folder, or a file in it, is ignored by git',
  why: 'drizzle-kit writes the migration, git does not see it, and the commit records a schema that nobody else can migrate to.',
  mend: 'Take the pattern out of the ignore file (or add an exception below it) and add the migrations.',
  examples: {
    refused:
      '.gitignore has drizzle/ (or meta/), so that drizzle/meta/0004_snapshot.json is never recorded',
    passes: 'the migrations folder is recorded whole: SQL, snapshots and journal',
  },
  judges: 'state',
  *check({ ignored, project }) {
    if (ignored.length === 0) return;
    yield {
      entities: [{ kind: 'file', file: project.out }],
      describe: () => ({
        path: ignored[0] ?? project.out,
        message:
          ignored.length === 1
            ? `${ignored[0]} is ignored by git`
            : `git ignores ${ignored.length} files of ${project.out}/, which hold this project's migrations`,
        ...(ignored.length > 1 ? { detail: ignored.slice(0, 20).join('\n') } : {}),
        fix: [
          {
            text: 'See which pattern does it:',
            run: `git check-ignore -v --no-index ${ignored[0] === undefined ? project.out : shellPath(ignored[0])}`,
          },
          {
            text: 'take it out of that file, and add the migrations:',
            run: `git add ${shellPath(project.out)}`,
          },
        ],
      }),
    };
  },
} as const satisfies StateRule;
