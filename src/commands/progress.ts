import type { CliContext } from '../cli-context.ts';

/** How long a check may take before a progress line appears, in milliseconds. */
const DELAY = 500;

/** How often the line then shows how long it has taken, so that it does not look stuck. */
const TICK = 1000;

export interface Progress {
  /** Called before each commit with its position (from 1) and the total. */
  readonly step: (at: number, of: number) => void;
  readonly done: () => void;
}

/**
 * One line on a terminal, only for work that takes longer than half a second. It is cleared when
 * the work is done, also by a signal: after Ctrl-C the prompt has a clean line. A terminal that
 * cannot clear a line (`TERM=dumb`) gets none.
 */
export function showProgress(
  { stderr, env, onStop }: Pick<CliContext, 'stderr' | 'env' | 'onStop'>,
  what: string,
): Progress {
  if (stderr.isTTY !== true || env['TERM'] === 'dumb')
    return { step: () => undefined, done: () => undefined };
  let line = `drizzle-guard: ${what} ...`;
  let stopListening: (() => void) | undefined;
  let shown = false;
  let seconds = 0;
  let ticking: ReturnType<typeof setInterval> | undefined;
  const clear = (): void => void stderr.write(CLEARED);
  const show = (): void => {
    // Only once there is a line to clear: until then the default action of the signal ends even a
    // busy process.
    stopListening ??= onStop?.(clear);
    // A line that the terminal wraps cannot be cleared completely.
    const text = seconds === 0 ? line : `${line} ${seconds} s`;
    stderr.write(`${shown ? CLEARED : ''}${text.slice(0, (stderr.columns || 80) - 1)}`);
    shown = true;
  };
  const timer = setTimeout(() => {
    show();
    ticking = setInterval(() => {
      seconds += TICK / 1000;
      show();
    }, TICK);
  }, DELAY);
  return {
    step: (at, of) => {
      line = `drizzle-guard: commit ${at} of ${of} ...`;
      if (shown) show();
    },
    done: () => {
      clearTimeout(timer);
      clearInterval(ticking);
      if (shown) clear();
      shown = false;
      stopListening?.();
      stopListening = undefined;
    },
  };
}

/** Carriage return, then clear the line. */
const CLEARED = '\r\u001B[2K';
