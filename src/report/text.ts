import type { Finding } from '../model/finding.ts';
import { RULES } from '../rules/index.ts';
import { closing, type RenderOptions } from './closing.ts';
import { commitName, commitOf } from './commit-name.ts';
import type { Paint } from './paint.ts';
import { printable, visible } from './printable.ts';
import type { Report } from '../model/report.ts';
import { unableText } from './unable.ts';

/** Fact, law, cure: the report as a person reads it, or a coding agent. */
export function text(report: Report, options: RenderOptions): string {
  const { paint } = options;
  const findings = report.findings.map(printable);
  const held = findings.filter(({ preexisting }) => preexisting !== true);
  const old = findings.filter(({ preexisting }) => preexisting === true);
  const blocks = held.map((finding) => block(finding, paint, report.projects.length > 1));
  if (old.length > 0) {
    blocks.push(
      [
        paint.bold('There before this change, and not held against it:'),
        ...old.map((finding) => `  ${headline(finding, paint)}${inCommit(finding)}`),
        '',
      ].join('\n'),
    );
  }
  const unjudged = (report.notEvaluated ?? []).map(
    ({ config, why }) => `${paint.cyan('ℹ')} ${paint.bold(visible(config))}: ${visible(why)}`,
  );
  if (unjudged.length > 0) blocks.push([...unjudged, ''].join('\n'));
  if (report.error !== undefined) blocks.push(unableText(report.error, paint));
  return [...blocks, closing(report, options), ''].join('\n');
}

function headline(finding: Finding, paint: Paint): string {
  const mark = { error: paint.red('✖'), warning: paint.yellow('⚠'), note: paint.cyan('ℹ') }[
    finding.severity
  ];
  return `${mark} ${paint.bold(finding.rule)}: ${finding.message}`;
}

function inCommit(finding: Finding): string {
  const commit = commitOf(finding);
  return commit === undefined ? '' : ` (${commitName(commit)})`;
}

function block(finding: Finding, paint: Paint, several: boolean): string {
  const where = `${finding.path}${finding.line === undefined ? '' : `:${finding.line}`}`;
  const lines = [
    headline(finding, paint),
    paint.dim(`  ${where}${several ? `  (project ${finding.project})` : ''}`),
  ];
  const commit = commitOf(finding);
  if (commit !== undefined) lines.push(paint.dim(`  ${commitName(commit)}`));
  if (finding.detail !== undefined) lines.push('', ...indent(finding.detail, '  '));
  const why = RULES.find(({ id }) => id === finding.rule)?.why;
  if (why !== undefined) lines.push('', `  ${paint.dim('Why:')} ${why}`);
  if (finding.fix.length > 0) lines.push('', `  ${paint.dim('Mend:')}`);
  for (const { text: sentence, run } of finding.fix) {
    lines.push(`    ${sentence}`);
    if (run !== undefined) lines.push(...indent(run, '      ').map((line) => paint.green(line)));
  }
  return `${lines.join('\n')}\n`;
}

function indent(paragraph: string, by: string): string[] {
  return paragraph.split('\n').map((line) => (line === '' ? '' : `${by}${line}`));
}
