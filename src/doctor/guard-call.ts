import type { HookName } from '../hooks/hook-manager.ts';
import { commandsOf } from '../project/scripts/shell-words.ts';

/** A call of the guard in a shell text, cut into what can be looked for. */
export interface GuardCall {
  /** The call as it is written. */
  readonly text: string;
  /** How the guard is named: "guard", "./dist/cli.js", ...; no runner, no subcommand. */
  readonly program: string;
  /** Whether it goes through a package manager's runner (npx, pnpm exec, ...), which looks into node_modules/.bin. */
  readonly runner: boolean;
  /** The folder that a `cd` before it goes into, as it is written; '' for none. */
  readonly folder: string;
}

/** The subcommands with which each hook looks at the right thing. */
const SUBCOMMANDS: Readonly<Record<HookName, readonly string[]>> = {
  'pre-commit': ['pre-commit', 'check'],
  'pre-merge-commit': ['pre-merge-commit', 'pre-commit', 'check'],
  'pre-push': ['pre-push', 'check'],
};
const RUNNERS = new Set(['npx', 'bunx', 'pnpx', 'npm', 'pnpm', 'yarn', 'bun']);
const IS_GUARD = /(?:^|[\\/])(?:(?:drizzle-)?guard(?:\.cmd)?|cli\.[cm]?[jt]s)$/;

/** The first call of the guard that is right for the hook, outside comments; undefined where none is seen. */
export function guardCallIn(text: string, hook: HookName): GuardCall | undefined {
  let folder = '';
  for (const words of commandsOf(withoutComments(text))) {
    if (words[0] === 'cd') folder = words[1] ?? '';
    const at = words.findIndex(
      (word, i) => IS_GUARD.test(word) && SUBCOMMANDS[hook].includes(words[i + 1] ?? ''),
    );
    const program = words[at];
    if (program === undefined) continue;
    return {
      text: words.join(' '),
      program,
      runner: words.slice(0, at).some((word) => RUNNERS.has(word)),
      folder,
    };
  }
  return undefined;
}

/** Names of package.json scripts that a shell text runs: `npm run x`, `pnpm x`, `yarn x`, `bun run x`. */
export function scriptsRunBy(text: string): readonly string[] {
  return commandsOf(withoutComments(text)).flatMap((words) => {
    const at = words.findIndex((word) => ['npm', 'pnpm', 'yarn', 'bun'].includes(word));
    if (at === -1) return [];
    return words
      .slice(at + 1)
      .filter((word) => !word.startsWith('-') && word !== 'run')
      .slice(0, 1);
  });
}

/** Whether a shell text calls a program, however it is reached. */
export function runs(text: string, program: string): boolean {
  return commandsOf(withoutComments(text)).some((words) =>
    words.some(
      (word) => word === program || word.endsWith(`/${program}`) || word.endsWith(`/${program}.js`),
    ),
  );
}

/** A carriage return is told about elsewhere; it must not hide a call here. */
function withoutComments(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/^\s*#.*$/gm, '');
}
