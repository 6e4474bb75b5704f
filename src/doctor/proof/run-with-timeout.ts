import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Sandbox } from './sandbox.ts';

/** What became of a command of git, with hooks and all. */
export interface Watched {
  readonly exitCode: number;
  /** Both outputs, without colours. */
  readonly said: string;
  readonly inTime: boolean;
}

/**
 * Runs a command in the sandbox as a person would: with their environment, without what is set for a reader.
 * @param argv "git" and its arguments, or another program that calls git; @param seconds the time limit.
 */
export async function watched(
  sandbox: Sandbox,
  argv: readonly string[],
  seconds: number,
): Promise<Watched> {
  const said = join(dirname(sandbox.top), 'said');
  const late = join(dirname(sandbox.top), 'late');
  await Promise.all([rm(said, { force: true }), rm(late, { force: true })]);
  const { exitCode } = await sandbox.git.run(['watched', String(seconds), ...argv], { ok: EVERY });
  const [text, inTime] = await Promise.all([
    readFile(said, 'utf8').catch(() => ''),
    readFile(late).then(
      () => false,
      () => true,
    ),
  ]);
  return { exitCode, said: stripVTControlCharacters(text), inTime };
}

const EVERY = Array.from({ length: 256 }, (_, code) => code);

/**
 * A hook may run for ever, leave programs behind, or wait for an answer that nobody gives. So git gets a session of its
 * own (where there is no `setsid`, on a Mac, the shell's job control gives it a process group), which is ended as one:
 * after the time limit, when git has ended, and when the sandbox is gone because the doctor was interrupted. The output
 * goes to a file: a pipe would stay open as long as anything that a hook started.
 */
export function watchedScript(locale: string | undefined): string {
  return `limit=$1; shift
around=$(dirname "$0")
unset $(git rev-parse --local-env-vars) GIT_OPTIONAL_LOCKS GIT_NO_LAZY_FETCH GIT_ALLOW_PROTOCOL GIT_TERMINAL_PROMPT GIT_NO_REPLACE_OBJECTS LC_ALL
${locale === undefined ? '' : `LC_ALL='${locale.replaceAll("'", String.raw`'\''`)}'; export LC_ALL\n`}if command -v setsid >/dev/null 2>&1; then
  setsid "$@" </dev/null >"$around/said" 2>&1 &
else
  set -m
  "$@" </dev/null >"$around/said" 2>&1 &
fi
group=$!
(
  left=$limit
  while [ -d "$around" ] && [ "$left" -gt 0 ]; do sleep 1; left=$((left - 1)); done
  [ -d "$around" ] && : >"$around/late"
  kill -s TERM -- "-$group"
  sleep 1
  kill -s KILL -- "-$group"
) </dev/null >/dev/null 2>&1 &
watcher=$!
wait "$group"
code=$?
kill "$watcher"
kill -s KILL -- "-$group" 2>/dev/null
exit "$code"
`;
}
