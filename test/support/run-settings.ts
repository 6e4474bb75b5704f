/** True: everything runs that CI takes a sample of (`npm run test:nightly`). */
export const WHOLE = process.env['GUARD_TEST_WHOLE'] === '1';

/** Chooses samples and random cases. A failure comes again with the same `GUARD_TEST_SEED`. */
export const SEED = Number(process.env['GUARD_TEST_SEED'] ?? 20_240_506);

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Every `one`-th of a list, beginning at a position that the seed chooses; all of it in a whole
 * run.
 */
export function sample<T>(all: readonly T[], one: number): readonly T[] {
  return WHOLE ? all : all.filter((_, position) => (position + SEED) % one === 0);
}
