import { hasFolders, type ProjectState } from '../facts/change.ts';
import type { Draft, Fix, Start } from '../model/finding.ts';
import type { FileProblem, History, Snapshot, SnapshotFile } from '../history/history.ts';
import { factsOf, type Facts } from './text/facts.ts';
import { addedFrom, generateAndAdd, remove, restore } from './text/fixes.ts';
import { otherConfig, putInOrder, soundBefore } from './text/start-again.ts';
import { folderSnapshotPath } from '../history/layout.ts';
import { everySnapshot } from '../history/read.ts';
import type { FolderProblem } from '../schema/folders.ts';
import { isWritten } from '../history/written-dialect.ts';
import type { Entity } from '../model/entity.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { counted, listed } from '../model/words.ts';
import type { StateRule } from './rule.ts';

export const rule = {
  id: 'snapshot-invalid',
  severity: 'error',
  title: 'drizzle-kit cannot read a snapshot',
  why: 'drizzle-kit stops at the first snapshot that it cannot read, and generates nothing.',
  details:
    'drizzle-kit reads every file in meta/. Refused are snapshots that are not JSON, have ' +
    'conflict markers, that the validator of the installed drizzle-kit does not take ("data ' +
    'is malformed"), are of another dialect, or have a version that it cannot read; and other ' +
    'files in that folder.',
  fix:
    'Restore the snapshot and generate the migration again; for another version update ' +
    'drizzle-kit, or run `drizzle-kit up`.',
  examples: {
    refused:
      'drizzle/meta/0004_snapshot.json cut off in the middle, or of a version that this ' +
      'drizzle-kit does not read',
    passes: 'snapshots as drizzle-kit wrote them, brought up to date with drizzle-kit up',
  },
  hidesDrift: true,
  consequenceOf: [
    // The published form is sound: restoring it is all there is to do.
    { rule: 'migration-edited', where: 'same migration' },
    // What drizzle-kit 1.x says of the history as a whole.
    { rule: 'migration-order', where: 'migration before' },
    { rule: 'snapshot-chain', where: 'migration before' },
    { rule: 'migration-incomplete', where: 'migration before' },
    { rule: 'migration-removed', where: 'migration before' },
  ],
  judges: 'state',
  *check(state) {
    const { history, snapshotVersion } = state;
    const older: SnapshotFile[] = [];
    const newer: SnapshotFile[] = [];
    for (const file of everySnapshot(history)) {
      if (isStray(file, history)) {
        yield stray(state, file);
        continue;
      }
      const { snapshot } = file;
      if (snapshot.status === 'unread') continue;
      if (snapshot.status === 'invalid') {
        if (isJudgedHere(file, history)) yield unreadable(state, file, snapshot);
        continue;
      }
      // Each dialect counts its versions by itself, and only drizzle-kit 1.x knows those of 1.x.
      if (!isWritten(snapshot.dialect, state.project.dialect, history.layout))
        yield otherDialect(state, file, snapshot.dialect);
      else if (isOfUnknownKit(state)) continue;
      else if (Number(snapshot.version) < snapshotVersion) older.push(file);
      else if (Number(snapshot.version) > snapshotVersion) newer.push(file);
    }
    if (newer.length > 0) yield otherVersion(state, newer, 'newer');
    if (older.length > 0) yield otherVersion(state, older, 'older');
    if (state.drift.status === 'refused')
      for (const problem of state.drift.problems) yield refused(state, problem);
  },
} as const satisfies StateRule;

/** What the installed one reads says nothing, as journal-invalid notes or refuses. */
function isOfUnknownKit({ history: { layout }, kitLayout, declaredLayout }: ProjectState): boolean {
  return kitLayout !== layout && (layout === 'folders' || declaredLayout === layout);
}

/** What drizzle-kit 1.x has against the history, and is in no file alone. */
function refused(state: ProjectState, { folder, kind, message }: FolderProblem): Draft {
  const { history } = state;
  const path = folderSnapshotPath(history.out, folder);
  return {
    entities: [ofSnapshot(path, `refused: ${kind}`)],
    restsOn: history.migrations.map(({ name }) => name),
    describe: (_, start) => ({
      path,
      message: `drizzle-kit generates nothing: ${message}`,
      fix: soundAgain(state, path, start),
    }),
  };
}

/**
 * A file in meta/ that drizzle-kit reads although nothing about its name says snapshot: README.md,
 * .gitkeep.
 */
export function isStray(file: SnapshotFile, history: History): boolean {
  return (
    !file.path.endsWith('.json') && history.orphanSnapshots.some(({ path }) => path === file.path)
  );
}

/**
 * A snapshot without a journal entry is migration-orphaned's, unless it is the one that drizzle-kit
 * would diff against.
 */
function isJudgedHere(file: SnapshotFile, history: History): boolean {
  return (
    file.path === history.newest?.path ||
    !history.orphanSnapshots.some(({ path }) => path === file.path)
  );
}

function stray(state: ProjectState, { path }: SnapshotFile): Draft {
  return {
    entities: [ofSnapshot(path, 'stray')],
    describe: () => ({
      path,
      message:
        `${path} is not a snapshot, but drizzle-kit reads every file in meta/ that does not ` +
        'begin with "_" as one: `drizzle-kit generate` fails',
      fix: [remove('Move it elsewhere, or remove it:', [path])],
    }),
  };
}

function unreadable(
  state: ProjectState,
  { path }: SnapshotFile,
  { problems }: Extract<Snapshot, { status: 'invalid' }>,
): Draft {
  const known: Facts<FileProblem> = new Map(
    problems.map((problem) => [ofSnapshot(path, problem.message), problem]),
  );
  return {
    entities: [...known.keys()],
    describe: (entities, start) => {
      const shown = factsOf(known, entities);
      const line = shown[0]?.line;
      return {
        path,
        ...(line === undefined ? {} : { line }),
        message:
          shown.length === 1
            ? `${path} ${shown[0]?.message ?? ''}`
            : `${path} has ${counted(shown.length, 'error')}`,
        ...(shown.length > 1 ? { detail: shown.map(({ message }) => message).join('\n') } : {}),
        fix: soundAgain(state, path, start),
      };
    },
  };
}

function otherDialect(state: ProjectState, { path }: SnapshotFile, dialect: string): Draft {
  return {
    entities: [ofSnapshot(path, `dialect ${dialect}`)],
    describe: (_, start) => ({
      path,
      message:
        `${path} is a snapshot of ${dialect}, but the project (${state.project.config}) is ` +
        `for ${state.project.dialect}`,
      fix:
        start?.hasAsIs(path) === true
          ? otherConfig(state, path, start)
          : soundAgain(state, path, start),
    }),
  };
}

/**
 * Where the change starts from the same snapshot, going back to there would change nothing. Where it
 * leaves the SQL of the migration as it was, the snapshot alone goes back.
 */
function soundAgain(state: ProjectState, path: RepoPath, start: Start | undefined): readonly Fix[] {
  if (start?.hasAsIs(path) !== true) {
    const own = state.history.migrations.find(({ snapshotPath }) => snapshotPath === path);
    const isAlone =
      own !== undefined &&
      start?.rev !== undefined &&
      start.other === undefined &&
      start.joining !== true &&
      start.has(path) &&
      start.hasAsIs(own.sqlPath);
    return isAlone
      ? [
          restore(`Restore it as ${start.rev} has it:`, [path], start.rev),
          generateAndAdd('Generate what the schema has more, if it has:', state),
        ]
      : putInOrder(state, start);
  }
  return soundBefore(state, start, path);
}

function otherVersion(
  state: ProjectState,
  files: readonly SnapshotFile[],
  than: 'newer' | 'older',
): Draft {
  const { snapshotVersion, how, history } = state;
  const known: Facts<SnapshotFile> = new Map(
    files.map((file) => [ofSnapshot(file.path, `version ${versionOf(file)}`), file]),
  );
  return {
    entities: [...known.keys()],
    describe: (entities) => {
      const shown = factsOf(known, entities);
      const versions = listed([...new Set(shown.map(versionOf))]);
      return {
        path: shown[0]?.path ?? '',
        message:
          (shown.length === 1
            ? `${shown[0]?.path} has`
            : `${counted(shown.length, 'snapshot')} have`) +
          ` version ${versions}, but the installed drizzle-kit reads ${snapshotVersion}: ` +
          `it generates nothing${hasFolders(state) ? '' : ' and exits with 0'}`,
        ...(shown.length > 1 ? { detail: shown.map(({ path }) => path).join('\n') } : {}),
        fix:
          than === 'newer'
            ? [
                {
                  text:
                    'Somebody uses a newer drizzle-kit: install the version of the lock ' +
                    'file, or update.',
                  run: how.install,
                },
              ]
            : [
                {
                  text: 'Let drizzle-kit upgrade the snapshots:',
                  run: `${how.up}\n${addedFrom(history)}`,
                },
              ],
      };
    },
  };
}

function versionOf({ snapshot }: SnapshotFile): string {
  return snapshot.status === 'ok' ? snapshot.version : 'unknown';
}

function ofSnapshot(path: RepoPath, aspect: string): Entity {
  const [folder = '', name = ''] = path.split('/').slice(-2);
  return { kind: 'snapshot', file: name === 'snapshot.json' ? `${folder}/${name}` : name, aspect };
}
