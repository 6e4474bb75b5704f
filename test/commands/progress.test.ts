import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showProgress } from '../../src/commands/progress.ts';

const CLEARED = '\r\u001B[2K';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A terminal, or what takes its place, and what is tidied up when a signal comes. */
function place(
  over: {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
) {
  const written: string[] = [];
  const heard = new Set<() => void>();
  const { env = {}, isTTY = true, columns = 80 } = over;
  const onStop = (tidy: () => void) => {
    heard.add(tidy);
    return () => void heard.delete(tidy);
  };
  return {
    written,
    heard,
    world: { env, onStop, stderr: { isTTY, columns, write: (text: string) => written.push(text) } },
  };
}

describe('the progress line', () => {
  it('does not come before half a second, nor for work that is done by then', () => {
    const { written, heard, world } = place();
    const progress = showProgress(world, 'reading the schema');
    progress.step(1, 3);
    vi.advanceTimersByTime(499);
    progress.done();
    vi.advanceTimersByTime(5000);
    expect({ written, heard: heard.size }).toEqual({ written: [], heard: 0 });
  });

  it('says what is done, then which commit of how many, each in the place of the one before, and goes', () => {
    const { written, heard, world } = place();
    const progress = showProgress(world, 'reading the schema');
    vi.advanceTimersByTime(500);
    progress.step(2, 3);
    progress.step(3, 3);
    expect(heard.size).toBe(1);
    progress.done();
    progress.done();
    expect(written).toEqual([
      'drizzle-guard: reading the schema ...',
      `${CLEARED}drizzle-guard: commit 2 of 3 ...`,
      `${CLEARED}drizzle-guard: commit 3 of 3 ...`,
      CLEARED,
    ]);
    expect(heard.size).toBe(0);
  });

  it('moves while one thing takes long', () => {
    const { written, world } = place();
    const progress = showProgress(world, 'testing the hooks');
    vi.advanceTimersByTime(2600);
    progress.done();
    vi.advanceTimersByTime(5000);
    expect(written).toEqual([
      'drizzle-guard: testing the hooks ...',
      `${CLEARED}drizzle-guard: testing the hooks ... 1 s`,
      `${CLEARED}drizzle-guard: testing the hooks ... 2 s`,
      CLEARED,
    ]);
  });

  it('begins with the commit that is looked at', () => {
    const { written, world } = place();
    const progress = showProgress(world, 'reading the commits');
    progress.step(4, 12);
    vi.advanceTimersByTime(500);
    progress.done();
    expect(written).toEqual(['drizzle-guard: commit 4 of 12 ...', CLEARED]);
  });

  it('is wiped when a signal comes', () => {
    const { written, heard, world } = place();
    showProgress(world, 'reading the schema');
    vi.advanceTimersByTime(500);
    for (const tidy of heard) tidy();
    expect(written.at(-1)).toBe(CLEARED);
  });

  it('fits on one line', () => {
    const { written, world } = place({ columns: 20 });
    showProgress(world, 'reading the schema').step(100, 200);
    vi.advanceTimersByTime(500);
    expect(written).toEqual(['drizzle-guard: comm']);
    const unknown = place({ columns: 0 });
    showProgress(unknown.world, 'reading the schema');
    vi.advanceTimersByTime(500);
    expect(unknown.written).toEqual(['drizzle-guard: reading the schema ...']);
  });

  it.each([
    ['where there is no terminal', { isTTY: false }],
    ['on one that cannot wipe a line', { env: { TERM: 'dumb' } }],
  ])('is not shown %s', (_, over) => {
    const { written, world } = place(over);
    const progress = showProgress(world, 'reading the schema');
    vi.advanceTimersByTime(5000);
    progress.step(1, 2);
    progress.done();
    expect(written).toEqual([]);
  });
});
