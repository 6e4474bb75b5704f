import type { Command } from './shell-words.ts';

/** A package's script that a command runs. */
export interface CalledScript {
  readonly line: string;
  /** Where the package manager's name stands in the command. */
  readonly start: number;
  /** The first word behind the script's name. */
  readonly end: number;
  /** Which of the words behind its name reach the script. */
  passes(rest: Command): Command;
  /** Whether a word that is appended to the command reaches the script, an option too. */
  passesMore(rest: Command): boolean;
}

/**
 * The script of the same package that a command runs: `npm run drizzle -- generate`, `pnpm drizzle
 * generate`, `yarn drizzle generate`, `bun run drizzle generate`, `deno task drizzle generate`,
 * `pnpm with-env drizzle-kit generate`. npm keeps options for itself unless they stand behind `--`.
 * @returns undefined where it runs none, or one of another package
 */
export function calledScript(
  command: Command,
  scripts: ReadonlyMap<string, string>,
): CalledScript | undefined {
  const start = command.findIndex((word) => /^(?:npm|pnpm|yarn|bun|deno)$/.test(word));
  if (start < 0) return undefined;
  const manager = command[start];
  let at = start + 1;
  const skipOptions = (): void => {
    while (command[at]?.startsWith('-') === true) at += 1;
  };
  skipOptions();
  if (/^(?:run|run-script|task)$/.test(command[at] ?? '')) at += 1;
  else if (manager === 'npm' || manager === 'deno') return undefined;
  skipOptions();
  const line = scripts.get(command[at] ?? '');
  if (line === undefined) return undefined;
  const isNpm = manager === 'npm';
  return {
    line,
    start,
    end: at + 1,
    passes(rest) {
      const dashes = rest.indexOf('--');
      if (!isNpm) return rest.filter((_, index) => index !== dashes);
      const before = rest.slice(0, dashes < 0 ? undefined : dashes);
      const behind = dashes < 0 ? [] : rest.slice(dashes + 1);
      return [...before.filter((word) => !word.startsWith('-')), ...behind];
    },
    passesMore: (rest) => !isNpm || rest.includes('--'),
  };
}
