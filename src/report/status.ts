import { counted } from '../model/words.ts';
import type { MigrationState } from '../status/verdict.ts';
import type { Colours } from './colours.ts';
import { commitName } from './commit-name.ts';
import { escapeControls } from './escape.ts';
import type { ReportedMigration, ReportedRow, StatusReport, UnknownRow } from './status-report.ts';
import type { RenderOptions } from './summary.ts';
import { fixLines } from './text.ts';
import { wrap } from './wrap.ts';

const WORDS: Readonly<Record<MigrationState | 'unknown', string>> = {
  applied: 'applied',
  'applied-other-line-endings': 'applied',
  edited: 'edited',
  pending: 'pending',
  skipped: 'skipped',
  'runs-again': 'runs again',
  unknown: 'unknown',
};
const WIDTH = Math.max(...Object.values(WORDS).map(({ length }) => length)) + 2;

/** The status for people and coding agents: a line for each migration and row, then what to do. */
export function statusText(report: StatusReport, options: RenderOptions): string {
  const { colours } = options;
  const { migrations, unknown, throws, fix } = report;
  const head =
    `${colours.bold('drizzle-guard status')}: ${escapeControls(report.table)} against ` +
    `${report.history}, ${escapeControls(report.project)}`;
  const lines = [
    ...folded(migrations).flatMap((one) => migrationLines(one, options)),
    ...unknown.flatMap((row) => line('unknown', unknownSays(row), options)),
  ];
  const stops =
    throws === undefined
      ? []
      : wrap(`The migrator throws, and applies nothing: ${escapeControls(throws)}.`, {
          columns: options.columns,
          indent: 2,
        }).map((text, at) => (at === 0 ? `${colours.red('✖')} ${text}` : text));
  return [
    head,
    '',
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    ...(report.tableMissing === true
      ? [`${colours.cyan('ℹ')} There is no such table in this database: nothing was applied.`, '']
      : []),
    ...(stops.length > 0 ? [...stops, ''] : []),
    ...(fix.length > 0
      ? [`  ${colours.dim('Fix:')}`, ...fix.flatMap((one) => fixLines(one, options)), '']
      : []),
    closing(report, colours),
    '',
  ].join('\n');
}

/** Those that have nothing to say; the first and the last of many in a row stand for all. */
interface Folded {
  readonly first: ReportedMigration;
  readonly last: ReportedMigration;
  readonly count: number;
}

function folded(migrations: readonly ReportedMigration[]): readonly Folded[] {
  const groups: Folded[] = [];
  for (const one of migrations) {
    const before = groups.at(-1);
    if (before !== undefined && isPlain(one) && isPlain(before.last))
      groups.splice(-1, 1, { ...before, last: one, count: before.count + 1 });
    else groups.push({ first: one, last: one, count: 1 });
  }
  return groups;
}

function isPlain({ state, why }: ReportedMigration): boolean {
  return state === 'applied' && why === undefined;
}

function migrationLines({ first, last, count }: Folded, options: RenderOptions): readonly string[] {
  if (count > 1)
    return line(
      'applied',
      `${first.name} ${count === 2 ? 'and' : 'to'} ${last.name}${count === 2 ? '' : ` (${count})`}`,
      options,
    );
  const { name, state, why, ranAs } = first;
  const says = [
    why,
    state === 'applied-other-line-endings' ? 'with other line endings' : undefined,
    ranAs === undefined ? undefined : `what ran is in ${commitName(ranAs)}`,
    state === 'edited' && ranAs === undefined ? 'no commit here has what ran' : undefined,
  ].filter((text) => text !== undefined);
  return line(state, says.length === 0 ? name : `${name}: ${says.join('; ')}`, options);
}

function line(
  state: MigrationState | 'unknown',
  text: string,
  { colours, columns }: RenderOptions,
): readonly string[] {
  const paint = PAINT[state](colours);
  return wrap(escapeControls(text), { columns, indent: WIDTH }).map((one, at) =>
    at === 0 ? `${paint(WORDS[state].padEnd(WIDTH))}${one}` : one,
  );
}

type Paint = (text: string) => string;
const PAINT: Readonly<Record<MigrationState | 'unknown', (colours: Colours) => Paint>> = {
  applied: ({ green }) => green,
  'applied-other-line-endings': ({ green }) => green,
  edited: ({ red }) => red,
  pending: ({ cyan }) => cyan,
  skipped: ({ red }) => red,
  'runs-again': ({ red }) => red,
  unknown: ({ red }) => red,
};

function unknownSays(row: UnknownRow): string {
  const { ranAs } = row;
  const what =
    ranAs === undefined
      ? 'no commit here has its SQL'
      : `it is ${ranAs.path} of ${commitName(ranAs)}`;
  return `${rowName(row)}: ${what}`;
}

/** A row as people look for it in the table. */
function rowName({ id, name, createdAt, hash }: ReportedRow): string {
  if (name !== undefined && name !== null) return name;
  const millis = Number(createdAt);
  const time =
    createdAt === null || !Number.isFinite(millis) || Math.abs(millis) > 8.64e15
      ? ''
      : ` (${new Date(millis).toISOString().slice(0, 19)}Z)`;
  const number = id === null ? '' : `row ${id}, `;
  return `${number}created_at ${createdAt ?? 'NULL'}${time}, hash ${hash.slice(0, 12) || "''"}`;
}

function closing({ migrations, unknown, throws, outcome }: StatusReport, colours: Colours): string {
  const count = (...states: readonly MigrationState[]): number =>
    migrations.filter(({ state }) => states.includes(state)).length;
  const parts = [
    `${count('applied', 'applied-other-line-endings')} applied`,
    ...(['edited', 'pending', 'skipped'] as const).flatMap((state) =>
      count(state) === 0 ? [] : [`${count(state)} ${state}`],
    ),
    ...(count('runs-again') === 0 ? [] : [`${count('runs-again')} would run again`]),
    ...(unknown.length === 0 ? [] : [`${counted(unknown.length, 'unknown row')}`]),
    ...(throws === undefined ? [] : ['the migrator throws']),
  ];
  const paint = outcome === 'passed' ? colours.green : colours.red;
  const word = outcome === 'passed' ? 'in step' : 'not in step';
  return `drizzle-guard: ${paint(word)}: ${counted(migrations.length, 'migration')}: ${parts.join(', ')}.`;
}
