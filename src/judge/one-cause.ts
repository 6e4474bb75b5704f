import type { Draft, Severity } from '../model/finding.ts';
import { prefixOf } from '../history/layout.ts';
import type { RuleId } from '../rules/ids.ts';

/** A draft with the entities that the state before the change did not have. */
export interface Fresh {
  readonly draft: Draft;
  readonly entities: readonly string[];
}

/**
 * One cause, one finding: what another rule's finding is a mere consequence of is left out. Only where the first is the
 * whole cause: an unreadable journal makes every file an orphan; without the newest snapshot drizzle-kit repeats what it
 * held. Two facts about one migration are two findings.
 */
const CONSEQUENCES: Partial<Record<RuleId, readonly RuleId[]>> = {
  'journal-invalid': [
    'schema-drift',
    'migration-incomplete',
    'migration-orphaned',
    'journal-order',
    'snapshot-chain',
    'bundle-stale',
    'migration-removed',
  ],
  'migration-incomplete': ['schema-drift'],
};

export interface RefineOptions {
  /** The rule's severity after the guard's config has had its say. */
  readonly severityOf: (rule: RuleId) => Severity | 'off';
  /** Whether the change touches the schema: otherwise drift is what removed migrations left behind. */
  readonly schemaTouched: boolean;
}

/**
 * Leaves out what another fresh finding already explains. Only a finding that refuses may explain another: one that was
 * turned down to a warning must not hide an error.
 */
export function refine(
  fresh: readonly Fresh[],
  { severityOf, schemaTouched }: RefineOptions,
): readonly Fresh[] {
  const refuses = ({ draft, entities }: Fresh): boolean =>
    severityOf(draft.rule) === 'error' && (draft.tell(entities).severity ?? 'error') === 'error';
  const causes = new Set(fresh.filter(refuses).map(({ draft }) => draft.rule));
  const explained = new Set([...causes].flatMap((rule) => CONSEQUENCES[rule] ?? []));
  if (causes.has('migration-removed') && !schemaTouched) explained.add('schema-drift');
  const removed = fresh
    .filter((one) => one.draft.rule === 'migration-removed' && refuses(one))
    .flatMap(({ entities }) => entities.map((one) => one.split(': ')[0] ?? ''));
  const others = fresh
    .filter((one) => UNDER_THE_SQL.has(one.draft.rule) && refuses(one))
    .flatMap(({ entities }) => entities);
  return fresh.filter(
    (one) =>
      !explained.has(one.draft.rule) &&
      !isLeftBehind(one, removed) &&
      !isWithoutGround(one, others),
  );
}

/** Faults of what the SQL is judged by: the snapshots, or that it was published in another form. */
const UNDER_THE_SQL: ReadonlySet<RuleId> = new Set([
  'migration-edited',
  'snapshot-chain',
  'snapshot-invalid',
]);

/** The SQL of a migration whose own snapshot is at fault was compared with the wrong thing. */
function isWithoutGround({ draft, entities }: Fresh, others: readonly string[]): boolean {
  if (draft.rule !== 'sql-edited') return false;
  const tags = entities.map((one) => one.split(': ')[0] ?? '');
  return tags.every((tag) =>
    others.some(
      (other) =>
        other.startsWith(`${tag}: `) || other.startsWith(`${prefixOf(tag)}_snapshot.json: `),
    ),
  );
}

/** What is left of a published migration of which a part was removed is incomplete or orphaned: the same fact again. */
function isLeftBehind({ draft, entities }: Fresh, removed: readonly string[]): boolean {
  if (draft.rule !== 'migration-incomplete' && draft.rule !== 'migration-orphaned') return false;
  return entities.every((one) =>
    removed.some(
      (tag) =>
        one.startsWith(`${tag}: `) ||
        one.startsWith(`${tag}.sql`) ||
        one.startsWith(`meta/${prefixOf(tag)}_snapshot.json`),
    ),
  );
}
