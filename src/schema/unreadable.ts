import { GuardError } from '../model/errors.ts';
import { type RepoPath, goesThroughModules, toRepoPath } from '../model/repo-path.ts';
import type { CompiledFiles } from './modules/compile-files.ts';
import { loadingFailure, type CompileFailure, type Position } from './modules/compile-failure.ts';
import type { Reply } from './worker/protocol.ts';

type Ok = Extract<CompiledFiles, { status: 'ok' }>;
export type Failed = Extract<Reply, { status: 'failed' }>;

/** Where and why files of a tree cannot be evaluated. */
interface Unreadable extends CompileFailure {
  readonly chain: readonly RepoPath[];
}

/**
 * The message for what did not end in time. `subject`: "the schema", "the config"; `timeLimit`:
 * milliseconds.
 */
export function tookTooLong(subject: string, timeLimit: number): string {
  return `${subject} did not finish evaluating within ${timeLimit / 1000} seconds`;
}

/**
 * What a failed evaluation says about the files. `subject`: "the schema", "the config".
 * @throws GuardError where the installation is the cause: drizzle-kit itself, or a dependency of a
 * dependency.
 */
export async function unreadableBecause(
  failed: Failed,
  compiled: Ok,
  subject: string,
  install: string,
): Promise<Unreadable> {
  assertInstallation(failed, install);
  const position = await positionOf(failed, compiled);
  const loading = await loadingFailure(failed, position, compiled, install);
  const failure = loading ?? {
    path: compiled.files[0] ?? '',
    ...position,
    message: messageOf(failed, subject),
    ...detailOf(failed),
  };
  return { ...failure, chain: compiled.graph.chainTo(failure.path) };
}

/** The text of a failure; for a refusal of drizzle-kit, its own first line. */
function messageOf(failed: Failed, subject: string): string {
  switch (failed.why) {
    case 'exited':
      return `${subject} calls ${failed.message}`;
    case 'unserved':
      return `${subject} ${failed.message}`;
    case 'refused': {
      const printed = failed.output
        .trim()
        .split('\n')[0]
        ?.replace(/^\s*(?:Warning|Error)\s+/, '')
        .trim();
      return `drizzle-kit refuses ${subject}: ${printed === undefined || printed === '' ? failed.message : printed}`;
    }
    default:
      return `${subject} throws ${failed.message}`;
  }
}

function detailOf({ output, message, stack, why }: Failed): { detail?: string } {
  if (why === 'refused' && !output.trim().includes('\n')) return {};
  const lines = [
    why === 'threw' && stack !== undefined && !stack.startsWith(message)
      ? stack.split(/\n\s+at /)[0]?.trim()
      : undefined,
    output.trim(),
  ];
  const detail = lines
    .filter((text) => text !== undefined && text !== '' && text !== message)
    .join('\n');
  return detail === '' ? {} : { detail };
}

function assertInstallation(failed: Failed, install: string): void {
  if (failed.why === 'kit')
    throw new GuardError('kit-failed', `drizzle-kit cannot be used: ${failed.message}.`, {
      help: [`Install the dependencies again: ${install}`],
    });
  const { code, requiredFrom, specifier } = failed;
  if (
    (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') &&
    requiredFrom !== undefined &&
    goesThroughModules(requiredFrom)
  ) {
    throw new GuardError(
      'dependency-missing',
      `${specifier ?? 'a module'}, which an installed dependency needs, is not installed.`,
      {
        help: [`Install the dependencies: ${install}`, `It is required by ${requiredFrom}`],
      },
    );
  }
}

/** The innermost frame of the stack that is in a file of the tree. */
async function positionOf(
  { frames = [] }: Failed,
  { modules, top }: Ok,
): Promise<Position | undefined> {
  for (const { path: absolute, ...at } of frames) {
    const path = toRepoPath(top, absolute);
    const line = await modules.lineIn(absolute, at);
    if (path !== undefined && line !== undefined) return { path, line };
  }
  return undefined;
}
