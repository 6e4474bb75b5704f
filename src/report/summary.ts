import type { Report } from '../model/report.ts';
import { counted } from '../model/words.ts';
import type { Colours } from './colours.ts';

export interface RenderOptions {
  readonly colours: Colours;
  /** Width of the terminal; undefined where the report does not go to one. */
  readonly columns?: number | undefined;
  /** How long the check took, in milliseconds. */
  readonly took: number;
  /** How to bypass this check; undefined where nothing is blocked. */
  readonly bypass: string | undefined;
  /** In a hook: what only warns is printed in a few lines. */
  readonly brief?: true;
}

/** The last line of a report: the verdict, the counts, the time, and how to bypass the check. */
export function summary(report: Report, { colours, took, bypass }: RenderOptions): string {
  const fresh = report.findings.filter(({ preexisting }) => preexisting !== true);
  const time = `(${(took / 1000).toFixed(1)} s)`;
  const way = report.outcome === 'refused' && bypass !== undefined ? ` ${bypass}` : '';
  const end = `${ofFirstPush(report)}${ignored(report, fresh)}${way}`;
  if (report.outcome === 'unable')
    return `${colours.yellow('drizzle-guard: could not check')}${counts(fresh)} ${time}.${end}`;
  if (report.nothingToCheck !== undefined)
    return `drizzle-guard: nothing to check: ${report.nothingToCheck} ${time}.${end}`;
  if (report.outcome === 'refused')
    return `${colours.red('drizzle-guard: refused')}${counts(fresh)} ${time}.${end}`;
  return `${colours.green('drizzle-guard: passed')}${counts(fresh)}: ${extent(report)} ${time}.${end}`;
}

/** What was checked: "3 commits, 1 project, 12 migrations". */
function extent({ projects, commits }: Report): string {
  const checked = projects.filter((project) => project.checked);
  return [
    ...(commits === undefined ? [] : [counted(commits.count, 'commit')]),
    counted(checked.length, 'project'),
    counted(
      checked.reduce((sum, project) => sum + project.migrations, 0),
      'migration',
    ),
  ].join(', ');
}

function ofFirstPush({ commits }: Report): string {
  return commits?.firstPush === true
    ? ` First push: ${counted(commits.count, 'commit')} checked as one state.`
    : '';
}

function ignored({ findings, preexisting, outcome }: Report, fresh: Report['findings']): string {
  if (preexisting === 0) return '';
  const shown = fresh.length + preexisting === findings.length;
  const count = counted(preexisting, 'pre-existing finding');
  if (outcome === 'refused' && !fresh.some(({ severity }) => severity === 'error'))
    return ` Refused for ${count} (--strict).`;
  return ` ${count} ignored${shown ? '' : ' (--all to show)'}.`;
}

/** ", 1 error, 2 warnings": each severity that occurs. */
function counts(findings: Report['findings']): string {
  return (['error', 'warning', 'note'] as const)
    .map(
      (severity) =>
        [severity, findings.filter((finding) => finding.severity === severity).length] as const,
    )
    .map(([severity, n]) => (n === 0 ? '' : `, ${counted(n, severity)}`))
    .join('');
}
