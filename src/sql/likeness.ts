import type { Pair } from './common-order.ts';
import type { Statement } from './statements.ts';

/** Statements that are less alike than this are different ones, not one that was changed. */
const ALIKE = 0.5;
/** Above this many pairs none is compared: nobody reads that many changes one by one. */
const MOST_PAIRS = 40_000;
/** A name says more about what a statement is about than a keyword. */
const NAME_WEIGHT = 3;

/**
 * Which of the actual statements are changed forms of which expected ones, as rising pairs of
 * positions: the pair that is most alike, then the same before it and behind it. Only for naming
 * changes; no verdict depends on it.
 */
export function pairAlike(
  expected: readonly Statement[],
  actual: readonly Statement[],
): readonly Pair[] {
  if (expected.length * actual.length > MOST_PAIRS) return [];
  const [a, b] = [expected.map(countTokens), actual.map(countTokens)];
  const weights = a.map((x) => b.map((y) => likeness(x, y)));
  const pairsIn = (fromX: number, endX: number, fromY: number, endY: number): readonly Pair[] => {
    let best: { readonly x: number; readonly y: number; readonly weight: number } | undefined;
    for (let x = fromX; x < endX; x++) {
      for (let y = fromY; y < endY; y++) {
        const weight = weights[x]?.[y] ?? 0;
        if (weight >= ALIKE && weight > (best?.weight ?? 0)) best = { x, y, weight };
      }
    }
    if (best === undefined) return [];
    const { x, y } = best;
    return [...pairsIn(fromX, x, fromY, y), [x, y], ...pairsIn(x + 1, endX, y + 1, endY)];
  };
  return pairsIn(0, a.length, 0, b.length);
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

/**
 * The share of tokens that both have, by weight, from 0 to 1; 0 where they begin with different
 * words.
 */
function likeness(a: Counted, b: Counted): number {
  if (a.first !== b.first) return 0;
  let shared = 0;
  for (const [text, weight] of a.counts) shared += Math.min(weight, b.counts.get(text) ?? 0);
  return (2 * shared) / (a.total + b.total);
}
