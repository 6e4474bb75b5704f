import { counted, listed } from '../model/words.ts';
import { pathspec, shellWord } from '../model/shell-quote.ts';
import type { PlannedMigration, Reason, Remark, Stop } from '../rebase/input.ts';
import type { RebasedProject, RebaseReport } from '../rebase/outcome.ts';
import type { Colours } from './colours.ts';
import { escapeControls } from './escape.ts';

interface Options {
  readonly colours: Colours;
  /** How long it took, in milliseconds. */
  readonly took: number;
  /** git goes on by itself after this (`--continue`): nothing is left to type. */
  readonly goesOn: boolean;
  /** The command as it was given, with its answers, to be pasted with one more. */
  readonly again: string;
}

/** What `guard rebase` did, or why it stopped, for people and coding agents. */
export function rebaseText(report: RebaseReport, options: Options): string {
  const time = `(${(options.took / 1000).toFixed(1)} s)`;
  const projects = report.projects.flatMap((project) => projectLines(report, project, options));
  const end = lastLines(report, time, options);
  return `${[...projects, ...end].map(escapeControls).join('\n')}\n`;
}

function projectLines(
  { base }: RebaseReport,
  project: RebasedProject,
  { colours: { bold, red, yellow }, again }: Pick<Options, 'colours' | 'again'>,
): readonly string[] {
  const { out, onTopOf, migrations, remarks, stops } = project;
  const top = onTopOf === undefined ? base : `${base} (${onTopOf})`;
  const folder = out === '' ? 'the migrations at the top of the repository' : out;
  const names = migrations.map(({ from, entry, name = entry?.tag ?? from }) =>
    name === from ? from : `${from} -> ${name}`,
  );
  const width = Math.max(0, ...names.map(({ length }) => length));
  return [
    bold(
      stops.length > 0 ? `${folder}, not on top of ${top} yet:` : `${folder}, on top of ${top}:`,
    ),
    ...migrations.map((one, at) => `  ${(names[at] ?? '').padEnd(width)}  ${became(one, base)}`),
    ...remarks.map((remark) => `  ${yellow('⚠')} ${remarkText(remark, base)}`),
    ...stops.flatMap((stop) =>
      stopLines(stop, base, again).map(
        (line, at) => `  ${at === 0 ? `${red('✖')} ` : '  '}${line}`,
      ),
    ),
  ];
}

function became(
  { kind, reasons }: Pick<PlannedMigration, 'kind' | 'reasons'>,
  base: string,
): string {
  const why =
    reasons.length === 0 ? '' : `: ${listed(reasons.map((one) => reasonText(one, base)))}`;
  switch (kind) {
    case 'kept':
      return 'SQL unchanged';
    case 'custom':
      return 'your own SQL, unchanged';
    case 'generated':
      return `generated again${why}`;
    case 'moved':
      return 'SQL unchanged, moved as drizzle-kit up moves it';
    case 'dropped':
      return `left out${why === '' ? `: ${base} has all of it` : why}`;
  }
}

const CHANGES = { added: 'added', removed: 'removed', changed: 'changed' } as const;

function reasonText({ by, change, entity }: Reason, base: string): string {
  if (by === 'has') return `${base} has ${entity} already`;
  return by === 'base'
    ? `${base} ${CHANGES[change]} ${entity}`
    : `the merged schema ${CHANGES[change]} ${entity}`;
}

function remarkText({ kind, migration, entities }: Remark, base: string): string {
  const names = listed(entities);
  switch (kind) {
    case 'names-changed':
      return (
        `the SQL of ${migration ?? 'a migration'} names ${names}, ` +
        `which ${base} changed: read it again.`
      );
    case 'no-snapshot':
      return `${migration ?? 'a migration'} has no snapshot, as before.`;
    case 'drift':
      return `the schema and the newest snapshot differed before (${names}): they still do.`;
    case 'taken-in':
      return (
        `${migration ?? 'the newest migration'} also does what no migration did ` +
        `and the merge decided: ${names}. Read its SQL.`
      );
  }
}

function stopLines(stop: Stop, base: string, again: string): readonly string[] {
  return [
    `${sentence(stop, base)}`,
    ...(stop.detail === undefined ? [] : stop.detail.split('\n').map((line) => `  ${line}`)),
    ...ways(stop, base, again),
  ];
}

function sentence({ reason, migration = '', entities }: Stop, base: string): string {
  const names = listed(entities);
  switch (reason) {
    case 'no-schema':
      return `the merged schema cannot be read: ${names}`;
    case 'rename-unknown':
      return `${migration}: drizzle-kit asks whether something was renamed: ${names}`;
    case 'takes-back':
      return `the merged schema takes back what ${base} did: ${names}`;
    case 'edited-differs':
      return (
        `${migration}: a statement was edited by hand, ` +
        'and drizzle-kit generates it differently now'
      );
    case 'statements-left':
      return (
        `${migration}: ${base} has all that drizzle-kit generated in it; ` +
        'statements written by hand are left'
      );
    case 'not-migrated':
      return `no migration does this yet, and there is none of yours that could: ${names}`;
    case 'own-broken':
      return `${migration}: ${names} is missing or cannot be read`;
    case 'base-broken':
      return `the history of ${base} is broken: ${names}`;
    case 'not-the-same':
      return `drizzle-kit up was run on one side, and does not make what is there of ${names}`;
  }
}

/** @param again the command, with all that was answered before. */
function ways({ reason, answers }: Stop, base: string, again: string): readonly string[] {
  const fixes = answers.map((flags) => `${meaningOf(flags)}: ${again} ${flags}`);
  switch (reason) {
    case 'no-schema':
      return [`Fix the schema file, then: ${again}`];
    case 'takes-back':
      return [`Put it back into the schema, then: ${again}`, ...fixes];
    case 'not-migrated':
      return [
        `Take it out of the schema for now, then: ${again}`,
        'Put it back afterwards, then: npx drizzle-kit generate',
      ];
    case 'own-broken':
      return [
        'Give it up (git merge --abort, git rebase --abort), repair it on your branch, begin again.',
      ];
    case 'base-broken':
      return [`What is wrong there: npx drizzle-guard check --all --commit ${shellWord(base)}`];
    default:
      return fixes;
  }
}

function meaningOf(flags: string): string {
  if (flags.startsWith('--renamed')) return 'If it was renamed';
  if (flags.startsWith('--new')) return 'If it is new';
  if (flags.startsWith('--take-back')) return 'Or, if it is on purpose';
  return flags.startsWith('--keep') ? 'To keep what you wrote' : 'To leave it out';
}

function lastLines(
  report: RebaseReport,
  time: string,
  { colours, goesOn }: Options,
): readonly string[] {
  const { outcome, projects, dryRun, refused, toStage } = report;
  if (outcome === 'stopped')
    return [`${colours.red('drizzle-guard: stopped')}, nothing was written ${time}.`];
  if (outcome === 'nothing')
    return [
      `${colours.green('drizzle-guard: nothing to do')}: your migrations ` +
        (report.layout === 'folders'
          ? `and those of ${report.base} go together as they are, in folders`
          : `follow those of ${report.base} already`) +
        ` ${time}.`,
    ];
  const moved = projects.flatMap(({ migrations }) => migrations);
  // One that keeps its name has a new time: it would run again.
  const old = moved.filter(({ kind }) => kind !== 'moved').map(({ from }) => from);
  const names = old.length > 3 ? 'any of them under its old name' : listed(old);
  const databases = `A database that already ran ${names} (yours, a preview's)`;
  const stage = toStage.length === 0 ? '' : `git add ${toStage.map(pathspec).join(' ')} && `;
  const put = colours.green(`drizzle-guard: ${dryRun === true ? 'would put' : 'put'}`);
  return [
    ...(old.length > 0
      ? [
          dryRun === true
            ? `${databases} would have to be reset.`
            : `Staged. ${databases} has to be reset.`,
        ]
      : []),
    ...(refused.length === 0
      ? []
      : [
          'The commit will still be refused; npx drizzle-guard check says what to do:',
          ...refused.map(({ rule, message }) => `  ${rule}: ${message}`),
        ]),
    ...(dryRun === true || goesOn
      ? []
      : [
          `${refused.length === 0 ? 'Go on' : 'Then go on'}: ${stage}${onward(report)}    ` +
            '(back: npx drizzle-guard rebase --undo)',
        ]),
    moved.length > 0
      ? `${put} ${counted(moved.length, 'migration')} on top of ${report.base} ${time}.`
      : `${colours.green(`drizzle-guard: ${dryRun === true ? 'would write' : 'wrote'}`)} ` +
        `${listed(report.files)}: your migrations and those of ${report.base} go together as they ` +
        `are, in folders ${time}.`,
  ];
}

function onward({ during, amends }: RebaseReport): string {
  switch (during) {
    case 'rebase':
      return 'git rebase --continue';
    case 'cherry-pick':
      return 'git cherry-pick --continue';
    case 'am':
      return 'git am --continue';
    case 'merge':
      return 'git commit --no-edit';
    default:
      return amends === true ? 'git commit --amend --no-edit' : 'git commit';
  }
}
