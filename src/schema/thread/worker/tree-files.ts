import fs from 'node:fs';
import Module, { syncBuiltinESMExports } from 'node:module';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goesThroughModules, toRepoPath } from '../../../model/repo-path.ts';
import type { FileInTree } from '../protocol.ts';
import { Unfollowed } from './failure.ts';
import { serve, SERVED, type Served } from './served-files.ts';

/** What running code reads with `fs` below the repository's top level: out of the tree that is judged, not off the disk. */
export interface TreeFiles {
  /** From now on; `top` is the absolute real path of the repository. */
  follow(top: string, ask: (path: string) => FileInTree): void;
  /** Everything is the disk's again. */
  rest(): void;
  /** Loads an installed package: one of this repository's own may be built, and so not recorded. */
  loading<T>(run: () => T): T;
  /** @throws Unfollowed when something was read that the tree could not answer for, even if the reader caught that. */
  assertFollowed(): void;
}

interface Loader {
  readonly prototype: { load: (this: unknown, filename: string) => unknown };
}
type Method = (...values: readonly unknown[]) => unknown;

/** They read too, in ways that only the disk can serve: allowed where it has just what the tree has. */
const COMPARED = [
  'open',
  'opendir',
  'createReadStream',
  'openAsBlob',
  'copyFile',
  'cp',
  'readlink',
];
/** A relative path is one of the folder that drizzle-kit is run from; a thread cannot change into that. */
const WRITING = [
  'appendFile',
  'chmod',
  'createWriteStream',
  'mkdir',
  'mkdtemp',
  'rm',
  'rmdir',
  'truncate',
  'unlink',
  'utimes',
  'writeFile',
];

/** Takes the place of the functions of `fs`, for everyone in this thread; node's own loader calls `readFileSync` too. */
export function openTreeFiles(): TreeFiles {
  let following: { readonly top: string; readonly ask: (path: string) => FileInTree } | undefined;
  /** Of the disk. Node's own functions call each other by way of `fs`, and so what takes their place. */
  const real = new Proxy(fs, {
    get: (of, name) => {
      const method: unknown = Reflect.get(of, name);
      return (...values: readonly unknown[]): unknown => {
        const was = following;
        following = undefined;
        try {
          return typeof method === 'function'
            ? (Reflect.apply(method, of, values) as unknown)
            : undefined;
        } finally {
          following = was;
        }
      };
    },
  });
  let unfollowed: string | undefined;
  let depth = 0;
  /** What node is about to load for a package. */
  let module: string | undefined;

  /** The path in full, and what the tree has there; undefined where the tree has no say. */
  const look = (
    value: unknown,
  ): { readonly path: string; readonly found?: FileInTree } | undefined => {
    const given = following === undefined ? undefined : pathOf(value);
    if (following === undefined || given === undefined) return undefined;
    const path = resolve(given);
    const inside = goesThroughModules(path) ? undefined : toRepoPath(following.top, path);
    if (inside === undefined) return { path };
    const found = following.ask(path);
    return found.kind === 'disk' || (found.kind === 'absent' && path === module)
      ? { path }
      : { path, found };
  };

  const refuse = (path: string, name: string, why: string): never => {
    const shown =
      following === undefined ? path : relative(following.top, path).split(sep).join('/');
    unfollowed ??= `reads ${shown === '' ? 'the top of the repository' : shown} with fs.${name}, ${why}`;
    throw new Unfollowed(unfollowed);
  };

  /** One of `SERVED`, answered; undefined: it is the disk's, under the path in full. */
  const answer = (name: Served, path: string, found: FileInTree, options: unknown): unknown => {
    if (found.kind === 'unknown')
      return refuse(path, name, `which cannot be told: ${found.message}`);
    return serve(name, {
      path,
      found,
      options,
      below: (folder) => look(folder)?.found ?? { kind: 'absent' },
      real,
    });
  };

  const compare = (
    name: string,
    path: string,
    found: FileInTree,
    [flags]: readonly unknown[],
  ): void => {
    if (name.startsWith('open') && typeof flags === 'string' && !flags.startsWith('r')) return;
    const same =
      found.kind === 'file'
        ? real.statSync(path, { throwIfNoEntry: false })?.isFile() === true &&
          real.readFileSync(path).equals(found.bytes)
        : found.kind === 'folder'
          ? real.existsSync(path) &&
            real.readdirSync(path).sort().join('/') ===
              found.names
                .map(([one]) => one)
                .sort()
                .join('/')
          : found.kind === 'absent' && !real.existsSync(path);
    if (!same) refuse(path, name, 'and the working folder has another there than what is recorded');
  };

  const replace = (of: object, key: string, make: (original: Method) => Method): void => {
    const original: unknown = Reflect.get(of, key);
    if (typeof original !== 'function') return;
    const method: Method = (...values) => Reflect.apply(original, of, values) as unknown;
    // A proxy keeps what hangs on it: `realpathSync.native`, `exists[promisify.custom]`.
    Reflect.set(
      of,
      key,
      new Proxy(original, {
        apply: (_target, _self, values: readonly unknown[]) =>
          following === undefined ? method(...values) : make(method)(...values),
      }),
    );
  };

  for (const name of SERVED) {
    const now =
      (original: Method): Method =>
      (first, ...rest) => {
        const at = look(first);
        if (at?.found === undefined) return original(at?.path ?? first, ...rest);
        return answer(name, at.path, at.found, rest[0]);
      };
    replace(fs, `${name}Sync`, now);
    replace(
      fs.promises,
      name,
      (original) =>
        async (...values) =>
          now(original)(...values),
    );
    replace(fs, name, (original) => (first, ...rest) => {
      const at = look(first);
      const done = rest.at(-1);
      if (at?.found === undefined || typeof done !== 'function')
        return original(at?.path ?? first, ...rest);
      const { path, found } = at;
      later(
        (...told) => void Reflect.apply(done, undefined, told),
        name === 'exists',
        () => answer(name, path, found, rest.length > 1 ? rest[0] : undefined),
      );
      return undefined;
    });
  }
  for (const name of [...COMPARED, ...WRITING]) {
    const now =
      (original: Method): Method =>
      (first, ...rest) => {
        const at = look(first);
        if (at?.found !== undefined && COMPARED.includes(name))
          compare(name, at.path, at.found, rest);
        return original(at?.path ?? first, ...rest);
      };
    for (const key of [name, `${name}Sync`]) replace(fs, key, now);
    replace(
      fs.promises,
      name,
      (original) =>
        async (...values) =>
          now(original)(...values),
    );
  }
  // From node 22 on. It looks at the disk by ways of its own, from the last folder that the pattern names outright.
  const unlessIgnored =
    (original: Method): Method =>
    (pattern, ...rest) => {
      const fixed =
        typeof pattern === 'string' ? (/^[^*?[\]{}()!]*(?=[\\/]|$)/.exec(pattern)?.[0] ?? '') : '';
      const at = look(resolve(fixed));
      if (at?.found !== undefined)
        refuse(at.path, 'glob', 'which cannot be followed: list it with fs.readdir');
      return original(pattern, ...rest);
    };
  for (const of of [fs, fs.promises])
    for (const key of ['glob', 'globSync']) replace(of, key, unlessIgnored);
  const loader = (Module as unknown as Loader).prototype;
  const { load } = loader;
  loader.load = function loaded(this: unknown, filename) {
    const before = module;
    module = depth > 0 ? filename : undefined;
    try {
      return load.call(this, filename);
    } finally {
      module = before;
    }
  };
  syncBuiltinESMExports();

  return {
    follow: (top, ask) => {
      // One answer a path: what is asked twice within one run is the same file.
      const known = new Map<string, FileInTree>();
      const once = (path: string): FileInTree => {
        const found = known.get(path) ?? ask(path);
        known.set(path, found);
        return found;
      };
      following = { top, ask: once };
    },
    rest: () => {
      following = unfollowed = undefined;
    },
    loading: (run) => {
      depth += 1;
      try {
        return run();
      } finally {
        depth -= 1;
      }
    },
    assertFollowed: () => {
      if (unfollowed !== undefined) throw new Unfollowed(unfollowed);
    },
  };
}

/** A callback is never called before the function that took it has returned. */
function later(
  done: (...told: readonly unknown[]) => void,
  alone: boolean,
  answer: () => unknown,
): void {
  setImmediate(() => {
    let value: unknown;
    try {
      value = answer();
    } catch (error) {
      done(error);
      return;
    }
    if (alone) done(value);
    else done(null, value);
  });
}

/** A path as `fs` takes it; undefined for a file descriptor, and for what `fs` itself shall object to. */
function pathOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? undefined : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return value instanceof URL && value.protocol === 'file:' ? fileURLToPath(value) : undefined;
}
