import type { Watched } from './run-with-timeout.ts';

/** How an attempt to record something ended, told by what was recorded and by what was said; never by the exit code alone. */
export type Ended =
  | { readonly end: 'recorded' }
  /** By the guard: it named itself, and these rules. */
  | { readonly end: 'refused'; readonly rules: readonly string[] }
  /** The guard ran and could not look; its own words about it. */
  | { readonly end: 'unable'; readonly said: readonly string[] }
  /** By something else, which spoke these last lines. */
  | { readonly end: 'elsewhere'; readonly exitCode: number; readonly said: readonly string[] }
  | { readonly end: 'late'; readonly seconds: number; readonly said: readonly string[] };

/** @param recorded whether git has recorded it; @param planted what the refusal has to name. */
export function readEvidence(
  { exitCode, said, inTime }: Watched,
  recorded: boolean,
  planted: string | undefined,
  seconds: number,
): Ended {
  if (recorded) return { end: 'recorded' };
  const lines = said
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
  const rules = [...said.matchAll(/✖ ([a-z]+(?:-[a-z]+)+): /g)].map((match) => match[1] ?? '');
  if (
    rules.length > 0 &&
    said.includes('drizzle-guard: refused') &&
    (planted === undefined || said.includes(planted))
  )
    return { end: 'refused', rules: [...new Set(rules)] };
  const unable = lines.findIndex((line) => line.includes('drizzle-guard could not look'));
  if (unable !== -1)
    return { end: 'unable', said: lines.slice(unable, unable + 4).map((line) => line.trim()) };
  if (!inTime) return { end: 'late', seconds, said: lines.slice(-3) };
  return { end: 'elsewhere', exitCode, said: lines.slice(-4) };
}
