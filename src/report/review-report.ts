import type { Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { RULES } from '../rules/index.ts';
import type { ReviewPoint } from '../rules/rule.ts';

/** What to do about a point: nothing, look at it before it is approved, or not approve it. */
export type Verdict = 'ok' | 'look' | 'stop';

/** One of the five points of a review. */
export interface ReviewedPoint {
  readonly point: ReviewPoint | 'match';
  readonly title: string;
  readonly verdict: Verdict;
  /** The most likely cause first. */
  readonly findings: readonly Finding[];
}

/** The outcome of `guard review`: what a check says, under the five points. Plain JSON. */
export interface ReviewReport extends Pick<
  Report,
  'version' | 'outcome' | 'notEvaluated' | 'nothingToCheck' | 'error'
> {
  /** The new migrations, by name. */
  readonly migrations: readonly string[];
  readonly verdict: Verdict;
  readonly points: readonly ReviewedPoint[];
}

export const TITLES: Readonly<Record<ReviewedPoint['point'], string>> = {
  drops: 'Drops: what is lost',
  keys: 'Keys and constraints: what rows have to be like',
  names: 'Names and indexes',
  data: 'Data, locks and running code',
  match: 'SQL, snapshots and schema match',
};
const MATCH_NAMED = 'SQL and snapshots match (the schema of today was not compared)';
export const POINTS = ['drops', 'keys', 'names', 'data', 'match'] as const;

/**
 * Puts the findings of a check under the five points.
 * @param named migrations were named: whether the schema goes with them was not asked
 */
export function reviewReport(
  report: Report,
  migrations: readonly string[],
  { named = false }: { readonly named?: boolean } = {},
): ReviewReport {
  const { version, outcome, notEvaluated, nothingToCheck, error } = report;
  const fresh = report.findings.filter(({ preexisting }) => preexisting !== true);
  // What was not judged is never ok.
  const isOpen =
    error !== undefined || (notEvaluated ?? []).some(({ checked }) => checked !== true);
  const least = (verdict: Verdict): Verdict => (verdict === 'ok' && isOpen ? 'look' : verdict);
  const points = POINTS.map((point): ReviewedPoint => {
    const findings = fresh.filter(({ rule }) => pointOf(rule) === point);
    const title = named && point === 'match' ? MATCH_NAMED : TITLES[point];
    const verdict = verdictOn(findings);
    return { point, title, verdict: point === 'match' ? least(verdict) : verdict, findings };
  });
  return {
    version,
    outcome,
    migrations,
    verdict: least(verdictOn(fresh)),
    points,
    ...(notEvaluated === undefined ? {} : { notEvaluated }),
    ...(nothingToCheck === undefined ? {} : { nothingToCheck }),
    ...(error === undefined ? {} : { error }),
  };
}

function pointOf(id: string): ReviewedPoint['point'] {
  return RULES.find((one) => one.id === id)?.point ?? 'match';
}

function verdictOn(findings: readonly Finding[]): Verdict {
  if (findings.length === 0) return 'ok';
  return findings.some(({ severity }) => severity === 'error') ? 'stop' : 'look';
}
