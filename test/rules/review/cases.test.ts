import { expect, it } from 'vitest';
import { RULES } from '../../../src/rules/index.ts';
import { says } from '../../support/review.ts';
import { CASES } from './cases.ts';

const reviewing = RULES.filter(({ judges }) => judges === 'migration').map(({ id }) => id);

it.each(Object.entries(CASES))('%s reports the one and passes the other', (id, literals) => {
  const rule = RULES.find((one) => one.id === id)!;
  const [said, ...more] = says(rule.id, literals.reported);
  expect(more).toEqual([]);
  // What a commit prints has five lines at most: the message two of them, at 100 columns.
  expect(said!.message.length + id.length).toBeLessThanOrEqual(190);
  expect(said!.message).not.toMatch(/\n|\.$/);
  expect(said!.safe.length).toBeGreaterThan(0);
  for (const { text } of said!.safe) expect(text).toMatch(/^[A-Z].*[.:]$/);
  expect(says(rule.id, literals.passes)).toEqual([]);
});

it('every rule that reviews has its two cases', () => {
  expect(Object.keys(CASES).sort()).toEqual(reviewing.sort());
});
