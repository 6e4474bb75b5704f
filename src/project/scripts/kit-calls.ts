import { commandsOf, type Command } from './shell-words.ts';

/** One call of drizzle-kit in a package.json script. */
export interface KitCall {
  /** `generate`, `push`, `migrate`, ... */
  readonly command: string;
  /** The value of `--config`, as written. */
  readonly config?: string;
  /** The folder it is run in, relative to the script's own, after `cd x &&` or `pnpm -C x`. */
  readonly folder: string;
  /** `--custom` is among the options. */
  readonly custom: boolean;
  /**
   * Options other than `--config`: with `--schema` or `--dialect` drizzle-kit reads no config at
   * all.
   */
  readonly withoutConfig: boolean;
  /** No command follows it. */
  readonly last: boolean;
  /**
   * Arguments appended to the script reach this call: it is the last command, and not inside
   * quotes.
   */
  readonly takesArguments: boolean;
}

const FOLDER_OPTIONS = new Set(['-C', '--dir', '--cwd', '--prefix']);
/**
 * drizzle-kit 0.31's `assertCollisions` for `generate`: any of these means "from the command line,
 * not the config".
 */
const CLI_OPTIONS = new Set([
  '--schema',
  '--out',
  '--dialect',
  '--driver',
  '--breakpoints',
  '--casing',
]);

/** drizzle-kit 0.31's commands, and the `generate:pg` form of those before 0.21. */
const COMMAND = /^(generate|migrate|push|pull|introspect|studio|check|up|drop|export)(:\w+)?$/;

/**
 * The calls of drizzle-kit in a script, in order: `a && b`, `dotenv -- drizzle-kit`, `sh -c "..."`,
 * `npx drizzle-kit@latest`.
 */
export function kitCalls(script: string): KitCall[] {
  if (!script.includes('drizzle-kit')) return [];
  const calls: KitCall[] = [];
  let folder = '.';
  const commands = commandsOf(script);
  for (const [index, command] of commands.entries()) {
    if (command[0] === 'cd' && command[1] !== undefined) folder = `${folder}/${command[1]}`;
    const last = index === commands.length - 1;
    calls.push(...callsIn(command, folder, last));
  }
  return calls;
}

function callsIn(command: Command, folder: string, last: boolean): KitCall[] {
  const at = command.findIndex(isKit);
  if (at < 0) {
    // A whole command as one word: `bash -c "drizzle-kit generate"`, `concurrently "drizzle-kit
    // studio" "next dev"`.
    const lines = command.filter((word) => word.includes('drizzle-kit') && /\s/.test(word));
    return lines.flatMap(kitCalls).map((call) =>
      Object.assign(call, {
        folder: `${folder}/${call.folder}`,
        last: call.last && last,
        takesArguments: false,
      }),
    );
  }
  const within = optionOf(command.slice(0, at), FOLDER_OPTIONS);
  const rest = command.slice(at + 1);
  const name = rest.find((word) => COMMAND.test(word));
  if (name === undefined) return [];
  const config = optionOf(rest, new Set(['--config']));
  return [
    {
      command: name,
      folder: within === undefined ? folder : `${folder}/${within}`,
      custom: rest.some((word) => word === '--custom' || word.startsWith('--custom=')),
      withoutConfig:
        config === undefined && rest.some((word) => CLI_OPTIONS.has(word.replace(/=.*$/s, ''))),
      last,
      takesArguments: last,
      ...(config === undefined ? {} : { config }),
    },
  ];
}

/**
 * `drizzle-kit`, `drizzle-kit@0.31`, `node_modules/.bin/drizzle-kit`,
 * `node_modules/drizzle-kit/bin.cjs`.
 */
function isKit(word: string): boolean {
  return /(^|[/\\])drizzle-kit(@[^/\s]+)?([/\\]bin\.cjs|\.cmd)?$/.test(word);
}

function optionOf(words: readonly string[], names: ReadonlySet<string>): string | undefined {
  for (const [index, word] of words.entries()) {
    const equals = word.indexOf('=');
    if (equals > 0 && names.has(word.slice(0, equals))) return word.slice(equals + 1);
    if (names.has(word)) return words[index + 1];
  }
  return undefined;
}
