import {
  callFor,
  callsGuard,
  grouped,
  OUR_COMMAND,
  upgradeCalls,
  type CallFrom,
} from '../guard-call.ts';
import type { HookName } from '../hook-manager.ts';

/** What a hook's script is like, apart from its text. */
export interface ScriptKind {
  readonly hook: HookName;
  readonly from: CallFrom;
  /** The text of a new script above the guard's line; '' for none. */
  readonly header: string;
  /**
   * Whether the shell stops at the first failing command whatever the script says, as husky's `sh
   * -e` does.
   */
  readonly stops: boolean;
}

/** A script with the guard's call in it, or why it was left alone. */
export type Scripted = { readonly text: string } | { readonly refused: string };

/**
 * Adds the guard's call to a hook's script; the same text where it calls the guard already. All
 * else stays, byte for byte, and so does what the script answers: a plain line at its end would
 * hide that the command before it failed.
 *
 * - pre-commit, pre-merge-commit: at the end, so that the guard judges what formatters have staged;
 * at the head where
 *   the script may leave before its end.
 * - pre-push: at the head, because whatever reads git's lines first leaves none for the next. Where
 * another command may
 *   want them, they are handed to both.
 * @param text undefined: there is no such script yet
 */
export function addToScript(
  text: string | undefined,
  { hook, from, header, stops }: ScriptKind,
): Scripted {
  const command = `${callFor(hook, from)}${hook === 'pre-push' ? ' "$@"' : ''}`;
  if (text === undefined) return { text: `${header}${command}\n` };
  if (callsGuard(text, hook)) return { text: upgradeCalls(text, from) };
  const shebang = /^#!.*/.exec(text)?.[0];
  if (shebang !== undefined && !/\b(?:sh|bash|dash|ash|ksh|zsh)\b/.test(shebang))
    return { refused: `is not a shell script (${shebang.trim()})` };
  const code = codeOf(text);
  if (code.length === 0) return { text: insertLines(text, text.length, command) };
  if (hook === 'pre-push')
    return {
      text: insertLines(
        text,
        headOf(text),
        code.every(isBlind) ? guarded(command) : shared(grouped(command)),
      ),
    };
  if (mayLeaveEarly(text, code)) return { text: insertLines(text, headOf(text), guarded(command)) };
  const strict = stops || /^#!.*\s-\w*e|^set -\w*e/m.test(text);
  return {
    text: insertLines(
      text,
      text.length,
      strict && endsPlainly(code) ? command : `[ $? = 0 ] && ${grouped(command)}`,
    ),
  };
}

/**
 * Takes out what `addToScript` put in, for whichever package manager it was; nothing else.
 * Undefined: nothing of the script is left.
 */
export function removeFromScript(text: string, header: string): string | undefined {
  const patterns = [
    SHARED,
    `${OUR_COMMAND} \\|\\| exit \\$\\?`,
    `\\[ \\$\\? = 0 \\] && ${OUR_COMMAND}`,
    OUR_COMMAND,
  ];
  for (const pattern of patterns) {
    const match = new RegExp(`^${pattern}(?:\r?\n|(?![^]))`, 'm').exec(text);
    if (match === null) continue;
    const [lines] = match;
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + lines.length);
    if (lines.endsWith('\n')) return before === header && after === '' ? undefined : before + after;
    return before.replace(/\n$/, '');
  }
  return text;
}

/** Under `sh -e` and without it. */
function guarded(command: string): string {
  return `${command} || exit $?`;
}

/**
 * git's lines, kept and handed on. With nothing to push there are none, and not an empty one
 * either.
 */
function shared(command: string): string {
  return [
    'guard_refs=$(cat) # drizzle-guard reads what git says of the push, and hands it on to the commands below',
    `printf "\${guard_refs:+%s\\n}" "$guard_refs" | ${guarded(command)}`,
    '[ -z "$guard_refs" ] || exec <<GUARD_REFS',
    '$guard_refs',
    'GUARD_REFS',
  ].join('\n');
}

const SHARED = shared('\0')
  .split('\0')
  .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\n', '\r?\n'))
  .join(OUR_COMMAND);

/** Lines that do something: no blanks, no comments, no shebang, no `. husky.sh`. */
function codeOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(
      (line) => line !== '' && !line.startsWith('#') && !/^\. .*\/_\/husky\.sh"?$/.test(line),
    );
}

/**
 * Whether a line is made of commands that nobody gives git's lines to. Everything else may read
 * them.
 */
function isBlind(line: string): boolean {
  const commands = line.split(/&&|\|\||;/).map((command) => command.trim());
  return (
    !/\bstdin\b|\blfs\b/.test(line) &&
    commands.every((command) => command === '' || BLIND.test(command))
  );
}

const BLIND =
  /^(?:(?:npm|npx|pnpm|yarn|bun|bunx|echo|make|cargo|go|set|export)(?:\s[^$`<|(&]*)?|fi|else|then|exit(?: \d+)?)$/;

function mayLeaveEarly(text: string, code: readonly string[]): boolean {
  return (
    /\b(?:exit|exec|return)\b/.test(code.join('\n')) ||
    text.includes('<<') ||
    /(?:\\|&&|\|\|?)\s*$/.test(text)
  );
}

/**
 * Whether the last command is one plain call, whose failure `sh -e` does notice: not the last of a
 * list, not the end of an `if`.
 */
function endsPlainly(code: readonly string[]): boolean {
  const last = code.at(-1) ?? '';
  return (
    /^(?!(?:fi|done|esac)\b)[\w./@][\w./@:=-]*(?: [^&|;<>()`$\\{}!#]*)?$/.test(last) &&
    !/(?:\\|&&|\|\|?|!)$/.test(code.at(-2) ?? '')
  );
}

/** Behind the lines that prepare for all others: shebang, `set`, what is sourced and exported. */
function headOf(text: string): number {
  let head = 0;
  let at = 0;
  for (const line of text.split(/(?<=\n)/)) {
    at += line.length;
    const bare = line.trim();
    if (bare === '' || (bare.startsWith('#') && !bare.startsWith('#!'))) continue;
    if (!PREPARES.test(bare) || bare.endsWith('\\')) break;
    head = at;
  }
  return head;
}

const PREPARES =
  /^(?:#!.*|set -[a-z]+(?: (?:-[a-z]+|pipefail|errexit|nounset))*|(?:\.|source) [^;&|]+|export [A-Za-z_]\w*(?:=[^;&|`(]*)?|\[ -\w "?[\w$/.{}~:+-]+"? \] && (?:\\?\.|source|export) [^;&|]+)$/;

/**
 * Whole lines at an offset where a line begins; the text keeps its final line break, or its lack of
 * one.
 */
function insertLines(text: string, at: number, lines: string): string {
  if (at < text.length || (text !== '' && text.endsWith('\n')))
    return `${text.slice(0, at)}${lines}\n${text.slice(at)}`;
  return text === '' ? lines : `${text}\n${lines}`;
}
