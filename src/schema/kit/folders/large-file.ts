import fs from 'node:fs';

/** As they are before the process watches what is read: this decides no answer. */
const { closeSync, openSync, readSync } = fs;

/** A file of many megabytes of which little is needed: memory for all of it costs more than the rest. */
export interface LargeFile {
  /**
   * The lines (not the first one) that begin with one of the words, in order, as far as `LONGEST`.
   */
  linesWith(words: readonly string[]): readonly Line[];
  /** Bytes from one position to another. */
  read(start: number, end: number): Buffer;
}

export interface Line {
  readonly at: number;
  /** What it begins with. */
  readonly word: string;
  /** Without the word and the end of the line. */
  readonly rest: string;
  /** Behind the end of the line. */
  readonly end: number;
}

/** Bytes. */
const STEP = 256 * 1024;
const LONGEST = 4096;
const NEWLINE = 10;

/** Hands an open file (absolute path) to `use`, and closes it. */
export function withLargeFile<T>(path: string, use: (file: LargeFile) => T): T {
  const open = openSync(path, 'r');
  try {
    return use({
      linesWith: (words) => linesWith(open, words),
      read(start, end) {
        const bytes = Buffer.allocUnsafe(end - start);
        return bytes.subarray(0, readSync(open, bytes, 0, bytes.length, start));
      },
    });
  } finally {
    closeSync(open);
  }
}

function linesWith(open: number, words: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  const piece = Buffer.allocUnsafe(STEP + LONGEST);
  for (let at = 0; ; at += STEP) {
    const length = readSync(open, piece, 0, piece.length, at);
    const read = piece.subarray(0, length);
    const isLast = length < piece.length;
    const limit = isLast ? length : STEP;
    for (const word of words)
      for (let found = read.indexOf(word, 1); found > 0 && found <= limit;) {
        if (read[found - 1] === NEWLINE) {
          const end = read.indexOf(NEWLINE, found);
          const rest = read.toString('utf8', found + word.length, end < 0 ? length : end);
          lines.push({ at: at + found, word, rest, end: at + (end < 0 ? length : end + 1) });
        }
        found = read.indexOf(word, found + 1);
      }
    if (isLast) return lines.toSorted((one, other) => one.at - other.at);
  }
}
