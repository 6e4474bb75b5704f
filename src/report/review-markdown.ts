import type { Finding, Fix } from '../model/finding.ts';
import { RULES } from '../rules/index.ts';
import { escapeFinding } from './escape.ts';
import { code, fenced, plain } from './markdown.ts';
import type { ReviewReport, Verdict } from './review-report.ts';
import { subjectOf } from './review.ts';

const MARKS: Readonly<Record<Verdict, string>> = { ok: '✅', look: '⚠️', stop: '❌' };

/**
 * The review as markdown, for a pull request or a job summary.
 * @param pictures markdown of what the migrations change, '' for none
 */
export function reviewMarkdown(review: ReviewReport, pictures = ''): string {
  const { nothingToCheck, error, points } = review;
  if (nothingToCheck !== undefined) return `## drizzle-guard review\n\nNothing to review.\n`;
  const rows = points.map(
    ({ title, verdict, findings }) =>
      `| ${title} | ${MARKS[verdict]} ${verdict}${findings.length === 0 ? '' : ` (${findings.length})`} |`,
  );
  const parts = points.flatMap(({ title, findings }) =>
    findings.length === 0 ? [] : [`### ${title}`, ...findings.map(section)],
  );
  const failed = error === undefined ? [] : [`**Could not check:** ${plain(error.message)}`];
  return [
    `## ${MARKS[review.verdict]} drizzle-guard review: ${plain(subjectOf(review))}`,
    ['| point | verdict |', '| --- | --- |', ...rows].join('\n'),
    ...(pictures === '' ? [] : [pictures]),
    ...parts,
    ...failed,
    '',
  ].join('\n\n');
}

function section(found: Finding): string {
  const { rule, severity, path, line, message, detail, fix } = escapeFinding(found);
  const why = RULES.find(({ id }) => id === rule)?.why;
  return [
    `#### ${severity}: ${plain(message)} (${code(rule)})`,
    code(`${path}${line === undefined ? '' : `:${line}`}`),
    ...(detail === undefined ? [] : [fenced(detail, path.endsWith('.sql') ? 'sql' : '')]),
    ...(why === undefined ? [] : [plain(why)]),
    ...(fix.length === 0
      ? []
      : ['<details><summary>The safe way</summary>', ...fix.map(step), '</details>']),
  ].join('\n\n');
}

function step({ text, run, sql }: Fix): string {
  return [
    plain(text),
    ...(run === undefined ? [] : [fenced(run, 'sh')]),
    ...(sql === undefined ? [] : [fenced(sql, 'sql')]),
  ].join('\n\n');
}
