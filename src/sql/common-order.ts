import { diffArrays } from 'diff';

/** Positions of one thing in two lists. */
export type Pair = readonly [number, number];

/** Above this many differences the shortest diff costs more time than it is worth. */
const MOST_EDITS = 2000;

/**
 * A longest common subsequence of two lists of keys, as rising pairs of positions. Where the lists
 * differ in very much, it is a common subsequence that need not be a longest one.
 */
export function commonOrder(a: readonly string[], b: readonly string[]): readonly Pair[] {
  const changes = diffArrays([...a], [...b], { maxEditLength: MOST_EDITS });
  if (changes === undefined) return nextEqual(a, b);
  const pairs: Pair[] = [];
  let [x, y] = [0, 0];
  for (const { count, added, removed } of changes) {
    if (!added && !removed) for (let at = 0; at < count; at++) pairs.push([x + at, y + at]);
    if (!added) x += count;
    if (!removed) y += count;
  }
  return pairs;
}

/** Whether `b` holds all of `a`, in the same order. */
export function holdsInOrder(a: readonly string[], b: readonly string[]): boolean {
  return nextEqual(a, b).length === a.length;
}

/**
 * Each key with the next equal one behind the last match: all of `a` whenever `b` holds all of it
 * in order.
 */
function nextEqual(a: readonly string[], b: readonly string[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let from = 0;
  for (const [x, key] of a.entries()) {
    const y = b.indexOf(key, from);
    if (y < 0) continue;
    pairs.push([x, y]);
    from = y + 1;
  }
  return pairs;
}
