import type { RepoPath } from './repo-path.ts';

const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * One word of a command that a person pastes: plain words stay plain. Double quotes where they are
 * safe in every shell, because cmd.exe and PowerShell read them too; else single quotes, for a
 * POSIX shell.
 */
export function shellWord(word: string): string {
  if (PLAIN.test(word)) return word;
  return /^[^"$`\\!%\r\n]+$/.test(word) ? `"${word}"` : singleQuoted(word);
}

/**
 * `shellWord` for a path. `./` goes before what git or a program would not take for a path: a
 * leading `:` (pathspec magic) or `-`. Square brackets (`app/[id]/schema.ts`) need no more than
 * quotes: git matches a pathspec literally before it tries it as a pattern.
 */
export function shellPath(path: RepoPath): string {
  return shellWord(/^[:-]/.test(path) ? `./${path}` : path);
}

/** One word for `sh`, which runs git's hooks on every system: plain words stay plain. */
export function posixWord(word: string): string {
  return PLAIN.test(word) ? word : singleQuoted(word);
}

/** Any text as one word of a POSIX shell, always in single quotes. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
