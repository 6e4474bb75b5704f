/** Positions of one thing in two lists. */
export type Pair = readonly [number, number];

/** Above this many cells the exact answer costs more memory (16 MB) than it is worth. */
const MOST_CELLS = 4_000_000;

/**
 * A longest common subsequence of two lists of keys, as rising pairs of positions. What both begin and end with is
 * matched first; should the rest be enormous, each key is matched with the next equal one behind the last match, which
 * is still a common subsequence, and all of `a` whenever `b` holds all of `a` in order.
 */
export function commonOrder(a: readonly string[], b: readonly string[]): readonly Pair[] {
  let begin = 0;
  while (begin < a.length && begin < b.length && a[begin] === b[begin]) begin++;
  let end = 0;
  while (
    end < a.length - begin &&
    end < b.length - begin &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  )
    end++;
  const [restA, restB] = [a.slice(begin, a.length - end), b.slice(begin, b.length - end)];
  const middle =
    (restA.length + 1) * (restB.length + 1) > MOST_CELLS
      ? nextEqual(restA, restB)
      : longest(restA, restB);
  return [
    ...Array.from({ length: begin }, (_, at): Pair => [at, at]),
    ...middle.map(([x, y]): Pair => [x + begin, y + begin]),
    ...Array.from({ length: end }, (_, at): Pair => [a.length - end + at, b.length - end + at]),
  ];
}

/** Whether `b` holds all of `a`, in the same order. */
export function holdsInOrder(a: readonly string[], b: readonly string[]): boolean {
  return nextEqual(a, b).length === a.length;
}

function nextEqual(a: readonly string[], b: readonly string[]): readonly Pair[] {
  const places = new Map<string, number[]>();
  for (const [at, key] of b.entries()) {
    const own = places.get(key);
    if (own === undefined) places.set(key, [at]);
    else own.push(at);
  }
  const used = new Map<string, number>();
  const pairs: Pair[] = [];
  let last = -1;
  for (const [at, key] of a.entries()) {
    const own = places.get(key) ?? [];
    let next = used.get(key) ?? 0;
    while ((own[next] ?? Infinity) <= last) next++;
    used.set(key, next);
    const found = own[next];
    if (found === undefined) continue;
    pairs.push([at, found]);
    last = found;
  }
  return pairs;
}

function longest(a: readonly string[], b: readonly string[]): readonly Pair[] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (x: number, y: number): number => lengths[x * width + y] ?? 0;
  for (let x = a.length - 1; x >= 0; x--) {
    for (let y = b.length - 1; y >= 0; y--) {
      lengths[x * width + y] =
        a[x] === b[y] ? at(x + 1, y + 1) + 1 : Math.max(at(x + 1, y), at(x, y + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let x = 0, y = 0; x < a.length && y < b.length;) {
    if (a[x] === b[y]) pairs.push([x++, y++]);
    else if (at(x + 1, y) >= at(x, y + 1)) x++;
    else y++;
  }
  return pairs;
}
