import { inside, type RepoPath } from '../model/repo-path.ts';
import { posixWord } from '../model/shell-quote.ts';
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

/** Where a hook finds the guard, and what a person does where it is not there. */
export type CallFrom = Pick<Worktree, 'folder' | 'install'>;

const OWN_SCRIPT = 'drizzle-guard/dist/hook.sh';
const SCRIPT = `node_modules/${OWN_SCRIPT}`;

/** The guard's command for a hook: "sh node_modules/drizzle-guard/dist/hook.sh pre-commit". */
export function bareCall(hook: HookName, folder: RepoPath): string {
  return `sh ${posixWord(inside(folder, SCRIPT))} ${SUBCOMMANDS[hook]}`;
}

/**
 * Two commands for a shell, without git's arguments. Where node_modules is missing, the first says
 * what to do; the second fails there, so that git refuses. `grouped` where it has to be one.
 */
export function callFor(hook: HookName, { folder, install }: CallFrom): string {
  const path = posixWord(inside(folder, SCRIPT));
  return `test -f ${path} || ${ADVICE}${install} >&2; ${bareCall(hook, folder)}`;
}

/** As one command, for an `&&` or a pipe. */
export function grouped(call: string): string {
  return `{ ${call}; }`;
}

const ADVICE = 'echo drizzle-guard is not installed. Run ';
/** A word as `posixWord` writes it. */
const QUOTED = String.raw`'(?:[^'\r\n]|'\\'')*`;
const wordTo = (end: string): string => String.raw`(?:${QUOTED}${end}'|[\w@%+=:,./-]*${end})`;
const NOW = String.raw`test -f ${wordTo(SCRIPT)} \|\| ${ADVICE}\w+ install(?: in ${wordTo('')})? >&2; sh ${wordTo(SCRIPT)}`;
const BIN = wordTo(String.raw`node_modules/\.bin/(?:drizzle-)?guard`);

/**
 * What this version or an earlier one wrote into a shell text, for whichever folder and package
 * manager: a pattern without groups. Earlier versions called the bin, first by its short name, which
 * another package of the registry has too, and `yarn guard`.
 */
export const OUR_COMMAND = ((): string => {
  const yarn = String.raw`yarn(?: --cwd ${wordTo('')})? (?:drizzle-)?guard`;
  const command = String.raw`(?:${NOW}|${BIN}|${yarn}) (?:pre-commit|pre-push "\$@")`;
  return String.raw`(?:${command}|\{ ${command}; \})`;
})();

/** Node on the command line's file is what the pre-commit framework was given. */
const EARLIER = String.raw`(${BIN}|node ${wordTo(String.raw`node_modules/drizzle-guard/dist/cli\.js`)}) `;
/** As a whole command behind `&&` or a pipe. */
const JOINED = String.raw`((?:&&|\|)\s+)${EARLIER}(pre-commit|pre-push(?: \\?"\$@\\?")?)(?=\s*(?:$|&&|\|\||;|"))`;
/** Where a line, a string or a value begins, and no command goes on. */
const ALONE = String.raw`(?<=^[ \t]*|"|\brun: '?)(?<!(?:\\|&&|\|)\r?\n[ \t]*)${EARLIER}(?=pre-(?:commit|push)(?![\w-]))`;
const EARLIER_COMMAND = new RegExp(`${JOINED}|${ALONE}`, 'gm');
const SHORT_NAME =
  /(node_modules\/\.bin\/|\bnpx (?:--no-install )?|\byarn (?:--cwd (?:[\w@%+=:,./-]+|'[^'\r\n]*') )?)guard(?='?\s+(?:pre-commit|pre-push)\b)/g;

/**
 * Puts today's call where an earlier version wrote its own, and the bin's full name where a person
 * calls the guard by the short one.
 */
export function upgradeCalls(text: string, { install }: Pick<Worktree, 'install'>): string {
  const now = (earlier: string): string => {
    const path = earlier
      .replace(/^node /, '')
      .replace(/\.bin\/(?:drizzle-)?guard(?='?$)|drizzle-guard\/dist\/cli\.js(?='?$)/, OWN_SCRIPT);
    return `test -f ${path} || ${ADVICE}${install} >&2; sh ${path} `;
  };
  return text
    .replace(EARLIER_COMMAND, (_, joint?: string, joined = '', call = '', alone = '') =>
      joint === undefined ? now(alone) : joint + grouped(now(joined) + call),
    )
    .replace(SHORT_NAME, '$1drizzle-guard');
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
    const earlier =
      (at === 0 && /(?:^|\/)node_modules\/\.bin\//.test(program)) ||
      (words[0] === 'node' && /(?:^|\/)node_modules\//.test(program)) ||
      text.replace(SHORT_NAME, '') !== text;
    return { text, program, earlier };
  });
}

const IS_GUARD = /(?:^|[\\/`])(?:(?:drizzle-)?guard(?:\.cmd)?|dist\/(?:cli\.js|hook\.sh))$/;

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
