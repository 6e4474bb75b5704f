import type { ProjectChange } from '../../facts/change.ts';
import type { SqlOrigin } from '../../facts/sql-origin/origin.ts';
import { isFolders, type History, type Migration } from '../../history/history.ts';
import { ofMigration } from '../../model/entity.ts';
import type { Draft } from '../../model/finding.ts';
import type { Dialect } from '../../model/dialect.ts';
import { splitStatements } from '../../sql/statements.ts';
import { withoutComments } from '../../sql/without-comments.ts';
import { startAgain } from './start-again.ts';

/**
 * A migration that is a copy of the one right before it, with a snapshot in which nothing changes: it
 * counts as custom, which may have any SQL, but makes what is there already.
 */
export function repeatsParent(
  { after }: ProjectChange,
  migration: Migration,
  { kind, sql }: SqlOrigin,
): readonly Draft[] {
  if (kind !== 'custom' || migration.sql === undefined) return [];
  const { oid } = migration.sql.entry;
  const parent = parentsOf(migration, after.history).find((one) => one.sql?.entry.oid === oid);
  if (parent === undefined || !failsTwice(sql, after.project.dialect)) return [];
  return [
    {
      entities: [ofMigration(migration.name, 'copy')],
      describe: (_, start) => ({
        path: migration.sqlPath,
        message:
          `${migration.name} has the SQL of ${parent.name}, and nothing changes in its snapshot: ` +
          'it makes what is there already, and fails',
        fix: startAgain(after, start, 'If it is a copy: '),
      }),
    },
  ];
}

function parentsOf({ position, snapshot }: Migration, history: History): readonly Migration[] {
  if (!isFolders(history)) return history.migrations.slice(Math.max(0, position - 1), position);
  const ids = snapshot?.snapshot.status === 'ok' ? snapshot.snapshot.prevIds : [];
  return history.migrations.filter(
    (one) => one.snapshot?.snapshot.status === 'ok' && ids.includes(one.snapshot.snapshot.id),
  );
}

const MAKES =
  /^\s*(?:CREATE (?:UNIQUE )?(?:TABLE|INDEX|TYPE|VIEW|SEQUENCE|SCHEMA)\b|ALTER TYPE\b.*\bADD VALUE\b|ALTER TABLE\b.*\bADD (?:COLUMN\b|CONSTRAINT\b|[`"[]))/is;

function failsTwice(sql: string, dialect: Dialect): boolean {
  const text = withoutComments(sql, dialect);
  return (
    !/\b(?:DROP|RENAME|EXISTS|REPLACE)\b/i.test(text) &&
    splitStatements(text, dialect).some(({ source }) => MAKES.test(source))
  );
}
