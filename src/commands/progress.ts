import type { World } from '../main.ts';

/** How long a check may take before it says that it is at work, in milliseconds. */
const PATIENCE = 500;

/** One line on a terminal, only for work that takes longer than half a second; gone when the work is done. */
export function showProgress(world: Pick<World, 'stderr'>, what: string): { readonly done: () => void } {
  if (world.stderr.isTTY !== true) return { done: () => undefined };
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    world.stderr.write(`drizzle-guard: ${what} ...`);
  }, PATIENCE);
  return {
    done: () => {
      clearTimeout(timer);
      if (shown) world.stderr.write('\r\u001B[2K');
    },
  };
}
