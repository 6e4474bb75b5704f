import type { ProjectState } from '../../facts/change.ts';
import { isFolders, isJournal, type History, type SnapshotFile } from '../../history/history.ts';
import { inOut, journalPath } from '../../history/layout.ts';
import { everySnapshot } from '../../history/read.ts';
import { isWritten } from '../../history/written-dialect.ts';
import type { Fix, Start } from '../../model/finding.ts';
import { folderOf, type RepoPath } from '../../model/repo-path.ts';
import { pathspec, shellWord } from '../../model/shell-quote.ts';
import { listed } from '../../model/words.ts';
import { addedAfterMove, addedFrom, restore, restoreOlder } from './fixes.ts';

/** For more files than this a pattern is used. */
const MOST_NAMED = 12;

/**
 * For migrations that clash with others: in the middle of a merge, rebase or the like, the command
 * that puts the own ones on top.
 */
export function putInOrder(
  state: Pick<ProjectState, 'history' | 'how'>,
  start: Start | undefined,
  why = '',
): readonly Fix[] {
  return start?.joining === true
    ? [
        {
          text:
            'Resolve the conflicts in the schema, and put your migrations on top of the ' +
            'others:',
          run: 'npx drizzle-guard rebase',
        },
      ]
    : startAgain(state, start, why);
}

/**
 * Takes the migrations back to where the change starts, and generates them again: the same commands
 * for everything that is wrong with new migrations. `git restore` also removes what is new. Where the
 * change moves a journal into folders, `drizzle-kit up` does that again first.
 */
export function startAgain(
  { history, how }: Pick<ProjectState, 'history' | 'how'>,
  start: Start | undefined,
  why = '',
): readonly Fix[] {
  const { rev, other, sql = [] } = start ?? {};
  const { out } = history;
  const switches = isFolders(history) && start?.has(journalPath(out)) === true;
  const paths =
    switches && out !== ''
      ? [out]
      : isFolders(history)
        ? foldersOf(history, sql)
        : journalOf(history, sql);
  const named = paths.map(pathspec).join(' ');
  const gone = sql.filter((path) => start?.has(path) !== true);
  const back =
    start !== undefined && rev === undefined
      ? `git rm -rf --ignore-unmatch -- ${named}`
      : `git restore --source=${rev ?? 'HEAD'} --staged --worktree -- ${named}`;
  const saved = other === undefined ? '' : `; ${other} has it`;
  const goes = `${listed(gone.slice(0, 3))} ${gone.length === 1 ? 'goes' : 'go'}`;
  return [
    {
      text:
        `${why}${why === '' ? 'Take' : 'take'} the migrations of ${rev ?? 'the commit before'}, ` +
        'and generate the new one again' +
        (gone.length === 0 ? '' : ` (${goes}: save SQL that was written by hand first${saved})`) +
        ':',
      run: [
        back,
        ...(switches ? [how.up] : []),
        how.generate,
        switches ? addedAfterMove(out) : addedFrom(history),
      ].join('\n'),
    },
  ];
}

/**
 * For a file that is wrong, and that the change starts from as it is. Where it never was otherwise,
 * no commit has a form of it that could be restored.
 */
export function soundBefore(
  state: Pick<ProjectState, 'history' | 'how'>,
  start: Start,
  path: RepoPath,
): readonly Fix[] {
  const added = start.addedAsIs.get(path);
  if (added === undefined) return [restoreOlder(path)];
  const { by, before, isPublished } = added;
  const { migrations } = state.history;
  const own = migrations.find(({ snapshotPath }) => snapshotPath === path);
  const { rev: _, ...rest } = start;
  const sql = migrations.slice(own?.position ?? 0).map(({ sqlPath }) => sqlPath);
  const [again] = startAgain(
    state,
    { ...rest, ...(before === undefined ? {} : { rev: before }), has: () => false, sql },
    `It was added like that, by ${by}: `,
  );
  if (!isPublished || again?.run === undefined) return again === undefined ? [] : [again];
  const top = '$(git rev-parse --show-toplevel)';
  const [back = ''] = again.run.split('\n');
  // One that has no number in front gets another name.
  const isSameName = isJournal(state.history) && /^\d{4}_/.test(own?.name ?? '');
  return [
    {
      text:
        `It was added like that, by ${by}, and others may have applied its migration, which has ` +
        'to stay. Generate it again in a second working tree, of that commit:',
      run: [
        `git worktree add --detach "${top}-${by}" ${by}`,
        `( cd "${top}-${by}" && ${state.how.install} && ${back} && ${state.how.generate} )`,
      ].join('\n'),
    },
    {
      text: `Copy only the new snapshot from there to ${path}, and remove it again:`,
      ...(isSameName
        ? {
            run: [
              `cp "${top}-${by}"/${shellWord(path)} "${top}"/${shellWord(path)}`,
              `git worktree remove --force "${top}-${by}"`,
              `git add ${pathspec(path)}`,
            ].join('\n'),
          }
        : {}),
    },
  ];
}

/**
 * For a snapshot of another dialect that the change does not touch: the config became another one, or
 * it was so before.
 */
export function otherConfig(state: ProjectState, path: RepoPath, start: Start): readonly Fix[] {
  const { config, dialect } = state.project;
  const isOther = ({ snapshot }: SnapshotFile): boolean =>
    snapshot.status === 'ok' && !isWritten(snapshot.dialect, dialect, state.history.layout);
  const isChanged = start.has(config) && !start.hasAsIs(config);
  if (!isChanged && !everySnapshot(state.history).every(isOther))
    return soundBefore(state, start, path);
  return [
    isChanged
      ? restore('Restore the config:', [config], start.rev)
      : { text: `Set \`dialect\` in ${config} to that of the snapshots.` },
    {
      text: 'For a database of another kind keep these migrations, and let `out` name a new folder.',
    },
  ];
}

function journalOf({ out }: History, sql: readonly RepoPath[]): readonly RepoPath[] {
  return [
    inOut(out, 'meta'),
    ...(sql.length > MOST_NAMED && out !== '' ? [inOut(out, '*.sql')] : sql),
  ];
}

/** The whole folder of each migration; what else there is, if it has to go, by its own name. */
function foldersOf({ out, otherLayout }: History, sql: readonly RepoPath[]): readonly RepoPath[] {
  const folders = sql.map((path) => (path.endsWith('/migration.sql') ? folderOf(path) : path));
  const meta = otherLayout.length > 0 ? [inOut(out, 'meta')] : [];
  const named = [...meta, ...new Set(folders)];
  return (named.length > MOST_NAMED || named.length === 0) && out !== '' ? [out] : named;
}
