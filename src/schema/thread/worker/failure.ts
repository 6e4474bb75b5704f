import type { Failure } from '../protocol.ts';

/**
 * Thrown when a file is read in a way that only the disk can serve, and the disk has a different
 * file.
 */
export class UnservedRead extends Error {}

/** Thrown instead of exiting. */
export class ExitCalled extends Error {
  constructor(code: number) {
    super(`process.exit(${code})`);
  }
}

/** A thrown value, which may be anything, as plain data. */
export function describe(thrown: unknown, why: Failure['why']): Failure {
  if (thrown instanceof ExitCalled && why === 'threw')
    return { why: 'exited', message: thrown.message, ...stackOf(thrown) };
  if (thrown instanceof UnservedRead)
    return { why: 'unserved', message: firstLine(thrown.message), ...stackOf(thrown) };
  if (!isErrorLike(thrown)) return { why, message: firstLine(String(thrown)) };
  const code = typeof thrown.code === 'string' ? thrown.code : undefined;
  const missing =
    code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND'
      ? /Cannot find (?:module|package) '([^']+)'/.exec(thrown.message)?.[1]
      : undefined;
  const requiredFrom =
    Array.isArray(thrown.requireStack) && typeof thrown.requireStack[0] === 'string'
      ? thrown.requireStack[0]
      : undefined;
  const issue = firstIssue(thrown);
  const name = typeof thrown.name === 'string' && thrown.name !== 'Error' ? `${thrown.name}: ` : '';
  return {
    why,
    message: firstLine(`${name}${issue ?? thrown.message}`),
    ...stackOf(thrown),
    ...(code === undefined ? {} : { code }),
    ...(requiredFrom === undefined ? {} : { requiredFrom }),
    ...(missing === undefined ? {} : { specifier: missing }),
  };
}

/**
 * The first issue of a ZodError in one line: its message is the JSON of all issues (zod 3, which
 * drizzle-kit bundles).
 */
function firstIssue(thrown: ErrorLike): string | undefined {
  const first: unknown =
    thrown.name === 'ZodError' && Array.isArray(thrown.issues) ? thrown.issues[0] : undefined;
  if (typeof first !== 'object' || first === null || !('path' in first) || !('message' in first))
    return undefined;
  return `${Array.isArray(first.path) ? first.path.join('.') : ''}: ${String(first.message)}`;
}

interface ErrorLike {
  readonly message: string;
  readonly name?: unknown;
  readonly issues?: unknown;
  readonly stack?: unknown;
  readonly code?: unknown;
  readonly requireStack?: unknown;
}

function isErrorLike(value: unknown): value is ErrorLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

function stackOf(thrown: unknown): { stack?: string } {
  return isErrorLike(thrown) && typeof thrown.stack === 'string' ? { stack: thrown.stack } : {};
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? '';
}
