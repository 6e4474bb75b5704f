import type { FromProcess } from '../messages.ts';
import type { Asked, Compiled, FileInTree, Found } from '../protocol.ts';
import { receiveAnswer, send } from './port.ts';

/** There is no answer: the guard could not read what it was asked for. */
interface NoAnswer {
  readonly kind: 'unknown';
  readonly message: string;
}

/** Asks the guard, and waits for the answer: `fs` and `require` have to answer at once. */
function ask(asked: Asked): unknown {
  send({ asked } satisfies FromProcess);
  return receiveAnswer();
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
