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
 * `shellWord` for a path that a program other than git takes, or git after a revision (`HEAD:x`).
 * `./` goes before what would not be taken for a path: a leading `:` or `-`.
 */
export function shellPath(path: RepoPath): string {
  return shellWord(/^[:-]/.test(path) ? `./${path}` : path);
}

/**
 * `shellWord` for a path that git takes as a pathspec: from the top of the repository, whatever
 * folder the command is pasted in. Square brackets (`app/[id]/schema.ts`) need no more than quotes:
 * git matches a pathspec literally before it tries it as a pattern.
 * @param path '' stands for the whole repository
 * @see gitglossary, "pathspec": after `:/` most punctuation would be taken for more magic
 */
export function pathspec(path: RepoPath): string {
  return shellWord(/^(?:[A-Za-z0-9.]|$)/.test(path) ? `:/${path}` : `:(top)${path}`);
}

/** One word for `sh`, which runs git's hooks on every system: plain words stay plain. */
export function posixWord(word: string): string {
  return PLAIN.test(word) ? word : singleQuoted(word);
}

/** Any text as one word of a POSIX shell, always in single quotes. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
