import fs, { Dirent } from 'node:fs';
import { join } from 'node:path';
import type { FileInTree } from '../protocol.ts';

/**
 * What a function of `fs` answers for an absolute path, in the form that its options ask for.
 * `below`: what the tree has at another path.
 * @throws as `fs` does: ENOENT, EISDIR, ENOTDIR.
 */
type Serve = (
  path: string,
  found: FileInTree,
  options: unknown,
  below: (path: string) => FileInTree,
) => unknown;
type Present = Extract<FileInTree, { kind: 'file' | 'folder' }>;

/**
 * Functions of `fs` that the tree answers: each as `<name>Sync`, with a callback, and as a promise.
 */
export const SERVED: Readonly<Record<string, Serve>> = {
  access: (path, found) => void present('access', path, found),
  exists: (_, found) => isPresent(found),
  lstat: (path, found, options) => stats('lstat', path, found, options),
  readdir: (path, found, options, below) => {
    const folder = present('scandir', path, found);
    if (folder.kind === 'file') throw failure('ENOTDIR', 'not a directory', 'scandir', path);
    return list(path, '', folder.names, options, below);
  },
  readFile: (path, found, options) => {
    const file = present('open', path, found);
    if (file.kind === 'folder')
      throw failure('EISDIR', 'illegal operation on a directory', 'read', path);
    const content = Buffer.from(file.bytes);
    const encoding = encodingOf(options);
    return encoding === undefined || encoding === 'buffer' ? content : content.toString(encoding);
  },
  realpath: (path, found, options) => (present('lstat', path, found), named(path, options)),
  stat: (path, found, options) => stats('stat', path, found, options),
};

function isPresent(found: FileInTree): found is Present {
  return found.kind === 'file' || found.kind === 'folder';
}

function present(syscall: string, path: string, found: FileInTree): Present {
  if (isPresent(found)) return found;
  // Says why a file that can be seen is not there.
  const seen = fs.existsSync(path) ? ' in git, only in the working folder' : '';
  throw failure('ENOENT', `no such file or directory${seen}`, syscall, path);
}

/** A file of a tree has a size and a kind; the rest is some other file's. */
function stats(syscall: string, path: string, found: FileInTree, options: unknown): unknown {
  if (!isPresent(found) && option(options, 'throwIfNoEntry') === false) return undefined;
  const entry = present(syscall, path, found);
  const like = entry.kind === 'file' ? process.execPath : process.cwd();
  const size = entry.kind === 'file' ? entry.bytes.length : 0;
  const at = fs.existsSync(like) ? like : '/';
  return option(options, 'bigint') === true
    ? Object.assign(fs.statSync(at, { bigint: true }), { size: BigInt(size) })
    : Object.assign(fs.statSync(at), { size });
}

/** From libuv; `fs.constants` has them, its types do not. */
const TYPES = { file: 'UV_DIRENT_FILE', folder: 'UV_DIRENT_DIR', link: 'UV_DIRENT_LINK' };

function list(
  top: string,
  under: string,
  names: Extract<FileInTree, { kind: 'folder' }>['names'],
  options: unknown,
  below: (path: string) => FileInTree,
): readonly unknown[] {
  return names.flatMap(([name, kind]): readonly unknown[] => {
    const path = join(under, name);
    const type: unknown = Reflect.get(fs.constants, TYPES[kind]);
    // The constructor is not in the types: (name, type, folder), in node 20 to 24.
    const entry =
      option(options, 'withFileTypes') === true
        ? (Reflect.construct(Dirent, [name, type, join(top, under)]) as unknown)
        : named(path, options);
    if (kind !== 'folder' || option(options, 'recursive') !== true) return [entry];
    const inner = below(join(top, path));
    return [
      entry,
      ...(inner.kind === 'folder' ? list(top, path, inner.names, options, below) : []),
    ];
  });
}

/** A name as text, or as bytes if the options say so. */
function named(name: string, options: unknown): string | Buffer {
  const encoding = encodingOf(options);
  if (encoding === undefined) return name;
  return encoding === 'buffer' ? Buffer.from(name) : Buffer.from(name).toString(encoding);
}

function encodingOf(options: unknown): BufferEncoding | 'buffer' | undefined {
  const name = typeof options === 'string' ? options : option(options, 'encoding');
  return name === 'buffer' || (typeof name === 'string' && Buffer.isEncoding(name))
    ? name
    : undefined;
}

function option(options: unknown, name: string): unknown {
  return typeof options === 'object' && options !== null ? Reflect.get(options, name) : undefined;
}

const ERRNO: Readonly<Record<string, number>> = { ENOENT: -2, ENOTDIR: -20, EISDIR: -21 };

function failure(code: string, text: string, syscall: string, path: string): NodeJS.ErrnoException {
  const error = new Error(`${code}: ${text}, ${syscall} '${path}'`);
  return Object.assign(error, { code, errno: ERRNO[code], syscall, path });
}
