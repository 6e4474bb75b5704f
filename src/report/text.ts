import type { Finding } from '../finding.ts';
import { RULES } from '../rules/index.ts';
import type { Paint } from './paint.ts';
import type { Report } from './report.ts';

export interface TextOptions {
  readonly paint: Paint;
  /** How long the check took, in milliseconds. */
  readonly took: number;
  /** How this very check can be passed on purpose; undefined where nothing stands in the way. */
  readonly wayOut: string | undefined;
}

/** Fact, law, cure: the report as a person reads it, or a coding agent. */
export function text(report: Report, options: TextOptions): string {
  const { paint } = options;
  const held = report.findings.filter(({ preexisting }) => preexisting !== true);
  const old = report.findings.filter(({ preexisting }) => preexisting === true);
  const blocks = held.map((finding) => block(finding, paint, report.projects.length > 1));
  if (old.length > 0) {
    blocks.push([paint.bold('There before this change, and not held against it:'), ...old.map((finding) => `  ${headline(finding, paint)}`), ''].join('\n'));
  }
  return [...blocks, closing(report, held, options), ''].join('\n');
}

function headline(finding: Finding, paint: Paint): string {
  const mark = { error: paint.red('✖'), warning: paint.yellow('⚠'), note: paint.cyan('ℹ') }[finding.severity];
  return `${mark} ${paint.bold(finding.rule)}: ${finding.message}`;
}

function block(finding: Finding, paint: Paint, several: boolean): string {
  const where = `${finding.path}${finding.line === undefined ? '' : `:${finding.line}`}`;
  const lines = [headline(finding, paint), paint.dim(`  ${where}${several ? `  (project ${finding.project})` : ''}`)];
  if (finding.detail !== undefined) lines.push('', ...indent(finding.detail, '  '));
  const why = RULES.find(({ id }) => id === finding.rule)?.why;
  if (why !== undefined) lines.push('', `  ${paint.dim('Why:')} ${why}`);
  lines.push('', `  ${paint.dim('Mend:')}`);
  for (const { text: sentence, run } of finding.fix) {
    lines.push(`    ${sentence}`);
    if (run !== undefined) lines.push(...indent(run, '      ').map((line) => paint.green(line)));
  }
  return `${lines.join('\n')}\n`;
}

function indent(paragraph: string, by: string): string[] {
  return paragraph.split('\n').map((line) => (line === '' ? '' : `${by}${line}`));
}

function closing(report: Report, held: readonly Finding[], { paint, took, wayOut }: TextOptions): string {
  const seconds = `${(took / 1000).toFixed(1)} s`;
  const before = report.preexisting === 0 ? '' : ` ${count(report.preexisting, 'fault')} of before not counted${held.length + report.preexisting === report.findings.length ? '' : ' (--all shows them)'}.`;
  if (report.nothingToCheck !== undefined) return `drizzle-guard: nothing to check: ${report.nothingToCheck} (${seconds}).${before}`;
  const errors = held.filter(({ severity }) => severity === 'error').length;
  const others = held.length - errors;
  const softer = others === 0 ? '' : `, ${count(others, 'warning')}`;
  if (report.outcome === 'refused') {
    return `${paint.red('drizzle-guard: refused')}, ${count(errors, 'error')}${softer} (${seconds}).${before}${wayOut === undefined ? '' : ` ${wayOut}`}`;
  }
  const looked = report.projects.filter(({ checked }) => checked);
  const migrations = looked.reduce((sum, project) => sum + project.migrations, 0);
  return `${paint.green('drizzle-guard: fine')}${softer}: ${count(looked.length, 'project')}, ${count(migrations, 'migration')} (${seconds}).${before}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
