import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Git } from '../../git/git.ts';
import { singleQuoted } from '../../model/shell-quote.ts';

/** How a git command ended that ran with its hooks. */
export interface RunResult {
  readonly exitCode: number;
  /** Standard output and standard error, without colours. */
  readonly output: string;
  readonly inTime: boolean;
}

/**
 * Runs a command in the sandbox as a person would: with their environment.
 * @param sandbox `top`: absolute path; `git` runs there and has the alias `with-timeout`
 * (`timeoutScript`)
 * @param argv "git" and its arguments, or another program that calls git
 * @param seconds the time limit
 */
export async function runWithTimeout(
  { top, git }: { readonly top: string; readonly git: Git },
  argv: readonly string[],
  seconds: number,
): Promise<RunResult> {
  const output = join(dirname(top), 'output');
  const late = join(dirname(top), 'late');
  await Promise.all([rm(output, { force: true }), rm(late, { force: true })]);
  const { exitCode } = await git.run(['with-timeout', String(seconds), ...argv], { ok: EVERY });
  const [text, inTime] = await Promise.all([
    readFile(output, 'utf8').catch(() => ''),
    readFile(late).then(
      () => false,
      () => true,
    ),
  ]);
  return { exitCode, output: stripVTControlCharacters(text), inTime };
}

const EVERY = Array.from({ length: 256 }, (_, code) => code);

/**
 * A hook may run for ever, leave programs behind, or wait for an answer that nobody gives. So git
 * gets a session of its own (where there is no `setsid`, on a Mac, the shell's job control gives it
 * a process group), which is result as one: after the time limit, when git has result, and when the
 * sandbox is gone because the doctor was interrupted. The output goes to a file: a pipe would stay
 * open as long as anything that a hook started.
 */
export function timeoutScript(locale: string | undefined): string {
  return `limit=$1; shift
around=$(dirname "$0")
unset $(git rev-parse --local-env-vars) GIT_OPTIONAL_LOCKS GIT_NO_LAZY_FETCH GIT_ALLOW_PROTOCOL GIT_TERMINAL_PROMPT GIT_NO_REPLACE_OBJECTS LC_ALL
${locale === undefined ? '' : `LC_ALL=${singleQuoted(locale)}; export LC_ALL\n`}if command -v setsid >/dev/null 2>&1; then
  setsid "$@" </dev/null >"$around/output" 2>&1 &
else
  set -m
  "$@" </dev/null >"$around/output" 2>&1 &
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
