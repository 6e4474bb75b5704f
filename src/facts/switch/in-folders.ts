import type {
  FolderHistory,
  FolderMigration,
  JournalHistory,
  MigrationFile,
} from '../../history/history.ts';
import { folderSnapshotPath, folderSqlPath, inOut, planUp, stampOf } from '../../history/layout.ts';

/**
 * A history with a journal under the names that `drizzle-kit up` of 1.x gives its migrations, with
 * the files that it has. Nothing of it is left out: what `up` would drop is missed then.
 */
export function inFolders(history: JournalHistory): FolderHistory {
  const { out, migrations } = history;
  const plan = planUp(
    out,
    migrations.map(({ journal }) => journal),
  );
  const moved = migrations.flatMap((migration, position): readonly FolderMigration[] => {
    const move = plan[position];
    if (move === undefined) return [];
    const sql = migration.sql ?? onlyNamed(history, move.tag);
    return [
      {
        name: move.folder,
        position,
        stamp: stampOf(move.folder),
        sqlPath: folderSqlPath(out, move.folder),
        snapshotPath: folderSnapshotPath(out, move.folder),
        ...(sql === undefined ? {} : { sql }),
        ...(migration.snapshot === undefined ? {} : { snapshot: migration.snapshot }),
      },
    ];
  });
  const { journal: _, journalPath: __, journalFile: ___, newest, ...rest } = history;
  return {
    ...rest,
    layout: 'folders',
    orderPath: out,
    migrations: moved,
    leaves: moved.slice(-1),
    ...(newest === undefined ? {} : { newest }),
  };
}

/** The file that `up` takes where none has the tag's name: the only one with its first word. */
function onlyNamed({ out, orphanSql }: JournalHistory, tag: string): MigrationFile | undefined {
  const start = inOut(out, `${tag.split('_')[0] ?? ''}_`);
  const [one, ...others] = orphanSql.filter(({ path }) => path.startsWith(start));
  return others.length === 0 ? one : undefined;
}
