import { GuardError, type GuardErrorCode } from '../../model/errors.ts';

/** What is said of the dependencies that are installed now, which an old commit need not have had. */
const OF_WHAT_IS_INSTALLED: ReadonlySet<GuardErrorCode> = new Set([
  'dependency-missing',
  'kit-missing',
  'kit-unsupported',
  'orm-missing',
]);

/** Whether what stood in the way is installed otherwise today than a commit needs it. */
export function isOfInstalled(error: unknown): error is GuardError {
  return error instanceof GuardError && OF_WHAT_IS_INSTALLED.has(error.code);
}

/**
 * What stood in the way, with the commit (full oid) that was looked at, and where that is not what is installed for.
 * @throws whatever is no GuardError.
 */
export function atCommit(error: unknown, oid: string): GuardError {
  if (!(error instanceof GuardError)) throw error;
  const short = oid.slice(0, 12);
  const own = `If it needs other dependencies than today's: git worktree add --detach ../${short} ${short}, install them there, and run there: guard check --commit HEAD`;
  return new GuardError(error.code, `commit ${short}: ${error.message}`, {
    help: [...error.help, ...(isOfInstalled(error) ? [own] : [])],
    cause: error,
  });
}
