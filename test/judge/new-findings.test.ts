import { describe, expect, it } from 'vitest';
import {
  findingsOf,
  levelsOf,
  severities,
  splitByBefore,
  type Violation,
} from '../../src/judge/new-findings.ts';
import { entityKey, type Entity } from '../../src/model/entity.ts';
import type { Description, Level } from '../../src/model/finding.ts';
import { RULES, type RuleId } from '../../src/rules/index.ts';

const ofProject = (aspect: string): Entity => ({ kind: 'project', aspect });

function violation(
  id: RuleId,
  aspects: readonly string[],
  description: Partial<Description> = {},
): Violation {
  const rule = RULES.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return {
    rule,
    entities: aspects.map(ofProject),
    describe: (entities) => ({
      path: 'drizzle/x.sql',
      message: `about ${entities.map(entityKey).join(' and ')}`,
      fix: [],
      ...description,
    }),
  };
}

const summary = ({ rule, entities }: Violation) => [rule.id, entities.map(entityKey)];

describe('what was there before', () => {
  it('takes away what was there before, entity by entity, under the same rule only', () => {
    const drafts = [
      violation('schema-drift', ['teams.old', 'teams.new']),
      violation('journal-order', ['0003']),
      violation('snapshot-chain', ['0003']),
    ];
    const before = [
      violation('schema-drift', ['teams.old', 'teams.gone']),
      violation('snapshot-chain', ['0003']),
    ];
    const { introduced, preexisting } = splitByBefore(drafts, before);
    expect(introduced.map(summary)).toEqual([
      ['schema-drift', ['teams.new']],
      ['journal-order', ['0003']],
    ]);
    expect(preexisting.map(summary)).toEqual([
      ['schema-drift', ['teams.old']],
      ['snapshot-chain', ['0003']],
    ]);
  });

  it('reports everything in the first commit, and nothing in a change that fixes', () => {
    expect(splitByBefore([violation('schema-drift', ['teams'])], []).introduced).toHaveLength(1);
    expect(splitByBefore([], [violation('schema-drift', ['teams'])])).toEqual({
      introduced: [],
      preexisting: [],
    });
  });

  it('does not take one entity for another that its name begins with', () => {
    expect(
      splitByBefore(
        [violation('schema-drift', ['team', 'teams.a'])],
        [violation('schema-drift', ['teams', 'teams.ab', 'schema-drift'])],
      ).introduced[0]?.entities,
    ).toEqual([ofProject('team'), ofProject('teams.a')]);
  });

  it('counts every parent of a merge', () => {
    const one = violation('journal-order', ['0003']);
    const other = violation('journal-order', ['0004']);
    expect(
      splitByBefore([violation('journal-order', ['0003', '0004', '0005'])], [one, other])
        .introduced,
    ).toMatchObject([{ entities: [ofProject('0005')] }]);
  });
});

describe('the findings', () => {
  const reported = (
    violations: readonly Violation[],
    overrides: Readonly<Record<string, Level>> = {},
  ) => findingsOf(violations, 'drizzle.config.ts', severities(levelsOf({ rules: overrides })));

  it('are in the order of the rules and then of the paths, and about the given entities alone', () => {
    const findings = reported([
      { ...violation('journal-order', ['b', 'a'], { path: 'z' }), entities: [ofProject('b')] },
      violation('journal-order', ['c'], { path: 'a' }),
      violation('schema-drift', ['t']),
    ]);
    expect(findings.map(({ rule, path, message }) => [rule, path, message])).toEqual([
      ['journal-order', 'a', 'about c'],
      ['journal-order', 'z', 'about b'],
      ['schema-drift', 'drizzle/x.sql', 'about t'],
    ]);
  });

  it('print the same commands once, unless others come before them', () => {
    const again = { text: 'Again:', run: 'restore' };
    const more = { text: 'Then:', run: 'generate' };
    const fixes = reported([
      violation('journal-order', ['a'], { fix: [again, more] }),
      violation('snapshot-chain', ['b'], { fix: [again] }),
      violation('schema-drift', ['c'], { fix: [{ text: 'Edit:', run: 'edit' }, more] }),
    ]).map(({ fix }) => fix);
    expect(fixes).toEqual([
      [again, more],
      [{ text: 'Again: as for journal-order above.' }],
      [{ text: 'Edit:', run: 'edit' }, more],
    ]);
  });

  it('gives each finding a fingerprint of rule, project and entities, whatever their order', () => {
    const [one] = reported([violation('schema-drift', ['a', 'b'])]);
    const [same] = reported([
      violation('schema-drift', ['b', 'a'], { path: 'elsewhere', line: 7, message: 'otherwise' }),
    ]);
    const others = [
      reported([violation('schema-drift', ['a'])]),
      reported([violation('journal-order', ['a', 'b'])]),
      reported([violation('schema-drift', ['ab'])]),
    ].flat();
    expect(one?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(same?.fingerprint).toBe(one?.fingerprint);
    expect(new Set([one, ...others].map((finding) => finding?.fingerprint)).size).toBe(4);
  });

  it('lets the config decide the severity: off says nothing, a rule may only soften itself where it is an error', () => {
    expect(reported([violation('schema-drift', ['a'])]).map(({ severity }) => severity)).toEqual([
      'error',
    ]);
    expect(
      reported([violation('schema-drift', ['a'])], { 'schema-drift': 'warning' }).map(
        ({ severity }) => severity,
      ),
    ).toEqual(['warning']);
    expect(reported([violation('schema-drift', ['a'])], { 'schema-drift': 'off' })).toEqual([]);
    expect(
      reported([violation('schema-drift', ['a'], { severity: 'note' })]).map(
        ({ severity }) => severity,
      ),
    ).toEqual(['note']);
    expect(
      reported([violation('schema-drift', ['a'], { severity: 'error' })], {
        'schema-drift': 'note',
      }).map(({ severity }) => severity),
    ).toEqual(['note']);
  });

  it('leaves out a detail that says nothing', () => {
    expect(reported([violation('schema-drift', ['a'], { detail: '' })])[0]).not.toHaveProperty(
      'detail',
    );
    expect(reported([violation('schema-drift', ['a'], { detail: 'ALTER' })])[0]).toHaveProperty(
      'detail',
      'ALTER',
    );
  });

  it('is plain JSON', () => {
    const findings = reported([violation('schema-drift', ['a'], { detail: 'ALTER', line: 3 })]);
    expect(JSON.parse(JSON.stringify(findings))).toEqual(findings);
  });
});

describe('the level of a rule', () => {
  const rule = (id: RuleId) => RULES.find((one) => one.id === id)!;
  const [note, warning, off] = [
    rule('drop-index'),
    rule('drop-table'),
    rule('foreign-key-without-index'),
  ];

  it('is its own, where the config names none', () => {
    const of = severities(levelsOf({ rules: {} }));
    expect([of(note), of(note, 'warning'), of(warning), of(off)]).toEqual([
      'note',
      'warning',
      'warning',
      'off',
    ]);
  });

  it('strict refuses what warns, whatever rule it is of; off says nothing', () => {
    const strict = severities(levelsOf({ rules: {}, review: 'strict' }));
    expect([strict(note), strict(note, 'warning'), strict(warning), strict(off)]).toEqual([
      'note',
      'error',
      'error',
      'off',
    ]);
    const silent = severities(levelsOf({ rules: {}, review: 'off' }));
    expect([silent(note), silent(note, 'warning'), silent(warning)]).toEqual(['off', 'off', 'off']);
  });

  it('is what the config says of it; that raises one which is off', () => {
    const rules = { [note.id]: 'error', [off.id]: 'warning', [warning.id]: 'off' } as const;
    const of = severities(levelsOf({ rules }));
    expect([of(note), of(note, 'warning'), of(off), of(warning)]).toEqual([
      'error',
      'error',
      'warning',
      'off',
    ]);
  });

  it('of an error that a rule lowers stays low, also where the config says error', () => {
    const edited = rule('sql-edited');
    for (const rules of [{}, { 'sql-edited': 'error' as const }])
      expect(severities(levelsOf({ rules }))(edited, 'note')).toBe('note');
    expect(severities(levelsOf({ rules: { 'sql-edited': 'warning' } }))(edited, 'note')).toBe(
      'warning',
    );
  });
});
