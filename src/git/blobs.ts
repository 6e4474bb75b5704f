import { GuardError } from '../model/errors.ts';
import type { Git } from './git.ts';
import { lfsOid, readLfs } from './lfs.ts';
import { objectMissing } from './object-missing.ts';

/** Larger blobs are not kept. */
const LARGEST_KEPT = 4 * 1024 * 1024;
/** The size of all kept blobs; the oldest are dropped first. */
const KEPT = 64 * 1024 * 1024;

/**
 * Reads blobs through `git cat-file --batch`: requests in the same turn of the event loop share a
 * process.
 */
export class Blobs {
  readonly #git: Git;
  readonly #commonDir: string;
  readonly #kept = new Map<string, Uint8Array>();
  #keptBytes = 0;
  readonly #underWay = new Map<string, Promise<Uint8Array>>();
  #wave: Map<string, string | undefined> | undefined;
  #answer: Promise<Answers> = Promise.resolve(new Map());

  /** @param commonDir absolute path of the git common directory, where Git LFS has its store */
  constructor(git: Git, commonDir: string) {
    this.#git = git;
    this.#commonDir = commonDir;
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
    if (this.#wave === undefined) {
      const wave = new Map<string, string | undefined>();
      this.#wave = wave;
      this.#answer = nextTurn().then(() => {
        this.#wave = undefined;
        return readBlobs(this.#git, wave);
      });
    }
    this.#wave.set(oid, path);
    const pending = this.#answer
      .then((found) => this.#contentOf(oid, path, found))
      .then((bytes) => this.#keep(oid, bytes))
      .finally(() => this.#underWay.delete(oid));
    this.#underWay.set(oid, pending);
    return pending;
  }

  async #contentOf(oid: string, path: string | undefined, answers: Answers): Promise<Uint8Array> {
    const bytes = answers.get(oid);
    if (!(bytes instanceof Uint8Array))
      throw bytes ?? new GuardError('internal', `no answer about ${oid}`);
    const lfs = lfsOid(bytes);
    return lfs === undefined ? bytes : readLfs(this.#git, this.#commonDir, lfs, path);
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

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Bytes, or why there are none: one missing object does not fail the other requests of its batch.
 */
type Answers = ReadonlyMap<string, Uint8Array | GuardError>;

async function readBlobs(
  git: Git,
  wave: ReadonlyMap<string, string | undefined>,
): Promise<Answers> {
  const answers = new Map<string, Uint8Array | GuardError>();
  let left = [...wave.keys()];
  while (left.length > 0) {
    const { objects, died } = await readObjects(git, left);
    for (const [at, bytes] of objects.entries()) {
      const oid = left[at] ?? '';
      answers.set(oid, bytes ?? objectMissing(oid, wave.get(oid)));
    }
    const fatal = left[objects.length];
    if (fatal !== undefined) answers.set(fatal, objectMissing(fatal, wave.get(fatal), died));
    left = left.slice(objects.length + 1);
  }
  return answers;
}

/**
 * One `git cat-file --batch`: `<oid> <type> <size>\n<bytes>\n`, or `<oid> missing\n`, for each oid
 * in turn.
 * @returns the bytes in that order, undefined for what is missing. Where git ends at an object that
 * a partial clone lacks and may not fetch, the list is shorter than `oids` and `died` is git's
 * message.
 */
export async function readObjects(
  git: Git,
  oids: readonly string[],
): Promise<{ readonly objects: readonly (Uint8Array | undefined)[]; readonly died: string }> {
  const { stdout, stderr } = await git.run(['cat-file', '--batch'], {
    input: `${oids.join('\n')}\n`,
    ok: [0, 128],
  });
  const objects: (Uint8Array | undefined)[] = [];
  for (let at = 0; objects.length < oids.length;) {
    const newline = stdout.indexOf(0x0a, at);
    if (newline === -1) break;
    const size = /^[0-9a-f]+ [a-z]+ (\d+)$/.exec(stdout.toString('latin1', at, newline))?.[1];
    const end = newline + 1 + Number(size ?? 0);
    if (size !== undefined && end >= stdout.length) break;
    // A copy, so that one small blob does not keep a whole batch in memory.
    objects.push(
      size === undefined ? undefined : new Uint8Array(stdout.subarray(newline + 1, end)),
    );
    at = size === undefined ? end : end + 1;
  }
  return { objects, died: stderr };
}
