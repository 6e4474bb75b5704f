import type { Colours } from '../report/colours.ts';
import type { Examination, Line } from './diagnosis.ts';

/** The report as JSON, version 1: the documented output, in which two things have older names. */
export function examinationJson({ version, healthy, lines }: Examination): string {
  const printed = lines.map(({ probe, title, status, seen, fixes }) => ({
    probe,
    title,
    status: status === 'problem' ? 'fault' : status,
    seen,
    cure: fixes,
  }));
  return `${JSON.stringify({ version, healthy, lines: printed }, null, 2)}\n`;
}

/** The report as text: a line for each diagnosis, with its fixes below. */
export function examinationText(
  { healthy, lines }: Examination,
  paint: Colours,
  took: number,
): string {
  const marks = {
    ok: paint.green('✔'),
    note: paint.cyan('ℹ'),
    warning: paint.yellow('⚠'),
    problem: paint.red('✖'),
  };
  const width = Math.max(...lines.map(({ title }) => title.length));
  const blocks = lines.map((line) => {
    const [first = '', ...more] = line.seen.split('\n');
    const seen = [
      `${marks[line.status]} ${paint.bold(line.title.padEnd(width))}  ${first}`,
      ...more.map((one) => paint.dim(`  ${one}`)),
    ];
    return [...seen, ...fixesOf(line, paint)].join('\n');
  });
  const count = (status: Line['status'], what: string): string[] => {
    const n = lines.filter((line) => line.status === status).length;
    return n === 0 ? [] : [`${n} ${what}${n === 1 ? '' : 's'}`];
  };
  const counted = [...count('problem', 'problem'), ...count('warning', 'warning')].join(', ');
  const verdict = healthy
    ? paint.green('drizzle-guard doctor: healthy')
    : paint.red('drizzle-guard doctor: not healthy');
  return `${blocks.join('\n')}\n\n${verdict}${counted === '' ? '' : `, ${counted}`} (${(took / 1000).toFixed(1)} s).\n`;
}

function fixesOf({ fixes }: Line, paint: Colours): readonly string[] {
  return fixes.flatMap(({ text, run }) => [
    `    ${text}`,
    ...(run === undefined ? [] : run.split('\n').map((line) => paint.green(`      ${line}`))),
  ]);
}
