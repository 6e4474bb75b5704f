import { describe, expect, it } from 'vitest';
import { ratchet, severities, tell } from '../../src/judge/new-findings.ts';
import type { Draft, Told } from '../../src/model/finding.ts';
import type { RuleId } from '../../src/rules/ids.ts';

function draft(rule: RuleId, entities: readonly string[], told: Partial<Told> = {}): Draft {
  return {
    rule,
    entities,
    tell: (fresh) => ({
      path: 'drizzle/x.sql',
      message: `about ${fresh.join(' and ')}`,
      fix: [],
      ...told,
    }),
  };
}

describe('the ratchet', () => {
  it('takes away what was there before, entity by entity, under the same rule only', () => {
    const drafts = [
      draft('schema-drift', ['teams.old', 'teams.new']),
      draft('journal-order', ['0003']),
      draft('snapshot-chain', ['0003']),
    ];
    const before = [
      draft('schema-drift', ['teams.old', 'teams.gone']),
      draft('snapshot-chain', ['0003']),
    ];
    const { fresh, preexisting } = ratchet(drafts, before);
    expect(fresh.map(({ draft: { rule }, entities }) => [rule, entities])).toEqual([
      ['schema-drift', ['teams.new']],
      ['journal-order', ['0003']],
    ]);
    expect(preexisting.map(({ rule, entities }) => [rule, entities])).toEqual([
      ['schema-drift', ['teams.old']],
      ['snapshot-chain', ['0003']],
    ]);
  });

  it('holds everything against the first commit, and nothing against a change that mends', () => {
    expect(ratchet([draft('schema-drift', ['teams'])], []).fresh).toHaveLength(1);
    expect(ratchet([], [draft('schema-drift', ['teams'])])).toEqual({ fresh: [], preexisting: [] });
  });

  it('does not take one entity for another that its name begins with', () => {
    expect(
      ratchet(
        [draft('schema-drift', ['team', 'teams.a'])],
        [draft('schema-drift', ['teams', 'teams.ab', 'schema-drift'])],
      ).fresh[0]?.entities,
    ).toEqual(['team', 'teams.a']);
  });

  it('counts every parent of a merge', () => {
    const one = draft('journal-order', ['0003']);
    const other = draft('journal-order', ['0004']);
    expect(
      ratchet([draft('journal-order', ['0003', '0004', '0005'])], [one, other]).fresh.map(
        ({ entities }) => entities,
      ),
    ).toEqual([['0005']]);
  });
});

describe('telling', () => {
  const told = (drafts: readonly Draft[], overrides: Parameters<typeof severities>[0] = {}) =>
    tell(
      drafts.map((one) => ({ draft: one, entities: one.entities })),
      'drizzle.config.ts',
      severities(overrides),
    );

  it('orders by rule and then by path, and speaks of the fresh entities alone', () => {
    const findings = tell(
      [
        { draft: draft('journal-order', ['b', 'a'], { path: 'z' }), entities: ['b'] },
        { draft: draft('journal-order', ['c'], { path: 'a' }), entities: ['c'] },
        { draft: draft('schema-drift', ['t']), entities: ['t'] },
      ],
      'drizzle.config.ts',
      severities({}),
    );
    expect(findings.map(({ rule, path, message }) => [rule, path, message])).toEqual([
      ['schema-drift', 'drizzle/x.sql', 'about t'],
      ['journal-order', 'a', 'about c'],
      ['journal-order', 'z', 'about b'],
    ]);
  });

  it('gives each finding a fingerprint of rule, project and entities, whatever their order', () => {
    const [one] = told([draft('schema-drift', ['a', 'b'])]);
    const [same] = told([
      draft('schema-drift', ['b', 'a'], { path: 'elsewhere', line: 7, message: 'otherwise' }),
    ]);
    const others = [
      told([draft('schema-drift', ['a'])]),
      told([draft('journal-order', ['a', 'b'])]),
      told([draft('schema-drift', ['ab'])]),
    ].flat();
    expect(one?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(same?.fingerprint).toBe(one?.fingerprint);
    expect(new Set([one, ...others].map((finding) => finding?.fingerprint)).size).toBe(4);
  });

  it('lets the config decide the severity: off says nothing, a rule may only soften itself where it is an error', () => {
    expect(told([draft('schema-drift', ['a'])]).map(({ severity }) => severity)).toEqual(['error']);
    expect(
      told([draft('schema-drift', ['a'])], { 'schema-drift': 'warning' }).map(
        ({ severity }) => severity,
      ),
    ).toEqual(['warning']);
    expect(told([draft('schema-drift', ['a'])], { 'schema-drift': 'off' })).toEqual([]);
    expect(
      told([draft('schema-drift', ['a'], { severity: 'note' })]).map(({ severity }) => severity),
    ).toEqual(['note']);
    expect(
      told([draft('schema-drift', ['a'], { severity: 'error' })], { 'schema-drift': 'note' }).map(
        ({ severity }) => severity,
      ),
    ).toEqual(['note']);
  });

  it('leaves out a detail that says nothing', () => {
    expect(told([draft('schema-drift', ['a'], { detail: '' })])[0]).not.toHaveProperty('detail');
    expect(told([draft('schema-drift', ['a'], { detail: 'ALTER' })])[0]).toHaveProperty(
      'detail',
      'ALTER',
    );
  });

  it('is plain JSON', () => {
    const findings = told([draft('schema-drift', ['a'], { detail: 'ALTER', line: 3 })]);
    expect(JSON.parse(JSON.stringify(findings))).toEqual(findings);
  });
});
