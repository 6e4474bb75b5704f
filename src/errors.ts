/** Why the guard could not look. Each code is stable; `help` says what to do about it. */
export type GuardErrorCode =
  | 'usage'
  | 'git-missing'
  | 'not-a-repository'
  | 'bare-repository'
  | 'git-failed'
  | 'object-missing'
  | 'unknown-revision'
  | 'index-unmerged'
  | 'no-project'
  | 'guard-config-invalid'
  | 'kit-missing'
  | 'kit-unsupported'
  | 'orm-missing'
  | 'dependency-missing'
  | 'dialect-unsupported'
  | 'kit-failed'
  | 'evaluation-failed'
  | 'internal';

/**
 * "Could not look": exit code 2, never a verdict. A user's mistake in the repository is a `Finding`, not this.
 * `message` is one sentence; `help` is what to type or change, one line an entry.
 */
export class GuardError extends Error {
  override readonly name = 'GuardError';
  readonly code: GuardErrorCode;
  readonly help: readonly string[];

  constructor(code: GuardErrorCode, message: string, options: { help?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.help = options.help ?? [];
  }
}
