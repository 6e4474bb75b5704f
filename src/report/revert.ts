import { counted, listed } from '../model/words.ts';
import { pathspec, shellWord } from '../model/shell-quote.ts';
import type { Loss, RevertedProject, RevertReport } from '../revert/outcome.ts';
import type { Colours } from './colours.ts';
import { escapeControls } from './escape.ts';
import { stopLines } from './revert-stop.ts';

interface Options {
  readonly colours: Colours;
  /** How long it took, in milliseconds. */
  readonly took: number;
  /** The command as it was given, to be pasted again. */
  readonly again: string;
}

/** What `guard revert` did, or why it stopped, for people and coding agents. */
export function revertText(report: RevertReport, options: Options): string {
  const lines = [
    ...report.projects.flatMap((project) => projectLines(report, project, options)),
    ...(report.outcome === 'done' ? doneLines(report, options) : stoppedLines(report, options)),
  ];
  return `${lines.map(escapeControls).join('\n')}\n`;
}

function projectLines(
  report: RevertReport,
  project: RevertedProject,
  { colours: { bold, red, yellow, dim }, again }: Options,
): readonly string[] {
  const { out, reverted, how, migration, sql, lost, review, stops } = project;
  const folder = out === '' ? 'the migrations at the top of the repository' : out;
  const names = listed(reverted);
  const of = `commit ${report.commit.slice(0, 12)} ${JSON.stringify(report.subject)}`;
  const warnings = review.filter(({ severity }) => severity === 'warning');
  const became =
    how === undefined
      ? `${names} ${reverted.length === 1 ? 'does' : 'do'} not go back`
      : how === 'taken away'
        ? `${names} ${reverted.length === 1 ? 'is' : 'are'} taken away`
        : `${migration} takes ${names} back`;
  return [
    bold(`${folder}: ${became} (${of})`),
    ...(how === undefined ? [] : report.schema.map((path) => `  ${path}`)),
    ...(sql === undefined ? [] : sql.split('\n').map((line) => dim(`    ${line}`))),
    ...lost
      .filter(({ kind, entity }) => !SAID.has(kind) || !isNamed(entity, warnings))
      .flatMap((loss) => lossLines(loss, yellow('⚠'))),
    ...warnings.map(({ rule, message }) => `  ${yellow('⚠')} ${rule}: ${message}`),
    ...stops.flatMap((stop) =>
      stopLines(stop, report, project, again).map(
        (line, at) => `  ${at === 0 ? `${red('✖')} ` : '  '}${line}`,
      ),
    ),
  ];
}

/** What a warning of the review says with more words, where there is one. */
const SAID: ReadonlySet<Loss['kind']> = new Set(['goes', 'converted', 'label-goes']);

function isNamed(entity: string, warnings: RevertedProject['review']): boolean {
  const name = entity.replace(/^enum /, '');
  return warnings.some(({ message }) => message.includes(name));
}

function lossLines({ kind, entity, detail }: Loss, mark: string): readonly string[] {
  const [first = '', ...more] = detail.split('\n');
  switch (kind) {
    case 'empty':
      return [`  ${mark} ${entity} is there again, without what was in it`];
    case 'goes':
      return [`  ${mark} ${entity} goes, with what is in it`];
    case 'converted':
      return [
        `  ${mark} ${entity} is converted back (${detail}): what was cut or rounded stays so`,
      ];
    case 'label-goes':
      return [`  ${mark} ${entity}: ${detail}; rows that have it make the migration fail`];
    case 'label-empty':
      return [`  ${mark} ${entity}: ${detail}; rows that had it do not get it back`];
    case 'besides':
      return [`  ${mark} ${entity} goes back too (${detail}): the commit changed it in the schema`];
    case 'custom':
      return [
        `  ${mark} what ${entity} did by hand is not undone:`,
        ...[first, ...more].map((line) => `      ${line}`),
      ];
  }
}

function stoppedLines(
  { refused, dryRun }: RevertReport,
  { colours: { red }, took }: Options,
): readonly string[] {
  return [
    ...(refused.length === 0
      ? []
      : [
          'The result would be refused:',
          ...refused.flatMap(({ rule, message, detail }) => [
            `  ${red('✖')} ${rule}: ${message}`,
            ...(detail === undefined ? [] : detail.split('\n').map((line) => `      ${line}`)),
          ]),
        ]),
    `${red('drizzle-guard: stopped')}, nothing was ${dryRun === true ? 'to be ' : ''}written ${time(took)}.`,
  ];
}

function doneLines(report: RevertReport, { colours: { green }, took }: Options): readonly string[] {
  const { projects, dryRun } = report;
  const away = projects.filter(({ how }) => how === 'taken away').flatMap((one) => one.reverted);
  const back = projects.flatMap(({ reverted }) => reverted).length;
  return [
    ...(away.length === 0
      ? []
      : [`A database that already ran ${listed(away)} (yours, a preview's) has to be reset.`]),
    ...otherLines(report),
    ...(dryRun === true
      ? []
      : ['Staged. Go on: git commit    (back: npx drizzle-guard revert --undo)']),
    `${green(`drizzle-guard: ${dryRun === true ? 'would take' : 'took'}`)} ` +
      `${counted(back, 'migration')} back ${time(took)}.`,
  ];
}

const MOST = 5;

/** The other files of the commit, and what takes their changes back too. */
function otherLines({ commit, others, schema, outs }: RevertReport): readonly string[] {
  if (others.length === 0) return [];
  const short = commit.slice(0, 12);
  const some = others.slice(0, MOST).join(', ');
  const more = others.length > MOST ? ` and ${others.length - MOST} more` : '';
  const paths =
    others.length <= MOST || outs.includes('')
      ? others.map(pathspec)
      : [':/', ...[...schema, ...outs].map((path) => shellWord(`:(top,exclude)${path}`))];
  return [
    `Not touched: ${counted(others.length, 'other file')} of the commit: ${some}${more}. To take ` +
      `${others.length === 1 ? 'it' : 'them'} back too:`,
    `  git diff-tree -r -p --binary ${short} ${short}^ -- ${paths.join(' ')} | ` +
      '(cd "$(git rev-parse --show-toplevel)" && git apply --3way)',
  ];
}

function time(took: number): string {
  return `(${(took / 1000).toFixed(1)} s)`;
}
