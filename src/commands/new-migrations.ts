import type { Arrival, Moved } from '../check/new-migrations.ts';
import type { CliContext } from '../cli-context.ts';
import { counted } from '../model/words.ts';

/**
 * The hooks post-merge and post-checkout. With any arguments and after any error: exit code 0,
 * nothing on stdout.
 */
export function announceMigrations(context: CliContext): Promise<0> {
  const [hook, ...args] = context.argv;
  return hook === 'post-merge' ? postMerge(context, args) : postCheckout(context, args);
}

/**
 * The entry after a merge or a pull: `guard post-merge <squash>`.
 * @param squash "1" where the merge was squashed (githooks(5)): then HEAD has not moved, and the
 * index has the changes.
 * @returns always 0: git ignores the exit code, and a hint is not worth a failure.
 */
function postMerge(context: CliContext, [squash]: readonly (string | undefined)[]): Promise<0> {
  return hint(
    context,
    squash === '1'
      ? { from: 'HEAD', onward: false }
      : { from: 'ORIG_HEAD', to: 'HEAD', onward: true },
  );
}

/**
 * The entry after a checkout or a switch: `guard post-checkout <old> <new> <flag>`. Silent for a
 * checkout of files (flag "0") and for a clone or a new worktree, which have no previous commit (an
 * old oid of zeros).
 * @returns always 0.
 */
async function postCheckout(
  context: CliContext,
  [from, to, flag]: readonly (string | undefined)[],
): Promise<0> {
  if (flag !== '1' || !isCommit(from) || !isCommit(to) || from === to) return 0;
  return hint(context, { from, to, onward: false });
}

function isCommit(oid: string | undefined): oid is string {
  return oid !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(oid) && !/^0+$/.test(oid);
}

async function hint({ cwd, env, stderr }: CliContext, moved: Moved): Promise<0> {
  try {
    const { arrivedMigrations } = await import('../check/new-migrations.ts');
    const arrivals = await arrivedMigrations({ cwd, env }, moved);
    for (const arrival of arrivals)
      stderr.write(
        `drizzle-guard: ${arrivals.length > 1 ? `${arrival.out}: ` : ''}${lineOf(arrival)}\n`,
      );
  } catch {
    // A hint is best effort. The checks report errors.
  }
  return 0;
}

function lineOf({ arrived, left, late, newest, migrate }: Arrival): string {
  const gone =
    `${counted(left.length, 'migration')} ${left.length === 1 ? 'is' : 'are'} not in this ` +
    `version (${named(left)}): a database that has applied ${left.length === 1 ? 'it' : 'them'} ` +
    'is ahead of the schema';
  if (arrived.length === 0) return gone;
  const parts = [
    `${counted(arrived.length, 'new migration')} ` +
      `arrived: ${migrate === undefined ? 'the app applies migrations itself' : `run \`${migrate}\``}`,
  ];
  // Also where `newest` itself has gone: what matters is what a database has applied.
  if (late.length > 0 && newest !== undefined)
    parts.push(
      `but a database that has applied ${newest.tag} silently skips ${named(late)}, which has an earlier date`,
    );
  else if (left.length > 0) parts.push(gone);
  return parts.join('; ');
}

function named(entries: readonly { readonly tag: string }[]): string {
  const tags = entries.map(({ tag }) => tag);
  return tags.length <= 3
    ? tags.join(', ')
    : `${tags.slice(0, 2).join(', ')} and ${tags.length - 2} more`;
}
