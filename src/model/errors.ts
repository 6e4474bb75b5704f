/** Every reason for which the guard may not be able to look. Each is stable; the error's `help` says what to do about it. */
export const GUARD_ERROR_CODES = [
  'usage',
  'git-missing',
  'not-a-repository',
  'bare-repository',
  'git-failed',
  'object-missing',
  'unknown-revision',
  'index-unmerged',
  'no-project',
  'guard-config-invalid',
  'kit-missing',
  'kit-unsupported',
  'orm-missing',
  'dependency-missing',
  'dialect-unsupported',
  'kit-failed',
  'evaluation-failed',
  'not-evaluated',
  'output-failed',
  'internal',
] as const;

/** Why the guard could not look. */
export type GuardErrorCode = (typeof GUARD_ERROR_CODES)[number];

/**
 * "Could not look": exit code 2, never a verdict. A user's mistake in the repository is a `Finding`, not this.
 * `message` is one sentence; `help` is what to type or change, one line an entry.
 */
export class GuardError extends Error {
  override readonly name = 'GuardError';
  /** Stable: for programs. */
  readonly code: GuardErrorCode;
  /** What to do about it, for people: one line an entry; may be empty. */
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
