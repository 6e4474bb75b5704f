import { hasFolders, type ProjectState } from '../facts/change.ts';
import type { Draft, Fix, Start } from '../model/finding.ts';
import type { FileProblem, Migration } from '../history/history.ts';
import { factsOf, type Facts } from './text/facts.ts';
import { makeCustom, restore, stage } from './text/fixes.ts';
import { startAgain } from './text/start-again.ts';
import { ofMigration } from '../model/entity.ts';
import type { StateRule } from './rule.ts';
import { pathspec } from '../model/shell-quote.ts';

export const rule = {
  id: 'migration-incomplete',
  severity: 'error',
  title: 'a migration has no usable SQL, or no snapshot',
  why:
    'Without SQL the migrator throws or skips it; without a snapshot drizzle-kit repeats its ' +
    'SQL.',
  details:
    'Every entry of the journal, and every folder of drizzle-kit 1.x, needs a file with its SQL ' +
    'and a snapshot: 1.x skips a folder without SQL, and does not know one without a snapshot. SQL with conflict ' +
    'markers, with NUL bytes or in UTF-16 is refused too: no database can run it.',
  fix:
    'Add the missing file. A migration written by hand is made with `drizzle-kit generate ' +
    '--custom`, which writes all three parts.',
  examples: {
    refused: 'a journal entry 0004_bold_hulk without drizzle/meta/0004_snapshot.json',
    passes: 'entry, SQL and snapshot in one commit',
  },
  fixedByOtherHalf: true,
  consequenceOf: [
    { rule: 'guard-narrowed', where: 'everywhere' },
    { rule: 'journal-invalid', where: 'everywhere' },
    { rule: 'migration-removed', where: 'same migration' },
  ],
  judges: 'state',
  *check(state) {
    const { migrations, sqlProblems } = state.history;
    const seen = new Set<string>();
    for (const migration of migrations) {
      const { name: tag } = migration;
      if (seen.has(tag) || (migration.sql !== undefined && migration.snapshot !== undefined))
        continue;
      seen.add(tag);
      yield incomplete(state, migration);
    }
    for (const [path, problems] of sqlProblems) {
      const known: Facts<FileProblem> = new Map(
        problems.map((problem) => [{ kind: 'file', file: path, aspect: problem.message }, problem]),
      );
      yield {
        entities: [...known.keys()],
        describe: (entities) => {
          const [first] = factsOf(known, entities);
          return {
            path,
            ...(first?.line === undefined ? {} : { line: first.line }),
            message: `${path} ${first?.message ?? 'cannot be read'}: no database can run it`,
            fix: [stage('Fix the file, then stage it again:', [path])],
          };
        },
      };
    }
  },
} as const satisfies StateRule;

function incomplete(state: ProjectState, migration: Migration): Draft {
  const { name: tag } = migration;
  const noSql = migration.sql === undefined;
  const noSnapshot = migration.snapshot === undefined;
  const sql = ofMigration(tag, 'no SQL');
  const snapshot = ofMigration(tag, 'no snapshot');
  return {
    entities: [...(noSql ? [sql] : []), ...(noSnapshot ? [snapshot] : [])],
    describe: (entities, start) => {
      const lacksSql = entities.includes(sql);
      const lacksSnapshot = entities.includes(snapshot);
      const missing = [
        ...(lacksSql ? [migration.sqlPath] : []),
        ...(lacksSnapshot ? [migration.snapshotPath] : []),
      ];
      const parts = [...(lacksSql ? ['SQL'] : []), ...(lacksSnapshot ? ['snapshot'] : [])].join(
        ' and no ',
      );
      return {
        path: hasFolders(state) ? (missing[0] ?? migration.sqlPath) : state.history.orderPath,
        message: hasFolders(state)
          ? `the folder of ${tag} has no ${parts}: ${consequenceInFolder(state, migration, lacksSql)}`
          : `${tag} has a journal entry but no ${parts}: ${consequence(state, migration, lacksSql)}`,
        detail: missing.map((path) => `missing: ${path}`).join('\n'),
        fix: fixesFor(state, migration, missing, start),
      };
    },
  };
}

function consequence({ history }: ProjectState, migration: Migration, lacksSql: boolean): string {
  if (lacksSql) return 'the migrator throws "No file ... found" and applies nothing';
  if (migration.position === history.migrations.length - 1)
    return 'the next `drizzle-kit generate` would repeat its statements';
  return 'drizzle-kit does not know the state after it, and cannot drop or check it';
}

/**
 * drizzle-orm 1.x: `readMigrationFiles` takes folders with a `migration.sql`; drizzle-kit 1.x:
 * `prepareOutFolder` takes those with a `snapshot.json`.
 */
function consequenceInFolder(
  { history }: ProjectState,
  { position }: Migration,
  lacksSql: boolean,
): string {
  if (lacksSql) return 'the migrator skips it without a word, and no database gets what it says';
  return position === history.migrations.length - 1
    ? 'drizzle-kit does not know it, and the next migration would repeat its statements'
    : 'drizzle-kit does not know it, and what was made on it has lost its parent';
}

function fixesFor(
  state: ProjectState,
  { sql, snapshot }: Migration,
  missing: readonly string[],
  start: Start | undefined,
): readonly Fix[] {
  const deleted = missing.filter((path) => start?.has(path) === true);
  if (start?.rev !== undefined && deleted.length === missing.length)
    return [
      restore('Restore what was deleted:', missing, start.rev),
      {
        text: hasFolders(state)
          ? 'To drop the migration instead, remove its whole folder.'
          : 'To drop the migration instead, remove its entry from the journal too.',
      },
    ];
  return [
    {
      text: 'If it was deleted, find the commit that deleted it:',
      run: `git log --oneline --diff-filter=D -- ${missing.map(pathspec).join(' ')}`,
    },
    ...startAgain(state, start, 'Otherwise '),
    ...(sql !== undefined && snapshot === undefined
      ? [makeCustom('If the SQL was written by hand, make a migration for it', state)]
      : []),
  ];
}
