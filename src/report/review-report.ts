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
export const POINTS = ['drops', 'keys', 'names', 'data', 'match'] as const;

/** Puts the findings of a check under the five points. */
export function reviewReport(report: Report, migrations: readonly string[]): ReviewReport {
  const { version, outcome, notEvaluated, nothingToCheck, error } = report;
  const fresh = report.findings.filter(({ preexisting }) => preexisting !== true);
  const points = POINTS.map((point): ReviewedPoint => {
    const findings = fresh.filter(({ rule }) => pointOf(rule) === point);
    return { point, title: TITLES[point], verdict: verdictOn(findings), findings };
  });
  return {
    version,
    outcome,
    migrations,
    verdict: verdictOn(fresh),
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
