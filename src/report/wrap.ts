/** The width of text where no terminal says otherwise: logs, pipes and files. */
export const DEFAULT_COLUMNS = 100;

/**
 * Narrower terminals get lines of this width: a word in each line is harder to read than what the
 * terminal makes of it.
 */
const NARROWEST = 40;

/** Backticks with all between them, or characters that are no space; nothing between two spaces. */
const WORD = /(?:`[^`]*`|[^ ])+|(?<= )(?= )/g;

interface WrapOptions {
  /** Width of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
  /** Spaces before the second and every further line. */
  readonly indent: number;
  /** How many columns of the first line are taken already; as many as `indent` when left out. */
  readonly taken?: number;
}

/**
 * Breaks a sentence at its spaces. A long path and text in backticks (a command) stay whole,
 * so that they can be copied.
 * @returns lines; all but the first begin with the indentation.
 */
export function wrap(
  sentence: string,
  { columns = DEFAULT_COLUMNS, indent, taken = indent }: WrapOptions,
): readonly string[] {
  const width = Math.max(columns, NARROWEST);
  const lines: string[] = [];
  let line = '';
  for (const [word] of sentence.matchAll(WORD)) {
    const room = width - (lines.length === 0 ? taken : indent);
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.map((one, at) => (at === 0 ? one : `${' '.repeat(indent)}${one}`));
}
