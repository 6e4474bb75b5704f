import { shellWord } from '../../model/shell-quote.ts';
import type { Command } from './shell-words.ts';

/** What starts another program, and sets nothing that is not read elsewhere. */
const KNOWN =
  /^(?:node|tsx|ts-node|deno|env|cross-env|cross-env-shell|dotenv|dotenv-cli|dotenvx|env-cmd|time|timeout|nice|exec|command|concurrently|nodemon|turbo|sh|bash|zsh)(?:\.cmd|@.*)?$/;
const RUNNERS = /^(?:npx|npm|pnpm|pnpx|yarn|bun|bunx|corepack)(?:@.*)?$/;
const RUNS = /^(?:exec|x|dlx|run|npm|pnpm|yarn)$/;
/** Options of the runners that have a value. */
const WITH_VALUE = /^(?:-C|--dir|--cwd|--prefix|-w|--workspace|-F|--filter|-p|--package)$/;

/**
 * The command that a script runs drizzle-kit under and that may set anything: `doppler run --`,
 * `sst shell`.
 * @param words those in front of drizzle-kit
 * @returns it as it may be pasted in front of another program; undefined where there is none
 */
export function unknownWrapper(words: Command): string | undefined {
  const start = words.findIndex((word) => !/^\w+=/.test(word));
  const first = words[start];
  if (first === undefined || KNOWN.test(first)) return undefined;
  if (RUNNERS.test(first)) {
    const run = words.slice(start + 1).find((word, at, rest) => {
      const isValue = WITH_VALUE.test(rest[at - 1] ?? '');
      return !isValue && !word.startsWith('-') && !RUNS.test(word);
    });
    if (run === undefined || KNOWN.test(run) || RUNNERS.test(run)) return undefined;
  }
  const last = words.findLastIndex((word) => !RUNNERS.test(word) && !RUNS.test(word));
  return words
    .slice(start, last + 1)
    .map(shellWord)
    .join(' ');
}
