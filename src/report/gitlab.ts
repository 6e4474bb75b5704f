import { createHash } from 'node:crypto';
import type { Finding } from '../model/finding.ts';
import { commitName } from './commit-name.ts';
import { PREEXISTING } from './description.ts';
import { mergeFindings, type MergedFinding } from './merged-findings.ts';
import type { Report } from '../model/report.ts';

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker';
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/**
 * GitLab's code quality report: one JSON array, for `artifacts:reports:codequality`. GitLab matches
 * issues of two pipelines by `fingerprint`, shows `description` in one paragraph, and reads no
 * other properties than these.
 */
export function gitlab(report: Report): string {
  const issues = mergeFindings(report.findings).map(issueOf);
  if (report.error !== undefined) issues.push(errorIssue(report.error));
  return `${JSON.stringify(issues, null, 2)}\n`;
}

function issueOf({ finding, commits, id }: MergedFinding): Issue {
  const where = commits.length === 0 ? '' : ` (${commits.map(commitName).join(', ')})`;
  const old = finding.preexisting === true ? ` ${PREEXISTING}` : '';
  const fix = finding.fix
    .map(({ text, run, sql }) =>
      [text, run?.replaceAll('\n', '; '), sql?.replaceAll('\n', ' ')]
        .filter((part) => part !== undefined)
        .join(' '),
    )
    .join(' ');
  return {
    description: `${finding.message}${where}.${old}${fix === '' ? '' : ` Fix: ${fix}`}`,
    check_name: finding.rule,
    fingerprint: id,
    severity: severityOf(finding),
    location: { path: finding.path, lines: { begin: finding.line ?? 1 } },
  };
}

function severityOf({ severity, preexisting }: Finding): Issue['severity'] {
  return preexisting === true
    ? 'info'
    : ({ error: 'critical', warning: 'minor', note: 'info' } as const)[severity];
}

/**
 * An empty report would mean that everything passed, and GitLab ignores an issue without a path.
 */
function errorIssue({ code, message, help }: NonNullable<Report['error']>): Issue {
  return {
    description: [`drizzle-guard could not check: ${message} [${code}].`, ...help].join(' '),
    check_name: 'could-not-look',
    fingerprint: createHash('sha256').update(`could-not-look\0${code}`).digest('hex').slice(0, 16),
    severity: 'blocker',
    location: { path: 'package.json', lines: { begin: 1 } },
  };
}
