import { startEarly, type EarlyStart } from '../schema/warm-up.ts';
import type { CliContext } from '../cli-context.ts';

/**
 * What `guard check` can begin before its options are parsed: loading the parser alone takes as long as starting a thread.
 * Whoever gets it closes it.
 */
export function earlyCheck({ argv, cwd, env }: CliContext): EarlyStart | undefined {
  return startEarly({ cwd, env, cache: !argv.includes('--no-cache') });
}
