import { type RepoPath, inside } from '../model/repo-path.ts';
import type { TreeReader } from './modules/tree-reader.ts';

/** The text of files of a tree, one after the other. */
export async function* textsOf(
  reader: TreeReader,
  paths: Iterable<RepoPath>,
): AsyncGenerator<string | undefined> {
  for (const path of paths) yield reader.readText(path);
}

/** The text of files, and of all snapshots of a migrations folder, the latest name first. */
export async function* withSnapshots(
  reader: TreeReader,
  paths: Iterable<RepoPath>,
  out: RepoPath,
): AsyncGenerator<string | undefined> {
  yield* textsOf(reader, paths);
  if (!reader.hasFolder(out)) return;
  for (const [name, kind] of reader.list(out)) {
    if (kind !== 'folder') continue;
    const folder = inside(out, name);
    const snapshots = reader.list(folder).filter(([file]) => file.endsWith('snapshot.json'));
    yield* textsOf(reader, snapshots.map(([file]) => inside(folder, file)).toReversed());
  }
}
