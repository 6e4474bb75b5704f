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

  /** So many bytes, which share memory with those around them; undefined where the stream ends before. */
  async bytes(count: number): Promise<Uint8Array | undefined> {
    if (this.#rest.length >= count) {
      const { buffer, byteOffset } = this.#rest;
      this.#rest = this.#rest.subarray(count);
      return new Uint8Array(buffer, byteOffset, count);
    }
    const bytes = new Uint8Array(count);
    for (let read = 0; ;) {
      bytes.set(this.#rest.subarray(0, count - read), read);
      const left = this.#rest.subarray(count - read);
      read += this.#rest.length - left.length;
      this.#rest = left;
      if (read === count) return bytes;
      const chunk = await this.#next();
      if (chunk === undefined) return undefined;
      this.#rest = chunk;
    }
  }

  async #next(): Promise<Buffer | undefined> {
    const { done, value } = await this.#chunks.next();
    return done === true ? undefined : value;
  }
}
