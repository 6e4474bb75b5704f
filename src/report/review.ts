import { listed } from '../model/words.ts';
import { errorText } from './error-text.ts';
import { escapeControls, escapeFinding } from './escape.ts';
import type { ReviewReport, Verdict } from './review-report.ts';
import type { RenderOptions } from './summary.ts';
import { block } from './text.ts';

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
