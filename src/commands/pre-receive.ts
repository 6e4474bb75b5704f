import { text as readAll } from 'node:stream/consumers';
import { GuardError } from '../model/errors.ts';
import { parseReceivedRefs } from '../git/refs/push.ts';
import type { CliContext } from '../cli-context.ts';

export interface PreReceiveArguments {
  /** `pass` or `refuse`; what git's configuration says where it is not given. */
  readonly unevaluated: string | undefined;
}

/**
 * The entry of a hook of the repository that is pushed to: reads git's lines and judges what they bring, without running
 * any of it. A push that holds nothing relevant, or no Drizzle project, goes through.
 */
export async function preReceive(
  context: CliContext,
  { unevaluated }: PreReceiveArguments,
): Promise<number> {
  if (context.stdin.isTTY === true) {
    throw new GuardError(
      'usage',
      'guard pre-receive reads the refs from standard input, and there is a terminal',
      { help: ['git itself calls it as a hook of the repository that is pushed to.'] },
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
    doing: 'reading the commits',
    judge: () => checkReceived({ cwd: context.cwd, env: context.env, refs, ...policy }),
    wayOut: undefined,
  });
}
