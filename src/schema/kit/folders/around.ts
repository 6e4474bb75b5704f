import type { Dialect } from '../../../model/dialect.ts';
import { isNoParent } from '../../../history/snapshot.ts';
import type { FolderChange } from '../../folders.ts';
import { property } from '../foreign-module.ts';
import { inOrderOfRenames, renamesOfDeltas, renameText, type Renamed } from './deltas.ts';
import { detect, merge, openBranch } from './forks.ts';
import {
  idOf,
  isV9,
  parentsOf,
  problemOf,
  readAll,
  rowsOf,
  type ReadFile,
  type Stored,
} from './read-folder.ts';
import type { Functions } from './regions.ts';
import { FOLDER, RECONSTRUCT } from './sources.ts';
import { listOf, shared, stateWith } from './state.ts';

/**
 * What `folderChange` answers.
 * @param all the migration in `folder` and what it comes from
 * @param known see `shared`
 */
export async function around(
  kit: Functions,
  dialect: Dialect,
  all: readonly Stored[],
  folder: string,
  known = new Map<string, unknown>(),
): Promise<FolderChange> {
  const own = all.find((one) => one.folder === folder);
  if (own === undefined) throw new TypeError(`${folder} is not one of the snapshots`);
  const missing = parentsOf(own.raw).find(
    (id) => !isNoParent(id) && !all.some(({ raw }) => idOf(raw) === id),
  );
  if (missing !== undefined)
    return {
      status: 'refused',
      problems: [{ folder, kind: 'malformed', message: `its parent ${missing} is nowhere` }],
    };
  const read = readAll(kit, dialect, [...all.filter((one) => one !== own), own]);
  if (!Array.isArray(read)) return { status: 'refused', problems: [read] };
  if (isV9(kit, dialect)) return aroundDelta(kit, dialect, read, own, known);
  const files = read.slice(0, -1);
  const after = stateWith(kit, dialect, shared(rowsOf(own.raw), known), renamesIn(own.raw));
  const parents = parentsOf(own.raw).filter(
    (id) => !isNoParent(id) || files.some(({ snapshot }) => idOf(snapshot) === id),
  );
  if (files.length === 0) return { status: 'ok', before: undefined, after };
  // With `--ignore-conflicts`, and where there is no merge, `generate` takes the last by name.
  const rows =
    parents.length > 1
      ? merge(kit, dialect, openBranch(kit, await detect(kit, dialect, files)))
      : files.map(({ snapshot }) => snapshot).find((one) => idOf(one) === parents[0])?.['ddl'];
  const before = Array.isArray(rows) ? rows : rowsOf(files.at(-1)?.snapshot);
  return { status: 'ok', before: stateWith(kit, dialect, shared(before, known)), after };
}

function renamesIn(snapshot: unknown): readonly string[] {
  const renames = property(snapshot, 'renames');
  return Array.isArray(renames) ? renames.map(String) : [];
}

/** Of v9, where a migration is its parents' state with differences. */
function aroundDelta(
  kit: Functions,
  dialect: Dialect,
  files: readonly ReadFile[],
  own: Stored,
  known: Map<string, unknown>,
): FolderChange {
  const folder = kit.get(FOLDER, 'loadFolder')(files);
  const snapshots = property(folder, 'snapshots');
  const parents = parentsOf(own.raw).filter((id) => !isNoParent(id));
  try {
    const state = kit.get(FOLDER, 'stateOf')(folder, idOf(own.raw));
    const before =
      parents.length === 0
        ? undefined
        : stateWith(
            kit,
            dialect,
            listOf(kit.get(RECONSTRUCT, 'startingState')(snapshots, parents), known),
          );
    const renames = before === undefined ? [] : renamed();
    const rows = inOrderOfRenames(listOf(state, known), renames);
    const after = stateWith(kit, dialect, rows, renames.map(renameText));
    return { status: 'ok', before, after };
  } catch (error) {
    return { status: 'refused', problems: [problemOf(error, own.folder)] };
  }

  function renamed(): readonly Renamed[] {
    const deltas = property(own.raw, 'deltas');
    if (!Array.isArray(deltas) || deltas.every((one) => property(one, 'op') !== 'rename'))
      return [];
    const start = kit.get(RECONSTRUCT, 'startingState')(snapshots, parents);
    return renamesOfDeltas(kit, start, deltas);
  }
}
