import { fingerprint, type Draft, type Finding, type Severity } from '../model/finding.ts';
import { RULE_IDS, type RuleId } from '../rules/ids.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import type { ProjectChange, ProjectState } from '../facts/change.ts';
import type { Fresh } from './one-cause.ts';

/** The severity of each rule, after the guard's config has had its say. */
export type Severities = (rule: RuleId) => Severity | 'off';

export function severities(
  overrides: Readonly<Partial<Record<RuleId, Severity | 'off'>>>,
): Severities {
  const defaults = new Map(RULES.map((rule) => [rule.id, rule.severity] as const));
  return (rule) => overrides[rule] ?? defaults.get(rule) ?? 'error';
}

/** What every state rule says of one tree. */
export function draftsOf(
  state: ProjectState,
  only: (rule: Rule) => boolean = () => true,
): readonly Draft[] {
  return RULES.flatMap((rule) =>
    rule.judges === 'state' && only(rule) ? [...rule.check(state)] : [],
  );
}

/** What the rules about the change itself say. They look at before and after: nothing of theirs is pre-existing. */
export function draftsOfChange(change: ProjectChange): readonly Draft[] {
  return RULES.flatMap((rule) => (rule.judges === 'change' ? [...rule.check(change)] : []));
}

/** Takes away the entities that a state before the change already had at fault under the same rule. */
export function ratchet(
  drafts: readonly Draft[],
  before: readonly Draft[],
): { fresh: readonly Fresh[]; preexisting: readonly Draft[] } {
  const known = new Set(
    before.flatMap((draft) => draft.entities.map((entity) => `${draft.rule}\0${entity}`)),
  );
  const fresh: Fresh[] = [];
  const preexisting: Draft[] = [];
  for (const draft of drafts) {
    const entities = draft.entities.filter((entity) => !known.has(`${draft.rule}\0${entity}`));
    if (entities.length > 0) fresh.push({ draft, entities });
    if (entities.length < draft.entities.length)
      preexisting.push({
        ...draft,
        entities: draft.entities.filter((entity) => !entities.includes(entity)),
      });
  }
  return { fresh, preexisting };
}

/** How grave a finding is told to be. */
export function severityTold({ draft, entities }: Fresh, severityOf: Severities): Severity | 'off' {
  const configured = severityOf(draft.rule);
  return configured === 'error' ? (draft.tell(entities).severity ?? configured) : configured;
}

/** The findings of a project, in the order of the report. A rule that is off says nothing. */
export function tell(
  fresh: readonly Fresh[],
  project: string,
  severityOf: Severities,
): readonly Finding[] {
  return fresh
    .flatMap(({ draft, entities }): Finding[] => {
      const configured = severityOf(draft.rule);
      if (configured === 'off') return [];
      const { severity, detail, ...told } = draft.tell(entities);
      return [
        {
          rule: draft.rule,
          severity: configured === 'error' ? (severity ?? configured) : configured,
          project,
          ...told,
          ...(detail === undefined || detail === '' ? {} : { detail }),
          fingerprint: fingerprint(draft.rule, project, entities),
        },
      ];
    })
    .sort(
      (a, b) =>
        RULE_IDS.indexOf(a.rule) - RULE_IDS.indexOf(b.rule) ||
        (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
    );
}
