import type { Readable } from 'node:stream';

/** Reads lines and counted bytes out of one stream. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** The next line without its `\n`, one character a byte; undefined at the end of the stream. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(0x0a);
      if (end !== -1) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      const chunk = await this.#next();
      if (chunk === undefined) return undefined;
      this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    }
  }

  /** So many bytes, as a copy; undefined where the stream ends before. */
  async bytes(count: number): Promise<Uint8Array | undefined> {
    const chunks = [this.#rest];
    let read = this.#rest.length;
    while (read < count) {
      const chunk = await this.#next();
      if (chunk === undefined) return undefined;
      chunks.push(chunk);
      read += chunk.length;
    }
    const all = chunks.length === 1 ? this.#rest : Buffer.concat(chunks);
    this.#rest = all.subarray(count);
    return new Uint8Array(all.subarray(0, count));
  }

  async #next(): Promise<Buffer | undefined> {
    const { done, value } = await this.#chunks.next();
    return done === true ? undefined : value;
  }
}
