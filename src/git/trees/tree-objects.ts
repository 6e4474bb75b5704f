import type { RepoPath } from '../../model/repo-path.ts';
import type { Objects } from '../objects.ts';
import type { Entry } from './tree.ts';

/** So many folders are read before a process of `ls-tree` costs less. */
const MOST_FOLDERS = 64;

interface TreeEntry extends Entry {
  readonly name: string;
}

/**
 * The files of a commit as `ls-tree -r` lists them, read by the reader of objects that every check
 * has open.
 * @param commit full oid.
 * @returns undefined for more than a few folders, and where one cannot be read.
 */
export async function readTreeObjects(
  objects: Pick<Objects, 'read'>,
  commit: string,
): Promise<Map<RepoPath, Entry> | undefined> {
  let folders = 0;
  const filesIn = async (
    name: string,
    path: RepoPath,
  ): Promise<readonly (readonly [RepoPath, Entry])[] | undefined> => {
    folders += 1;
    const { type, bytes } = await objects.read(name);
    const found =
      type === 'tree' && bytes !== undefined ? parseTree(bytes, commit.length / 2) : undefined;
    if (found === undefined) return undefined;
    if (folders + found.filter(isFolder).length > MOST_FOLDERS) return undefined;
    const all = await Promise.all(
      found.map(({ name: own, mode, oid }) =>
        mode === FOLDER
          ? filesIn(oid, `${path}${own}/`)
          : ([[`${path}${own}`, { mode, oid }]] as const),
      ),
    );
    return all.every((files) => files !== undefined) ? all.flat() : undefined;
  };
  const files = await filesIn(`${commit}^{tree}`, '');
  return files === undefined ? undefined : new Map(files);
}

const FOLDER = '040000';

function isFolder({ mode }: Entry): boolean {
  return mode === FOLDER;
}

/**
 * The entries of a tree object: `<octal mode> <name>\0<oid>`, one after the other. Names are UTF-8;
 * bytes that are not become U+FFFD.
 * @param size bytes of an oid
 */
function parseTree(bytes: Uint8Array, size: number): readonly TreeEntry[] | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: TreeEntry[] = [];
  for (let at = 0; at < buffer.length;) {
    const blank = buffer.indexOf(' ', at);
    const end = buffer.indexOf('\0', at);
    const next = end + 1 + size;
    const mode = shownMode(buffer.toString('latin1', at, Math.max(at, blank)));
    if (mode === undefined || end <= blank + 1 || next > buffer.length) return undefined;
    const name = buffer.toString('utf8', blank + 1, end);
    entries.push({ mode, name, oid: buffer.toString('hex', end + 1, next) });
    at = next;
  }
  return entries;
}

/** As git shows it, whatever an old git recorded (cache.h, `canon_mode`). */
function shownMode(recorded: string): string | undefined {
  if (!/^[0-7]{5,6}$/.test(recorded)) return undefined;
  const mode = Number.parseInt(recorded, 8);
  const kind = mode & 0o170000;
  if (kind === 0o100000) return (mode & 0o100) === 0 ? '100644' : '100755';
  if (kind === 0o120000) return '120000';
  return kind === 0o040000 ? FOLDER : '160000';
}
