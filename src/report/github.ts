import { closing, type RenderOptions } from './closing.ts';
import { distinctFaults, type Fault } from './merged-findings.ts';
import { explanation } from './plain.ts';
import { printable } from './printable.ts';
import type { Report } from '../model/report.ts';

/**
 * Workflow commands of GitHub Actions: each fault becomes an annotation on its line of a pull request, and the last
 * line says the verdict in the log. GitHub shows ten annotations of a kind for each step, so each fault is named once,
 * in the order of the report; all of them are in the log.
 *
 * Commands and their escapes are as in GitHub's `actions/toolkit` (`issueCommand`) and the runner that parses them.
 */
export function github(report: Report, options: RenderOptions): string {
  const lines = distinctFaults(report.findings.map(printable)).map(annotation);
  for (const { config, why } of report.notEvaluated ?? [])
    lines.push(
      command(
        'notice',
        { file: config, title: 'drizzle-guard: not evaluated' },
        `${config}: ${why}`,
      ),
    );
  if (report.error !== undefined) {
    const { code, message, help } = report.error;
    lines.push(
      command(
        'error',
        { title: `drizzle-guard could not look [${code}]` },
        [message, ...help].join('\n'),
      ),
    );
  }
  return [...lines, closing(report, options), ''].join('\n');
}

function annotation(fault: Fault): string {
  const { rule, severity, path, line, message, preexisting } = fault.finding;
  const name =
    preexisting === true
      ? 'notice'
      : ({ error: 'error', warning: 'warning', note: 'notice' } as const)[severity];
  const place =
    line === undefined ? { file: path } : { file: path, line: String(line), endLine: String(line) };
  return command(
    name,
    { ...place, title: `drizzle-guard: ${rule}` },
    `${message}\n\n${explanation(fault, { why: true })}`,
  );
}

function command(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const written = Object.entries(properties).map(
    ([key, value]) => `${key}=${escapedProperty(value)}`,
  );
  return `::${name} ${written.join(',')}::${escapedData(message)}`;
}

/** The percent sign first: the runner turns it back last. */
function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
