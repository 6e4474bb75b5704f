import type { ProjectChange } from '../facts/change.ts';
import type { Draft, Description, Start } from '../model/finding.ts';
import type { Migration } from '../history/history.ts';
import type { SqlOrigin } from '../facts/sql-origin/origin.ts';
import { compareStatements, type Comparison } from '../sql/compare.ts';
import type { RunProblem } from '../sql/run-problems.ts';
import { splitStatements } from '../sql/statements.ts';
import { unifiedDiff } from '../sql/unified-diff.ts';
import { ofMigration } from '../model/entity.ts';
import { counted, listed } from '../model/words.ts';
import { repeatedStatements, type Repeated } from '../facts/sql-origin/repeated.ts';
import type { ChangeRule } from './rule.ts';
import { makeCustom } from './text/fixes.ts';
import { otherRecord } from './text/forks.ts';
import { madeAgain } from './text/made-again.ts';
import { notRun } from './text/not-run.ts';
import { giveSnapshots, keepSql, sayWhy } from './text/sql-fixes.ts';
import { repeatsParent } from './text/repeats-parent.ts';
import { startAgain } from './text/start-again.ts';
import {
  excuse,
  generatedStatements,
  type Excused,
} from '../facts/sql-origin/exceptions-in-sql.ts';

const ID = 'sql-edited';

export const rule = {
  id: ID,
  severity: 'error',
  title:
    'the SQL of a new migration is not what drizzle-kit generates between its two snapshots, ' +
    'or not all of it would run',
  why: 'The next `drizzle-kit generate` starts from a snapshot that no database matches.',
  details:
    'Statements are compared without white space, comments and the case of words without ' +
    'quotes. A `--custom` migration may have any SQL; only a constraint or index that it drops ' +
    'and makes again has to be as in the snapshot. The migrator splits each file at the text ' +
    '`--> statement-breakpoint`, wherever it is, and runs the pieces one by one. Refused is a ' +
    'piece with a second statement (libsql runs the first alone, without a word; ' +
    'better-sqlite3, D1 and mysql2 throw; on PostgreSQL both run), a piece without a statement ' +
    'where a driver throws on it, a breakpoint inside a comment, a literal or a statement, a ' +
    'quote or comment without an end, and a byte order mark on PostgreSQL and MySQL; a reason ' +
    'excuses a statement, never that it is not run. With `breakpoints: false` what drizzle-kit ' +
    'writes is right. SQL between snapshots that drizzle-kit does not read is refused too. ' +
    'Renames and footprints in a snapshot of 1.x have to be those of its SQL.',
  fix:
    'Generate the migration again, and move hand-written SQL to a migration made with ' +
    '`drizzle-kit generate --custom`, with a line `--> statement-breakpoint` between its ' +
    'statements; or give the reason in a comment above it: `-- guard-allow sql-edited: ' +
    '<reason>`.',
  examples: {
    refused:
      'ALTER TABLE "teams" ADD COLUMN "slug" text; and below it, by hand: UPDATE "teams" ' +
      'SET "slug" = "id";',
    passes:
      'the UPDATE in a migration of its own (drizzle-kit generate --custom), or below -- ' +
      'guard-allow sql-edited: <reason>',
  },
  needsSchema: 'partly',
  // The SQL was compared with the wrong snapshots, or was published in another form.
  consequenceOf: [
    { rule: 'migration-edited', where: 'same migration' },
    { rule: 'snapshot-chain', where: 'same migration' },
    { rule: 'snapshot-invalid', where: 'same migration' },
    { rule: 'migration-edited', where: 'migration before' },
    { rule: 'migration-removed', where: 'migration before' },
    { rule: 'migration-incomplete', where: 'migration before' },
  ],
  excusedByStatement: true,
  judges: 'change',
  *check(change) {
    for (const migration of change.after.history.migrations) {
      const origin = change.sqlOrigins.get(migration.name);
      if (origin === undefined) continue;
      const beneath = notRun(change, migration, origin);
      const found =
        origin.kind === 'edited'
          ? edited(change, migration, origin, beneath)
          : madeAgain(change, migration, origin, ID);
      yield* found.length > 0 ? found : beneath;
      if (origin.kind === 'unverifiable') yield unverifiable(change, migration, origin);
      const copied = repeatsParent(change, migration, origin);
      yield* copied;
      if (origin.record !== undefined && found.length + copied.length === 0)
        yield otherRecord(change.after, migration, origin.record);
    }
  },
} as const satisfies ChangeRule;

type Edited = Extract<SqlOrigin, { kind: 'edited' }>;

function edited(
  change: ProjectChange,
  migration: Migration,
  origin: Edited,
  beneath: readonly Draft[],
): readonly Draft[] {
  const excused = excuse(origin, change.after.project, ID);
  if (excused.unexcused.length === 0) return [];
  const draft: Draft = {
    entities: [ofMigration(migration.name, 'edited')],
    beneath,
    describe: (_, start) => describeEdit(change, migration, origin, excused, start),
  };
  return [draft];
}

function describeEdit(
  change: ProjectChange,
  migration: Migration,
  { sql, expected, unrecorded = [], problems = [] }: Edited,
  { used, positions, unexcused }: Excused,
  start: Start | undefined,
): Description {
  const { name: tag, sqlPath } = migration;
  const { project } = change.after;
  const generated = generatedStatements(expected, project);
  const staged = splitStatements(sql, project.dialect);
  const repeated = repeatedStatements(unexcused, unrecorded, project.dialect);
  const comparison = compareStatements(generated, staged);
  const { added, changed, moved, onlyAdded } = comparison;
  const also =
    used.size === 0
      ? ''
      : ` (${counted(used.size, 'exception')} in the file ${used.size === 1 ? 'does' : 'do'} not cover all of it)`;
  if (onlyAdded) {
    const [first] = added;
    return {
      path: sqlPath,
      ...(first === undefined ? {} : { line: first.line }),
      message:
        `${tag} has ${counted(added.length, 'statement')} that drizzle-kit did not generate; ` +
        `everything it did generate is unchanged${also}`,
      detail: withProblems(
        added.map(({ source, line }) => `line ${line}:\n${indented(source)}`).join('\n'),
        problems,
      ),
      fix: stays(change, migration)
        ? keepSql(change, migration)
        : [
            ...startAgain(change.after, start),
            makeCustom('Keep SQL that was written by hand in a migration of its own', change.after),
            sayWhy(sqlPath, positions),
          ],
    };
  }
  const line = changed[0]?.actual.line ?? added[0]?.line ?? moved[0]?.actual.line;
  return {
    path: sqlPath,
    ...(line === undefined ? {} : { line }),
    message:
      `the SQL of ${tag} is not what drizzle-kit generates from its ` +
      `snapshots: ${summary(comparison)}${also}${repeated === undefined ? '' : causeOf(repeated)}`,
    detail: withProblems(unifiedDiff(generated, staged), problems),
    fix: stays(change, migration)
      ? keepSql(change, migration)
      : [
          ...(repeated === undefined
            ? startAgain(change.after, start)
            : giveSnapshots(change.after, repeated.from, start)),
          ...(added.length + changed.length > 0 && repeated?.all !== true
            ? [
                makeCustom(
                  'Keep SQL that was written by hand in a migration of its own',
                  change.after,
                ),
              ]
            : []),
          sayWhy(sqlPath, positions),
        ],
  };
}

function withProblems(detail: string, problems: readonly RunProblem[]): string {
  return [detail, ...problems.map(({ message }) => message)].join('\n');
}

/** Whether the SQL is published as it is, so that its snapshot alone is new. */
function stays({ published }: ProjectChange, { sql }: Migration): boolean {
  return sql !== undefined && published.base(sql.path)?.oid === sql.entry.oid;
}

/** Why somebody removed statements: drizzle-kit generates them twice. */
function causeOf({ from, count, all }: Repeated): string {
  const [has, it] = from.length === 1 ? ['has no snapshot', 'it'] : ['have no snapshots', 'they'];
  const what = all ? 'All of it is' : `${count} of the statements ${count === 1 ? 'is' : 'are'}`;
  return `. ${what} in ${listed(from.map(({ tag }) => tag))}, which ${has}, so drizzle-kit repeats what ${it} did`;
}

function summary({ missing, added, changed, moved }: Comparison): string {
  const parts = [
    { count: changed.length, what: 'changed' },
    { count: missing.length, what: 'missing' },
    { count: added.length, what: 'added' },
    { count: moved.length, what: 'moved' },
  ];
  return parts
    .filter(({ count }) => count > 0)
    .map(({ count, what }, at) => `${at === 0 ? counted(count, 'statement') : count} ${what}`)
    .join(', ');
}

/**
 * Only where another drizzle-kit may have written it is that a note: SQL next to a snapshot that
 * says nothing could be anything.
 */
function unverifiable(
  change: ProjectChange,
  migration: Migration,
  { why, by }: Extract<SqlOrigin, { kind: 'unverifiable' }>,
): Draft {
  const { name: tag } = migration;
  return {
    entities: [ofMigration(tag, 'not verifiable')],
    restsOn: withoutParent(change, migration),
    describe: (_, start) => ({
      path: migration.sqlPath,
      ...(by === undefined
        ? {
            message: `the SQL of ${tag} cannot be verified: ${why}`,
            fix: stays(change, migration)
              ? keepSql(change, migration)
              : startAgain(change.after, start),
          }
        : {
            message: `the SQL of ${tag} is not verifiable with ${by}: ${why}`,
            severity: 'note',
            fix: [{ text: 'Compare it by eye with its schema change.' }],
          }),
    }),
  };
}

/** Of SQL whose snapshot has no parent: the migrations before it that may lack what was its parent. */
function withoutParent({ after }: ProjectChange, { position }: Migration): readonly string[] {
  return after.history.migrations
    .slice(0, position)
    .filter(({ snapshot }, at) => at === position - 1 || snapshot?.snapshot.status !== 'ok')
    .map(({ name }) => name);
}

function indented(source: string): string {
  return source
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
