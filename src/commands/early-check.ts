import { startEarly, type EarlyStart } from '../check/early.ts';
import type { World } from '../main.ts';

/**
 * What `guard check` can begin before its options are parsed: loading the parser alone takes as long as starting a thread.
 * Whoever gets it closes it.
 */
export function earlyCheck({ argv, cwd, env }: World): EarlyStart | undefined {
  return startEarly({ cwd, env, cache: !argv.includes('--no-cache') });
}
