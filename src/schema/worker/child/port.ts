import fs from 'node:fs';
import { deserialize } from 'node:v8';
import { frameOf, GUARD_FD, HEAD_BYTES, lengthIn, type Asking } from '../messages.ts';

/**
 * The way to the guard, and out. Taken before `isolate` replaces it, and before the code that runs
 * here can.
 */
const { read, readSync, writeSync } = fs;
export const leave = (process as unknown as { reallyExit(code: number): never }).reallyExit.bind(
  process,
);

/** The store that keeps drizzle-kit's compiled code, absolute; undefined: none. */
export const codeIn = process.argv[2] === '' ? undefined : process.argv[2];

/** Sends a message; a process whose guard is gone ends here. */
export function send(message: unknown): void {
  const bytes = frameOf(message);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(GUARD_FD, bytes, at);
  } catch {
    leave(0);
  }
}

/** Requests that came before the answer to a question. */
const early: Asking[] = [];

/** Waits for the answer to a question, with all that runs here. */
export function receiveAnswer(): unknown {
  for (;;) {
    const message = bodyAfter(filled(Buffer.alloc(HEAD_BYTES), 0));
    if (!isAsking(message)) return message;
    early.push(message);
  }
}

/** Takes the next request when it comes. */
export function onNext(take: (asking: Asking) => void): void {
  const first = early.shift();
  if (first !== undefined) {
    setImmediate(take, first);
    return;
  }
  const head = Buffer.alloc(HEAD_BYTES);
  read(GUARD_FD, head, 0, head.length, null, (error, count) => {
    if (error !== null || count === 0) leave(0);
    take(bodyAfter(filled(head, count)) as Asking);
  });
}

function isAsking(message: unknown): message is Asking {
  return typeof message === 'object' && message !== null && 'request' in message;
}

function bodyAfter(head: Buffer): unknown {
  return deserialize(filled(Buffer.allocUnsafe(lengthIn(head)), 0));
}

/** @param from how many bytes are there already */
function filled(into: Buffer, from: number): Buffer {
  for (let at = from; at < into.length;) {
    const count = readSync(GUARD_FD, into, at, into.length - at, null);
    if (count === 0) leave(0);
    at += count;
  }
  return into;
}
