import type { Severity } from '../model/finding.ts';
import { RULES } from '../rules/index.ts';
import { HOMEPAGE } from '../model/homepage.ts';
import { version } from '../model/version.ts';
import { describe, PREEXISTING } from './description.ts';
import { mergeFindings, type MergedFinding } from './merged-findings.ts';
import { exitCodeOf, type Report } from '../model/report.ts';
import { descriptorOf } from './sarif-rules.ts';

/**
 * SARIF 2.1.0 with one run. For GitHub's code scanning, which closes every alert that a run does
 * not name, a run that could not check has no `results` at all, as the standard requires of a tool
 * that failed to start; its `invocation` has the reason. There is no `automationDetails`: the
 * uploading action sets a category from the workflow where there is none.
 */
export function sarif(report: Report): string {
  const findings = mergeFindings(report.findings);
  const checked = report.error === undefined || findings.length > 0;
  const run = {
    tool: {
      driver: {
        name: 'drizzle-guard',
        version,
        informationUri: HOMEPAGE,
        rules: RULES.map(descriptorOf),
      },
    },
    invocations: [invocationOf(report)],
    originalUriBaseIds: { [TOP]: { description: { text: 'The top of the repository.' } } },
    columnKind: 'utf16CodeUnits',
    ...(checked ? { results: resultsOf(findings) } : {}),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const TOP = 'SRCROOT';

function invocationOf(report: Report): object {
  const notification =
    report.error ??
    (report.nothingToCheck === undefined
      ? undefined
      : {
          code: 'nothing-to-check',
          message: `nothing to check: ${report.nothingToCheck}`,
          help: [],
        });
  const notEvaluated = (report.notEvaluated ?? []).map(({ config, why, checked }) => ({
    level: 'note',
    message: { text: `${config}: ${why}` },
    locations: [
      { physicalLocation: { artifactLocation: { uri: relativeUri(config), uriBaseId: TOP } } },
    ],
    descriptor: { id: checked === true ? 'note' : 'not-evaluated' },
  }));
  return {
    executionSuccessful: report.error === undefined,
    exitCode: exitCodeOf(report),
    toolExecutionNotifications: [
      ...(notification === undefined
        ? []
        : [
            {
              level: report.error === undefined ? 'note' : 'error',
              message: { text: [notification.message, ...notification.help].join('\n') },
              descriptor: { id: notification.code },
            },
          ]),
      ...notEvaluated,
    ],
  };
}

/** The standard requires `suppressions` and `baselineState` on all results or on none. */
function resultsOf(findings: readonly MergedFinding[]): readonly object[] {
  const someOld = findings.some(({ finding }) => finding.preexisting === true);
  return findings.map((merged) => ({
    ...resultOf(merged),
    ...(someOld ? ageOf(merged) : {}),
  }));
}

function ageOf({ finding }: MergedFinding): object {
  return finding.preexisting === true
    ? {
        baselineState: 'unchanged',
        suppressions: [{ kind: 'external', status: 'accepted', justification: PREEXISTING }],
      }
    : { baselineState: 'new', suppressions: [] };
}

/**
 * Code scanning ignores suppressions, hence the lower level of pre-existing findings. The
 * fingerprint is not named `primaryLocationLineHash`, as code scanning's own is: its action warns
 * about each value that it has not computed.
 */
function resultOf(merged: MergedFinding): object {
  const { rule, severity, project, path, line, message, preexisting } = merged.finding;
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex(({ id }) => id === rule),
    level: preexisting === true ? ('note' satisfies Severity) : severity,
    message: {
      text: [message, describe(merged, { why: false })].filter((part) => part !== '').join('\n\n'),
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: relativeUri(path), uriBaseId: TOP },
          region: { startLine: line ?? 1 },
        },
      },
    ],
    partialFingerprints: { 'drizzleGuard/v1': merged.id },
    properties: { project, ...(merged.commits.length === 0 ? {} : { commits: merged.commits }) },
  };
}

/** @param path inside the repository, `/`-separated */
function relativeUri(path: string): string {
  // Half of a surrogate pair has no UTF-8.
  const encodable = new TextDecoder().decode(new TextEncoder().encode(path));
  return encodable.split('/').map(encodeURIComponent).join('/');
}
