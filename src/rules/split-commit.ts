import type { Draft } from '../model/finding.ts';
import type { UnstagedFile } from '../git/worktree/unstaged-file.ts';
import type { EngineRule } from './rule.ts';
import { pathspec } from '../model/shell-quote.ts';

export const rule = {
  id: 'split-commit',
  severity: 'error',
  title: 'the schema change and its migration exist, but not in the same commit',
  why: 'Between the two commits code and database do not match: a deploy, bisect or revert breaks.',
  details:
    'One half of the change is not staged, not tracked, in the stash, or in another commit. ' +
    'The guard adds that half and checks again: only if nothing is left to refuse, the commit ' +
    'is called split.',
  fix:
    'Add the listed files, so that the schema change, the SQL, the snapshot and the journal ' +
    'entry are in one commit.',
  examples: {
    refused: 'git add src && git commit, while drizzle/0004_bold_hulk.sql is not tracked',
    passes: 'git add src drizzle && git commit',
  },
  needsSchema: 'partly',
  judges: 'engine',
} as const satisfies EngineRule;

export interface Split {
  /** The files that are not in the commit, and where they are. */
  readonly missing: readonly Pick<UnstagedFile, 'path' | 'state' | 'from'>[];
  /**
   * Which half the commit lacks; `fixed`: it has no migration, and with the unstaged changes it
   * needs none.
   */
  readonly half: 'migration' | 'schema' | 'both' | 'fixed';
  /** What the halves are about, in a few words. */
  readonly about: string;
}

/** The draft that replaces the findings which joining the halves would fix. */
export function splitCommit(split: Split): Draft {
  const { missing, half, about } = split;
  const paths = missing.map(({ path }) => path);
  const stashed = missing.some(({ state }) => state === 'stashed');
  return {
    entities: [...paths].sort().map((file) => ({ kind: 'file', file })),
    describe: () => ({
      path: paths[0] ?? '',
      message: `${sentence[half]} (${about})`,
      detail: missing.map(({ path, state }) => `${path}  (${where[state]})`).join('\n'),
      fix: stashed
        ? [
            { text: 'Restore the other half from the stash:', run: fromStash(missing) },
            { text: 'Then commit both together.' },
          ]
        : [
            {
              text: 'Add the rest to the same commit:',
              run: `git add ${paths.map(pathspec).join(' ')}`,
            },
          ],
    }),
  };
}

/**
 * `git stash pop` would bring back all of it, over what is staged; what it keeps untracked is in a
 * commit of its own.
 */
function fromStash(missing: Split['missing']): string {
  return (['stash@{0}', 'stash@{0}^3'] as const)
    .map((commit) => [commit, missing.filter(({ from = 'stash@{0}' }) => from === commit)] as const)
    .flatMap(([commit, files]) =>
      files.length === 0
        ? []
        : [`git checkout '${commit}' -- ${files.map(({ path }) => pathspec(path)).join(' ')}`],
    )
    .join(' && ');
}

const sentence = {
  migration: 'this commit has the schema change but not its migration, which is not staged',
  schema: 'this commit has the migration but not its schema change, which is not staged',
  both: 'this commit has only a part of the change; the rest is not staged',
  fixed: 'the staged schema is broken; your unstaged changes already fix it',
} as const;

const where = {
  unstaged: 'changed, not staged',
  untracked: 'not tracked yet',
  ignored: 'ignored by git',
  deleted: 'deleted, not staged',
  stashed: 'in the newest stash',
} satisfies Record<UnstagedFile['state'], string>;
