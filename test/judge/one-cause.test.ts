import { describe, expect, it } from 'vitest';
import { withoutConsequences } from '../../src/judge/one-cause.ts';
import type { Violation } from '../../src/judge/new-findings.ts';
import { ofMigration, type Entity } from '../../src/model/entity.ts';
import type { Severity } from '../../src/model/finding.ts';
import { RULE_IDS, RULES, type RuleId } from '../../src/rules/index.ts';

function violation(
  id: RuleId,
  entities: readonly Entity[] = [{ kind: 'project', aspect: 'x' }],
  severity?: Severity,
): Violation {
  const rule = RULES.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return {
    rule,
    entities,
    describe: () => ({
      path: 'x',
      message: 'x',
      fix: [],
      ...(severity === undefined ? {} : { severity }),
    }),
  };
}

function left(
  found: readonly Violation[],
  {
    schemaTouched = false,
    softened = [] as readonly RuleId[],
    excused = [] as readonly Violation[],
  } = {},
): readonly RuleId[] {
  return withoutConsequences(found, {
    severityOf: ({ id }, level = 'error') => (softened.includes(id) ? 'warning' : level),
    schemaTouched,
    excused,
  }).map(({ rule }) => rule.id);
}

describe('one cause, one finding', () => {
  it('an unreadable journal makes everything else an orphan: it alone is reported', () => {
    expect(
      left([
        violation('journal-invalid'),
        violation('schema-drift'),
        violation('migration-orphaned'),
        violation('journal-order'),
        violation('bundle-stale'),
      ]),
    ).toEqual(['journal-invalid']);
  });

  it('but what does not follow from it is reported too', () => {
    expect(
      left([
        violation('journal-invalid'),
        violation('migration-edited'),
        violation('schema-unreadable'),
        violation('snapshot-invalid'),
      ]),
    ).toEqual(['journal-invalid', 'migration-edited', 'schema-unreadable', 'snapshot-invalid']);
  });

  it('a missing snapshot makes drizzle-kit repeat what it held', () => {
    expect(left([violation('migration-incomplete'), violation('schema-drift')])).toEqual([
      'migration-incomplete',
    ]);
  });

  it('what is left of a removed migration is the same fact, and no other migration is', () => {
    const removed = violation('migration-removed', [ofMigration('0003_teams', 'gone')]);
    const rest = [
      violation('migration-orphaned', [{ kind: 'migration-file', file: '0003_teams.sql' }]),
      violation('migration-orphaned', [
        { kind: 'migration-file', file: 'meta/0003_snapshot.json' },
      ]),
      violation('migration-incomplete', [ofMigration('0003_teams', 'snapshot')]),
    ];
    expect(left([removed, ...rest])).toEqual(['migration-removed']);
    expect(
      left([
        removed,
        violation('migration-orphaned', [{ kind: 'migration-file', file: '0004_other.sql' }]),
      ]),
    ).toEqual(['migration-removed', 'migration-orphaned']);
    expect(
      left([
        removed,
        violation('migration-orphaned', [
          { kind: 'migration-file', file: '0003_teams.sql' },
          { kind: 'migration-file', file: '0004_other.sql' },
        ]),
      ]),
    ).toEqual(['migration-removed', 'migration-orphaned']);
  });

  it('drift after a removal is the removal, unless the schema was touched as well', () => {
    expect(
      left([
        violation('migration-removed', [ofMigration('0003_teams', 'gone')]),
        violation('schema-drift'),
      ]),
    ).toEqual(['migration-removed']);
    expect(
      left(
        [
          violation('migration-removed', [ofMigration('0003_teams', 'gone')]),
          violation('schema-drift'),
        ],
        {
          schemaTouched: true,
        },
      ),
    ).toEqual(['migration-removed', 'schema-drift']);
  });

  it('what does not refuse explains nothing away', () => {
    expect(
      left([violation('journal-invalid'), violation('schema-drift')], {
        softened: ['journal-invalid'],
      }),
    ).toEqual(['journal-invalid', 'schema-drift']);
    expect(
      left([
        violation('migration-incomplete', [ofMigration('x', 'x')], 'warning'),
        violation('schema-drift'),
      ]),
    ).toEqual(['migration-incomplete', 'schema-drift']);
    expect(
      left(
        [
          violation('migration-removed', [ofMigration('0003_teams', 'gone')]),
          violation('migration-orphaned', [{ kind: 'migration-file', file: '0003_teams.sql' }]),
        ],
        { softened: ['migration-removed'] },
      ),
    ).toEqual(['migration-removed', 'migration-orphaned']);
  });

  it('the SQL of a migration was compared with the wrong snapshot', () => {
    const edited = violation('sql-edited', [ofMigration('0003_teams', 'edited')]);
    const snapshot = (file: string): Violation =>
      violation('snapshot-invalid', [{ kind: 'snapshot', file, aspect: 'stray' }]);
    expect(left([edited, snapshot('0003_snapshot.json')])).toEqual(['snapshot-invalid']);
    expect(left([edited, snapshot('0002_snapshot.json')])).toHaveLength(2);
    expect(
      left([edited, violation('snapshot-chain', [ofMigration('0003_teams', 'prevId')])]),
    ).toEqual(['snapshot-chain']);
    expect(
      left([edited, violation('migration-edited', [ofMigration('0003_other', 'sql content')])]),
    ).toHaveLength(2);
  });

  it('a published snapshot that was edited explains what is wrong with it, and with what rests on it', () => {
    const edited = violation('migration-edited', [ofMigration('0003_teams', 'snapshot content')]);
    const invalid = (file: string): Violation =>
      violation('snapshot-invalid', [{ kind: 'snapshot', file, aspect: 'is not JSON' }]);
    expect(left([edited, invalid('0003_snapshot.json')])).toEqual(['migration-edited']);
    expect(left([edited, invalid('0004_snapshot.json')])).toHaveLength(2);
    for (const id of ['snapshot-chain', 'sql-edited'] as const) {
      const next = violation(id, [ofMigration('0004_next', 'x')]);
      expect(left([edited, next])).toHaveLength(2);
      expect(left([edited, { ...next, restsOn: ['0003_teams'] }])).toEqual(['migration-edited']);
      expect(left([edited, { ...next, restsOn: ['0002_other'] }])).toHaveLength(2);
      expect(
        left([edited, { ...next, restsOn: ['0003_teams'] }], { softened: ['migration-edited'] }),
      ).toHaveLength(2);
    }
  });

  it('names rules that there are', () => {
    const causes = RULES.flatMap(({ consequenceOf = [] }) => consequenceOf.map(({ rule }) => rule));
    expect(causes.length).toBeGreaterThan(10);
    expect(RULE_IDS).toEqual(expect.arrayContaining(causes));
  });

  it('something always remains where something was', () => {
    for (const a of RULE_IDS)
      for (const b of RULE_IDS)
        expect(left([violation(a), violation(b)]).length).toBeGreaterThan(0);
  });
});
