import type { ProjectChange } from '../facts/change.ts';
import type { Draft } from '../model/finding.ts';
import type { Migration } from '../history/history.ts';
import type { Allowance, GuardConfig } from '../project/guard-config.ts';
import { voidException } from '../rules/exception-void.ts';
import { RULE_IDS, type RuleId } from '../rules/ids.ts';
import { excuse } from '../facts/sql-origin/exceptions-in-sql.ts';
import { allowComments, type AllowComment } from '../sql/allow-comments.ts';
import type { Fresh } from './one-cause.ts';

export interface ExceptionRequest {
  readonly change: ProjectChange;
  readonly config: Pick<GuardConfig, 'allow' | 'source'>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Nothing is evaluated: of some exceptions it cannot be said that they excuse nothing. */
  readonly unevaluated?: true;
}

/** An exception never excuses these: they are about the guard's own sight, or about exceptions. */
const NEVER: ReadonlySet<RuleId> = new Set([
  'exception-void',
  'config-unreadable',
  'schema-unreadable',
  'journal-invalid',
]);

/**
 * Takes away the findings that an exception excuses, and adds one for each exception that is void. A comment in a
 * migration excuses findings about that migration alone; `sql-edited` itself looks at its comments statement by
 * statement. An entry of the config excuses one rule for one migration or path.
 */
export function applyExceptions(
  fresh: readonly Fresh[],
  request: ExceptionRequest,
): readonly Fresh[] {
  const { change, config } = request;
  const commented = change.after.history.migrations.flatMap((migration) =>
    commentsOf(change, migration),
  );
  const used = new Set<AllowComment | Allowance>(commented.flatMap((of) => [...of.excuses]));
  const allowances = config.allow.filter((allowance) => !isOver(allowance, request.now));
  const kept = fresh.filter((one) => {
    const comment = commented.find(
      ({ migration, comments }) =>
        isAbout(one, migration) && comments.some(({ rule }) => rule === one.draft.rule),
    );
    const own = comment?.comments.find(
      ({ rule }) => rule === one.draft.rule && rule !== 'sql-edited',
    );
    const entry = allowances.find((allowance) => excuses(allowance, one, change));
    for (const excuser of [own, entry]) if (excuser !== undefined) used.add(excuser);
    return NEVER.has(one.draft.rule) || (own === undefined && entry === undefined);
  });
  const voids = [
    ...commented.flatMap((of) => voidComments(of, used, request.unevaluated === true)),
    ...voidAllowances(request, used),
  ];
  return [...kept, ...voids.map((draft) => ({ draft, entities: draft.entities }))];
}

interface Commented {
  readonly migration: Migration;
  /** Those with a rule and a reason. */
  readonly comments: readonly AllowComment[];
  readonly all: readonly AllowComment[];
  /** Those that excuse a difference of the SQL. */
  readonly excuses: ReadonlySet<AllowComment>;
}

/** Only migrations that are new in the change are asked: of the others nothing is judged that a comment could excuse. */
function commentsOf(change: ProjectChange, migration: Migration): readonly Commented[] {
  const provenance = change.provenance.get(migration.journal.tag);
  if (provenance === undefined) return [];
  const all = allowComments(provenance.sql, change.after.project.dialect);
  const comments = all.filter(({ rule, reason }) => isRule(rule) && reason !== '');
  const found =
    provenance.kind === 'edited'
      ? excuse(provenance.expected, provenance.sql, change.after.project.dialect).used
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

function voidComments(
  { migration, all }: Commented,
  used: ReadonlySet<unknown>,
  unevaluated: boolean,
): readonly Draft[] {
  return all.flatMap((comment) => {
    if (used.has(comment)) return [];
    const { rule, reason, line } = comment;
    if (reason !== '' && unevaluated && EVALUATES.has(rule)) return [];
    const fault = !isRule(rule)
      ? `the exception names no rule of the guard: ${JSON.stringify(rule)}`
      : reason === ''
        ? `the exception from ${rule} gives no reason`
        : `the exception from ${rule} excuses nothing`;
    return [voidException(migration.journal.tag, migration.sqlPath, line, fault)];
  });
}

function voidAllowances(
  { config, change, now, unevaluated }: ExceptionRequest,
  used: ReadonlySet<unknown>,
): readonly Draft[] {
  const path = config.source ?? 'package.json';
  return config.allow.flatMap((allowance) => {
    const what = `the exception from ${allowance.rule} for ${allowance.migration ?? allowance.path ?? change.after.project.config}`;
    if (isOver(allowance, now))
      return [
        voidException(
          path,
          path,
          undefined,
          `${what} has run out (until ${allowance.until ?? ''})`,
        ),
      ];
    const judged = change.after.history.migrations.some(
      ({ journal, sqlPath }) =>
        change.provenance.has(journal.tag) &&
        (journal.tag === allowance.migration || sqlPath === allowance.path),
    );
    const known = unevaluated !== true || !EVALUATES.has(allowance.rule);
    return judged && known && !used.has(allowance)
      ? [voidException(path, path, undefined, `${what} excuses nothing`)]
      : [];
  });
}

/** Rules that need an evaluation: without one it cannot be said that there is nothing to excuse. */
const EVALUATES: ReadonlySet<string> = new Set<RuleId>([
  'schema-drift',
  'split-commit',
  'sql-edited',
]);

function isRule(name: string): name is RuleId {
  return (RULE_IDS as readonly string[]).includes(name);
}

/** The day itself still counts, everywhere on earth. */
export function isOver({ until }: Allowance, now: number): boolean {
  return until !== undefined && now > Date.parse(`${until}T23:59:59-12:00`);
}

function isAbout({ draft, entities }: Fresh, { journal: { tag }, sqlPath }: Migration): boolean {
  return (
    draft.tell(entities).path === sqlPath || entities.every((one) => one.startsWith(`${tag}: `))
  );
}

function excuses(allowance: Allowance, one: Fresh, change: ProjectChange): boolean {
  if (allowance.rule !== one.draft.rule) return false;
  if (allowance.path !== undefined && one.draft.tell(one.entities).path !== allowance.path)
    return false;
  if (allowance.migration === undefined) return allowance.path !== undefined;
  return change.after.history.migrations.some(
    (migration) => migration.journal.tag === allowance.migration && isAbout(one, migration),
  );
}
