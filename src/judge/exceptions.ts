import type { Draft } from '../model/finding.ts';
import type { ProjectChange } from '../facts/change.ts';
import type { Migration } from '../history/history.ts';
import type { Allowance, GuardConfig } from '../project/guard-config.ts';
import { rule as exceptionVoid, voidException } from '../rules/exception-void.ts';
import { RULES, type ListedRule } from '../rules/index.ts';
import { rule as sqlEdited } from '../rules/sql-edited.ts';
import { excuse } from '../facts/sql-origin/exceptions-in-sql.ts';
import { allowComments, type AllowComment } from '../sql/allow-comments.ts';
import type { Violation } from './new-findings.ts';

export interface ExceptionRequest {
  readonly change: ProjectChange;
  readonly config: Pick<GuardConfig, 'allow' | 'source'>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Nothing is evaluated: of some exceptions it cannot be said that they excuse nothing. */
  readonly unevaluated?: true;
}

/**
 * Drops the findings that an exception excuses, and adds one for each exception that is invalid or
 * unused. A comment in a migration excuses findings about that migration alone, or one difference
 * of its SQL (`excusedByStatement`). An entry of the config excuses one rule for one migration or
 * path.
 */
export function applyExceptions(
  violations: readonly Violation[],
  request: ExceptionRequest,
): readonly Violation[] {
  const { change, config } = request;
  const commented = change.after.history.migrations.flatMap((migration) =>
    commentsOf(change, migration),
  );
  const used = new Set<AllowComment | Allowance>(commented.flatMap((of) => [...of.excuses]));
  const allowances = config.allow.filter((allowance) => !isExpired(allowance, request.now));
  const kept = violations.filter((one) => {
    const comment = commented.find(
      ({ migration, comments }) =>
        isAbout(one, migration) && comments.some(({ rule }) => rule === one.rule.id),
    );
    const own =
      one.rule.excusedByStatement === true
        ? undefined
        : comment?.comments.find(({ rule }) => rule === one.rule.id);
    const entry = allowances.find((allowance) => excuses(allowance, one, change));
    for (const excuser of [own, entry]) if (excuser !== undefined) used.add(excuser);
    return one.rule.excusable === false || (own === undefined && entry === undefined);
  });
  const invalid = [
    ...commented.flatMap((of) => invalidComments(of, used, request.unevaluated === true)),
    ...invalidAllowances(request, used),
  ];
  return [...kept, ...invalid.map((draft) => ({ ...draft, rule: exceptionVoid }))];
}

interface Commented {
  readonly migration: Migration;
  /** Those with a rule and a reason. */
  readonly comments: readonly AllowComment[];
  readonly all: readonly AllowComment[];
  /** Those that excuse a difference of the SQL. */
  readonly excuses: ReadonlySet<AllowComment>;
}

/**
 * Only of migrations that are new in the change: of others nothing is reported that a comment could
 * excuse.
 */
function commentsOf(change: ProjectChange, migration: Migration): readonly Commented[] {
  const origin = change.sqlOrigins.get(migration.journal.tag);
  if (origin === undefined) return [];
  const all = allowComments(origin.sql, change.after.project.dialect);
  const comments = all.filter(({ rule, reason }) => ruleOf(rule) !== undefined && reason !== '');
  const found =
    origin.kind === 'edited'
      ? excuse(origin, change.after.project.dialect, sqlEdited.id).used
      : new Set<AllowComment>();
  const offsets = new Set([...found].map(({ offset }) => offset));
  return [
    {
      migration,
      comments,
      all,
      excuses: new Set(comments.filter(({ offset }) => offsets.has(offset))),
    },
  ];
}

function invalidComments(
  { migration, all }: Commented,
  used: ReadonlySet<unknown>,
  unevaluated: boolean,
): readonly Draft[] {
  return all.flatMap((comment) => {
    if (used.has(comment)) return [];
    const { rule, reason, line } = comment;
    if (reason !== '' && unevaluated && mayNeedSchema(rule)) return [];
    const aspect =
      ruleOf(rule) === undefined
        ? `the exception names no rule of the guard: ${JSON.stringify(rule)}`
        : reason === ''
          ? `the exception from ${rule} gives no reason`
          : `the exception from ${rule} excuses nothing`;
    return [
      voidException(
        { kind: 'migration', migration: migration.journal.tag },
        migration.sqlPath,
        line,
        aspect,
      ),
    ];
  });
}

function invalidAllowances(
  { config, change, now, unevaluated }: ExceptionRequest,
  used: ReadonlySet<unknown>,
): readonly Draft[] {
  const path = config.source ?? 'package.json';
  return config.allow.flatMap((allowance) => {
    const what = `the exception from ${allowance.rule} for ${allowance.migration ?? allowance.path ?? change.after.project.config}`;
    if (isExpired(allowance, now))
      return [
        voidException(
          { kind: 'file', file: path },
          path,
          undefined,
          `${what} has run out (until ${allowance.until ?? ''})`,
          `${what} expired on ${allowance.until ?? ''}`,
        ),
      ];
    const judged = change.after.history.migrations.some(
      ({ journal, sqlPath }) =>
        change.sqlOrigins.has(journal.tag) &&
        (journal.tag === allowance.migration || sqlPath === allowance.path),
    );
    const known = unevaluated !== true || !mayNeedSchema(allowance.rule);
    return judged && known && !used.has(allowance)
      ? [voidException({ kind: 'file', file: path }, path, undefined, `${what} excuses nothing`)]
      : [];
  });
}

/** Without an evaluated schema it cannot be said of such a rule that there is nothing to excuse. */
function mayNeedSchema(id: string): boolean {
  const rule = ruleOf(id);
  return rule?.needsSchema !== undefined && rule.excusable !== false;
}

function ruleOf(id: string): ListedRule | undefined {
  return RULES.find((rule) => rule.id === id);
}

/** The last day counts whole, in every time zone. */
export function isExpired({ until }: Allowance, now: number): boolean {
  return until !== undefined && now > Date.parse(`${until}T23:59:59-12:00`);
}

function isAbout(
  { describe, entities }: Violation,
  { journal: { tag }, sqlPath }: Migration,
): boolean {
  return (
    describe(entities).path === sqlPath ||
    entities.every((one) => one.kind === 'migration' && one.migration === tag)
  );
}

function excuses(allowance: Allowance, one: Violation, change: ProjectChange): boolean {
  if (allowance.rule !== one.rule.id) return false;
  if (allowance.path !== undefined && one.describe(one.entities).path !== allowance.path)
    return false;
  if (allowance.migration === undefined) return allowance.path !== undefined;
  return change.after.history.migrations.some(
    (migration) => migration.journal.tag === allowance.migration && isAbout(one, migration),
  );
}
