import { constants, Dirent, type Stats } from 'node:fs';
import type fs from 'node:fs';
import { join } from 'node:path';
import type { FileInTree } from '../protocol.ts';

/** Functions of `fs` that are answered out of a tree: each as `<name>Sync`, with a callback, and as a promise. */
export const SERVED = [
  'access',
  'exists',
  'lstat',
  'readdir',
  'readFile',
  'realpath',
  'stat',
] as const;

export type Served = (typeof SERVED)[number];

export interface Asked {
  /** Absolute, in the platform's style. */
  readonly path: string;
  readonly found: FileInTree;
  /** What was given beside the path. */
  readonly options: unknown;
  /** What the tree has at another path. */
  readonly below: (path: string) => FileInTree;
  /** Of the disk. */
  readonly real: Pick<typeof fs, 'existsSync' | 'statSync'>;
}

/**
 * What a function of `fs` answers for a path of the tree, in the form that its options ask for.
 * @throws as `fs` does: ENOENT, EISDIR, ENOTDIR.
 */
export function serve(name: Served, asked: Asked): unknown {
  const { path, found, options, real } = asked;
  const optional =
    name === 'exists' ||
    ((name === 'stat' || name === 'lstat') && option(options, 'throwIfNoEntry') === false);
  if (found.kind !== 'file' && found.kind !== 'folder') {
    if (optional) return name === 'exists' ? false : undefined;
    throw absent(path, name, real.existsSync(path));
  }
  switch (name) {
    case 'access':
      return undefined;
    case 'exists':
      return true;
    case 'realpath':
      return encoded(Buffer.from(path), options);
    case 'stat':
    case 'lstat':
      return statsOf(asked, found);
    case 'readFile':
      if (found.kind === 'folder')
        throw failure('EISDIR', 'illegal operation on a directory', 'read', path);
      return contentOf(found.bytes, options);
    case 'readdir':
      if (found.kind === 'file') throw failure('ENOTDIR', 'not a directory', 'scandir', path);
      return listed(asked, found.names, '');
  }
}

type Names = Extract<FileInTree, { kind: 'folder' }>['names'];

/** libuv's, which `fs.constants` has and its types have not. */
const TYPES = { file: 'UV_DIRENT_FILE', folder: 'UV_DIRENT_DIR', link: 'UV_DIRENT_LINK' };

function listed(
  { path, options, below }: Pick<Asked, 'path' | 'options' | 'below'>,
  names: Names,
  under: string,
): readonly unknown[] {
  return names.flatMap(([name, kind]): readonly unknown[] => {
    const shown = under === '' ? name : join(under, name);
    // Its constructor is not in the types: (name, type, folder), in node 20 to 24.
    const entry =
      option(options, 'withFileTypes') === true
        ? (Reflect.construct(Dirent, [
            name,
            Reflect.get(constants, TYPES[kind]),
            join(path, under),
          ]) as unknown)
        : encoded(Buffer.from(shown), options);
    if (kind !== 'folder' || option(options, 'recursive') !== true) return [entry];
    const inner = below(join(path, shown));
    return [
      entry,
      ...(inner.kind === 'folder' ? listed({ path, options, below }, inner.names, shown) : []),
    ];
  });
}

/** A file of a tree has a size and a kind; the rest is some other file's. */
function statsOf(
  { options, real }: Pick<Asked, 'options' | 'real'>,
  found: Extract<FileInTree, { kind: 'file' | 'folder' }>,
): unknown {
  const bigint = option(options, 'bigint') === true;
  const like = found.kind === 'file' ? process.execPath : process.cwd();
  const stats: Partial<Stats> = real.statSync(real.existsSync(like) ? like : '/', {
    bigint,
  } as object);
  const size = found.kind === 'file' ? found.bytes.length : 0;
  return Object.assign(stats, { size: bigint ? BigInt(size) : size });
}

function contentOf(bytes: Uint8Array, options: unknown): unknown {
  const content = Buffer.from(bytes);
  const encoding = typeof options === 'string' ? options : option(options, 'encoding');
  return typeof encoding === 'string' && encoding !== 'buffer'
    ? content.toString(encoding as BufferEncoding)
    : content;
}

/** A name is text unless bytes are asked for. */
function encoded(name: Buffer, options: unknown): unknown {
  const encoding = typeof options === 'string' ? options : option(options, 'encoding');
  return encoding === 'buffer'
    ? name
    : name.toString(typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
}

function option(options: unknown, name: string): unknown {
  return typeof options === 'object' && options !== null ? Reflect.get(options, name) : undefined;
}

const SYSCALLS: Readonly<Record<Served, string>> = {
  access: 'access',
  exists: 'access',
  lstat: 'lstat',
  readdir: 'scandir',
  readFile: 'open',
  realpath: 'lstat',
  stat: 'stat',
};

/** As `fs` says it, and why a file that can be seen is not there. */
function absent(path: string, name: Served, onDisk: boolean): NodeJS.ErrnoException {
  return failure(
    'ENOENT',
    `no such file or directory${onDisk ? ' recorded in git, though the working folder has one' : ''}`,
    SYSCALLS[name],
    path,
  );
}

const ERRNO: Readonly<Record<string, number>> = { ENOENT: -2, ENOTDIR: -20, EISDIR: -21 };

function failure(code: string, text: string, syscall: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${text}, ${syscall} '${path}'`), {
    code,
    errno: ERRNO[code],
    syscall,
    path,
  });
}
