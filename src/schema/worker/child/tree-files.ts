import fs from 'node:fs';
import Module, { syncBuiltinESMExports } from 'node:module';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goesThroughModules, toRepoPath } from '../../../model/repo-path.ts';
import type { FileInTree } from '../protocol.ts';
import { UnservedRead } from './failure.ts';
import { SERVED } from './served-files.ts';

/**
 * What code reads with `fs` below the repository's top level comes out of the judged tree, not off
 * the disk.
 */
interface TreeFiles {
  /** From now on; `top` is the absolute real path of the repository. */
  serve(top: string, ask: (path: string) => FileInTree): void;
  /** Restores the real file system. */
  restore(): void;
  /** Loads an installed package: a workspace package may be built, and so not committed. */
  loading<T>(run: () => T): T;
  /**
   * @throws UnservedRead when the tree could not answer for something that was read, even if the
   * reader caught that.
   */
  assertServed(): void;
}

type Method = (...values: readonly unknown[]) => unknown;
interface Loader {
  readonly prototype: { load: (this: unknown, filename: string) => unknown };
}

/**
 * They read in ways that only the disk can serve: allowed where the disk has just what the tree
 * has.
 */
const COMPARED = 'open opendir createReadStream openAsBlob copyFile cp readlink'.split(' ');
/**
 * Only their relative paths change: these start where drizzle-kit is run, and the process does not
 * change its folder.
 */
const WRITING =
  'appendFile chmod createWriteStream mkdir mkdtemp rm rmdir truncate unlink utimes writeFile'.split(
    ' ',
  );

/**
 * Replaces functions of `fs` for everyone in this process; node's own loader calls `readFileSync`
 * too.
 */
export function openTreeFiles(): TreeFiles {
  let tree: { readonly top: string; readonly ask: (path: string) => FileInTree } | undefined;
  let unserved: string | undefined;
  let loads = 0;
  /** What node is about to load for a package. */
  let module: string | undefined;

  /** Node's own functions call each other through `fs`. */
  const onDisk = <T>(run: () => T): T => {
    const before = tree;
    tree = undefined;
    try {
      return run();
    } finally {
      tree = before;
    }
  };

  /**
   * The absolute path, and what the tree has there; without `found` it is for the disk to answer.
   */
  const locate = (
    value: unknown,
  ): { readonly path: string; readonly found?: FileInTree } | undefined => {
    const given = pathOf(value);
    if (tree === undefined || given === undefined) return undefined;
    const path = resolve(given);
    if (goesThroughModules(path) || toRepoPath(tree.top, path) === undefined) return { path };
    const found = tree.ask(path);
    const isDisk = found.kind === 'disk' || (found.kind === 'absent' && path === module);
    return isDisk ? { path } : { path, found };
  };

  const refuse = (path: string, name: string, why: string): never => {
    const shown = relative(tree?.top ?? '', path)
      .split(sep)
      .join('/');
    unserved ??= `reads ${shown === '' ? 'the top of the repository' : shown} with fs.${name}, ${why}`;
    throw new UnservedRead(unserved);
  };

  /** What replaces a function, in the form that answers at once. */
  const instead =
    (name: string, original: Method): Method =>
    (first, ...rest) => {
      const at = locate(first);
      if (at?.found === undefined) return original(at?.path ?? first, ...rest);
      const { path, found } = at;
      const serve = SERVED[name];
      if (serve === undefined) {
        const writes = name.startsWith('open') && typeof rest[0] === 'string' && rest[0][0] !== 'r';
        if (COMPARED.includes(name) && !writes && !onDisk(() => isSame(path, found)))
          refuse(path, name, 'and the working folder differs from git there');
        return original(path, ...rest);
      }
      if (found.kind === 'unknown') refuse(path, name, `which cannot be read: ${found.message}`);
      const below = tree?.ask ?? (() => found);
      return onDisk(() => serve(path, found, rest[0], below));
    };

  const withCallback =
    (name: string, original: Method): Method =>
    (first, ...rest) => {
      const done = rest.at(-1);
      if (typeof done !== 'function' || locate(first)?.found === undefined)
        return instead(name, original)(first, ...rest);
      let values: readonly unknown[];
      try {
        const value = instead(name, original)(first, rest.length > 1 ? rest[0] : undefined);
        values = name === 'exists' ? [value] : [null, value];
      } catch (error) {
        values = [error];
      }
      setImmediate(() => void Reflect.apply(done, undefined, [...values]));
      return undefined;
    };

  /**
   * Node 22 and later. It reads the disk in ways of its own, from the last folder that the pattern
   * names outright.
   */
  const glob =
    (name: string, original: Method): Method =>
    (pattern, ...rest) => {
      const named = typeof pattern === 'string' ? pattern : '';
      const at = locate(resolve(/^[^*?[\]{}()!]*(?=[\\/]|$)/.exec(named)?.[0] ?? ''));
      if (at?.found !== undefined)
        refuse(at.path, name, 'which cannot be followed: list it with fs.readdir');
      return original(pattern, ...rest);
    };

  const replace = (
    of: object,
    key: string,
    make: (name: string, original: Method) => Method,
  ): void => {
    const original: unknown = Reflect.get(of, key);
    if (typeof original !== 'function') return;
    const method: Method = (...values) => Reflect.apply(original, of, values) as unknown;
    const replaced = make(key.replace(/Sync$/, ''), method);
    // A proxy keeps the properties of the function: `realpathSync.native`,
    // `exists[promisify.custom]`.
    const apply = (_: unknown, __: unknown, values: readonly unknown[]): unknown =>
      tree === undefined ? method(...values) : replaced(...values);
    Reflect.set(of, key, new Proxy(original, { apply }));
  };
  const rejecting =
    (name: string, original: Method): Method =>
    async (...values) =>
      instead(name, original)(...values);

  for (const name of [...Object.keys(SERVED), ...COMPARED, ...WRITING]) {
    replace(fs, `${name}Sync`, instead);
    replace(fs, name, name in SERVED ? withCallback : instead);
    replace(fs.promises, name, rejecting);
  }
  for (const of of [fs, fs.promises])
    for (const key of ['glob', 'globSync']) replace(of, key, glob);
  const loader = (Module as unknown as Loader).prototype;
  const { load } = loader;
  loader.load = function loaded(this: unknown, filename) {
    const before = module;
    module = loads > 0 ? filename : undefined;
    try {
      return load.call(this, filename);
    } finally {
      module = before;
    }
  };
  syncBuiltinESMExports();

  return {
    serve: (top, ask) => {
      // One answer a path: what is read twice within one run is the same file.
      const known = new Map<string, FileInTree>();
      const once = (path: string): FileInTree => {
        const found = known.get(path) ?? ask(path);
        known.set(path, found);
        return found;
      };
      tree = { top, ask: once };
    },
    restore: () => {
      tree = unserved = undefined;
    },
    loading: (run) => {
      loads += 1;
      try {
        return run();
      } finally {
        loads -= 1;
      }
    },
    assertServed: () => {
      if (unserved !== undefined) throw new UnservedRead(unserved);
    },
  };
}

/** Whether the disk has what the tree has. */
function isSame(path: string, found: FileInTree): boolean {
  const stats = fs.statSync(path, { throwIfNoEntry: false });
  if (found.kind === 'absent') return stats === undefined;
  if (found.kind === 'file')
    return stats?.isFile() === true && fs.readFileSync(path).equals(found.bytes);
  if (found.kind !== 'folder' || stats?.isDirectory() !== true) return false;
  const names = found.names.map(([name]) => name);
  return fs.readdirSync(path).sort().join('/') === names.sort().join('/');
}

/**
 * A path as `fs` takes it; undefined for a file descriptor, and for what `fs` itself has to refuse.
 */
function pathOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? undefined : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return value instanceof URL && value.protocol === 'file:' ? fileURLToPath(value) : undefined;
}
