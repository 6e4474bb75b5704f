import type { ProjectState } from '../../facts/change.ts';
import type { History, Layout } from '../../history/history.ts';
import type { Fix } from '../../model/finding.ts';
import { folderOf, type RepoPath } from '../../model/repo-path.ts';
import { pathspec, shellWord } from '../../model/shell-quote.ts';

/** Restores files in the index and in the working tree, as a revision has them. */
export function restore(text: string, paths: readonly RepoPath[], rev = 'HEAD'): Fix {
  return {
    text,
    run: `git restore --source=${rev} --staged --worktree -- ${paths.map(pathspec).join(' ')}`,
  };
}

/** A file, and where a revision has it: another folder, where the migrations have moved since. */
export interface Restored {
  readonly path: RepoPath;
  readonly from: RepoPath;
}

/** The same, for files of which the revision may have some in another place. */
export function restoreMoved(text: string, files: readonly Restored[], rev = 'HEAD'): Fix {
  const moved = files.filter(({ path, from }) => path !== from);
  const stay = files.filter(({ path, from }) => path === from).map(({ path }) => path);
  if (moved.length === 0) return restore(text, stay, rev);
  const top = '"$(git rev-parse --show-toplevel)"';
  const lines = moved.flatMap(({ path, from }) => [
    `mkdir -p ${top}/${shellWord(folderOf(path))}`,
    `git cat-file --filters ${rev}:${shellWord(from)} > ${top}/${shellWord(path)}`,
  ]);
  return {
    text,
    run: [
      ...(stay.length === 0 ? [] : [restore(text, stay, rev).run]),
      ...new Set(lines),
      `git add ${moved.map(({ path }) => pathspec(path)).join(' ')}`,
    ].join('\n'),
  };
}

/** Whether a fix restores from a revision, as `restore` does. */
export function restoresFrom(rev: string | undefined, { run }: Fix): boolean {
  return rev !== undefined && run?.includes(`--source=${rev} `) === true;
}

/** Restores a file that what the change starts from has as it is too. */
export function restoreOlder(path: RepoPath): Fix {
  const file = pathspec(path);
  return {
    text: 'It is committed like that. Restore the form before its last change:',
    run:
      `git restore --source="$(git log -1 --format=%h -- ${file})^" --staged --worktree -- ` +
      `${file}`,
  };
}

/** Stages files that exist. */
export function stage(text: string, paths: readonly RepoPath[]): Fix {
  return { text, run: `git add ${paths.map(pathspec).join(' ')}` };
}

/** Stages what drizzle-kit wrote. */
export function addMigrations(text: string, history: Kept): Fix {
  return { text, run: addedFrom(history) };
}

/** Where migrations are, and how they are kept. */
type Kept = Pick<History, 'out' | 'layout'>;

const AT_TOP: Readonly<Record<Layout, string>> = {
  journal: ':/meta ":(top,glob)*.sql"',
  folders: '":(top,glob)*/migration.sql" ":(top,glob)*/snapshot.json"',
};

/** `git add` for a migrations folder; where that is the top, not for all of the repository. */
export function addedFrom({ out, layout }: Kept): string {
  return `git add ${out === '' ? AT_TOP[layout] : pathspec(out)}`;
}

/** The same, where `drizzle-kit up` has moved a journal into folders. */
export function addedAfterMove(out: RepoPath): string {
  return `git add ${out === '' ? `${AT_TOP.journal} ${AT_TOP.folders}` : pathspec(out)}`;
}

/** Runs `drizzle-kit generate`, and stages what it writes. */
export function generateAndAdd(
  text: string,
  { how, history }: Pick<ProjectState, 'how' | 'history'>,
): Fix {
  return { text, run: `${how.generate}\n${addedFrom(history)}` };
}

/** Makes an empty migration for SQL that drizzle-kit does not generate. */
export function makeCustom(
  text: string,
  { how, history }: Pick<ProjectState, 'how' | 'history'>,
): Fix {
  return {
    text: `${text} (it writes an empty file: put the SQL there, then \`${addedFrom(history)}\`):`,
    run: how.generateCustom,
  };
}

/** Removes files from the index and the working tree. */
export function remove(text: string, paths: readonly RepoPath[]): Fix {
  return { text, run: `git rm -f -- ${paths.map(pathspec).join(' ')}` };
}

/** Removes a folder from the index and the working tree. */
export function removeFolder(text: string, path: RepoPath): Fix {
  return { text, run: `git rm -rf --ignore-unmatch -- ${pathspec(path)}` };
}

/**
 * The way for what is meant: an entry in the guard's config, which the same commit records.
 * @param rule the id of the rule that is excused; @param place what the entry is limited to
 */
export function orSayWhy(
  rule: string,
  place: { readonly path: RepoPath } | { readonly migration: string },
): Fix {
  const entry = JSON.stringify({ rule, ...place, reason: 'why' }, undefined, 1);
  return {
    text:
      "Or, if it is meant, say why in the same commit, under `allow` in the guard's " +
      `config: ${entry.replaceAll(/\n\s*/g, ' ')}`,
  };
}

/** An exact edit of the journal, for which no command exists. */
export function setInJournal(
  journal: RepoPath,
  tag: string,
  field: string,
  value: number | string,
): string {
  return `in ${journal} set "${field}" of ${tag} to ${typeof value === 'number' ? value : JSON.stringify(value)}`;
}
