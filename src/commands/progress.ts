import type { CliContext } from '../cli-context.ts';

/** How long a check may take before it says that it is at work, in milliseconds. */
const PATIENCE = 500;

export interface Progress {
  /** The how manieth commit of how many is looked at now. */
  readonly step: (at: number, of: number) => void;
  readonly done: () => void;
}

/**
 * One line on a terminal, only for work that takes longer than half a second; gone when the work is done, and when a
 * signal ends it: Ctrl-C leaves the prompt a clean line. A terminal that cannot wipe a line (`TERM=dumb`) is shown none.
 */
export function showProgress(
  { stderr, env, onStop }: Pick<CliContext, 'stderr' | 'env' | 'onStop'>,
  what: string,
): Progress {
  if (stderr.isTTY !== true || env['TERM'] === 'dumb')
    return { step: () => undefined, done: () => undefined };
  let line = `drizzle-guard: ${what} ...`;
  let unheard: (() => void) | undefined;
  let shown = false;
  const wipe = (): void => void stderr.write(CLEARED);
  const show = (): void => {
    // Not before there is a line to wipe: until then the system itself ends the process, whatever that is busy with.
    unheard ??= onStop?.(wipe);
    // A line that the terminal breaks cannot be wiped whole.
    stderr.write(`${shown ? CLEARED : ''}${line.slice(0, (stderr.columns || 80) - 1)}`);
    shown = true;
  };
  const timer = setTimeout(show, PATIENCE);
  return {
    step: (at, of) => {
      line = `drizzle-guard: commit ${at} of ${of} ...`;
      if (shown) show();
    },
    done: () => {
      clearTimeout(timer);
      if (shown) wipe();
      shown = false;
      unheard?.();
      unheard = undefined;
    },
  };
}

/** Back to the start of the line, which is wiped. */
const CLEARED = '\r\u001B[2K';
