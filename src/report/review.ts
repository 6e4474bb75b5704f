import type { Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { listed } from '../model/words.ts';
import { RULES } from '../rules/index.ts';
import type { ReviewPoint } from '../rules/rule.ts';
import { errorText } from './error-text.ts';
import { escapeControls, escapeFinding } from './escape.ts';
import type { RenderOptions } from './summary.ts';
import { block } from './text.ts';

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

const TITLES: Readonly<Record<ReviewedPoint['point'], string>> = {
  drops: 'Drops: what is lost',
  keys: 'Keys and constraints: what rows have to be like',
  names: 'Names and indexes',
  data: 'Data, locks and running code',
  match: 'SQL, snapshots and schema match',
};
const POINTS = ['drops', 'keys', 'names', 'data', 'match'] as const;

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

/** The review for people and coding agents: the five points first, then what was found. */
export function reviewText(review: ReviewReport, options: RenderOptions): string {
  const { colours } = options;
  if (review.nothingToCheck !== undefined)
    return `drizzle-guard: nothing to review: ${review.nothingToCheck}.\n`;
  const paint = { ok: colours.green, look: colours.yellow, stop: colours.red };
  const line = (verdict: Verdict, text: string): string =>
    `${paint[verdict](verdict.padEnd(4))}  ${text}`;
  const summary = review.points.map(({ verdict, title }) => line(verdict, title));
  const details = review.points.flatMap(({ title, findings }) =>
    findings.length === 0
      ? []
      : [
          `${colours.bold(title)}\n`,
          ...findings.map((finding) => block(escapeFinding(finding), options, false)),
        ],
  );
  const what = escapeControls(subjectOf(review));
  return [
    `${colours.bold('drizzle-guard review')}: ${what}`,
    '',
    ...summary,
    '',
    ...details,
    ...(review.notEvaluated ?? []).map(
      ({ config, why }) => `${colours.cyan('ℹ')} ${escapeControls(config)}: ${escapeControls(why)}`,
    ),
    ...(review.error === undefined ? [] : [errorText(review.error, colours)]),
    line(review.verdict, `${CLOSING[review.verdict]} (${(options.took / 1000).toFixed(1)} s)`),
    '',
  ].join('\n');
}

const CLOSING: Readonly<Record<Verdict, string>> = {
  ok: 'Nothing to object to.',
  look: 'Look at these points before you approve it.',
  stop: 'Do not approve it as it is.',
};

/** "0007_teams and 0008_members", "no new migration". */
export function subjectOf({ migrations }: ReviewReport): string {
  return migrations.length === 0 ? 'no new migration' : listed(migrations);
}
