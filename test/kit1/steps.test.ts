import { expect, it } from 'vitest';
import { KIT1_DIALECTS } from './kit.ts';
import { STEPS } from './steps/steps.ts';

it.each(KIT1_DIALECTS)('%s has many steps, each of its own name', (dialect) => {
  const steps = STEPS[dialect];
  const few = ['singlestore', 'mssql', 'cockroach'].includes(dialect);
  expect(steps.length).toBeGreaterThanOrEqual(few ? 15 : 60);
  expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
});
