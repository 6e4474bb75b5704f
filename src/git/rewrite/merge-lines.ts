import { diffArrays } from 'diff';

/** Lines that both sides changed, each with its line ending. */
export interface Clash {
  /** The first of them in `ours`, from 1; where there are none, the line behind them. */
  readonly line: number;
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

export type MergedLines =
  | { readonly status: 'merged'; readonly text: string }
  | { readonly status: 'clashes'; readonly clashes: readonly Clash[] };

/** Lines of the base, `end` excluded, and what is in their place. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/**
 * Merges two versions of a text line by line. Other than git, which takes changes of lines side by
 * side for a conflict (xdiff: `xdl_merge`), it takes only changes of the same lines, or two
 * insertions at the same place, for one. What the result means is for the caller to prove.
 */
export function mergeLines(base: string, ours: string, theirs: string): MergedLines {
  const lines = linesOf(base);
  const [own, other] = [ours, theirs].map((text) => hunksOf(lines, linesOf(text)));
  if (own === undefined || other === undefined) return { status: 'clashes', clashes: [] };
  const clashes: Clash[] = [];
  const all: Hunk[] = [...own];
  for (const hunk of other) {
    const against = own.filter((one) => overlaps(one, hunk));
    if (against.length === 0) all.push(hunk);
    else if (!against.every((one) => isSame(one, hunk)))
      clashes.push(clashOf(lines, own, against, hunk));
  }
  if (clashes.length > 0) return { status: 'clashes', clashes };
  all.sort((a, b) => a.start - b.start || a.end - b.end);
  const text: string[] = [];
  let at = 0;
  for (const { start, end, lines: put } of all) {
    text.push(...lines.slice(at, start), ...put);
    at = end;
  }
  return { status: 'merged', text: [...text, ...lines.slice(at)].join('') };
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** More differences than a person makes in a schema file are not worth the time. */
const MOST_EDITS = 5000;

function hunksOf(base: readonly string[], to: readonly string[]): readonly Hunk[] | undefined {
  const changes = diffArrays([...base], [...to], { maxEditLength: MOST_EDITS });
  if (changes === undefined) return undefined;
  const hunks: Hunk[] = [];
  let at = 0;
  let open: { start: number; lines: string[] } | undefined;
  for (const { added, removed, value } of changes) {
    if (!added && !removed) {
      if (open !== undefined) hunks.push({ ...open, end: at });
      open = undefined;
      at += value.length;
      continue;
    }
    open ??= { start: at, lines: [] };
    if (added) open.lines.push(...value);
    else at += value.length;
  }
  return open === undefined ? hunks : [...hunks, { ...open, end: at }];
}

function overlaps(a: Hunk, b: Hunk): boolean {
  const isInsertion = (one: Hunk): boolean => one.start === one.end;
  if (isInsertion(a) && isInsertion(b)) return a.start === b.start;
  return a.start < b.end && b.start < a.end;
}

function isSame(a: Hunk, b: Hunk): boolean {
  return a.start === b.start && a.end === b.end && a.lines.join('') === b.lines.join('');
}

/** @param own all hunks of ours; @param against those that clash with a hunk of theirs */
function clashOf(
  base: readonly string[],
  own: readonly Hunk[],
  against: readonly Hunk[],
  hunk: Hunk,
): Clash {
  const start = Math.min(hunk.start, ...against.map((one) => one.start));
  const end = Math.max(hunk.end, ...against.map((one) => one.end));
  const before = own.filter((one) => one.end <= start && !against.includes(one));
  const shift = before.reduce((sum, one) => sum + one.lines.length - (one.end - one.start), 0);
  return {
    line: start + shift + 1,
    base: base.slice(start, end),
    ours: within(base, against, start, end),
    theirs: within(base, [hunk], start, end),
  };
}

function within(
  base: readonly string[],
  hunks: readonly Hunk[],
  start: number,
  end: number,
): readonly string[] {
  const lines: string[] = [];
  let at = start;
  for (const one of hunks) {
    lines.push(...base.slice(at, one.start), ...one.lines);
    at = one.end;
  }
  return [...lines, ...base.slice(at, end)];
}
