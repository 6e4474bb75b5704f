import { receiveMessageOnPort } from 'node:worker_threads';
import type { FileInTree, Question } from '../protocol.ts';
import { port } from './port.ts';

/**
 * Asks the guard what the tree has at a path (absolute, below the top of the repository), and waits
 * for the answer: `fs` has functions that answer at once. The guard sends nothing else while a
 * request is under way.
 */
export function askTree(path: string): FileInTree {
  const flag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  port?.postMessage({ path, flag } satisfies Question);
  Atomics.wait(new Int32Array(flag), 0, 0);
  const received =
    port === null
      ? undefined
      : (receiveMessageOnPort(port) as { readonly message: FileInTree } | undefined);
  return received?.message ?? { kind: 'unknown', message: 'the guard gave no answer' };
}
