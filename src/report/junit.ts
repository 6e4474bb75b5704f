import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import type { Report, ReportedNotEvaluated, ReportedProject } from '../model/report.ts';
import { describe } from './description.ts';
import { mergeFindings, type MergedFinding } from './merged-findings.ts';
import type { RenderOptions } from './summary.ts';
import { document, type Element } from './xml.ts';

/**
 * JUnit XML: a test suite for each project and in it a test case for each rule, so that passing
 * rules are visible and a case keeps its name from run to run. Errors are failures; warnings, notes
 * and pre-existing findings are in the case's output. A run that could not check, or had nothing to
 * check, has a suite of its own.
 *
 * There is no standard; the form is what Jenkins' schema allows and GitLab's parser reads (it names
 * a case by `classname` and `name`, keeps the first of a name, and shows the text of `failure`). A
 * project that was not checked is skipped.
 */
export function junit(report: Report, { took }: RenderOptions): string {
  const findings = mergeFindings(report.findings);
  const suites = projectsOf(report).map((project) =>
    suiteOf(
      project,
      findings.filter(({ finding }) => finding.project === project.config),
      (report.notEvaluated ?? []).filter(({ config }) => config === project.config),
    ),
  );
  if (report.error !== undefined)
    suites.push(
      ownSuite('could check', {
        name: 'error',
        attributes: { type: report.error.code, message: report.error.message },
        children: [report.error.message, ...report.error.help].join('\n'),
      }),
    );
  else if (suites.length === 0)
    suites.push(
      ownSuite('something to check', {
        name: 'skipped',
        attributes: {},
        children: report.nothingToCheck ?? 'no project',
      }),
    );
  const total = (what: string): string =>
    String(suites.reduce((sum, { attributes }) => sum + Number(attributes[what]), 0));
  const time = (took / 1000).toFixed(3);
  return document({
    name: 'testsuites',
    attributes: {
      name: 'drizzle-guard',
      tests: total('tests'),
      failures: total('failures'),
      errors: total('errors'),
      time,
    },
    children: suites,
  });
}

/** The reported projects, and those that only a finding names. */
function projectsOf({
  projects,
  findings,
}: Report): readonly Pick<ReportedProject, 'config' | 'checked'>[] {
  const known = new Set(projects.map(({ config }) => config));
  const others = new Set(
    findings.map(({ project }) => project).filter((config) => !known.has(config)),
  );
  return [...projects, ...[...others].map((config) => ({ config, checked: true }))];
}

function suiteOf(
  { config, checked }: Pick<ReportedProject, 'config' | 'checked'>,
  findings: readonly MergedFinding[],
  notes: readonly ReportedNotEvaluated[],
): Element {
  const notEvaluated = notes.find((one) => one.checked !== true)?.why;
  const known = notes.filter((one) => one.checked === true);
  const cases = RULES.flatMap((rule) => {
    const own = findings.filter(({ finding }) => finding.rule === rule.id);
    // A rule that is off says nothing of passing either.
    if (rule.severity === 'off' && own.length === 0) return [];
    return [caseOf(config, rule.id, skippedFor(rule, checked, notEvaluated), own)];
  });
  const having = (name: string): string =>
    String(
      cases.filter(
        ({ children }) =>
          typeof children !== 'string' && children.some((child) => child.name === name),
      ).length,
    );
  return {
    name: 'testsuite',
    attributes: {
      name: config,
      tests: String(cases.length),
      failures: having('failure'),
      errors: '0',
      skipped: having('skipped'),
    },
    children: [
      ...cases,
      ...(known.length === 0
        ? []
        : [
            {
              name: 'system-out',
              attributes: {},
              children: known.map(({ why }) => why).join('\n'),
            },
          ]),
    ],
  };
}

function skippedFor(
  { needsSchema }: Rule,
  checked: boolean,
  notEvaluated: string | undefined,
): string | undefined {
  if (notEvaluated !== undefined && (!checked || needsSchema === 'always')) return notEvaluated;
  return checked ? undefined : 'this change does not affect this project';
}

function caseOf(
  project: string,
  rule: string,
  skipped: string | undefined,
  findings: readonly MergedFinding[],
): Element {
  const refusing = findings.filter(
    ({ finding }) => finding.severity === 'error' && finding.preexisting !== true,
  );
  const others = findings.filter((one) => !refusing.includes(one));
  const children: Element[] = [];
  if (skipped !== undefined && findings.length === 0)
    children.push({ name: 'skipped', attributes: {}, children: skipped });
  const [first] = refusing;
  if (first !== undefined) {
    const more = refusing.length === 1 ? '' : ` (and ${refusing.length - 1} more)`;
    children.push({
      name: 'failure',
      attributes: { type: rule, message: `${first.finding.message}${more}` },
      children: refusing.map(caseText).join('\n\n'),
    });
  }
  if (others.length > 0)
    children.push({
      name: 'system-out',
      attributes: {},
      children: others.map((one) => `${one.finding.severity}: ${caseText(one)}`).join('\n\n'),
    });
  return { name: 'testcase', attributes: { classname: project, name: rule }, children };
}

function caseText(merged: MergedFinding): string {
  const { path, line, message } = merged.finding;
  return `${message}\n${path}${line === undefined ? '' : `:${line}`}\n\n${describe(merged, { why: true })}`;
}

/** A suite of the run itself, not of a project. */
function ownSuite(name: string, child: Element): Element {
  const count = (of: string): string => (child.name === of ? '1' : '0');
  return {
    name: 'testsuite',
    attributes: {
      name: 'drizzle-guard',
      tests: '1',
      failures: '0',
      errors: count('error'),
      skipped: count('skipped'),
    },
    children: [
      { name: 'testcase', attributes: { classname: 'drizzle-guard', name }, children: [child] },
    ],
  };
}
