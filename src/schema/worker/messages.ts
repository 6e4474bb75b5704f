import { deserialize, serialize } from 'node:v8';
import type { KeptFile } from './child/compiled-code.ts';
import type { Packed } from './packing.ts';
import type { Asked, Reply, Request } from './protocol.ts';

/** A request, as it is sent. */
export interface Asking {
  readonly request: Packed<Request>;
  /** Milliseconds that the guard waits. */
  readonly timeLimit: number;
}

/** What the process asks while it runs a request: it waits for the answer. */
export interface Question {
  readonly asked: Asked;
}

/** All that the process sends: after a request, one reply. */
export type FromProcess = { readonly reply: Packed<Reply> } | Question | KeptFile;

/** The file descriptor of the socket to the guard, in that process. */
export const GUARD_FD = 3;
/** Bytes in front of a message: its length. */
export const HEAD_BYTES = 4;

/**
 * A message as it goes over the socket, with its length in front.
 * @throws DataCloneError for what has functions in it
 */
export function frameOf(message: unknown): Buffer {
  const body = serialize(message);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}

/** The length of what comes behind a head. */
export function lengthIn(head: Buffer): number {
  return head.readUInt32LE();
}

/** Takes the parts in which a socket delivers messages, and gives the messages. */
export function openFrames(take: (message: unknown) => void): (part: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  return (part) => {
    parts.push(part);
    size += part.length;
    while (size >= HEAD_BYTES) {
      const [first = part] = parts;
      if (first.length < HEAD_BYTES) parts = [Buffer.concat(parts)];
      const end = HEAD_BYTES + lengthIn(parts[0] ?? part);
      if (size < end) return;
      const all = parts.length === 1 ? (parts[0] ?? part) : Buffer.concat(parts);
      parts = [all.subarray(end)];
      size -= end;
      take(deserialize(all.subarray(HEAD_BYTES, end)));
    }
  };
}
