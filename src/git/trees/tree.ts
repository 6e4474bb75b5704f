import type { RepoPath } from '../../model/repo-path.ts';

export interface Entry {
  /** As git writes it: `100644`, `100755`, `120000` (symlink), `160000` (submodule). */
  readonly mode: string;
  /** Hex, 40 or 64 digits. */
  readonly oid: string;
  /** Of a file in a submodule: the path of the submodule that the repository itself records. */
  readonly submodule?: RepoPath;
  /** Of a submodule: this clone does not have the commit that is recorded. */
  readonly missing?: true;
}

/** The mode of a submodule's entry, whose oid is a commit of another repository. */
export const SUBMODULE = '160000';

/** A read-only view of recorded (or recordable) content. Bytes are never trimmed or decoded. */
export interface Tree {
  /** For messages: "the index", "commit 1a2b3c4d", "the working tree". */
  readonly name: string;
  /** The files of submodules are among them, each behind its submodule's own entry. */
  entries(): Promise<ReadonlyMap<RepoPath, Entry>>;
  /**
   * The bytes of the files. A path that is not in the tree, or is a submodule itself, is missing from
   * the result. A symlink's bytes are its target.
   * @throws GuardError `object-missing` when git does not have the object (partial clone).
   */
  read(paths: Iterable<RepoPath>): Promise<ReadonlyMap<RepoPath, Uint8Array>>;
}

/** Whether two trees have the same file at a path: same oid and mode, or absent in both. */
export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode;
}

/**
 * Whether two files have the same bytes, and both or neither is a link. The executable bit does not
 * count.
 */
export function sameBytes(a: Entry | undefined, b: Entry | undefined): boolean {
  return a?.oid === b?.oid && (a?.mode === LINK) === (b?.mode === LINK);
}

const LINK = '120000';

/** Reads one file; undefined when the tree does not have it. */
export async function readOne(tree: Tree, path: RepoPath): Promise<Uint8Array | undefined> {
  return (await tree.read([path])).get(path);
}

/**
 * Reads one file as text (UTF-8, a leading BOM dropped); undefined when the tree does not have it.
 */
export async function readText(tree: Tree, path: RepoPath): Promise<string | undefined> {
  const bytes = await readOne(tree, path);
  return bytes === undefined ? undefined : new TextDecoder('utf-8').decode(bytes);
}

export const EMPTY_TREE: Tree = {
  name: 'nothing',
  entries: async () => new Map(),
  read: async () => new Map(),
};
