import { text as readAll } from 'node:stream/consumers';
import { GuardError } from '../model/errors.ts';
import { parseReceivedRefs } from '../git/refs/push.ts';
import type { CliContext } from '../cli-context.ts';

export interface PreReceiveArguments {
  /** `pass` or `refuse`; undefined to take it from git's configuration. */
  readonly unevaluated: string | undefined;
}

/**
 * The entry of the hook on the server: reads git's lines and checks the pushed commits without
 * running any of their code. A push without relevant changes or without a Drizzle project passes.
 */
export async function preReceive(
  context: CliContext,
  { unevaluated }: PreReceiveArguments,
): Promise<number> {
  if (context.stdin.isTTY === true) {
    throw new GuardError(
      'usage',
      'guard pre-receive reads refs from standard input, but that is a terminal',
      { help: ['git calls it as a hook of the repository on the server.'] },
    );
  }
  const refs = parseReceivedRefs(await readAll(context.stdin));
  const [{ checkReceived, policyOf }, { inHook }] = await Promise.all([
    import('../check/push/receive.ts'),
    import('./in-hook.ts'),
  ]);
  const policy =
    unevaluated === undefined ? {} : { unevaluated: policyOf(unevaluated, '--unevaluated') };
  if (refs.length === 0) return 0;
  return inHook(context, {
    activity: 'reading the commits',
    run: () => checkReceived({ cwd: context.cwd, env: context.env, refs, ...policy }),
    bypass: undefined,
  });
}
