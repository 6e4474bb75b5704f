import type { TrialResult } from './result.ts';
import type { RunResult } from './run-with-timeout.ts';

/**
 * Reads how a trial ended. The hooks may run another version of the guard, so an earlier version's
 * words count too.
 * @param recorded whether git recorded it
 * @param planted the path that the refusal has to name; undefined for a harmless change
 */
export function readEvidence(
  { exitCode, output, inTime }: RunResult,
  recorded: boolean,
  planted: string | undefined,
  seconds: number,
): TrialResult {
  if (recorded) return { end: 'recorded' };
  const lines = output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
  const rules = [...output.matchAll(/✖ ([a-z]+(?:-[a-z]+)+): /g)].map((match) => match[1] ?? '');
  if (
    rules.length > 0 &&
    output.includes('drizzle-guard: refused') &&
    (planted === undefined || output.includes(planted))
  )
    return { end: 'refused', rules: [...new Set(rules)] };
  const could = lines.findIndex((line) => COULD_NOT_CHECK.test(line));
  if (could !== -1)
    return {
      end: 'could-not-check',
      output: lines.slice(could, could + 4).map((line) => line.trim()),
    };
  if (!inTime) return { end: 'timed-out', seconds, output: lines.slice(-3) };
  return { end: 'refused-by-another', exitCode, output: lines.slice(-4) };
}

/** The first line of a guard that could not check, up to its message. */
export const COULD_NOT_CHECK = /^.*drizzle-guard could not check: /;
