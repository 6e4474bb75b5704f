import type { ProjectState } from '../facts/change.ts';
import type { Draft, Fix } from '../model/finding.ts';
import type { FileProblem, Migration } from '../history/history.ts';
import { factsOf, type Facts } from './text/facts.ts';
import { remove, stage } from './text/fixes.ts';
import { ofMigration } from '../model/entity.ts';
import type { StateRule } from './rule.ts';
import { shellPath } from '../model/shell-quote.ts';

export const rule = {
  id: 'migration-incomplete',
  severity: 'error',
  title: 'a migration has no usable SQL, or no snapshot',
  why: 'Without its SQL the migrator throws; without its snapshot drizzle-kit repeats its SQL.',
  details:
    'Every entry of the journal needs a file with its SQL and a snapshot. SQL with conflict markers, with NUL bytes or in UTF-16 is refused too: no database can run it.',
  fix: 'Add the missing file. A migration written by hand is made with `drizzle-kit generate --custom`, which writes all three parts.',
  examples: {
    refused: 'a journal entry 0004_bold_hulk without drizzle/meta/0004_snapshot.json',
    passes: 'entry, SQL and snapshot in one commit',
  },
  fixedByOtherHalf: true,
  consequenceOf: [
    { rule: 'journal-invalid', where: 'everywhere' },
    { rule: 'migration-removed', where: 'same migration' },
  ],
  judges: 'state',
  *check(state) {
    const { migrations, sqlProblems } = state.history;
    const seen = new Set<string>();
    for (const migration of migrations) {
      const { tag } = migration.journal;
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
            fix: [
              { text: 'Fix the file, then stage it again:', run: `git add -- ${shellPath(path)}` },
            ],
          };
        },
      };
    }
  },
} as const satisfies StateRule;

function incomplete(state: ProjectState, migration: Migration): Draft {
  const { tag } = migration.journal;
  const noSql = migration.sql === undefined;
  const noSnapshot = migration.snapshot === undefined;
  const sql = ofMigration(tag, 'no SQL');
  const snapshot = ofMigration(tag, 'no snapshot');
  return {
    entities: [...(noSql ? [sql] : []), ...(noSnapshot ? [snapshot] : [])],
    describe: (entities) => {
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
        path: state.history.journalPath,
        message: `${tag} has a journal entry but no ${parts}: ${consequence(state, migration, lacksSql)}`,
        detail: missing.map((path) => `missing: ${path}`).join('\n'),
        fix: fixesFor(state, migration, missing),
      };
    },
  };
}

function consequence(
  { history, how }: ProjectState,
  migration: Migration,
  lacksSql: boolean,
): string {
  if (lacksSql) return 'the migrator throws "No file ... found" and applies nothing';
  if (migration.position === history.migrations.length - 1)
    return `the next \`${how.generate}\` would repeat its statements`;
  return 'drizzle-kit does not know the state after it, and cannot drop or check it';
}

function fixesFor(
  { history, how }: ProjectState,
  migration: Migration,
  missing: readonly string[],
): readonly Fix[] {
  const { tag } = migration.journal;
  const there = [migration.sql?.path, migration.snapshot?.path].filter(
    (path) => path !== undefined,
  );
  const drop = `remove the entry ${tag} from ${history.journalPath}`;
  return [
    stage(
      `If ${missing.length === 1 ? 'the file exists' : 'the files exist'} and ${missing.length === 1 ? 'was' : 'were'} left out:`,
      missing,
    ),
    {
      text: 'If it was deleted, find the commit that deleted it:',
      run: `git log --oneline --diff-filter=D -- ${missing.map(shellPath).join(' ')}`,
    },
    ...(there.length === 0
      ? [{ text: `If nobody has applied it, ${drop}.` }]
      : [
          remove(
            `If it was written by hand and nobody has applied it: save its SQL elsewhere, ${drop}, and remove the other files:`,
            there,
          ),
          { text: 'Then make it again with all its parts:', run: how.generateCustom },
        ]),
  ];
}
