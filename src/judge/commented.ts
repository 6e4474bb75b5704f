import type { ProjectChange } from '../facts/change.ts';
import { excuse, type Position } from '../facts/sql-origin/exceptions-in-sql.ts';
import type { Migration } from '../history/history.ts';
import type { Entity } from '../model/entity.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { RULES, type ListedRule } from '../rules/index.ts';
import { rule as sqlEdited } from '../rules/sql-edited.ts';
import { allowComments, type AllowComment } from '../sql/allow-comments.ts';
import { splitStatements, type Statement } from '../sql/statements.ts';
import type { Violation } from './new-findings.ts';

export interface Commented {
  readonly migration: Migration;
  /** Those with a rule and a reason. */
  readonly comments: readonly AllowComment[];
  readonly all: readonly AllowComment[];
  /** Those that excuse a difference of the SQL. */
  readonly excuses: ReadonlySet<AllowComment>;
  /** Where comments would have to stand to excuse the other differences. */
  readonly misplaced: readonly Position[];
  /** Split where a comment may excuse one of them alone. */
  readonly statements: readonly Statement[];
}

/**
 * Only of migrations that are new in the change: of others nothing is reported that a comment could
 * excuse.
 */
export function commentsOf(change: ProjectChange, migration: Migration): readonly Commented[] {
  const origin = change.sqlOrigins.get(migration.name);
  if (origin === undefined) return [];
  const all = allowComments(origin.sql, change.after.project.dialect);
  const comments = all.filter(({ rule, reason }) => ruleOf(rule) !== undefined && reason !== '');
  const { project } = change.after;
  const edits = origin.kind === 'edited' ? excuse(origin, project, sqlEdited.id) : undefined;
  const offsets = new Set([...(edits?.used ?? [])].map(({ offset }) => offset));
  return [
    {
      migration,
      comments,
      all,
      excuses: new Set(comments.filter(({ offset }) => offsets.has(offset))),
      misplaced: edits?.positions ?? [],
      statements: comments.some(isOfReview) ? splitStatements(origin.sql, project.dialect) : [],
    },
  ];
}

export function commentOn(
  one: Violation,
  entity: Entity,
  commented: readonly Commented[],
): AllowComment | undefined {
  const of = commented
    .filter(({ comments }) => comments.some(({ rule }) => rule === one.rule.id))
    .find(({ migration }) => isAbout(one, entity, migration.name, migration.sqlPath));
  const line = one.rule.judges === 'migration' ? one.describe([entity]).line : undefined;
  return of?.comments.find(
    (comment) =>
      comment.rule === one.rule.id && (line === undefined || isAbove(comment, line, of.statements)),
  );
}

/** Whether a comment stands between the statement on a line and the one before it, or beside it. */
function isAbove(
  { line: own, offset }: AllowComment,
  line: number,
  statements: readonly Statement[],
): boolean {
  const at = statements.findIndex((statement) => statement.line === line);
  const end = statements[at]?.tokens.at(-1);
  const before = statements[at - 1]?.tokens.at(-1);
  if (end === undefined) return true;
  return (before === undefined || (offset > before.end && own > before.line)) && own <= end.line;
}

export function isAbout(
  { describe }: Violation,
  entity: Entity,
  tag: string,
  sql: RepoPath,
): boolean {
  return (
    (entity.kind === 'migration' && entity.migration === tag) || describe([entity]).path === sql
  );
}

export function ruleOf(id: string): ListedRule | undefined {
  return RULES.find((rule) => rule.id === id);
}

export function isOfReview({ rule }: { readonly rule: string }): boolean {
  return ruleOf(rule)?.point !== undefined;
}
