import type { ProjectState } from '../facts/change.ts';
import type { Entity } from '../model/entity.ts';
import type { Draft, Description } from '../model/finding.ts';
import type { Difference, Generated } from '../schema/schema.ts';
import { facts, factsOf } from './text/facts.ts';
import type { StateRule } from './rule.ts';
import { rule as chain } from './snapshot-chain.ts';
import { addMigrations } from './text/fixes.ts';

export const rule = {
  id: 'schema-drift',
  severity: 'error',
  title: 'the schema and the newest snapshot differ',
  why: 'Applying the committed migrations gives a database that does not match the committed code.',
  details:
    'The migration is missing, or is not the one for this schema. The next `drizzle-kit ' +
    'generate`, on any branch, will include the change. Whether there is a difference is what ' +
    'drizzle-kit itself says.',
  fix: 'Generate the migration, and commit its files together with the schema change.',
  examples: {
    refused:
      "teams gets description: text('description'), but the newest snapshot has no such column",
    passes:
      'the same with ALTER TABLE "teams" ADD COLUMN "description" text, its snapshot and ' +
      'its journal entry',
  },
  needsSchema: 'always',
  fixedByOtherHalf: true,
  consequenceOf: [
    { rule: 'journal-invalid', where: 'everywhere' },
    // Without the newest snapshot drizzle-kit repeats its SQL.
    { rule: 'migration-incomplete', where: 'everywhere' },
    { rule: 'migration-order', where: 'everywhere' },
    // The SQL from a state that leaves out other migrations repeats or undoes theirs.
    { rule: 'snapshot-chain', where: 'everywhere' },
    { rule: 'guard-narrowed', where: 'schema unchanged' },
    { rule: 'migration-removed', where: 'schema unchanged' },
  ],
  aboutNewestState: true,
  judges: 'state',
  *check(state) {
    const { drift } = state;
    if (drift.status === 'no-history') {
      if (state.project.pushed === undefined)
        yield draft([NO_MIGRATIONS], () => describeNoHistory(state, drift.generated));
    } else if (drift.status === 'drift') {
      const known = facts(
        drift.differences.map((difference) => [entityOf(difference), difference] as const),
      );
      if (known.size > 0) {
        yield draft([...known.keys()], (entities) =>
          describeDrift(state, factsOf(known, entities), drift.generated),
        );
      } else {
        // drizzle-kit would write SQL although the two snapshots look alike here: its answer
        // counts, not ours.
        yield draft(statementsOf(drift.generated), () => describeDrift(state, [], drift.generated));
      }
    }
  },
} as const satisfies StateRule;

const NO_MIGRATIONS: Entity = { kind: 'project', aspect: 'no migrations' };

/** Whether a finding is that a project has no migrations: where it never had any, that is fine. */
export function isWithoutMigrations({ entities }: Pick<Draft, 'entities'>): boolean {
  return entities.includes(NO_MIGRATIONS);
}

function draft(entities: readonly Entity[], describe: Draft['describe']): Draft {
  return { entities, describe };
}

/**
 * The detail belongs to the name: another type for a column that already drifted is a new
 * difference.
 */
function entityOf({ owner, entity, change, detail }: Difference): Entity {
  return { kind: 'schema', table: owner, name: entity, aspect: `${change} ${detail}`.trim() };
}

function statementsOf(generated: Generated): readonly Entity[] {
  const statements =
    generated.status === 'answered'
      ? generated.statements
      : [...generated.asCreated, ...generated.asRenamed];
  return statements.map((sql) => ({ kind: 'statement', sql }));
}

function describeNoHistory(state: ProjectState, generated: Generated): Description {
  return {
    path: state.project.schemaFiles[0] ?? state.project.config,
    message: `the schema has no migration yet: there is none in ${state.project.out}/`,
    detail: sqlDetail(generated),
    fix: [
      ...fixes(state),
      {
        text:
          'Or, if its schema only ever goes to the database with drizzle-kit push, say so with ' +
          'a script in its package.json: "db:push": "drizzle-kit push".',
      },
    ],
  };
}

function describeDrift(
  state: ProjectState,
  differences: readonly Difference[],
  generated: Generated,
): Description {
  const origins = state.drift.status === 'drift' ? state.drift.origins : new Map();
  const first = differences[0];
  const origin =
    first === undefined ? undefined : (origins.get(first.entity) ?? origins.get(first.owner));
  const newest = state.history.migrations.at(-1)?.name;
  const lines = differences.map((difference) => {
    const at = origins.get(difference.entity) ?? origins.get(difference.owner);
    return `${sentence(difference)}${at === undefined ? '' : `  (${at.path}:${at.line})`}`;
  });
  const volatile = differences.filter((difference) => difference.volatile === true);
  const lost = differences.filter(
    (difference) => difference.kind === 'table' && difference.change === 'removed',
  );
  return {
    path: origin?.path ?? state.project.schemaFiles[0] ?? state.project.config,
    ...(origin === undefined ? {} : { line: origin.line }),
    message:
      lines.length === 1 && first !== undefined
        ? `${sentence(first)}${LAW[first.change]}`
        : 'the schema differs from the newest ' +
          `migration${newest === undefined ? '' : ` ${newest}`} in ${Math.max(lines.length, 1)} ` +
          `place${lines.length > 1 ? 's' : ''}`,
    detail: [...(lines.length > 1 ? [...lines, ''] : []), sqlDetail(generated)].join('\n'),
    fix: [
      ...lost.map((table) => ({
        text:
          `The table ${table.entity} would be DROPPED. If that is not intended, export it again ` +
          `from a schema file of ${state.project.config} ` +
          `(${state.project.schemaFiles.slice(0, 3).join(', ')}).`,
      })),
      ...volatile.map(({ entity }) => ({
        text:
          `The default of ${entity} is computed when the schema is loaded, so no migration can ` +
          'ever match it. Let the database compute it (.defaultNow(), .default(sql`...`)), or ' +
          'the program (.$defaultFn(() => ...)).',
      })),
      ...fixes(state),
    ],
  };
}

/**
 * "column teams.name", "enum status": what is no part of a table has its kind in its entity
 * already.
 */
export function nameOf({ kind, entity }: Difference): string {
  return entity.startsWith(`${kind} `) ? entity : `${kind} ${entity}`;
}

const LAW = {
  added: ' but in no migration',
  removed: ', but no migration removes it',
  changed: ', but in no migration',
} as const satisfies Record<Difference['change'], string>;

function sentence(difference: Difference): string {
  const what = nameOf(difference);
  const detail = difference.detail === '' ? '' : ` (${difference.detail})`;
  if (difference.change === 'added') return `${what}${detail} is in the schema`;
  if (difference.change === 'removed') return `${what} is no longer in the schema`;
  return `${what} has changed in the schema${detail}`;
}

function sqlDetail(generated: Generated): string {
  if (generated.status === 'answered')
    return titled('drizzle-kit would generate:', generated.statements);
  return [
    titled(
      'drizzle-kit would ask whether something was renamed. If it was created:',
      generated.asCreated,
    ),
    titled('If it was renamed:', generated.asRenamed),
  ].join('\n');
}

const LONGEST_SQL = 40;

function titled(title: string, statements: readonly string[]): string {
  const lines = statements.flatMap((statement) => statement.trim().split('\n'));
  const shown = lines.slice(0, LONGEST_SQL).map((line) => `  ${line.replaceAll('\t', '  ')}`);
  if (lines.length > LONGEST_SQL) shown.push(`  ... and ${lines.length - LONGEST_SQL} lines more`);
  return [title, ...shown].join('\n');
}

/**
 * Whether the newest snapshot does not follow from the ones before. Where that is new too, it is
 * all that is reported.
 */
function isOnBrokenChain(state: ProjectState): boolean {
  const newest = state.history.migrations.at(-1)?.name;
  return [...chain.check(state)].some(({ entities }) =>
    entities.some(
      (one) =>
        one.kind === 'newest-snapshot' || (one.kind === 'migration' && one.migration === newest),
    ),
  );
}

function fixes(state: ProjectState): Description['fix'] {
  const { under } = state.how;
  if (isOnBrokenChain(state))
    return [
      {
        text:
          `The newest snapshot does not follow from the ones before (${chain.id}; ` +
          '`npx drizzle-guard check --all` shows where): this SQL may repeat or undo what other ' +
          'migrations did. Put that right first, and check again. Where the snapshot leaves ' +
          'nothing out, generate the migration as usual.',
      },
    ];
  return [
    { text: 'Generate the migration for it:', run: state.how.generate },
    addMigrations('Add it to the same commit:', state.history),
    ...(under === undefined
      ? []
      : [
          {
            text:
              `The script runs drizzle-kit under \`${under}\`. If the schema depends on a ` +
              'variable that this sets, check under it too:',
            run: `${under} npx drizzle-guard check`,
          },
        ]),
  ];
}
