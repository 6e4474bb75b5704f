import type { StateRule } from './rule.ts';
import { addMigrations } from './text/fixes.ts';
import { pathspec } from '../model/shell-quote.ts';

export const rule = {
  id: 'migrations-ignored',
  severity: 'error',
  title: 'git ignores the migrations folder or a file in it',
  why: 'The commit has a schema that nobody else can migrate to.',
  details:
    'drizzle-kit writes the migration, but git does not see it, so that it never gets into ' +
    'a commit.',
  fix:
    'Remove the pattern from the ignore file (or add an exception below it), and add the ' +
    'migrations.',
  examples: {
    refused:
      '.gitignore has drizzle/ (or meta/), so that drizzle/meta/0004_snapshot.json is ' +
      'never committed',
    passes: 'the whole migrations folder is committed: SQL, snapshots and journal',
  },
  judges: 'state',
  *check({ ignored, project, history }) {
    if (ignored.length === 0) return;
    yield {
      entities: [{ kind: 'file', file: project.out }],
      describe: () => ({
        path: ignored[0] ?? project.out,
        message:
          ignored.length === 1
            ? `${ignored[0]} is ignored by git`
            : `git ignores ${ignored.length} files in ${project.out}/, the migrations folder`,
        ...(ignored.length > 1 ? { detail: ignored.slice(0, 20).join('\n') } : {}),
        fix: [
          {
            text: 'Find the pattern:',
            run: `git check-ignore -v --no-index ${pathspec(ignored[0] ?? project.out)}`,
          },
          addMigrations('Remove it from that file, and add the migrations:', history),
        ],
      }),
    };
  },
} as const satisfies StateRule;
