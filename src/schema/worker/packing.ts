import { isRecord } from '../../model/unknown.ts';
import type { Reply, Request } from './protocol.ts';

/** A message with numbers in place of what is in many messages: rows of schemas, and snapshots. */
export interface Packed<T> {
  readonly message: T;
  /** What has not been sent before; its numbers are the next ones. */
  readonly fresh: readonly object[];
  /** How many there were before. */
  readonly known: number;
}

/** A list with numbers in place of its values, or the other way round. */
type Change = (values: unknown) => unknown;

interface Packing {
  pack<T>(message: T, changed: (message: T, change: Change) => T): Packed<T>;
  /** @throws TypeError where a message that was packed before has not come. */
  unpack<T>(packed: Packed<T>, changed: (message: T, change: Change) => T): T;
}

/**
 * Packs what one end of a socket sends, and unpacks what it gets. Nobody may write to these values: each goes
 * over the socket once, in one of the ways.
 * @param use what is given for a value, which itself stays as it is
 */
export function openPacking(use: (value: object) => object = (value) => value): Packing {
  // Even numbers are of what the one who says them sent first.
  const numbers = new WeakMap<object, number>();
  const sent: object[] = [];
  const received: object[] = [];
  const valueAt = (number: number): object => {
    const value = number % 2 === 0 ? received[number / 2] : sent[(number - 1) / 2];
    if (value === undefined) throw new TypeError('a message names what was never sent');
    return use(value);
  };
  return {
    pack(message, changed) {
      const fresh: object[] = [];
      const known = sent.length;
      const numberOf = (value: object): number => {
        const before = numbers.get(value);
        if (before !== undefined) return before;
        const number = 2 * sent.length;
        numbers.set(value, number);
        sent.push(value);
        fresh.push(value);
        return number;
      };
      // JSON has no such array.
      const change: Change = (values) =>
        Array.isArray(values) && values.every(isRecord)
          ? Uint32Array.from(values, numberOf)
          : values;
      return { message: changed(message, change), fresh, known };
    },
    unpack({ message, fresh, known }, changed) {
      if (known !== received.length) throw new TypeError('a message is missing');
      for (const value of fresh) {
        numbers.set(value, 2 * received.length + 1);
        received.push(value);
      }
      return changed(message, (values) =>
        values instanceof Uint32Array ? Array.from(values, valueAt) : values,
      );
    },
  };
}

/** The states and the snapshots that drizzle-kit is asked about. */
export function inRequest(request: Request, change: Change): Request {
  if (request.kind === 'generate')
    return { ...request, prev: inState(request.prev, change), cur: inState(request.cur, change) };
  if (request.kind !== 'folders' || !('snapshots' in request.question)) return request;
  const { question } = request;
  const snapshots = change(question.snapshots) as typeof question.snapshots;
  return { ...request, question: { ...question, snapshots } };
}

/** The states of an answer about the snapshots of a folder; of other replies hardly a row comes again. */
export function inReplyTo({ kind }: Request): (reply: Reply, change: Change) => Reply {
  return (reply, change) => {
    if (kind !== 'folders' || reply.status !== 'done' || !isRecord(reply.value)) return reply;
    const parts = Object.entries(reply.value).map(([name, part]) => [name, inState(part, change)]);
    return { ...reply, value: Object.fromEntries(parts) as unknown };
  };
}

function inState(state: unknown, change: Change): unknown {
  return isRecord(state) && 'ddl' in state ? { ...state, ddl: change(state['ddl']) } : state;
}

/** A copy of what JSON has, for code that may write to it. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy = { ...value };
  for (const key of Object.keys(copy) as (keyof T)[]) {
    const part = copy[key];
    if (typeof part === 'object') copy[key] = copyOf(part);
  }
  return copy;
}
