import type { Tree } from '../git/trees/tree.ts';
import type { History } from '../history/history.ts';
import { hashesOf } from './content.ts';
import { folderMillis } from './folder-millis.ts';
import type { LocalMigration } from './verdict.ts';

/**
 * The migrations of a history as its migrator reads them.
 * @param bundled whether they are part of the program: the migrator then stores '' for a hash
 */
export async function localMigrations(
  tree: Tree,
  { migrations, ...history }: Pick<History, 'migrations' | 'layout'>,
  bundled: boolean,
): Promise<readonly LocalMigration[]> {
  const bytes = await tree.read(migrations.flatMap(({ sql }) => sql?.path ?? []));
  const inFolders = history.layout === 'folders';
  return migrations.map(({ name, sql, journal }) => {
    const content = sql === undefined ? undefined : bytes.get(sql.path);
    return {
      name,
      when: inFolders ? folderMillis(name) : (journal?.when ?? Number.NaN),
      ...(content === undefined
        ? {}
        : { sql: bundled ? { hash: '', otherLineEndings: [] } : hashesOf(content) }),
    };
  });
}
