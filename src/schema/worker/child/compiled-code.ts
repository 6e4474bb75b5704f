import { createHash } from 'node:crypto';
import fs from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';

/** What the process hands over for the next run, which takes it from the store. */
export interface KeptFile {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** As they are before the process watches what is read: this decides no answer. */
const { readFileSync, statSync, utimesSync } = fs;

/** How often the time of a last use is noted, in milliseconds. */
const DAY = 24 * 60 * 60 * 1000;
/** Bytes of the checksum in front of the code. */
const CHECKSUM = 20;

/**
 * What V8 makes of the text of large files, kept in the store between runs. Texts are in UTF-8: to
 * put one together from parts, and to take its digest, costs more than to compile it.
 */
export interface CompiledCode {
  /** The function that node runs a CommonJS file as (`Module.wrap`). `path`: absolute, for stacks. */
  wrapped(text: Buffer, path: string): unknown;
  /**
   * What is made of a file (absolute path), where that is not kept.
   * @param how all that decides what is made of it
   */
  made(path: string, how: string, make: () => Buffer): Buffer;
  /**
   * What to keep since the last call, with the functions in compiled code that have run: call it
   * after their use. The guard writes it: this process may be killed at any moment, and would
   * leave a file half-written.
   */
  fresh(): readonly KeptFile[];
}

/**
 * Under the digest of the whole text and the version of V8, which checks whether the code is its own
 * for these flags (node: `cachedDataRejected`), and of the text no more than the length.
 * @param folder absolute path of the store; undefined: nothing is read or kept
 */
export function openCompiledCode(folder: string | undefined): CompiledCode {
  const scripts = new Map<string, Script>();
  const texts = new Map<string, Buffer>();
  return {
    wrapped(text, path) {
      const options = {
        filename: path,
        importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      };
      const wrapper = Buffer.concat([HEAD, text, TAIL]).toString('utf8');
      if (folder === undefined) return new Script(wrapper, options).runInThisContext();
      const file = join(folder, `code-${digestOf(text, process.versions.v8, process.arch)}`);
      const cachedData = read(file);
      const script = new Script(wrapper, {
        ...options,
        ...(cachedData === undefined ? {} : { cachedData }),
      });
      if (cachedData === undefined || script.cachedDataRejected === true) scripts.set(file, script);
      return script.runInThisContext();
    },
    made(path, how, make) {
      if (folder === undefined) return make();
      // npm gives every file of a package the same time, so that of two versions may be equal.
      const { size, mtimeMs, ctimeMs } = statSync(path);
      const file = join(folder, `text-${digestOf(path, `${size} ${mtimeMs} ${ctimeMs}`, how)}`);
      const kept = read(file);
      if (kept !== undefined) return kept;
      const text = make();
      texts.set(file, text);
      return text;
    },
    fresh() {
      const kept = [
        ...[...texts].map(([file, text]) => withChecksum(file, text)),
        ...[...scripts].map(([file, script]) => withChecksum(file, script.createCachedData())),
      ];
      texts.clear();
      scripts.clear();
      return kept;
    },
  };
}

/** What node puts around a module. */
const [HEAD = Buffer.of(), TAIL = Buffer.of()] = Module.wrap('\0')
  .split('\0')
  .map((part) => Buffer.from(part));

function read(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(CHECKSUM);
    if (!checksumOf(code).equals(bytes.subarray(0, CHECKSUM))) return undefined;
    const now = new Date();
    if (now.getTime() - statSync(file).mtimeMs > DAY) utimesSync(file, now, now);
    return code;
  } catch {
    return undefined;
  }
}

function withChecksum(file: string, content: Uint8Array): KeptFile {
  return { file, bytes: Buffer.concat([checksumOf(content), content]) };
}

function checksumOf(bytes: Uint8Array): Buffer {
  return createHash('sha1').update(bytes).digest();
}

function digestOf(...texts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha1');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex');
}
