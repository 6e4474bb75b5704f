import type { ProjectChange } from '../change.ts';
import type { Draft, Fix, Told } from '../finding.ts';
import type { Migration } from '../history/history.ts';
import type { Provenance } from '../provenance.ts';
import { compareStatements, type Comparison } from '../sql/compare.ts';
import { splitStatements, type Statement } from '../sql/statements.ts';
import { unifiedDiff } from '../sql/unified-diff.ts';
import { counted, entity } from './entity.ts';
import type { ChangeRule } from './rule.ts';
import { shellPath } from './shell-path.ts';
import { excuse, generatedStatements } from './sql-exceptions.ts';

export const rule: ChangeRule = {
  id: 'sql-edited',
  severity: 'error',
  title: 'the SQL of a new migration is not what drizzle-kit generates between its two snapshots',
  why: 'The snapshot says one thing and the SQL does another: databases end up different from what the next `drizzle-kit generate` starts from, and nobody is told.',
  mend: 'Generate the migration again, and move SQL of your own to a migration made with `drizzle-kit generate --custom`.',
  judges: 'change',
  *check(change) {
    for (const migration of change.after.history.migrations) {
      const provenance = change.provenance.get(migration.journal.tag);
      if (provenance?.kind === 'edited') yield* edited(change, migration, provenance);
      if (provenance?.kind === 'unverifiable') yield unverifiable(migration, provenance);
    }
  },
};

type Edited = Extract<Provenance, { kind: 'edited' }>;

function edited(change: ProjectChange, migration: Migration, { sql, expected }: Edited): readonly Draft[] {
  const { dialect } = change.after.project;
  const { unexcused, used } = excuse(expected, sql, dialect);
  if (unexcused.length === 0) return [];
  const generated = generatedStatements(expected, dialect);
  const staged = splitStatements(sql, dialect);
  const draft: Draft = {
    rule: 'sql-edited',
    entities: [entity(migration.journal.tag, 'edited')],
    tell: () => tell(change, migration, generated, staged, compareStatements(generated, staged), used.size),
  };
  return [draft];
}

function tell(change: ProjectChange, migration: Migration, generated: readonly Statement[], staged: readonly Statement[], comparison: Comparison, excused: number): Told {
  const { tag } = migration.journal;
  const also = excused === 0 ? '' : ` (${counted(excused, 'exception')} in the file ${excused === 1 ? 'does' : 'do'} not cover all of it)`;
  if (comparison.onlyAdded) {
    const [first] = comparison.added;
    return {
      path: migration.sqlPath,
      ...(first === undefined ? {} : { line: first.line }),
      message: `${tag} holds ${counted(comparison.added.length, 'statement')} that drizzle-kit did not generate; all that it did generate is there, unchanged${also}`,
      detail: comparison.added.map(({ source, line }) => `line ${line}:\n${indented(source)}`).join('\n'),
      fix: moveOut(change),
    };
  }
  const line = comparison.changed[0]?.actual.line ?? comparison.added[0]?.line ?? comparison.moved[0]?.actual.line;
  return {
    path: migration.sqlPath,
    ...(line === undefined ? {} : { line }),
    message: `the SQL of ${tag} is not what drizzle-kit generates from its snapshots: ${summary(comparison)}${also}`,
    detail: unifiedDiff(generated, staged),
    fix: [...regenerate(change, migration), ...moveOut(change)],
  };
}

function summary({ missing, added, changed, moved }: Comparison): string {
  const parts = [
    changed.length > 0 ? `${counted(changed.length, 'statement')} changed` : '',
    missing.length > 0 ? `${missing.length} missing` : '',
    added.length > 0 ? `${added.length} added` : '',
    moved.length > 0 ? `${moved.length} at another place` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** The last migration can be made anew with two commands; one in the middle takes those after it along. */
function regenerate({ after, before }: ProjectChange, migration: Migration): readonly Fix[] {
  const { history, how } = after;
  const known = new Set(before.flatMap(({ history: then }) => then.migrations.map(({ journal }) => journal.tag)));
  const others = history.migrations.filter(({ journal }) => journal.tag !== migration.journal.tag && !known.has(journal.tag));
  if (others.length > 0 || known.has(migration.journal.tag) || before.length === 0) {
    return [{ text: `Take ${migration.journal.tag} and what comes after it out of ${history.journalPath}, delete their SQL and snapshots, and generate again:`, run: how.generate }];
  }
  const files = [migration.sqlPath, migration.snapshotPath].map(shellPath).join(' ');
  const back = `git restore --source=${before[0]?.rev ?? 'HEAD'} --staged --worktree -- ${shellPath(history.journalPath)}`;
  return [
    { text: 'Make the migration again:', run: `git rm -f -- ${files}\n${back}\n${how.generate}\ngit add ${shellPath(history.out)}` },
  ];
}

function moveOut({ after }: ProjectChange): readonly Fix[] {
  return [
    { text: 'SQL of your own belongs into a migration of its own; take it out here, make one, and put it there:', run: after.how.generateCustom },
    { text: 'Or say in the file why it has to be here: -- guard-allow sql-edited: <reason>' },
  ];
}

function unverifiable(migration: Migration, { why }: Extract<Provenance, { kind: 'unverifiable' }>): Draft {
  return {
    rule: 'sql-edited',
    entities: [entity(migration.journal.tag, 'not verifiable')],
    tell: () => ({
      path: migration.sqlPath,
      message: `the SQL of ${migration.journal.tag} is not verifiable here: ${why}`,
      severity: 'note',
      fix: [{ text: 'Compare it by eye with the schema change that it belongs to.' }],
    }),
  };
}

function indented(source: string): string {
  return source.split('\n').map((line) => `  ${line}`).join('\n');
}
