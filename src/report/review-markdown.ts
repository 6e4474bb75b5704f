import type { Finding, Fix } from '../model/finding.ts';
import { RULES } from '../rules/index.ts';
import { escapeFinding } from './escape.ts';
import { subjectOf, type ReviewReport, type Verdict } from './review.ts';

const MARKS: Readonly<Record<Verdict, string>> = { ok: '✅', look: '⚠️', stop: '❌' };

/** The review as markdown, for a pull request or a job summary. */
export function reviewMarkdown(review: ReviewReport): string {
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

/** Text from commits, in which nothing is markup. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~]/g, String.raw`\$&`).replaceAll('\n', ' ');
}

function code(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1);
  return `${fence}${fence.length > 1 ? ' ' : ''}${text}${fence.length > 1 ? ' ' : ''}${fence}`;
}

function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
