import { inspect } from 'node:util';
import { goesThroughModules } from '../../../model/repo-path.ts';
import type { Failure, Frame } from '../protocol.ts';
import { NoConfig } from './plain-config.ts';

/** Characters of a message that are kept, and of everything else that an error says. */
const MOST_MESSAGE = 1000;
const MOST_TEXT = 32 * 1024;

/**
 * Thrown when a file is read in a way that only the disk can serve, and the disk has a different
 * file.
 */
export class UnservedRead extends Error {}

/** Thrown for a file that cannot be compiled. */
export class NotCompiled extends SyntaxError {
  /** Absolute. */
  readonly path: string;

  constructor(message: string, path: string) {
    super(message);
    this.path = path;
  }
}

/** Thrown instead of exiting. */
export class ExitCalled extends Error {
  constructor(code: number) {
    super(`process.exit(${code})`);
  }
}

/**
 * A thrown value, which may be anything, as plain data. It never throws.
 * @param hide takes out of a text what must reach no output
 */
export function describe(
  thrown: unknown,
  why: Failure['why'],
  hide: (text: string) => string = (text) => text,
): Failure {
  try {
    const failure = read(thrown, why);
    const { stack, specifier } = failure;
    return {
      ...failure,
      ...(specifier === undefined ? {} : { specifier: hide(specifier) }),
      message: firstLine(hide(failure.message)),
      ...(stack === undefined ? {} : { stack: shortened(hide(stack)) }),
    };
  } catch {
    return { why, message: 'something whose message cannot be read' };
  }
}

/** Everything that a thrown value says, with the errors and issues in it. It never throws. */
export function everythingIn(thrown: unknown): string {
  try {
    return shortened(
      inspect(thrown, { customInspect: false, depth: 6, maxStringLength: MOST_TEXT }),
    );
  } catch {
    return '';
  }
}

/** Whether no environment variable can be the cause: the installation is, or a file. */
export function isNoVariables(thrown: unknown): boolean {
  const { why, code } = describe(thrown, 'threw');
  return why === 'unserved' || code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
}

function read(thrown: unknown, why: Failure['why']): Failure {
  if (thrown instanceof ExitCalled && why === 'threw')
    return { why: 'exited', message: thrown.message, ...stackOf(thrown) };
  if (thrown instanceof UnservedRead || thrown instanceof NoConfig)
    return { why: 'unserved', message: thrown.message, ...stackOf(thrown) };
  if (!isErrorLike(thrown)) return { why, message: String(thrown) };
  const code = typeof thrown.code === 'string' ? thrown.code : undefined;
  const missing =
    code === undefined
      ? undefined
      : /^Cannot find (?:module|package) '([^']+)'/.exec(thrown.message)?.[1];
  const requiredFrom =
    Array.isArray(thrown.requireStack) && typeof thrown.requireStack[0] === 'string'
      ? thrown.requireStack[0]
      : undefined;
  if (thrown instanceof NotCompiled)
    return { why, message: thrown.message, broken: thrown.path, ...stackOf(thrown) };
  const issue = firstIssue(thrown);
  const name = typeof thrown.name === 'string' && thrown.name !== 'Error' ? `${thrown.name}: ` : '';
  return {
    why,
    message: `${name}${issue ?? thrown.message}`,
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

function stackOf(thrown: unknown): Pick<Failure, 'stack' | 'frames'> {
  if (!isErrorLike(thrown) || typeof thrown.stack !== 'string') return {};
  return { stack: thrown.stack, frames: framesIn(shortened(thrown.stack)) };
}

/** In front of an error of syntax node writes where it is; it has no column. */
const FRAME =
  /^(?:\s+at (?:.*\()?)?(?:file:\/\/)?(\/[^():]*|[A-Za-z]:[^():]*):(\d+)(?::(\d+)\)?)?$/gm;

function framesIn(stack: string): readonly Frame[] {
  return Array.from(stack.matchAll(FRAME), ([, path = '', line, column]) => ({
    path,
    line: Number(line),
    column: Number(column ?? 1),
  })).filter(({ path }) => !goesThroughModules(path));
}

function firstLine(text: string): string {
  const [line = ''] = text.slice(0, MOST_TEXT).split('\n');
  return line.length > MOST_MESSAGE ? `${line.slice(0, MOST_MESSAGE).trim()} ...` : line.trim();
}

/** The beginning, and the end, where a stack has its frames. */
function shortened(text: string): string {
  const half = MOST_TEXT / 2;
  return text.length > MOST_TEXT ? `${text.slice(0, half)} ...\n${text.slice(-half)}` : text;
}
