import { GuardError } from '../model/errors.ts';
import { problem, type Diagnosis, type Examination, type Line, type Probe } from './diagnosis.ts';
import type { SetUp } from './set-up.ts';

/**
 * Runs all probes at once and returns their lines in the probes' order. A probe that fails with a
 * GuardError is a problem.
 */
export async function examine(setUp: SetUp, probes: readonly Probe[]): Promise<Examination> {
  const answers = await Promise.all(probes.map((probe) => ask(setUp, probe)));
  const lines = answers.flat();
  return { version: 1, healthy: !lines.some(({ status }) => status === 'problem'), lines };
}

async function ask(setUp: SetUp, probe: Probe): Promise<readonly Line[]> {
  if (probe.needs !== undefined && !(await isThere(setUp, probe.needs))) return [];
  const diagnoses = await probe
    .probe(setUp)
    .catch((error: unknown): readonly Diagnosis[] => [failed(error)]);
  return diagnoses.map((diagnosis) => ({ probe: probe.id, title: probe.title, ...diagnosis }));
}

async function isThere(setUp: SetUp, what: 'repository' | 'project'): Promise<boolean> {
  try {
    await setUp.repository();
    return what === 'repository' || (await setUp.discovered()).projects.length > 0;
  } catch {
    return false;
  }
}

/** A GuardError's help is the fix; any other error is a bug of the guard and is thrown on. */
function failed(error: unknown): Diagnosis {
  if (!(error instanceof GuardError) || error.code === 'internal') throw error;
  return problem(error.message, ...error.help.map((text) => ({ text })));
}
