import { commandsOf } from '../project/scripts/shell-words.ts';
import type { GuardCall, HookCall, HookFile, HookName, Worktree } from './hook-manager.ts';

/** What the guard is called with in each hook; a merge's commit is checked like any other. */
const SUBCOMMANDS: Readonly<Record<HookName, string>> = {
  'pre-commit': 'pre-commit',
  'pre-merge-commit': 'pre-commit',
  'pre-push': 'pre-push',
};

/** The subcommands with which a person's own call in a hook checks the right thing. */
const FITTING: Readonly<Record<HookName, readonly string[]>> = {
  'pre-commit': ['pre-commit', 'check'],
  'pre-merge-commit': ['pre-merge-commit', 'pre-commit', 'check'],
  'pre-push': ['pre-push', 'check'],
};

/**
 * The guard's command for a hook, without git's arguments: "node_modules/.bin/drizzle-guard
 * pre-commit".
 */
export function callFor(hook: HookName, guard: string): string {
  return `${guard} ${SUBCOMMANDS[hook]}`;
}

/**
 * `Worktree.guard` as this version or an earlier one wrote it, for whichever folder: a pattern
 * without groups. Earlier versions took the bin's short name, which another package of the registry
 * has too, and `yarn guard`.
 */
export const OUR_CALL = String.raw`(?:'[^'\r\n]*node_modules/\.bin/(?:drizzle-)?guard'|[\w@%+=:,./-]*node_modules/\.bin/(?:drizzle-)?guard|yarn(?: --cwd (?:[\w@%+=:,./-]+|'[^'\r\n]*'))? (?:drizzle-)?guard)`;

const EARLIER_CALL =
  /(node_modules\/\.bin\/|\bnpx (?:--no-install )?|\byarn (?:--cwd (?:[\w@%+=:,./-]+|'[^'\r\n]*') )?)guard(?='?\s+(?:pre-commit|pre-push)\b)/g;

/**
 * Puts the bin's full name where an earlier version, or its documentation, called the guard by the
 * short one.
 */
export function upgradeCalls(text: string): string {
  return text.replace(EARLIER_CALL, '$1drizzle-guard');
}

/**
 * The first call of the guard that fits a hook; undefined where none is seen.
 * @param source a shell text, whose comments do not count; or parsed data, each of whose strings is
 * one
 */
export function guardCallIn(source: unknown, hook: HookName): GuardCall | undefined {
  if (typeof source === 'object' && source !== null)
    return firstOf(Object.values(source), (one) => guardCallIn(one, hook));
  if (typeof source !== 'string') return undefined;
  const commands = commandsOf(source.replaceAll('\r\n', '\n').replace(/^\s*#.*$/gm, ''));
  return firstOf(commands, (words) => {
    // sh -c 'npx drizzle-guard pre-commit'
    const inner = words[words.indexOf('-c') + 1];
    if (words.includes('-c') && inner?.includes(' ') === true) return guardCallIn(inner, hook);
    const at = words.findIndex(
      (word, i) => IS_GUARD.test(word) && FITTING[hook].includes(words[i + 1] ?? ''),
    );
    const program = words[at];
    if (program === undefined) return undefined;
    const text = words.join(' ');
    return { text, program, earlier: upgradeCalls(text) !== text };
  });
}

const IS_GUARD = /(?:^|[\\/`])(?:(?:drizzle-)?guard(?:\.cmd)?|dist\/cli\.js)$/;

/**
 * Whether a shell text, or a string in parsed data, calls the guard in a way that fits the hook.
 */
export function callsGuard(source: unknown, hook: HookName): boolean {
  return guardCallIn(source, hook) !== undefined;
}

/** The calls of the guard in the texts of hook files. */
export function callsInFiles(files: readonly HookFile[]): readonly HookCall[] {
  return files.flatMap(({ name, path, text }) => {
    const call = guardCallIn(text, name);
    return call === undefined ? [] : [{ ...call, hook: name, where: path }];
  });
}

/** The quoted strings of a text in a language that is not parsed here: JavaScript, TOML. */
export function stringsIn(code: string): readonly string[] {
  return [...code.matchAll(/(["'`])((?:\\.|(?!\1)[^\\\n])*)\1/g)].map(([, , text = '']) =>
    text.replaceAll(/\\(["'`\\])/g, '$1'),
  );
}

function firstOf<In, Out>(
  items: readonly In[],
  read: (item: In) => Out | undefined,
): Out | undefined {
  for (const item of items) {
    const out = read(item);
    if (out !== undefined) return out;
  }
  return undefined;
}

/** A program of node_modules, as a person types it: "npx husky". */
export function runLine({ packageManager }: Worktree, program: string): string {
  return `${RUN[packageManager]} ${program}`;
}

/** How a person runs a program of node_modules with each package manager. */
const RUN = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' } as const;

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
