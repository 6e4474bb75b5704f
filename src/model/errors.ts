/**
 * Every reason why the guard cannot check. The codes are stable; the error's `help` describes what
 * to do.
 */
export const GUARD_ERROR_CODES = [
  'usage',
  'git-missing',
  'not-a-repository',
  'bare-repository',
  'git-failed',
  'object-missing',
  'unknown-revision',
  'index-unmerged',
  'rebase-unfinished',
  'no-project',
  'guard-config-invalid',
  'kit-missing',
  'kit-unsupported',
  'orm-missing',
  'dependency-missing',
  'dialect-unsupported',
  'kit-failed',
  'evaluation-failed',
  'variable-missing',
  'not-evaluated',
  'output-failed',
  'rows-invalid',
  'history-unreadable',
  'driver-missing',
  'database-failed',
  'internal',
] as const;

/** Why the guard could not check. */
export type GuardErrorCode = (typeof GUARD_ERROR_CODES)[number];

/**
 * The guard could not check: exit code 2, never a verdict. A user's mistake in the repository is a
 * `Finding` instead. `message` is one sentence; each line of `help` is something to type or change.
 */
export class GuardError extends Error {
  /** Each file of the built command line has a class of its own (.ci/bundles.mjs). */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'GuardError' && 'code' in value;
  }

  override readonly name = 'GuardError';
  /** Stable: for programs. */
  readonly code: GuardErrorCode;
  /** What to do about it, for people: one entry a line; may be empty. */
  readonly help: readonly string[];

  constructor(
    code: GuardErrorCode,
    message: string,
    options: { help?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.help = options.help ?? [];
  }
}
