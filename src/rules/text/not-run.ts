import type { ProjectChange } from '../../facts/change.ts';
import type { SqlOrigin } from '../../facts/sql-origin/origin.ts';
import type { Migration } from '../../history/history.ts';
import { ofMigration } from '../../model/entity.ts';
import type { Draft, Fix } from '../../model/finding.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { listed } from '../../model/words.ts';
import type { RunProblem } from '../../sql/run-problems.ts';
import { BREAKPOINT } from '../../sql/tokens/lexer.ts';
import { stage } from './fixes.ts';
import { startAgain } from './start-again.ts';

/**
 * What the migrator or a driver would not run of SQL whose origin is in order. Published SQL is not
 * judged again. Nothing excuses it: a reason to keep a statement is none to leave it out, and a
 * breakpoint is a comment to whatever else runs the file.
 */
export function notRun(
  change: ProjectChange,
  migration: Migration,
  { kind, problems = [] }: SqlOrigin,
): readonly Draft[] {
  const [first, ...more] = problems;
  if (first === undefined || isPublished(change, migration)) return [];
  const { name: tag, sqlPath } = migration;
  if (kind === 'introspected') return [pulled(migration, first)];
  const draft: Draft = {
    entities: [ofMigration(tag, 'not run as written')],
    excusable: false,
    describe: (_, start) => ({
      path: sqlPath,
      line: first.line,
      message: `not all of ${tag} runs as it is written: ${first.message}`,
      ...(more.length === 0 ? {} : { detail: detailOf(problems) }),
      fix: kind === 'generated' ? startAgain(change.after, start) : byHand(sqlPath, problems),
    }),
  };
  return [draft];
}

/** Above this many, the rest is counted. */
const MOST = 20;

function detailOf(problems: readonly RunProblem[]): string {
  const lines = problems.slice(0, MOST).map(({ message }) => message);
  const rest = problems.length - lines.length;
  return [...lines, ...(rest === 0 ? [] : [`... and ${rest} more`])].join('\n');
}

function byHand(path: RepoPath, problems: readonly RunProblem[]): readonly Fix[] {
  const lines = problems.flatMap(({ kind, line }) => (kind === 'second statement' ? [line] : []));
  const where =
    lines.length === 1 ? `line ${lines[0]}` : `each of the lines ${listed(lines.map(String))}`;
  const others = problems.flatMap(({ kind, fix }) => (kind === 'second statement' ? [] : [fix]));
  const texts = [
    ...new Set(others),
    ...(lines.length === 0 ? [] : [`Put the line "${BREAKPOINT}" above ${where}.`]),
  ];
  return [
    ...texts.slice(0, -1).map((text) => ({ text })),
    stage(`${texts.at(-1) ?? ''} Then stage it:`, [path]),
  ];
}

function pulled({ name: tag, sqlPath }: Migration, { message }: RunProblem): Draft {
  return {
    entities: [ofMigration(tag, 'pulled')],
    describe: () => ({
      path: sqlPath,
      message:
        `the migrator cannot run ${tag}, whose SQL \`drizzle-kit pull\` put into a comment: ` +
        `${message}`,
      severity: 'note',
      fix: [
        {
          text:
            'Take it out of the comment for databases that do not have the tables yet. In one ' +
            'that has them, record it as applied in the table of migrations.',
        },
      ],
    }),
  };
}

export function isPublished({ published }: ProjectChange, { sql }: Migration): boolean {
  return (
    sql !== undefined &&
    (published.base(sql.path)?.oid === sql.entry.oid ||
      published.hasContent(sql.path, sql.entry.oid))
  );
}
