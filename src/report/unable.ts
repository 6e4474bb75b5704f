import type { GuardError } from '../errors.ts';
import type { World } from '../main.ts';
import { paint } from './paint.ts';
import { unable } from './report.ts';

/** Says that the guard could not look, and what to do: to standard error, or as JSON to standard output if that was asked for. */
export function printUnable(world: World, error: GuardError, verbose: boolean): void {
  if (wantsJson(world.argv)) {
    world.stdout.write(`${JSON.stringify(unable(error), null, 2)}\n`);
    if (!verbose) return;
  }
  const { bold, dim, yellow } = paint(world.stderr, world.env);
  const lines = [`${yellow('?')} ${bold('drizzle-guard could not look')}: ${error.message} ${dim(`[${error.code}]`)}`, ...error.help.map((line) => `  ${line}`)];
  if (verbose) for (let at: unknown = error; at instanceof Error; at = at.cause) lines.push(dim(at.stack ?? String(at)));
  world.stderr.write(`${lines.join('\n')}\n`);
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, at) => word === '--format=json' || (word === '--format' && argv[at + 1] === 'json'));
}
