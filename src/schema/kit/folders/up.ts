import type { Dialect } from '../../../model/dialect.ts';
import { ORIGIN_ID } from '../../../history/snapshot.ts';
import type { FolderProblem, FolderSnapshot, FolderUp } from '../../folders.ts';
import { method, property } from '../foreign-module.ts';
import { idOf, inOrder, isV9, parentsOf, problemOf, type Stored } from './read-folder.ts';
import type { Functions } from './regions.ts';
import { FOLDER, RECONSTRUCT, sourceOf, UPS, V8, V9 } from './sources.ts';
import { plain, validatorOf } from './state.ts';

/**
 * What `drizzle-kit up` would write for snapshots that are in the folders to which it would move
 * them (`src/cli/commands/up-*.ts`): the same ids and parents.
 */
export async function upAll(
  kit: Functions,
  dialect: Dialect,
  snapshots: readonly FolderSnapshot[],
): Promise<FolderUp> {
  const files = inOrder(snapshots);
  let folder = '';
  try {
    const lifted: unknown[] = [];
    if (isV9(kit, dialect)) lifted.push(...(await upToV9(kit, files)));
    else
      for (const file of files) {
        ({ folder } = file);
        lifted.push(upOne(kit, dialect, file.raw));
      }
    return {
      status: 'ok',
      snapshots: files.map((file, at) => ({
        folder: file.folder,
        json: plain(lifted[at] as object) as Json,
      })),
    };
  } catch (error) {
    if (error instanceof NotLifted) return { status: 'refused', problems: [error.problem] };
    return { status: 'refused', problems: [problemOf(error, folder)] };
  }
}

type Json = Readonly<Record<string, unknown>>;

/** drizzle-kit does not lift a snapshot. */
class NotLifted extends Error {
  readonly problem: FolderProblem;

  constructor({ folder }: Stored, kind: string, message: string) {
    super(message);
    this.problem = { folder, kind, message };
  }
}

/** Where each snapshot is lifted by itself; one that is not old stays as it is. */
function upOne(kit: Functions, dialect: Dialect, raw: unknown): unknown {
  if (validatorOf(kit, dialect)(raw) !== 'nonLatest') return raw;
  const version = Number(property(raw, 'version'));
  switch (dialect) {
    case 'postgresql':
      return property(kit.get(V8, 'upToV8')(raw), 'snapshot');
    case 'mysql':
      return kit.get(UPS.mysql, 'upToV6')(raw);
    case 'singlestore':
      return kit.get(UPS.singlestore, 'upToV2')(raw);
    case 'mssql':
      return property(kit.get(UPS.mssql, 'upToV2')(raw), 'snapshot');
    case 'sqlite':
    case 'turso': {
      const schema = kit.value(sourceOf('sqlite', 'ddl'), 'sqliteSchemaV6');
      return kit.get(
        UPS.sqlite,
        'updateToV7',
      )(version === 5 ? kit.get(UPS.sqlite, 'updateUpToV6')(raw) : method(schema, 'parse')(raw));
    }
    default:
      return raw;
  }
}

/** As `upPgHandler`: first each to v8, then all of them together. */
async function upToV9(kit: Functions, sources: readonly Stored[]): Promise<readonly unknown[]> {
  const validate = validatorOf(kit, 'postgresql');
  if (sources.every(({ raw }) => validate(raw) === 'valid')) return sources.map(({ raw }) => raw);
  const files = sources.map((source) => {
    const version = Number(property(source.raw, 'version'));
    const snapshot =
      version < 8 ? property(kit.get(V8, 'upToV8')(source.raw), 'snapshot') : source.raw;
    const isWhole = version > 8 || kit.get(V8, 'isSnapshotV8')(snapshot) === true;
    if (validate(source.raw) === 'malformed' || !isWhole)
      throw new NotLifted(source, 'malformed', `${source.path} is malformed`);
    return { ...source, snapshot };
  });
  const byId = new Map(files.map((file) => [idOf(file.snapshot), file]));
  for (const file of files)
    for (const id of realParents(file.snapshot)) {
      const parent = byId.get(id);
      if (parent === undefined) throw new NotLifted(file, 'history', `its parent ${id} is nowhere`);
      if (kit.get(FOLDER, 'sortsAfter')(file.folder, parent.folder) !== true)
        throw new NotLifted(file, 'order', `it sorts before its parent ${parent.folder}`);
    }
  const [, second] = files.filter(({ snapshot }) => realParents(snapshot).length === 0);
  if (second !== undefined)
    throw new NotLifted(second, 'history', 'it is a second first migration');
  const lifted = (await kit.get(V9, 'upToV9')(files)) as readonly unknown[];
  const written = plain(lifted) as readonly Json[];
  assertSame(kit, files, written);
  return written;
}

/** As drizzle-kit makes sure of: a lifted snapshot is valid, and the state of the old one. */
function assertSame(
  kit: Functions,
  files: readonly (Stored & { readonly snapshot: unknown })[],
  written: readonly Json[],
): void {
  const postgres = sourceOf('postgres', 'ddl');
  const snapshots = new Map(written.map((one) => [one['id'], one]));
  for (const [at, file] of files.entries()) {
    if (property(file.snapshot, 'version') === '9') continue;
    if (validatorOf(kit, 'postgresql')(written[at]) !== 'valid')
      throw new NotLifted(file, 'invalid_snapshot', 'its new snapshot is not valid');
    const state = kit.get(RECONSTRUCT, 'reconstruct')(snapshots, idOf(file.snapshot));
    const rows = kit.get(V9, 'withStateKeyNames')(property(file.snapshot, 'ddl'), state);
    const entity = kit.get(postgres, 'stateDifference')(
      kit.get(postgres, 'fromEntities')(rows),
      state,
    );
    if (entity !== undefined)
      throw new NotLifted(file, 'state_mismatch', `its state would differ at ${String(entity)}`);
  }
}

function realParents(snapshot: unknown): readonly string[] {
  return parentsOf(snapshot).filter((id) => id !== '' && id !== ORIGIN_ID);
}
