import { NOTHING_SET, settingsOf, type KitEnvironment } from '../kit-environment.ts';
import { calledScript, type CalledScript } from './called-script.ts';
import { environmentIn, joinEnvironments } from './script-environment.ts';
import { commandsOf, optionValues, type Command } from './shell-words.ts';
import { unknownWrapper } from './unknown-wrapper.ts';

/** One call of drizzle-kit in a package.json script. */
export interface KitCall {
  /** `generate`, `push`, `migrate`, ...; '' where an argument of the script has to say. */
  readonly command: string;
  /** The value of `--config`, as written. */
  readonly config?: string;
  /** The folder it is run in, relative to the script's own, after `cd x &&` or `pnpm -C x`. */
  readonly folder: string;
  /** What is set for it; files are relative to the script's own folder. */
  readonly environment?: KitEnvironment;
  /** `--custom` is among the options. */
  readonly custom: boolean;
  /**
   * The options that stand for a config, as written, without `--`: with one of them and no
   * `--config`, drizzle-kit reads no config at all.
   */
  readonly options?: Readonly<Record<string, string>>;
  /** A command that it is run under and that may set anything: `doppler run --`. */
  readonly under?: string;
  /** No command follows it. */
  readonly last: boolean;
  /**
   * Arguments appended to the script reach this call: it is the last command, and not inside
   * quotes.
   */
  readonly takesArguments: boolean;
}

const FOLDER_OPTIONS = ['-C', '--dir', '--cwd', '--prefix'];
/**
 * drizzle-kit 0.31's `assertCollisions` for `generate`: any of these means "from the command line,
 * not the config".
 */
const CLI_OPTIONS = ['schema', 'out', 'dialect', 'driver', 'breakpoints', 'casing', 'prefix'];

/** drizzle-kit 0.31's commands, and the `generate:pg` form of those before 0.21. */
const COMMAND = /^(generate|migrate|push|pull|introspect|studio|check|up|drop|export)(:\w+)?$/;
/** A script that calls itself through others would go on for ever. */
const MOST_SCRIPTS_DEEP = 5;

/** What surrounds a line of a script. */
interface Around {
  /** The package's scripts, which a line may call. */
  readonly scripts: ReadonlyMap<string, string>;
  readonly folder: string;
  readonly environment?: KitEnvironment | undefined;
  readonly depth: number;
}

/**
 * The calls of drizzle-kit in a script, in order: `a && b`, `dotenv -- drizzle-kit`, `sh -c "..."`,
 * `npx drizzle-kit@latest`, `npm run drizzle -- generate` where `drizzle` is one of `scripts`.
 */
export function kitCalls(
  script: string,
  scripts: ReadonlyMap<string, string> = new Map(),
): KitCall[] {
  return callsInLine(commandsOf(withEnvFiles(script)), { scripts, folder: '.', depth: 0 });
}

/**
 * `export $(grep -v '^#' .env | xargs)` sets what the file has, as `--env-file` does; `env $(cat
 * .env | xargs) drizzle-kit` too.
 */
function withEnvFiles(line: string): string {
  return line.replaceAll(
    /\$\(\s*(?:e?grep|cat|sed|xargs)\b[^()]*?([^\s'"()|<]*\.env[\w.-]*)[^()]*\)/g,
    '--env-file=$1',
  );
}

function callsInLine(commands: readonly Command[], around: Around): KitCall[] {
  let { folder, environment } = around;
  let exports = false;
  return commands.flatMap((command, index) => {
    if (command[0] === 'cd' && command[1] !== undefined) folder = `${folder}/${command[1]}`;
    if (command[0] === 'set' && /^[-+]/.test(command[1] ?? '')) exports = EXPORTS.test(command[1]!);
    if (SETS.test(command[0] ?? '') || (exports && SOURCES.test(command[0] ?? '')))
      environment = environmentOf(command, { folder, environment });
    return callsIn(command, { ...around, folder, environment }, index === commands.length - 1);
  });
}

/** The shell's `export A=b` and `unset A`, and `set A=b` of Windows. */
const SETS = /^(?:export|set|unset)$/;
/** `set -a`: what is set from here on is exported. */
const EXPORTS = /^-\w*a/;
const SOURCES = /^(?:source|\.)$/;

function callsIn(command: Command, around: Around, last: boolean): KitCall[] {
  const at = command.findIndex(isKit);
  const called = calledScript(at < 0 ? command : command.slice(0, at), around.scripts);
  if (called !== undefined && around.depth < MOST_SCRIPTS_DEEP)
    return callsOfScript(called, command, around, last);
  return at < 0 ? callsInQuotes(command, around, last) : callAt(at, command, around, last);
}

function callsOfScript(
  called: CalledScript,
  command: Command,
  around: Around,
  last: boolean,
): KitCall[] {
  const rest = command.slice(called.end);
  const commands = commandsOf(called.line);
  const lastOne = [...(commands.at(-1) ?? []), ...called.passes(rest)];
  return callsInLine([...commands.slice(0, -1), lastOne], {
    ...around,
    // A package manager runs a script in the package's folder.
    folder: '.',
    environment: underUnknown(
      command.slice(0, called.start),
      environmentOf(command.slice(0, called.start), around),
    ),
    depth: around.depth + 1,
  }).map((call) =>
    Object.assign(call, {
      last: call.last && last,
      takesArguments: call.takesArguments && last && called.passesMore(rest),
    }),
  );
}

/**
 * A whole command as one word: `bash -c "drizzle-kit generate"`, `concurrently "drizzle-kit studio"
 * "next dev"`.
 */
function callsInQuotes(command: Command, around: Around, last: boolean): KitCall[] {
  const words = command.filter((word) => !isLine(word));
  const environment = underUnknown(words, environmentOf(words, around));
  return command
    .filter(isLine)
    .flatMap((line) =>
      callsInLine(commandsOf(line.replaceAll(/\$\(|[`()]/g, ' ')), { ...around, environment }),
    )
    .map((call) => Object.assign(call, { last: call.last && last, takesArguments: false }));
}

function isLine(word: string): boolean {
  return word.includes('drizzle-kit') && /\s/.test(word);
}

function callAt(at: number, command: Command, around: Around, last: boolean): KitCall[] {
  const before = command.slice(0, at);
  const rest = command.slice(at + 1);
  const name = rest.find((word) => COMMAND.test(word));
  const [config] = optionValues(rest, ['--config']);
  const [within] = optionValues(before, FOLDER_OPTIONS);
  const set = environmentOf(command.slice(0, at + 1), around);
  const environment = underUnknown(before, set);
  const under = environment?.under;
  const options = config === undefined ? optionsIn(rest) : {};
  const hasOptions = Object.keys(options).length > 0;
  const sets = settingsOf(environment && { ...environment, under: undefined }) !== settingsOf();
  if (name === undefined && config === undefined && !sets && !hasOptions) return [];
  return [
    {
      command: name ?? '',
      folder: within === undefined ? around.folder : `${around.folder}/${within}`,
      custom: rest.some((word) => word === '--custom' || word.startsWith('--custom=')),
      last,
      takesArguments: last,
      ...(config === undefined ? {} : { config }),
      ...(hasOptions ? { options } : {}),
      ...(environment === undefined ? {} : { environment }),
      ...(under === undefined ? {} : { under }),
    },
  ];
}

function optionsIn(words: Command): Readonly<Record<string, string>> {
  return Object.fromEntries(
    CLI_OPTIONS.flatMap((name) =>
      optionValues(words, [`--${name}`])
        .slice(0, 1)
        .map((value) => [name, value]),
    ),
  );
}

function environmentOf(
  words: Command,
  { folder, environment }: Pick<Around, 'folder' | 'environment'>,
): KitEnvironment | undefined {
  const own = environmentIn(words);
  return joinEnvironments(
    environment,
    own && { ...own, files: own.files.map((file) => `${folder}/${file}`) },
  );
}

function underUnknown(
  words: Command,
  environment: KitEnvironment | undefined,
): KitEnvironment | undefined {
  const shell = words.findLastIndex((word) => /^(?:.*[\\/])?(?:ba|z)?sh$/.test(word));
  const under = unknownWrapper(shell > 0 ? words.slice(0, shell) : words);
  if (under === undefined) return environment;
  return { ...(environment ?? NOTHING_SET), under };
}

/**
 * `drizzle-kit`, `drizzle-kit@0.31`, `npm:drizzle-kit`, `node_modules/.bin/drizzle-kit`,
 * `node_modules/drizzle-kit/bin.cjs`.
 */
function isKit(word: string): boolean {
  return /(^|[/\\:])drizzle-kit(@[^/\s]+)?([/\\]bin\.cjs|\.cmd)?$/.test(word);
}
