import { GuardError, type GuardErrorCode } from '../../model/errors.ts';

/** Errors about the dependencies that are installed now; an old commit may need others. */
const INSTALLATION_ERRORS: ReadonlySet<GuardErrorCode> = new Set([
  'dependency-missing',
  'kit-missing',
  'kit-unsupported',
  'orm-missing',
]);

/** Whether an error is about what is installed now, not about the checked commit. */
export function isOfInstalled(error: unknown): error is GuardError {
  return error instanceof GuardError && INSTALLATION_ERRORS.has(error.code);
}

/**
 * The error with the name of the commit (full oid) that was checked; for `isOfInstalled` also how
 * to check it with its own dependencies.
 * @throws anything that is not a GuardError.
 */
export function atCommit(error: unknown, oid: string): GuardError {
  if (!(error instanceof GuardError)) throw error;
  const short = oid.slice(0, 12);
  const own =
    "If this commit needs other dependencies than today's: git worktree add --detach " +
    `../${short} ${short}, install them there, and run there: npx drizzle-guard check --commit ` +
    'HEAD';
  return new GuardError(error.code, `commit ${short}: ${error.message}`, {
    help: [...error.help, ...(isOfInstalled(error) ? [own] : [])],
    cause: error,
  });
}
