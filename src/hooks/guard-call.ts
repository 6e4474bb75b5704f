import type { HookName, Worktree } from './hook-manager.ts';

/** What the guard is called with in each hook; a merge's commit is judged like any other. */
const SUBCOMMANDS: Readonly<Record<HookName, string>> = {
  'pre-commit': 'pre-commit',
  'pre-merge-commit': 'pre-commit',
  'pre-push': 'pre-push',
};

/** The guard's command for a hook, git's own arguments left out: "node_modules/.bin/guard pre-commit". */
export function callFor(hook: HookName, guard: string): string {
  return `${guard} ${SUBCOMMANDS[hook]}`;
}

/** How `Worktree.guard` may look, whichever package manager or folder it was made for: a pattern without groups. */
export const OUR_CALL = String.raw`(?:'[^'\r\n]*node_modules/\.bin/guard'|[\w@%+=:,./-]*node_modules/\.bin/guard|yarn(?: --cwd (?:[\w@%+=:,./-]+|'[^'\r\n]*'))? guard)`;

/** Any way in which a person may have written it: npx guard, pnpm exec guard, ./node_modules/.bin/drizzle-guard, node dist/cli.js. */
const ANY_CALL: Readonly<Record<HookName, RegExp>> = {
  'pre-commit':
    /(?:^|[\s/\\"'`(;&|=])(?:(?:drizzle-)?guard(?:\.cmd)?|dist\/cli\.js)["']?\s+(?:pre-commit|check)\b/m,
  'pre-merge-commit':
    /(?:^|[\s/\\"'`(;&|=])(?:(?:drizzle-)?guard(?:\.cmd)?|dist\/cli\.js)["']?\s+(?:pre-commit|pre-merge-commit|check)\b/m,
  'pre-push':
    /(?:^|[\s/\\"'`(;&|=])(?:(?:drizzle-)?guard(?:\.cmd)?|dist\/cli\.js)["']?\s+(?:pre-push|check)\b/m,
};

/** Whether a shell text calls the guard in whatever way, outside of whole-line comments. */
export function callsGuard(text: string, hook: HookName): boolean {
  return ANY_CALL[hook].test(text.replace(/^[ \t]*#.*$/gm, ''));
}

/** How to run a program of node_modules, never downloading it. */
export function runner(
  { packageManager, folder }: Worktree,
  program: string,
  args: readonly string[],
): { readonly program: string; readonly args: readonly string[]; readonly folder?: string } {
  const at = folder === '' ? {} : { folder };
  switch (packageManager) {
    case 'npm':
      return { program: 'npx', args: ['--no-install', program, ...args], ...at };
    case 'pnpm':
      return { program: 'pnpm', args: ['exec', program, ...args], ...at };
    case 'yarn':
      return { program: 'yarn', args: [program, ...args], ...at };
    case 'bun':
      return { program: 'bunx', args: ['--no-install', program, ...args], ...at };
  }
}
