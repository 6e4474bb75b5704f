import type { ProjectChange, ProjectState } from '../facts/change.ts';
import type { Review } from '../facts/review/review.ts';
import type { ReadStatement } from '../facts/review/statement.ts';
import { entityKey, ofMigration, type Entity } from '../model/entity.ts';
import {
  fingerprint,
  type Draft,
  type Finding,
  type Fix,
  type Level,
  type Start,
} from '../model/finding.ts';
import { RULES, type ListedRule, type RuleId } from '../rules/index.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { Notice } from '../rules/rule.ts';

/** A draft with the rule that it violates. */
export interface Violation extends Draft {
  readonly rule: ListedRule;
}

/** What a guard config makes of the level that a violation of a rule has by itself. */
type Levels = (rule: ListedRule, level: Level) => Level;

/** The preset of the review, and before it what the config says of the rule itself. */
export function levelsOf({ rules, review }: Pick<GuardConfig, 'rules' | 'review'>): Levels {
  return (rule, level) => {
    const own = rules[rule.id];
    // A rule that the config leaves where it is still reports some things with another level.
    if (own !== undefined) return own === rule.severity ? level : own;
    if (rule.point === undefined) return level;
    if (review === 'off') return 'off';
    return review === 'strict' && level === 'warning' ? 'error' : level;
  };
}

/** The severity of what a rule reports, after applying the guard's config. */
export interface Severities {
  /** @param level what a violation has by itself; the rule's own by default */
  (rule: ListedRule, level?: Level): Level;
  /** Whether the change itself turns the rule down, which does not count yet. */
  readonly isLowered?: (rule: ListedRule) => boolean;
}

/**
 * The stricter severity of what is judged and of what it comes from: a change does not turn down
 * the rule that it violates. A merge takes over what either side has turned down.
 * @param now from the guard's config; @param before likewise, of each tree before
 */
export function severities(now: Levels, before: readonly Levels[] = []): Severities {
  const of = (rule: ListedRule, level: Level = rule.severity): Level =>
    stricter(
      now(rule, level),
      before
        .map((then) => then(rule, level))
        .reduce(
          (a, b) => (STRICTNESS[a] < STRICTNESS[b] ? a : b),
          before.length === 0 ? 'off' : 'error',
        ),
    );
  return Object.assign(of, {
    isLowered: (rule: ListedRule) => of(rule) !== now(rule, rule.severity),
  });
}

const STRICTNESS = { off: 0, note: 1, warning: 2, error: 3 } as const satisfies Record<
  Level,
  number
>;

function stricter(a: Level, b: Level): Level {
  return STRICTNESS[a] < STRICTNESS[b] ? b : a;
}

/** What the rules about a state report of one tree. */
export function violationsOf(state: ProjectState): readonly Violation[] {
  return RULES.flatMap((rule) =>
    rule.judges === 'state' ? [...rule.check(state)].map((draft) => ({ ...draft, rule })) : [],
  );
}

/**
 * What the rules about the change itself and its new migrations report. They compare with before:
 * nothing of theirs is pre-existing.
 */
export function violationsOfChange(
  change: ProjectChange,
  rules: readonly ListedRule[] = RULES,
): readonly Violation[] {
  const { after, reviews = [] } = change;
  return rules.flatMap((rule): readonly Violation[] => {
    if (rule.judges === 'change')
      return [...rule.check(change)].map((draft) => ({ ...draft, rule }));
    if (rule.judges !== 'migration') return [];
    return reviews.flatMap((review) =>
      [...rule.check(review, after)].flatMap((notice) =>
        notice.at === undefined ? [] : [{ ...draftOf(review, notice, notice.at), rule }],
      ),
    );
  });
}

/** A statement's first lines say what it is. */
const LONGEST = 12;

function draftOf(
  { tag, sqlPath }: Review,
  { about, message, safe, severity, shown: text }: Notice,
  at: ReadStatement,
): Draft {
  const lines = (text ?? at.source).split('\n');
  const shown = lines.length > LONGEST ? [...lines.slice(0, LONGEST), '...'] : lines;
  return {
    entities: [ofMigration(tag, about)],
    describe: () => ({
      path: sqlPath,
      line: at.line,
      message,
      detail: shown.join('\n'),
      fix: safe,
      ...(severity === undefined ? {} : { severity }),
    }),
  };
}

/**
 * Divides violations, entity by entity, by whether the state before had them under the same rule.
 */
export function splitByBefore(
  violations: readonly Violation[],
  before: readonly Violation[],
): { readonly introduced: readonly Violation[]; readonly preexisting: readonly Violation[] } {
  const known = new Set(before.flatMap(({ rule, entities }) => entities.map(keyUnder(rule))));
  const of = (wanted: boolean): readonly Violation[] =>
    violations.flatMap((one) =>
      narrowed(one, (entity) => known.has(keyUnder(one.rule)(entity)) === wanted),
    );
  return { introduced: of(false), preexisting: of(true) };
}

/** The violation with some of its entities alone; none where no entity is left. */
export function narrowed(
  violation: Violation,
  keep: (entity: Entity) => boolean,
): readonly Violation[] {
  const entities = violation.entities.filter(keep);
  return entities.length === 0 ? [] : [{ ...violation, entities }];
}

function keyUnder(rule: ListedRule): (entity: Entity) => string {
  return (entity) => `${rule.id}\0${entityKey(entity)}`;
}

/** The severity that a violation is reported with: it may have another level than its rule. */
export function effectiveSeverity(
  { rule, describe, entities }: Violation,
  severityOf: Severities,
): Level {
  return severityOf(rule, describe(entities).severity);
}

/**
 * The findings of a project, in the order of the report, which is the order in which to fix; none
 * of a rule that is off.
 */
export function findingsOf(
  violations: readonly Violation[],
  project: string,
  severityOf: Severities,
  start?: Start,
): readonly Finding<RuleId>[] {
  const findings = violations.flatMap((violation) => {
    const severity = effectiveSeverity(violation, severityOf);
    return severity === 'off' ? [] : [{ violation, severity }];
  });
  const sorted = findings
    .map(({ violation: { rule, entities, describe }, severity }): Finding<RuleId> => {
      const { detail = '', severity: _, fix, ...description } = describe(entities, start);
      const lowered = severityOf.isLowered?.(rule) === true ? [afterLowering(rule)] : [];
      return {
        rule: rule.id,
        severity,
        project,
        ...description,
        ...(detail === '' ? {} : { detail }),
        fix: [...fix, ...lowered],
        fingerprint: fingerprint(rule.id, project, entities),
      };
    })
    .sort(
      (a, b) =>
        orderOf(a.rule) - orderOf(b.rule) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
    );
  return withoutRepeatedCommands(sorted);
}

/**
 * One paste fixes all: commands that an earlier finding already prints are not to be run again,
 * unless others come before them, and those that the commands of a later one end with are left to
 * that: it first takes back what they would do.
 */
function withoutRepeatedCommands(findings: readonly Finding<RuleId>[]): readonly Finding<RuleId>[] {
  const printed = new Map<string, RuleId>();
  return findings.map((finding, at) => {
    let fresh = false;
    const fix = finding.fix.map((step) => {
      const { text, run, sql } = step;
      if (run === undefined || sql !== undefined) return step;
      const below = findings
        .slice(at + 1)
        .find((later) => later.fix.some((other) => other.run?.endsWith(`\n${run}`) === true));
      if (below !== undefined) return { text: `${text} as for ${below.rule} below.` };
      const by = printed.get(run);
      fresh ||= by === undefined;
      printed.set(run, by ?? finding.rule);
      return by === undefined || fresh ? step : { text: `${text} as for ${by} above.` };
    });
    return { ...finding, fix };
  });
}

function afterLowering({ id }: ListedRule): Fix {
  return {
    text:
      `This change also turns ${id} down in the guard's config, which counts from the next ` +
      'change on: record that on its own first.',
  };
}

function orderOf(id: RuleId): number {
  return RULES.findIndex((rule) => rule.id === id);
}
