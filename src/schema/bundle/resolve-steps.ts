import { type RepoPath, goesThroughModules, toAbsolute } from '../../model/repo-path.ts';
import type { Resolve } from './enhanced.ts';
import { installedFile, mayBeMapped, relativeFile, TYPESCRIPT } from './fast-path.ts';
import type { TreeFileSystem } from './tree-fs.ts';
import type { TreeReader } from './tree-reader.ts';
import { mappedPaths, type TsConfig } from './tsconfig.ts';
import { findWorkspacePackage, packageNameOf } from './workspace.ts';

export type Resolved =
  /** A file of the tree: part of the schema closure. */
  | { readonly kind: 'tree'; readonly path: RepoPath }
  /**
   * TypeScript outside the tree (a dependency that ships sources, a folder above the repository):
   * bundled from disk.
   */
  | { readonly kind: 'disk'; readonly path: string }
  /** An installed dependency: required when the schema is evaluated. */
  | { readonly kind: 'external'; readonly path: string }
  | { readonly kind: 'builtin' }
  /** `onDisk`: the file is in the working folder but not in the tree. */
  | { readonly kind: 'missing'; readonly onDisk: boolean };

/** One import. */
export interface Import {
  readonly specifier: string;
  /** The folder of the importing file, absolute. */
  readonly folder: string;
  /** The same as a repository path, for a file of the tree; undefined for a dependency's. */
  readonly own: RepoPath | undefined;
  /** Whether the specifier is a path, relative or absolute. */
  readonly byPath: boolean;
}

export interface ResolveContext {
  readonly reader: TreeReader;
  readonly files: TreeFileSystem;
  /** Absolute real path of the repository. */
  readonly top: string;
  readonly overTree: Resolve;
  readonly overDisk: Resolve;
  /** The tsconfig of where drizzle-kit is run. */
  readonly tsconfig: TsConfig | undefined;
  /**
   * Whether git ignores a file of the repository (absolute path): what is generated there is taken
   * from the disk, as a package is.
   */
  isIgnored(path: string): Promise<boolean>;
  /** The nearest tsconfig from a folder upwards. */
  tsconfigOf(folder: RepoPath): Promise<TsConfig | undefined>;
}

/** One way to resolve an import; undefined: try the next one. */
export type Step = (one: Import, context: ResolveContext) => Promise<Resolved | undefined>;

const relative: Step = async ({ specifier, own }, { reader }) => {
  const path = own === undefined ? undefined : relativeFile(reader, own, specifier);
  return path === undefined ? undefined : { kind: 'tree', path };
};

const installed: Step = async (
  { specifier, folder, own, byPath },
  { reader, files, top, tsconfig },
) => {
  if (own === undefined || byPath || mayBeMapped(reader, top, tsconfig, specifier))
    return undefined;
  const path = installedFile(files, specifier, folder);
  return path === undefined ? undefined : { kind: 'external', path };
};

/** tsx takes one tsconfig for every file of the repository: that of where it is run. */
const tsconfig: Step = async (one, context) => mapped(context.tsconfig, one, context);

const tree: Step = async ({ specifier, folder }, context) =>
  classify(await context.overTree(folder, specifier), context);

/** A path, or an import of a dependency, has no other way to lead anywhere. */
const nowhereElse: Step = async ({ specifier, folder, own, byPath }, context) => {
  if (!byPath && own !== undefined) return undefined;
  const path = byPath ? await context.overDisk(folder, specifier) : undefined;
  return path === undefined ? { kind: 'missing', onDisk: false } : notInTree(path, context);
};

const nearestTsconfig: Step = async (one, context) =>
  one.own === undefined ? undefined : mapped(await context.tsconfigOf(one.own), one, context);

/**
 * A linked workspace package whose entry is built, and so not committed, is taken from the disk.
 */
const disk: Step = async ({ specifier, folder }, context) => {
  const path = await context.overDisk(folder, specifier);
  if (path === undefined) return undefined;
  return TYPESCRIPT.test(path) ? notInTree(path, context) : { kind: 'external', path };
};

async function notInTree(path: string, { isIgnored }: ResolveContext): Promise<Resolved> {
  return (await isIgnored(path)) ? { kind: 'disk', path } : { kind: 'missing', onDisk: true };
}

/** A workspace package that is not linked on disk: nothing was installed since it was added. */
const workspace: Step = async ({ specifier }, context) => {
  const name = packageNameOf(specifier);
  const home = name === undefined ? undefined : await findWorkspacePackage(context.reader, name);
  if (name === undefined || home === undefined) return undefined;
  const folder = toAbsolute(context.top, home);
  return classify(
    (await context.overTree(folder, specifier)) ??
      (await context.overTree(folder, `.${specifier.slice(name.length)}`)),
    context,
  );
};

/** In this order. The first two are the fast path: without them the answers are the same. */
export const FAST_STEPS: readonly Step[] = [relative, installed];
export const LONG_STEPS: readonly Step[] = [
  tsconfig,
  tree,
  nowhereElse,
  nearestTsconfig,
  disk,
  workspace,
];

async function mapped(
  config: TsConfig | undefined,
  { specifier, folder, own, byPath }: Import,
  context: ResolveContext,
): Promise<Resolved | undefined> {
  if (config === undefined || own === undefined || byPath) return undefined;
  for (const candidate of mappedPaths(config, specifier)) {
    const found = await context.overTree(folder, candidate);
    if (found !== undefined) return classify(found, context);
    const generated = await context.overDisk(folder, candidate);
    if (generated !== undefined && (await context.isIgnored(generated)))
      return { kind: 'disk', path: generated };
  }
  return undefined;
}

async function classify(
  path: string | undefined,
  { files }: ResolveContext,
): Promise<Resolved | undefined> {
  if (path === undefined) return undefined;
  const at = files.locate(path);
  if (at.from === 'tree') {
    const real = await files.realFile(at.path);
    return real === undefined ? { kind: 'missing', onDisk: false } : { kind: 'tree', path: real };
  }
  return TYPESCRIPT.test(path) || !goesThroughModules(path)
    ? { kind: 'disk', path }
    : { kind: 'external', path };
}
