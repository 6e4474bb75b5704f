import type { CompiledFiles } from './modules/compile-files.ts';
import type { Code, Reply } from './worker/protocol.ts';

/** More than any chain of installed packages that await at their top. */
const MOST_ROUNDS = 10;

/**
 * Asks the process, and again where files turn out to await at their top that were not known to be
 * loaded: installed packages.
 */
export async function askAsLoaded(
  { code, modules }: Extract<CompiledFiles, { status: 'ok' }>,
  ask: (code: Code) => Promise<Reply | 'timeout'>,
): Promise<Reply | 'timeout'> {
  let reply = await ask(code);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (reply === 'timeout' || !(await modules.waitForMore())) break;
    reply = await ask({ files: code.files, ...(await modules.gather(code.files)) });
  }
  return reply;
}
