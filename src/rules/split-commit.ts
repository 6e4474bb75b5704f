import type { Draft } from '../model/finding.ts';
import type { UnstagedFile } from '../git/worktree/unstaged-file.ts';
import type { EngineRule } from './rule.ts';
import { shellPath } from '../model/shell-quote.ts';

export const rule = {
  id: 'split-commit',
  severity: 'error',
  title: 'the schema change and its migration both exist, but not in the same commit',
  why: 'Between the two commits the code and the database do not fit: a deploy, a bisect, a revert or a cherry-pick of either one breaks.',
  mend: 'Add the named files, so that the schema change, the SQL, the snapshot and the journal entry are recorded together.',
  examples: {
    refused: 'git add src && git commit, while drizzle/0004_bold_hulk.sql lies untracked beside it',
    passes: 'git add src drizzle && git commit',
  },
  needsSchema: 'partly',
  judges: 'engine',
} as const satisfies EngineRule;

export interface Split {
  /** The halves that are not in the tree to be recorded, and where they lie. */
  readonly missing: readonly Pick<UnstagedFile, 'path' | 'state' | 'from'>[];
  /** Which half the commit would leave out; `mended`: the commit has no migration, and what lies beside it needs none. */
  readonly half: 'migration' | 'schema' | 'both' | 'mended';
  /** What the halves are about, in a few words. */
  readonly about: string;
}

/** The draft that replaces the findings which joining the halves would mend. */
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
            { text: 'Bring the other half back from the stash', run: fromStash(missing) },
            { text: 'and commit both together.' },
          ]
        : [
            {
              text: 'Add the rest to this same commit:',
              run: `git add ${paths.map(shellPath).join(' ')}`,
            },
          ],
    }),
  };
}

/** `git stash pop` would bring back all of it, over what is staged; what it keeps untracked is in a commit of its own. */
function fromStash(missing: Split['missing']): string {
  return (['stash@{0}', 'stash@{0}^3'] as const)
    .map((commit) => [commit, missing.filter(({ from = 'stash@{0}' }) => from === commit)] as const)
    .flatMap(([commit, files]) =>
      files.length === 0
        ? []
        : [`git checkout '${commit}' -- ${files.map(({ path }) => shellPath(path)).join(' ')}`],
    )
    .join(' && ');
}

const sentence = {
  migration: 'the schema change would be recorded without its migration, which lies beside it',
  schema: 'the migration would be recorded without its schema change, which lies beside it',
  both: 'only a part of this change would be recorded; the rest lies beside it',
  mended: 'the schema would be recorded in a state that what lies beside it has mended',
} as const;

const where = {
  unstaged: 'changed, not staged',
  untracked: 'not tracked yet',
  ignored: 'ignored by git',
  deleted: 'deleted, not staged',
  stashed: 'in the newest stash',
} satisfies Record<UnstagedFile['state'], string>;
