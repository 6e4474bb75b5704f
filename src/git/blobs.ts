import type { Git } from './git.ts';
import { lfsOid, readLfs } from './lfs.ts';
import { objectMissing } from './object-missing.ts';
import type { Objects } from './objects.ts';

/** Larger blobs are not kept. */
const LARGEST_KEPT = 4 * 1024 * 1024;
/** The size of all kept blobs; the oldest are dropped first. */
const KEPT = 64 * 1024 * 1024;

/** Reads blobs, each once. */
export class Blobs {
  readonly #git: Git;
  readonly #objects: Objects;
  readonly #commonDirs: readonly string[];
  readonly #kept = new Map<string, Uint8Array>();
  #keptBytes = 0;
  readonly #underWay = new Map<string, Promise<Uint8Array>>();

  /**
   * @param commonDirs absolute paths of git common directories, where Git LFS has its stores: the
   * repository's own, and its submodules'
   */
  constructor(git: Git, objects: Objects, ...commonDirs: readonly string[]) {
    this.#git = git;
    this.#objects = objects;
    this.#commonDirs = commonDirs;
  }

  /**
   * @param oids full object ids of blobs; @param pathOf names an oid's file for the message when it
   * is missing.
   * @returns the bytes of every oid, as git records them; of a file in Git LFS its content. Do not
   * write to them: they are shared.
   * @throws GuardError `object-missing`.
   */
  async read(
    oids: Iterable<string>,
    pathOf: (oid: string) => string | undefined = () => undefined,
  ): Promise<Map<string, Uint8Array>> {
    const wanted = [...new Set(oids)];
    const bytes = await Promise.all(
      wanted.map((oid) => this.#kept.get(oid) ?? this.#ask(oid, pathOf(oid))),
    );
    return new Map(wanted.map((oid, at) => [oid, bytes[at] ?? new Uint8Array()]));
  }

  #ask(oid: string, path: string | undefined): Promise<Uint8Array> {
    const known = this.#underWay.get(oid);
    if (known !== undefined) return known;
    const pending = this.#contentOf(oid, path)
      .then((bytes) => this.#keep(oid, bytes))
      .finally(() => this.#underWay.delete(oid));
    this.#underWay.set(oid, pending);
    return pending;
  }

  async #contentOf(oid: string, path: string | undefined): Promise<Uint8Array> {
    const { bytes, died } = await this.#objects.read(oid);
    if (bytes === undefined) throw objectMissing(oid, path, died);
    const lfs = lfsOid(bytes);
    return lfs === undefined ? bytes : readLfs(this.#git, this.#commonDirs, lfs, path);
  }

  #keep(oid: string, bytes: Uint8Array): Uint8Array {
    if (bytes.length > LARGEST_KEPT) return bytes;
    this.#kept.set(oid, bytes);
    this.#keptBytes += bytes.length;
    for (const [old, { length }] of this.#kept) {
      if (this.#keptBytes <= KEPT) break;
      this.#kept.delete(old);
      this.#keptBytes -= length;
    }
    return bytes;
  }
}
