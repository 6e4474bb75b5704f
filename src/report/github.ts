import type { Report } from '../model/report.ts';
import { describe } from './description.ts';
import { escapeFinding } from './escape.ts';
import { mergeFindings, type MergedFinding } from './merged-findings.ts';
import { summary, type RenderOptions } from './summary.ts';

/**
 * Workflow commands of GitHub Actions: each finding becomes an annotation on its line of a pull
 * request, and the last line of the log is the verdict. GitHub shows ten annotations of a kind for
 * each step, so a finding that several commits have is annotated once, in the order of the report;
 * the log has all of them.
 *
 * Commands and their escapes are as in GitHub's `actions/toolkit` (`issueCommand`) and the runner
 * that parses them.
 */
export function github(report: Report, options: RenderOptions): string {
  const lines = mergeFindings(report.findings.map(escapeFinding)).map(annotation);
  for (const { config, why, checked } of report.notEvaluated ?? [])
    lines.push(
      command(
        'notice',
        {
          file: config,
          title: `drizzle-guard: ${checked === true ? 'note' : 'not evaluated'}`,
        },
        `${config}: ${why}`,
      ),
    );
  if (report.error !== undefined) {
    const { code, message, help } = report.error;
    lines.push(
      command(
        'error',
        { title: `drizzle-guard could not check [${code}]` },
        [message, ...help].join('\n'),
      ),
    );
  }
  return [...lines, summary(report, options), ''].join('\n');
}

function annotation(merged: MergedFinding): string {
  const { rule, severity, path, line, message, preexisting } = merged.finding;
  const name =
    preexisting === true
      ? 'notice'
      : ({ error: 'error', warning: 'warning', note: 'notice' } as const)[severity];
  const location =
    line === undefined ? { file: path } : { file: path, line: String(line), endLine: String(line) };
  return command(
    name,
    { ...location, title: `drizzle-guard: ${rule}` },
    `${message}\n\n${describe(merged, { why: true })}`,
  );
}

function command(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(value)}`);
  return `::${name} ${list.join(',')}::${escapedData(message)}`;
}

/** The percent sign first: the runner decodes it last. */
function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
