import type { Severity } from '../model/finding.ts';
import { RULES } from '../rules/index.ts';
import { version } from '../model/version.ts';
import { distinctFaults, type Fault } from './merged-findings.ts';
import { explanation, PREEXISTING } from './plain.ts';
import { exitCodeOf, type Report } from '../model/report.ts';
import { descriptorOf } from './sarif-rules.ts';

/**
 * SARIF 2.1.0 with one run. For GitHub's code scanning, which closes every alert that a run does not name, a run that
 * could not look has no `results` at all, as the standard wants it of a tool that could not begin; its `invocation`
 * says why. There is no `automationDetails`: the uploading action sets a category from the workflow where there is none.
 */
export function sarif(report: Report): string {
  const faults = distinctFaults(report.findings);
  const judged = report.error === undefined || faults.length > 0;
  const run = {
    tool: { driver: { name: 'drizzle-guard', version, rules: RULES.map(descriptorOf) } },
    invocations: [invocationOf(report)],
    originalUriBaseIds: { [TOP]: { description: { text: 'The top of the repository.' } } },
    columnKind: 'utf16CodeUnits',
    ...(judged ? { results: resultsOf(faults) } : {}),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const TOP = 'SRCROOT';

function invocationOf(report: Report): object {
  const said =
    report.error ??
    (report.nothingToCheck === undefined
      ? undefined
      : {
          code: 'nothing-to-check',
          message: `nothing to check: ${report.nothingToCheck}`,
          help: [],
        });
  const unjudged = (report.notEvaluated ?? []).map(({ config, why }) => ({
    level: 'note',
    message: { text: `${config}: ${why}` },
    locations: [
      { physicalLocation: { artifactLocation: { uri: relativeUri(config), uriBaseId: TOP } } },
    ],
    descriptor: { id: 'not-evaluated' },
  }));
  return {
    executionSuccessful: report.error === undefined,
    exitCode: exitCodeOf(report),
    toolExecutionNotifications: [
      ...(said === undefined
        ? []
        : [
            {
              level: report.error === undefined ? 'note' : 'error',
              message: { text: [said.message, ...said.help].join('\n') },
              descriptor: { id: said.code },
            },
          ]),
      ...unjudged,
    ],
  };
}

/** The standard wants `suppressions` and `baselineState` on all results or on none. */
function resultsOf(faults: readonly Fault[]): readonly object[] {
  const someOld = faults.some(({ finding }) => finding.preexisting === true);
  return faults.map((fault) => ({ ...resultOf(fault), ...(someOld ? ageOf(fault) : {}) }));
}

function ageOf({ finding }: Fault): object {
  return finding.preexisting === true
    ? {
        baselineState: 'unchanged',
        suppressions: [{ kind: 'external', status: 'accepted', justification: PREEXISTING }],
      }
    : { baselineState: 'new', suppressions: [] };
}

/**
 * Code scanning ignores suppressions, hence the level of what is not held against the change. The fingerprint does not
 * go by code scanning's own name `primaryLocationLineHash`: its action warns about each value that it has not made.
 */
function resultOf(fault: Fault): object {
  const { rule, severity, project, path, line, message, preexisting } = fault.finding;
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex(({ id }) => id === rule),
    level: preexisting === true ? ('note' satisfies Severity) : severity,
    message: {
      text: [message, explanation(fault, { why: false })]
        .filter((part) => part !== '')
        .join('\n\n'),
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: relativeUri(path), uriBaseId: TOP },
          region: { startLine: line ?? 1 },
        },
      },
    ],
    partialFingerprints: { 'drizzleGuard/v1': fault.id },
    properties: { project, ...(fault.commits.length === 0 ? {} : { commits: fault.commits }) },
  };
}

/** @param path inside the repository, `/`-separated */
function relativeUri(path: string): string {
  // Half of a surrogate pair has no UTF-8.
  const sound = new TextDecoder().decode(new TextEncoder().encode(path));
  return sound.split('/').map(encodeURIComponent).join('/');
}
