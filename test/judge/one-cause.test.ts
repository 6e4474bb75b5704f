import { describe, expect, it } from 'vitest';
import { refine, type Fresh } from '../../src/judge/one-cause.ts';
import type { Severity } from '../../src/model/finding.ts';
import type { RuleId } from '../../src/rules/ids.ts';

function fresh(rule: RuleId, entities: readonly string[] = ['x'], severity?: Severity): Fresh {
  return {
    draft: {
      rule,
      entities,
      tell: () => ({
        path: 'x',
        message: 'x',
        fix: [],
        ...(severity === undefined ? {} : { severity }),
      }),
    },
    entities,
  };
}

function left(
  found: readonly Fresh[],
  { schemaTouched = false, softened = [] as readonly RuleId[] } = {},
): readonly RuleId[] {
  return refine(found, {
    severityOf: (rule) => (softened.includes(rule) ? 'warning' : 'error'),
    schemaTouched,
  }).map(({ draft }) => draft.rule);
}

describe('one cause, one finding', () => {
  it('an unreadable journal makes everything else an orphan: it alone is told', () => {
    expect(
      left([
        fresh('journal-invalid'),
        fresh('schema-drift'),
        fresh('migration-orphaned'),
        fresh('journal-order'),
        fresh('bundle-stale'),
      ]),
    ).toEqual(['journal-invalid']);
  });

  it('but what does not follow from it is told too', () => {
    expect(
      left([
        fresh('journal-invalid'),
        fresh('migration-edited'),
        fresh('schema-unreadable'),
        fresh('snapshot-invalid'),
      ]),
    ).toEqual(['journal-invalid', 'migration-edited', 'schema-unreadable', 'snapshot-invalid']);
  });

  it('a missing snapshot makes drizzle-kit repeat what it held', () => {
    expect(left([fresh('migration-incomplete'), fresh('schema-drift')])).toEqual([
      'migration-incomplete',
    ]);
  });

  it('what is left of a removed migration is the same fact, and no other migration is', () => {
    const removed = fresh('migration-removed', ['0003_teams: gone']);
    const rest = [
      fresh('migration-orphaned', ['0003_teams.sql']),
      fresh('migration-orphaned', ['meta/0003_snapshot.json']),
      fresh('migration-incomplete', ['0003_teams: snapshot']),
    ];
    expect(left([removed, ...rest])).toEqual(['migration-removed']);
    expect(left([removed, fresh('migration-orphaned', ['0004_other.sql'])])).toEqual([
      'migration-removed',
      'migration-orphaned',
    ]);
    expect(
      left([removed, fresh('migration-orphaned', ['0003_teams.sql', '0004_other.sql'])]),
    ).toEqual(['migration-removed', 'migration-orphaned']);
  });

  it('drift after a removal is the removal, unless the schema was touched as well', () => {
    expect(left([fresh('migration-removed', ['0003_teams: gone']), fresh('schema-drift')])).toEqual(
      ['migration-removed'],
    );
    expect(
      left([fresh('migration-removed', ['0003_teams: gone']), fresh('schema-drift')], {
        schemaTouched: true,
      }),
    ).toEqual(['migration-removed', 'schema-drift']);
  });

  it('what does not refuse explains nothing away', () => {
    expect(
      left([fresh('journal-invalid'), fresh('schema-drift')], { softened: ['journal-invalid'] }),
    ).toEqual(['journal-invalid', 'schema-drift']);
    expect(left([fresh('migration-incomplete', ['x'], 'warning'), fresh('schema-drift')])).toEqual([
      'migration-incomplete',
      'schema-drift',
    ]);
    expect(
      left(
        [
          fresh('migration-removed', ['0003_teams: gone']),
          fresh('migration-orphaned', ['0003_teams.sql']),
        ],
        { softened: ['migration-removed'] },
      ),
    ).toEqual(['migration-removed', 'migration-orphaned']);
  });

  it('something always remains where something was', () => {
    const rules: readonly RuleId[] = [
      'journal-invalid',
      'schema-drift',
      'migration-removed',
      'migration-incomplete',
      'migration-orphaned',
      'snapshot-invalid',
      'snapshot-chain',
      'bundle-stale',
      'journal-order',
      'migration-edited',
    ];
    for (const a of rules)
      for (const b of rules) expect(left([fresh(a), fresh(b)]).length).toBeGreaterThan(0);
  });
});
