import type { Finding, Fix } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { RULES } from '../rules/index.ts';
import type { Colours } from './colours.ts';
import { commitName, commitOf } from './commit-name.ts';
import { errorText } from './error-text.ts';
import { escapeControls, escapeFinding } from './escape.ts';
import { summary, type RenderOptions } from './summary.ts';
import { shorten } from '../sql/tokens/visible.ts';
import { DEFAULT_COLUMNS, wrap } from './wrap.ts';

/**
 * The report for people and coding agents. A finding is: what, where, SQL or diff, why, and the
 * commands that fix it. Sentences are wrapped; SQL, diffs and commands are printed as they are.
 */
export function text(report: Report, options: RenderOptions): string {
  const { colours } = options;
  const findings = report.findings.map(escapeFinding);
  const fresh = findings.filter(({ preexisting }) => preexisting !== true);
  const old = findings.filter(({ preexisting }) => preexisting === true);
  const blocks = fresh.map((finding) =>
    options.brief === true && isReview(finding)
      ? brief(finding, options)
      : block(finding, options, report.projects.length > 1),
  );
  if (options.brief === true && fresh.some(isReview)) blocks.push(`${SAFE_WAYS}\n`);
  if (old.length > 0) {
    blocks.push(
      [
        colours.bold('Already present before this change (not blocking):'),
        ...old.flatMap((finding) => [
          headline(finding, options, '  '),
          ...finding.fix.flatMap((step) => fixLines(step, options)),
        ]),
        '',
      ].join('\n'),
    );
  }
  // On one line, whatever its length: a server's output reaches people line by line, each after
  // `remote:`.
  const notEvaluated = (report.notEvaluated ?? []).map(
    ({ config, why }) =>
      `${colours.cyan('ℹ')} ${colours.bold(escapeControls(config))}: ${escapeControls(why)}`,
  );
  if (notEvaluated.length > 0) blocks.push([...notEvaluated, ''].join('\n'));
  if (report.error !== undefined) blocks.push(errorText(report.error, colours));
  return [...blocks, summary(report, options), ''].join('\n');
}

/** The mark, the rule and the message; of a pre-existing finding also the commit. */
function headline(finding: Finding, { colours, columns }: RenderOptions, before = ''): string {
  const { rule, severity, message, preexisting } = finding;
  const mark = MARKS[severity](colours);
  const commit = preexisting === true ? commitOf(finding) : undefined;
  const sentence = `${message}${commit === undefined ? '' : ` (${commitName(commit)})`}`;
  const indent = before.length + 2;
  const lines = wrap(sentence, { columns, indent, taken: indent + rule.length + 2 });
  return `${before}${mark} ${colours.bold(rule)}: ${lines.join('\n')}`;
}

const MARKS: Readonly<Record<Finding['severity'], (colours: Colours) => string>> = {
  error: ({ red }) => red('✖'),
  warning: ({ yellow }) => yellow('⚠'),
  note: ({ cyan }) => cyan('ℹ'),
};

/** A finding with all that there is to say of it; a newline at its end. */
export function block(finding: Finding, options: RenderOptions, severalProjects: boolean): string {
  const { colours, columns } = options;
  const where = `${finding.path}${finding.line === undefined ? '' : `:${finding.line}`}`;
  const lines = [
    headline(finding, options),
    colours.dim(`  ${where}${severalProjects ? `  (project ${finding.project})` : ''}`),
  ];
  const commit = commitOf(finding);
  if (commit !== undefined) lines.push(colours.dim(`  ${commitName(commit)}`));
  if (finding.detail !== undefined) lines.push('', ...indented(finding.detail, '  '));
  const why = RULES.find(({ id }) => id === finding.rule)?.why;
  if (why !== undefined)
    lines.push('', `  ${colours.dim('Why:')} ${wrap(why, { columns, indent: 7 }).join('\n')}`);
  if (finding.fix.length > 0) lines.push('', `  ${colours.dim('Fix:')}`);
  lines.push(...finding.fix.flatMap((step) => fixLines(step, options)));
  return `${lines.join('\n')}\n`;
}

/** A command is never wrapped: it must work when pasted. */
export function fixLines(
  { text: sentence, run, sql }: Fix,
  { colours, columns }: RenderOptions,
): string[] {
  return [
    `    ${wrap(sentence, { columns, indent: 4 }).join('\n')}`,
    ...[run, sql].flatMap((paste) =>
      paste === undefined ? [] : indented(paste, '      ').map((line) => colours.green(line)),
    ),
  ];
}

/** What a migration does to rows, where it refuses nothing. */
function isReview({ rule, severity }: Finding): boolean {
  return severity !== 'error' && RULES.some(({ id, point }) => id === rule && point !== undefined);
}

const SAFE_WAYS = '  The safe ways, with SQL for these tables: npx drizzle-guard review';

/** Five lines at most: a commit is not the place to read more. */
function brief(finding: Finding, options: RenderOptions): string {
  const { path, line, detail, rule } = finding;
  const { colours, columns = DEFAULT_COLUMNS } = options;
  const [first = '', ...more] = detail?.split('\n') ?? [];
  const where = `  ${path}${line === undefined ? '' : `:${line}`}`;
  const sql = shorten(
    `${first.trim()}${more.length > 0 ? ' ...' : ''}`,
    Math.max(columns - where.length - 2, 20),
  );
  const lines = [
    ...headline(finding, options).split('\n').slice(0, 3),
    `${colours.dim(where)}${sql === '' ? '' : `  ${sql}`}`,
    `  ${colours.dim('Why:')} ${RULES.find(({ id }) => id === rule)?.why ?? ''}`,
  ];
  return `${lines.join('\n')}\n`;
}

function indented(paragraph: string, by: string): string[] {
  return paragraph.split('\n').map((line) => (line === '' ? '' : `${by}${line}`));
}
