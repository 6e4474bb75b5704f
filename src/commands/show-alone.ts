import type { CliContext } from '../cli-context.ts';
import { parsed } from './parsed.ts';
import { addShow } from './show-options.ts';

/** `guard show`, without all that the other commands load. @returns the exit code. */
export function runShow(context: CliContext): Promise<number> {
  return parsed(context, (program, done) => {
    addShow(program, context, done);
  });
}
