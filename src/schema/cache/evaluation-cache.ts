import type { ChangedPath } from '../../git/trees/listing.ts';
import type { Entry, Tree } from '../../git/trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Observed, Trace } from '../bundle/read-log.ts';
import { digest } from './digest.ts';
import { isUnmet, parseSeen, withSeen, type Seen } from './foresight.ts';
import { isRecord, isStringArray } from '../../model/unknown.ts';
import { isOutside, outsideOf, type Outside } from './outside.ts';
import { openOutsideStates, type OutsideStates } from './outside-state.ts';
import type { Store } from './store.ts';
import { pathStates, treeState } from './tree-state.ts';

/** Something that is worked out of a tree by running a user's code. */
export interface Question<T> {
  /** Plain JSON: all that is asked, but for the tree and what the trace of the answer names. */
  readonly key: readonly unknown[];
  readonly tree: Tree;
  /** Works it out, and tells what decided the answer; where nothing is told, the answer is not kept. */
  readonly run: (observe: (observed: Observed) => void) => Promise<T>;
  /** As plain JSON; undefined: not to be kept. */
  readonly pack: (answer: T) => unknown;
  readonly unpack: (packed: unknown) => T | undefined;
}

/**
 * Answers that were worked out before, in this run or in an earlier one. An answer is found by a name made of the
 * question and of how all that stands which decided it then: nothing is ever compared with what it may have become.
 */
export interface Recall {
  ask<T>(question: Question<T>): Promise<T>;
  /** Whether a change is sure to make an evaluation necessary: for starting early. */
  foresees(changed: readonly ChangedPath[]): boolean;
  /** Waits until what is worth keeping is handed to the store. */
  close(): Promise<void>;
}

export interface RecallOptions {
  readonly store: Store;
  /** See `identity`. */
  readonly identity: unknown;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly outside?: OutsideStates;
}

/** What this run knows: the answers to a question that the same paths decided, by how these stood. */
interface Known {
  readonly trace: Pick<Trace, 'tree' | 'packages'>;
  readonly answers: Map<string, unknown>;
}

/** A trace with what has to be compared of it. */
type Kept = Pick<Trace, 'tree' | 'packages' | 'env'> & { readonly outside: Outside };
/** As it is stored: what lies outside the tree is the same for nearly all traces, and an entry of its own. */
type Stored = Omit<Kept, 'outside'> & { /** The name of that entry. */ readonly outside: string };

/** So many traces a question: a schema that imports another file than before has another trace. */
const MOST_TRACES = 24;

const SEEN = 'seen';

export function openRecall({
  store,
  identity,
  env,
  outside: states = openOutsideStates(),
}: RecallOptions): Recall {
  const since = Date.now();
  const known = new Map<string, Known[]>();
  const kept = new Map<string, readonly Kept[]>();
  const underWay = new Map<string, Promise<unknown>>();
  const later: Promise<void>[] = [];
  let seenNow: Seen | undefined;

  const nameOf = (key: string, trace: Kept, tree: string): string =>
    `result-${digest([key, tree, trace.env.map((name) => [name, env[name] ?? null]), states.state(trace.outside)])}`;

  const tracesOf = (key: string): readonly Kept[] => {
    let traces = kept.get(key);
    if (traces === undefined) kept.set(key, (traces = readTraces(store, key)));
    return traces;
  };

  const recall = <T>(
    key: string,
    entries: ReadonlyMap<RepoPath, Entry>,
    { unpack }: Question<T>,
  ): { readonly value: T } | undefined => {
    const inRun = known
      .get(key)
      ?.map(({ trace, answers }) => answers.get(treeState(entries, trace)))
      .find((answer) => answer !== undefined);
    // Of this run, so of this type.
    if (inRun !== undefined) return { value: inRun as T };
    for (const trace of tracesOf(key)) {
      const tree = treeState(entries, trace);
      const value = unpack(store.get(nameOf(key, trace, tree)));
      if (value === undefined) continue;
      add(known, key, trace, tree, value);
      return { value };
    }
    return undefined;
  };

  const keep = (
    key: string,
    tree: string,
    entries: ReadonlyMap<RepoPath, Entry>,
    { trace: { disk, ...trace } }: Observed,
    value: unknown,
  ): void => {
    const outside = outsideOf(disk);
    if (outside === undefined || !states.unchangedSince(since, outside, disk.loaded)) return;
    store.put(nameOf(key, { ...trace, outside }, tree), value);
    const name = `outside-${digest(outside)}`;
    if (store.get(name) === undefined) store.put(name, outside);
    const mine: Stored = { ...trace, outside: name };
    const others = storedTraces(store, key);
    const same = JSON.stringify(mine);
    if (!others.some((one) => JSON.stringify(one) === same))
      store.put(`traces-${key}`, [mine, ...others].slice(0, MOST_TRACES));
    seenNow = withSeen(seenNow ?? parseSeen(store.get(SEEN)), pathStates(entries, trace.tree));
  };

  const work = async <T>(
    key: string,
    entries: ReadonlyMap<RepoPath, Entry>,
    { run, pack }: Question<T>,
  ): Promise<T> => {
    let observed: Observed | undefined;
    const value = await run((one) => (observed = one));
    if (observed === undefined) return value;
    const { trace, uncacheableBecause } = observed;
    const tree = treeState(entries, trace);
    add(known, key, trace, tree, value);
    const packed = uncacheableBecause.length === 0 ? pack(value) : undefined;
    const seen = observed;
    // The thread has its hands full with what is asked of it next; here is time.
    if (packed !== undefined)
      later.push(nextTurn().then(() => keep(key, tree, entries, seen, packed)));
    return value;
  };

  return {
    async ask(question) {
      const key = digest([identity, question.key]);
      const entries = await question.tree.entries();
      for (;;) {
        const found = recall(key, entries, question);
        if (found !== undefined) return found.value;
        const other = underWay.get(key);
        if (other === undefined) break;
        // It may come to what is asked for here, and there is but one thread.
        await other.catch(() => undefined);
      }
      const working = work(key, entries, question);
      const mine = working.finally(() => underWay.delete(key));
      underWay.set(key, mine);
      return mine;
    },
    foresees: (changed) => isUnmet(parseSeen(store.get(SEEN)), changed),
    async close() {
      await Promise.all(later);
      if (seenNow !== undefined) store.put(SEEN, seenNow);
    },
  };
}

function readTraces(store: Store, key: string): readonly Kept[] {
  const outsides = new Map<string, Outside>();
  return storedTraces(store, key).flatMap(({ outside: name, ...trace }) => {
    const outside = outsides.get(name) ?? store.get(name);
    if (!isOutside(outside)) return [];
    outsides.set(name, outside);
    return [{ ...trace, outside }];
  });
}

function storedTraces(store: Store, key: string): readonly Stored[] {
  const found = store.get(`traces-${key}`);
  return Array.isArray(found) ? found.filter(isStored) : [];
}

function isStored(value: unknown): value is Stored {
  return (
    isRecord(value) &&
    isStringArray(value['tree']) &&
    typeof value['packages'] === 'boolean' &&
    isStringArray(value['env']) &&
    typeof value['outside'] === 'string'
  );
}

/** What stands already is not replaced: within a run, the first answer counts. */
function add(
  known: Map<string, Known[]>,
  key: string,
  { tree, packages }: Pick<Trace, 'tree' | 'packages'>,
  state: string,
  answer: unknown,
): void {
  const all = known.get(key) ?? [];
  known.set(key, all);
  const alike = all.find(
    ({ trace }) =>
      trace.packages === packages &&
      trace.tree.length === tree.length &&
      trace.tree.every((path, at) => path === tree[at]),
  );
  if (alike === undefined)
    all.push({ trace: { tree, packages }, answers: new Map([[state, answer]]) });
  else if (!alike.answers.has(state)) alike.answers.set(state, answer);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
