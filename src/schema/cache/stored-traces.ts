import { isRecord, isStringArray } from '../../model/unknown.ts';
import type { Trace } from '../modules/read-log.ts';
import { digest } from './digest.ts';
import { isOutside, type Outside } from './outside.ts';
import type { Store } from './store.ts';

/** A trace with the part outside the tree that has to be compared. */
export type StoredTrace = Pick<Trace, 'tree' | 'packages' | 'env'> & { readonly outside: Outside };

/**
 * How many traces are kept for a question: a schema that imports another file than before has
 * another trace.
 */
const MOST_TRACES = 24;

/** What is outside the tree is the same for nearly all traces, so it is an entry of its own. */
export function writeTrace(store: Store, key: string, { outside, ...trace }: StoredTrace): void {
  const name = `outside-${digest(outside)}`;
  if (store.get(name) === undefined) store.put(name, outside);
  const mine = { ...trace, outside: name };
  const text = JSON.stringify(mine);
  const others = readRecords(store, key);
  if (!others.some((one) => JSON.stringify(one) === text))
    store.put(`traces-${key}`, [mine, ...others].slice(0, MOST_TRACES));
}

/** The traces that are stored for a question, the newest first. `key`: the question's digest. */
export function readTraces(store: Store, key: string): readonly StoredTrace[] {
  const outsides = new Map<string, Outside>();
  return readRecords(store, key).flatMap(({ outside: name, ...trace }) => {
    const outside = outsides.get(name) ?? store.get(name);
    if (!isOutside(outside)) return [];
    outsides.set(name, outside);
    return [{ ...trace, outside }];
  });
}

type TraceRecord = Omit<StoredTrace, 'outside'> & {
  /** Name of an entry. */ readonly outside: string;
};

function readRecords(store: Store, key: string): readonly TraceRecord[] {
  const found = store.get(`traces-${key}`);
  return Array.isArray(found) ? found.filter(isTraceRecord) : [];
}

function isTraceRecord(value: unknown): value is TraceRecord {
  return (
    isRecord(value) &&
    isStringArray(value['tree']) &&
    typeof value['packages'] === 'boolean' &&
    isStringArray(value['env']) &&
    typeof value['outside'] === 'string'
  );
}
