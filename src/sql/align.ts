import { commonOrder } from './common-order.ts';
import { pairAlike } from './likeness.ts';
import type { Statement } from './statements.ts';

/** One step of the way from the expected statements to the actual ones. */
export type Step =
  | { readonly kind: 'same' | 'changed'; readonly expected: Statement; readonly actual: Statement }
  /** `elsewhere`: the same statement, at another place. */
  | { readonly kind: 'missing'; readonly expected: Statement; readonly elsewhere?: Statement }
  | { readonly kind: 'added'; readonly actual: Statement; readonly elsewhere?: Statement };

/**
 * Expected and actual statements side by side, each in its own order. Statements with equal tokens
 * are matched as far as their order allows; equal ones out of order are moved; what is left between
 * two matches and is alike is changed.
 */
export function alignStatements(
  expected: readonly Statement[],
  actual: readonly Statement[],
): readonly Step[] {
  const [a, b] = [expected.map(keyOf), actual.map(keyOf)];
  const same = commonOrder(a, b);
  const moved = findMoved(a, b, same);
  const steps: Step[] = [];
  let [x, y] = [0, 0];
  const walkApart = (endX: number, endY: number): void => {
    for (; x < endX; x++)
      steps.push({
        kind: 'missing',
        expected: expected[x]!,
        ...elsewhere(actual, moved.toActual.get(x)),
      });
    for (; y < endY; y++)
      steps.push({
        kind: 'added',
        actual: actual[y]!,
        ...elsewhere(expected, moved.toExpected.get(y)),
      });
  };
  const walkTo = (endX: number, endY: number): void => {
    const restX = unmoved(x, endX, moved.toActual);
    const restY = unmoved(y, endY, moved.toExpected);
    for (const [i, j] of pairAlike(pick(expected, restX), pick(actual, restY))) {
      walkApart(restX[i]!, restY[j]!);
      steps.push({ kind: 'changed', expected: expected[x++]!, actual: actual[y++]! });
    }
    walkApart(endX, endY);
  };
  for (const [nextX, nextY] of same) {
    walkTo(nextX, nextY);
    steps.push({ kind: 'same', expected: expected[x++]!, actual: actual[y++]! });
  }
  walkTo(expected.length, actual.length);
  return steps;
}

export function keyOf({ key }: Statement): string {
  return key;
}

function unmoved(from: number, end: number, moved: ReadonlyMap<number, number>): readonly number[] {
  return Array.from({ length: end - from }, (_, at) => from + at).filter(
    (place) => !moved.has(place),
  );
}

function pick(statements: readonly Statement[], places: readonly number[]): readonly Statement[] {
  return places.map((place) => statements[place]!);
}

function elsewhere(
  statements: readonly Statement[],
  place: number | undefined,
): { readonly elsewhere?: Statement } {
  const statement = place === undefined ? undefined : statements[place];
  return statement === undefined ? {} : { elsewhere: statement };
}

/** Equal statements that the common order leaves out on both sides, first with first. */
function findMoved(
  a: readonly string[],
  b: readonly string[],
  same: readonly (readonly [number, number])[],
) {
  const [matchedA, matchedB] = [new Set(same.map(([x]) => x)), new Set(same.map(([, y]) => y))];
  const places = new Map<string, number[]>();
  for (const [y, key] of b.entries()) {
    const own = places.get(key);
    if (matchedB.has(y)) continue;
    if (own === undefined) places.set(key, [y]);
    else own.push(y);
  }
  const toActual = new Map<number, number>();
  const toExpected = new Map<number, number>();
  for (const [x, key] of a.entries()) {
    const y = matchedA.has(x) ? undefined : places.get(key)?.shift();
    if (y === undefined) continue;
    toActual.set(x, y);
    toExpected.set(y, x);
  }
  return { toActual, toExpected };
}
