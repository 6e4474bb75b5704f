import type { RepoPath } from './repo-path.ts';

/**
 * A path as one word of a POSIX shell: spaces, quotes, dollars and newlines are safe. Where double quotes will do, cmd.exe
 * and PowerShell take it, too. `./` goes before what git or a program would not take for a path: a leading `:` (pathspec
 * magic) or `-`. Square brackets (`app/[id]/schema.ts`) need no more than quotes, as git matches a pathspec literally
 * before it tries it as a pattern.
 */
export function shellPath(path: RepoPath): string {
  const named = /^[:-]/.test(path) ? `./${path}` : path;
  if (/^[\w@%+=,./][\w@%+=:,./-]*$/.test(named)) return named;
  return /^[^"$`\\!%\r\n]+$/.test(named) ? `"${named}"` : `'${named.replaceAll("'", `'\\''`)}'`;
}
