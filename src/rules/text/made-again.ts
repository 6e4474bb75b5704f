import type { ProjectChange } from '../../facts/change.ts';
import { excuse } from '../../facts/sql-origin/exceptions-in-sql.ts';
import type { SqlOrigin } from '../../facts/sql-origin/origin.ts';
import type { Migration } from '../../history/history.ts';
import { ofMigration } from '../../model/entity.ts';
import type { Draft } from '../../model/finding.ts';
import { counted, listed } from '../../model/words.ts';
import { splitStatements } from '../../sql/statements.ts';
import { generateAndAdd } from './fixes.ts';
import { isPublished } from './not-run.ts';
import { sayWhy } from './sql-fixes.ts';

/** A custom migration that drops something of its snapshot and makes it again in another form. */
export function madeAgain(
  change: ProjectChange,
  migration: Migration,
  origin: SqlOrigin,
  rule: string,
): readonly Draft[] {
  const found = origin.kind === 'custom' ? (origin.madeAgain ?? []) : [];
  if (found.length === 0 || isPublished(change, migration)) return [];
  const { after } = change;
  const { name, sqlPath } = migration;
  const statements = splitStatements(origin.sql, after.project.dialect);
  const expected = statements.map(
    ({ source }, at) => found.find((one) => one.at === at)?.right ?? source,
  );
  const { unexcused, positions } = excuse({ expected, sql: origin.sql }, after.project, rule);
  if (unexcused.length === 0) return [];
  const lineOf = (at: number): number => statements[at]?.line ?? 1;
  const draft: Draft = {
    entities: [ofMigration(name, 'edited')],
    describe: () => ({
      path: sqlPath,
      line: lineOf(found[0]?.at ?? 0),
      message:
        `${name} makes ${listed(found.map(({ what }) => what))} again, in another form ` +
        'than its snapshot and the schema have: no later migration corrects that',
      detail: found
        .map(
          ({ right, at }) =>
            `line ${lineOf(at)}:\n${statements[at]?.source}\nthe snapshot:\n${right}`,
        )
        .join('\n'),
      fix: [
        generateAndAdd(
          `Write ${counted(found.length, 'statement')} as the snapshot has it. If the other form is ` +
            'wanted, change the schema, and generate a migration for that:',
          after,
        ),
        sayWhy(sqlPath, positions),
      ],
    }),
  };
  return [draft];
}
