import { text as readAll } from 'node:stream/consumers';
import { GuardError } from '../model/errors.ts';
import { parsePushRefs, type PushedRef } from '../git/refs/push.ts';
import type { CliContext } from '../cli-context.ts';

export interface PrePushArguments {
  /**
   * The remote's name, or its URL where it has none; undefined where another tool calls the hook
   * without it.
   */
  readonly remote: string | undefined;
  readonly cache?: boolean;
}

/**
 * The entry of the hook: reads git's lines and checks every commit that the remote does not have. A
 * push without relevant changes or without a Drizzle project passes.
 */
export async function prePush(
  context: CliContext,
  { remote, cache = true }: PrePushArguments,
): Promise<number> {
  const refs = await readRefs(context);
  if (refs.length === 0) return 0;
  const [{ checkPush }, { inHook }] = await Promise.all([
    import('../check/push/push.ts'),
    import('./in-hook.ts'),
  ]);
  const { cwd, env } = context;
  return inHook(context, {
    activity: 'reading the commits',
    run: ({ step }) =>
      checkPush({
        cwd,
        env,
        remote: remote ?? env['PRE_COMMIT_REMOTE_NAME'] ?? 'origin',
        refs,
        cache,
        onCommit: step,
      }),
    bypass: 'To push anyway: git push --no-verify.',
  });
}

/**
 * The pre-commit framework reads git's lines itself and passes one ref in the environment; for a
 * push with a root commit it passes no oids, only the branches (`_pre_push_ns` in its
 * hook_impl.py).
 */
async function readRefs({ stdin, env }: CliContext): Promise<readonly PushedRef[]> {
  if (stdin.isTTY === true) {
    throw new GuardError(
      'usage',
      'guard pre-push reads refs from standard input, but that is a terminal',
      {
        help: ['git calls it as a hook. By hand: npx drizzle-guard check --base origin/main'],
      },
    );
  }
  const lines = await readAll(stdin);
  const {
    PRE_COMMIT_FROM_REF: from,
    PRE_COMMIT_TO_REF: to,
    PRE_COMMIT_LOCAL_BRANCH: local,
    PRE_COMMIT_REMOTE_BRANCH: remote,
  } = env;
  const pushed = to ?? local;
  if (lines !== '' || pushed === undefined || remote === undefined) return parsePushRefs(lines);
  return [
    {
      localRef: local ?? pushed,
      localOid: pushed,
      remoteRef: remote,
      ...(from === undefined ? {} : { remoteOid: from }),
    },
  ];
}
