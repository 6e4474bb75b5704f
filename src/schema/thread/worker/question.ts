import { receiveMessageOnPort } from 'node:worker_threads';
import type { Asked, Compiled, FileInTree, Found, Question } from '../protocol.ts';
import { port } from './port.ts';

/** There is no answer: the guard could not read what it was asked for. */
interface NoAnswer {
  readonly kind: 'unknown';
  readonly message: string;
}

/**
 * Asks the guard, and waits for the answer: `fs` and `require` have to answer at once. The guard
 * sends nothing else while a request is under way.
 */
function ask(asked: Asked): unknown {
  const flag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  port?.postMessage({ asked, flag } satisfies Question);
  Atomics.wait(new Int32Array(flag), 0, 0);
  const received = port === null ? undefined : receiveMessageOnPort(port);
  const none: NoAnswer = { kind: 'unknown', message: 'the guard gave no answer' };
  return (received as { readonly message: unknown } | undefined)?.message ?? none;
}

/** What the tree has at a path (absolute, below the top of the repository). */
export function askTree(path: string): FileInTree {
  return ask({ ask: 'file', path }) as FileInTree;
}

/** Where a request of a file leads. */
export function askWhere(request: string, from: string): Found | NoAnswer {
  return ask({ ask: 'find', request, from }) as Found | NoAnswer;
}

/** A file as node runs it. */
export function askModule(path: string): Compiled | NoAnswer {
  return ask({ ask: 'load', path }) as Compiled | NoAnswer;
}
