import type { CliContext } from '../cli-context.ts';
import { openRepository } from '../git/repository.ts';
import { parsed } from './parsed.ts';
import { addShow } from './show-options.ts';

/** `guard show`, without all that the other commands load. @returns the exit code. */
export function runShow(context: CliContext): Promise<number> {
  // git starts while the rest is loaded.
  const opening = openRepository(context);
  opening.catch(() => undefined);
  return parsed(context, (program, done) => {
    addShow(program, context, done, opening);
  });
}
