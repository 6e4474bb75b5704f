import type { CliContext } from '../../cli-context.ts';
import { coloursFor, type Colours } from '../../report/colours.ts';

/** The words that a line begins with. */
const MARKS = {
  ok: 'green',
  will: 'cyan',
  done: 'green',
  note: 'yellow',
  error: 'red',
} as const satisfies Record<string, keyof Colours>;
type Mark = keyof typeof MARKS;

/** Says one thing a line, with a word before it: ok, will, done, note, error. */
export interface Ui {
  readonly paint: Colours;
  say(mark: Mark, text: string, below?: readonly string[]): void;
  /** A line without a mark; a blank one by default. */
  line(text?: string): void;
}

export function openUi(context: Pick<CliContext, 'stdout' | 'env'>): Ui {
  const colours = coloursFor(context.stdout, context.env);
  const line = (text = ''): void => void context.stdout.write(`${text}\n`);
  return {
    paint: colours,
    line,
    say(mark, text, below = []) {
      line(`${colours[MARKS[mark]](mark.padEnd(5))}  ${text}`);
      for (const one of below) line(one === '' ? '' : `         ${one}`);
    },
  };
}

/** Prints a command's last sentence. */
export function finish<Code extends 0 | 2>(ui: Ui, exitCode: Code, text: string): Code {
  ui.line();
  ui.line(text);
  return exitCode;
}

/** A line of a diff in its colour. */
export function painted(line: string, { green, red, dim }: Colours): string {
  return line.startsWith('+')
    ? green(line)
    : line.startsWith('-')
      ? red(line)
      : line.startsWith('@@')
        ? dim(line)
        : line;
}
