import type { Pair } from './common-order.ts';
import type { Statement } from './statements.ts';

/** What is less alike than this is not the same statement changed, but another. */
const ALIKE = 0.5;
/** More pairs than this are not weighed: nobody reads a list of that many changes one by one. */
const MOST_PAIRS = 40_000;
/** A name says more about what a statement is about than a keyword. */
const NAME_WEIGHT = 3;

/**
 * Which of the actual statements are changed forms of which expected ones, as rising pairs of positions: the choice
 * that makes the pairs most alike in sum, where one close pair counts more than two distant ones. Only for naming changes; no verdict depends on it.
 */
export function pairAlike(
  expected: readonly Statement[],
  actual: readonly Statement[],
): readonly Pair[] {
  const [rows, width] = [expected.length, actual.length + 1];
  if (rows === 0 || actual.length === 0 || rows * actual.length > MOST_PAIRS) return [];
  const [a, b] = [expected.map(countTokens), actual.map(countTokens)];
  const weights = a.map((x) => b.map((y) => likeness(x, y)));
  const best = new Float64Array((rows + 1) * width);
  const at = (x: number, y: number): number => best[x * width + y] ?? 0;
  const paired = (x: number, y: number): number => {
    const weight = weights[x]?.[y] ?? 0;
    return weight < ALIKE ? -1 : weight ** 3 + at(x + 1, y + 1);
  };
  for (let x = rows - 1; x >= 0; x--) {
    for (let y = actual.length - 1; y >= 0; y--)
      best[x * width + y] = Math.max(paired(x, y), at(x + 1, y), at(x, y + 1));
  }
  const pairs: Pair[] = [];
  for (let x = 0, y = 0; x < rows && y < actual.length;) {
    if (paired(x, y) === at(x, y)) pairs.push([x++, y++]);
    else if (at(x + 1, y) === at(x, y)) x++;
    else y++;
  }
  return pairs;
}

interface Counted {
  readonly first: string;
  readonly total: number;
  readonly counts: ReadonlyMap<string, number>;
}

function countTokens({ tokens }: Statement): Counted {
  const counts = new Map<string, number>();
  let total = 0;
  for (const { kind, text } of tokens) {
    const weight = kind === 'quoted-name' ? NAME_WEIGHT : 1;
    counts.set(text, (counts.get(text) ?? 0) + weight);
    total += weight;
  }
  return { first: tokens[0]?.text.toUpperCase() ?? '', total, counts };
}

/** The share of tokens that both have, by weight, from 0 to 1; nothing where they begin with different words. */
function likeness(a: Counted, b: Counted): number {
  if (a.first !== b.first) return 0;
  const [few, many] = a.counts.size <= b.counts.size ? [a, b] : [b, a];
  let shared = 0;
  for (const [text, weight] of few.counts) shared += Math.min(weight, many.counts.get(text) ?? 0);
  return (2 * shared) / (a.total + b.total);
}
