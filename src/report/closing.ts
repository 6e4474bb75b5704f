import type { Paint } from './paint.ts';
import type { Report } from '../model/report.ts';
import { counted } from '../model/words.ts';

export interface RenderOptions {
  readonly paint: Paint;
  /** How long the check took, in milliseconds. */
  readonly took: number;
  /** How this very check can be passed on purpose; undefined where nothing stands in the way. */
  readonly wayOut: string | undefined;
}

/** The last line of a report: the verdict, how many, how long, and how to pass on purpose. */
export function closing(report: Report, { paint, took, wayOut }: RenderOptions): string {
  const seconds = `${(took / 1000).toFixed(1)} s`;
  const held = report.findings.filter(({ preexisting }) => preexisting !== true);
  const before =
    report.preexisting === 0
      ? ''
      : ` ${counted(report.preexisting, 'fault')} of before not counted${held.length + report.preexisting === report.findings.length ? '' : ' (--all shows them)'}.`;
  if (report.outcome === 'unable')
    return `${paint.yellow('drizzle-guard: could not look')}${counts(held)} (${seconds}).${before}`;
  if (report.nothingToCheck !== undefined)
    return `drizzle-guard: nothing to check: ${report.nothingToCheck} (${seconds}).${before}`;
  if (report.outcome === 'refused') {
    return `${paint.red('drizzle-guard: refused')}${counts(held)} (${seconds}).${before}${wayOut === undefined ? '' : ` ${wayOut}`}`;
  }
  const looked = report.projects.filter(({ checked }) => checked);
  const migrations = looked.reduce((sum, project) => sum + project.migrations, 0);
  const commits =
    report.commits === undefined ? '' : `${counted(report.commits.count, 'commit')}, `;
  return `${paint.green('drizzle-guard: fine')}${counts(held)}: ${commits}${counted(looked.length, 'project')}, ${counted(migrations, 'migration')} (${seconds}).${before}`;
}

/** ", 1 error, 2 warnings": each severity that there is. */
function counts(held: Report['findings']): string {
  return (['error', 'warning', 'note'] as const)
    .map(
      (severity) =>
        [severity, held.filter((finding) => finding.severity === severity).length] as const,
    )
    .map(([severity, n]) => (n === 0 ? '' : `, ${counted(n, severity)}`))
    .join('');
}
