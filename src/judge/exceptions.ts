import type { Draft } from '../model/finding.ts';
import type { ProjectChange } from '../facts/change.ts';
import { sqlPaths } from '../history/layout.ts';
import type { Entity } from '../model/entity.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Allowance, GuardConfig } from '../project/guard-config.ts';
import type { Project } from '../project/project.ts';
import { rule as exceptionVoid, voidException } from '../rules/exception-void.ts';
import { rule as sqlEdited } from '../rules/sql-edited.ts';
import { placed } from '../rules/text/sql-fixes.ts';
import type { AllowComment } from '../sql/allow-comments.ts';
import { commentOn, commentsOf, isAbout, isOfReview, ruleOf, type Commented } from './commented.ts';
import { narrowed, type Violation } from './new-findings.ts';

interface ExceptionRequest {
  readonly change: ProjectChange;
  readonly config: Pick<GuardConfig, 'allow' | 'source'>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Nothing is evaluated: of some exceptions it cannot be said that they excuse nothing. */
  readonly unevaluated?: true;
}

interface Excepted {
  /** What nothing excuses, and one violation for each exception that is invalid or unused. */
  readonly kept: readonly Violation[];
  readonly excused: readonly Violation[];
}

/**
 * Divides violations, entity by entity, by whether an exception excuses them. A comment in a
 * migration excuses what is about that migration alone, or one difference of its SQL
 * (`excusedByStatement`), or what a review says of the statement below it. An entry of the config
 * excuses one rule for one migration or path.
 */
export function applyExceptions(
  violations: readonly Violation[],
  request: ExceptionRequest,
): Excepted {
  const { change } = request;
  const commented = change.after.history.migrations.flatMap((migration) =>
    commentsOf(change, migration),
  );
  const used = new Set<AllowComment | Allowance>(commented.flatMap((of) => [...of.excuses]));
  const { kept, excused } = divide(violations, (one, entity) => {
    const own =
      one.rule.excusedByStatement === true ? undefined : commentOn(one, entity, commented);
    const entry = entryFor(one, entity, request, change.after.project.out);
    for (const excuser of [own, entry]) if (excuser !== undefined) used.add(excuser);
    return own !== undefined || entry !== undefined;
  });
  const invalid = [
    ...commented.flatMap((of) => invalidComments(of, used, request.unevaluated === true)),
    ...invalidAllowances(request, used),
  ];
  return {
    kept: [...kept, ...invalid.map((draft) => ({ ...draft, rule: exceptionVoid }))],
    excused,
  };
}

/** What no entry of the guard's config excuses, for a project that is no longer one. */
export function withoutAllowed(
  violations: readonly Violation[],
  { out }: Project,
  request: Pick<ExceptionRequest, 'config' | 'now'>,
): readonly Violation[] {
  return divide(violations, (one, entity) => entryFor(one, entity, request, out) !== undefined)
    .kept;
}

function divide(
  violations: readonly Violation[],
  isExcused: (one: Violation, entity: Entity) => boolean,
): Excepted {
  const kept: Violation[] = [];
  const excused: Violation[] = [];
  for (const one of violations) {
    const known = new Set(one.entities.filter((entity) => isExcused(one, entity)));
    const excusable = one.rule.excusable !== false && one.excusable !== false;
    kept.push(...narrowed(one, (entity) => !excusable || !known.has(entity)));
    if (excusable && known.size > 0) {
      excused.push(...narrowed(one, (entity) => known.has(entity)));
      kept.push(...(one.beneath ?? []).map((draft) => ({ ...draft, rule: one.rule })));
    }
  }
  return { kept, excused };
}

function invalidComments(
  { migration, all, misplaced }: Commented,
  used: ReadonlySet<unknown>,
  unevaluated: boolean,
): readonly Draft[] {
  return all.flatMap((comment) => {
    const { rule, reason, line } = comment;
    // A table that is new in the whole change needs none, and in one of its commits it did.
    if (used.has(comment) || (reason !== '' && isOfReview(comment))) return [];
    if (reason !== '' && unevaluated && mayNeedSchema(rule)) return [];
    const positions = rule === sqlEdited.id && reason !== '' ? misplaced : [];
    // What a fingerprint is made of stays as it was first written.
    const [aspect, message] =
      ruleOf(rule) === undefined
        ? both(`the exception names no rule of the guard: ${JSON.stringify(rule)}`)
        : reason === ''
          ? both(`the exception from ${rule} gives no reason`, rule)
          : both(`the exception from ${rule} excuses nothing`, rule);
    const where = placed(positions);
    return [
      voidException(
        { kind: 'migration', migration: migration.name },
        { path: migration.sqlPath, line },
        aspect,
        where === '' ? message : `${message} here: what differs is further down`,
        ...(where === '' ? [] : [`Move it ${where}.`]),
      ),
    ];
  });
}

/** A fingerprint's words, and the message's: an exception is for a rule. */
function both(aspect: string, rule?: string): readonly [aspect: string, message: string] {
  return [aspect, aspect.replace(`exception from ${rule}`, `exception for ${rule}`)];
}

function invalidAllowances(
  { config, change, now, unevaluated }: ExceptionRequest,
  used: ReadonlySet<unknown>,
): readonly Draft[] {
  const source = config.source ?? 'package.json';
  return config.allow.flatMap((allowance) => {
    const where = allowance.migration ?? allowance.path ?? change.after.project.config;
    // What a fingerprint is made of stays as it was first written.
    const aspect = `the exception from ${allowance.rule} for ${where}`;
    const what = `the exception for ${allowance.rule} in ${where}`;
    if (isExpired(allowance, now))
      return [
        voidException(
          { kind: 'file', file: source },
          { path: source },
          `${aspect} has run out (until ${allowance.until ?? ''})`,
          `${what} expired on ${allowance.until ?? ''}`,
        ),
      ];
    const judged = change.after.history.migrations.some(
      ({ name, sqlPath: path }) =>
        change.sqlOrigins.has(name) && (name === allowance.migration || path === allowance.path),
    );
    const known = unevaluated !== true || !mayNeedSchema(allowance.rule);
    return judged && known && !used.has(allowance) && !isOfReview(allowance)
      ? [
          voidException(
            { kind: 'file', file: source },
            { path: source },
            `${aspect} excuses nothing`,
            `${what} excuses nothing`,
          ),
        ]
      : [];
  });
}

/** Without an evaluated schema it cannot be said of such a rule that there is nothing to excuse. */
function mayNeedSchema(id: string): boolean {
  const rule = ruleOf(id);
  return rule?.needsSchema !== undefined && rule.excusable !== false;
}

/** The last day counts whole, in every time zone. */
export function isExpired({ until }: Allowance, now: number): boolean {
  return until !== undefined && now > Date.parse(`${until}T23:59:59-12:00`);
}

/** An entry names a path, a migration, or both: then both have to be right. */
function entryFor(
  one: Violation,
  entity: Entity,
  { config, now }: Pick<ExceptionRequest, 'config' | 'now'>,
  out: RepoPath,
): Allowance | undefined {
  return config.allow.find((allowance) => {
    const { rule, path, migration } = allowance;
    if (rule !== one.rule.id || isExpired(allowance, now)) return false;
    if (path === undefined && migration === undefined) return false;
    return (
      (path === undefined || one.describe([entity]).path === path) &&
      (migration === undefined ||
        sqlPaths(out, migration).some((sql) => isAbout(one, entity, migration, sql)))
    );
  });
}
