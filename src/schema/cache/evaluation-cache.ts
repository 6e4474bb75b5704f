import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Entry, Tree } from '../../git/trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { Observed, Trace } from '../modules/read-log.ts';
import { digest } from './digest.ts';
import { outsideOf, UNVERSIONED } from './outside.ts';
import type { OutsideStates } from './outside-state.ts';
import type { Store } from './store.ts';
import { readTraces, writeTrace, type StoredTrace } from './stored-traces.ts';
import { treeState } from './tree-state.ts';

/** Something that running a user's code on a tree answers. */
export interface Lookup<T> {
  /** The project or config that it belongs to, for events. */
  readonly subject: string;
  /**
   * Plain JSON: everything that decides the answer, except the tree and what the trace of the
   * answer names.
   */
  readonly key: readonly unknown[];
  readonly tree: Tree;
  /** The variables that the code sees, where a script sets some; the key has what it loads. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Evaluates, and reports what decided the answer; if it reports nothing, the answer is not
   * stored.
   */
  readonly run: (observe: (observed: Observed) => void) => Promise<T>;
  /** As plain JSON; undefined: not to be stored. */
  readonly pack: (answer: T) => unknown;
  readonly unpack: (packed: unknown) => T | undefined;
}

/** What the cache did for one question. */
export interface CacheEvent {
  readonly subject: RepoPath;
  /** What was asked: of which tree, or for which statements. */
  readonly question: string;
  readonly result: 'hit' | 'evaluated' | 'not stored';
  /** Why an answer is not stored. */
  readonly because?: readonly string[];
}

/**
 * Answers of this run and of earlier ones, under names made of the question and of the state of
 * everything that decided them.
 */
export interface EvaluationCache {
  get<T>(lookup: Lookup<T>): Promise<T>;
  /** Whether `get` would answer without an evaluation. */
  has<T>(lookup: Lookup<T>): Promise<boolean>;
  /** Waits until everything is handed to the store. */
  close(): Promise<void>;
}

/** What the caches of a repository share. */
export interface CacheParts {
  readonly store: Store;
  /** See `identity`: what is never asked about is not looked up. */
  readonly identity: () => unknown;
  readonly outside: OutsideStates;
  readonly onEvent: (event: CacheEvent) => void;
}

interface EvaluationCacheOptions extends CacheParts {
  readonly env: Readonly<Record<string, string | undefined>>;
}

type SeenInRun = Pick<Trace, 'tree' | 'packages' | 'env'>;

/**
 * The answers of this run to one question that the same paths decided, by the state of these paths.
 */
interface InRun {
  readonly trace: SeenInRun;
  readonly answers: Map<string, unknown>;
}

export function openEvaluationCache({
  store,
  identity,
  env,
  outside: states,
  onEvent,
}: EvaluationCacheOptions): EvaluationCache {
  const since = Date.now();
  const inRun = new Map<string, InRun[]>();
  const traces = new Map<string, readonly StoredTrace[]>();
  const pending = new Map<string, Promise<unknown>>();
  const storing: Promise<void>[] = [];

  const nameOf = (
    key: string,
    { env: read, outside }: StoredTrace,
    tree: string,
    variables: Lookup<unknown>['env'] = env,
  ): string =>
    `result-${digest([key, tree, read.map((name) => [name, variables[name] ?? null]), states.state(outside)])}`;

  const find = <T>(
    key: string,
    entries: ReadonlyMap<RepoPath, Entry>,
    { unpack, env: variables = env }: Pick<Lookup<T>, 'unpack' | 'env'>,
  ): { readonly value: T } | undefined => {
    const known = inRun
      .get(key)
      ?.map(({ trace, answers }) =>
        answers.get(inRunState(treeState(entries, trace), trace, variables)),
      )
      .find((answer) => answer !== undefined);
    // Answered in this run, so of this type.
    if (known !== undefined) return { value: known as T };
    let stored = traces.get(key);
    if (stored === undefined) traces.set(key, (stored = readTraces(store, key)));
    for (const trace of stored) {
      const tree = treeState(entries, trace);
      const value = unpack(store.get(nameOf(key, trace, tree, variables)));
      if (value === undefined) continue;
      add(inRun, key, trace, inRunState(tree, trace, variables), value);
      return { value };
    }
    return undefined;
  };

  /** @returns why the answer is not stored. */
  const keep = (
    key: string,
    tree: string,
    { trace: { disk, ...trace } }: Observed,
    packed: unknown,
    variables: Lookup<unknown>['env'],
  ): string | undefined => {
    const outside = outsideOf(disk);
    if (outside === undefined) return UNVERSIONED;
    if (!states.unchangedSince(since, outside, disk.loaded))
      return 'an installed package or a file outside git has just changed';
    store.put(nameOf(key, { ...trace, outside }, tree, variables), packed);
    writeTrace(store, key, { ...trace, outside });
    return undefined;
  };

  const work = async <T>(
    key: string,
    entries: ReadonlyMap<RepoPath, Entry>,
    { run, pack, subject, tree, env: variables = env }: Lookup<T>,
  ): Promise<T> => {
    let observed: Observed | undefined;
    const value = await run((one) => (observed = one));
    const question = `evaluation of ${tree.name}`;
    onEvent({ subject, question, result: 'evaluated' });
    if (observed === undefined) return value;
    const seen: Observed = observed;
    const state = treeState(entries, seen.trace);
    const because = seen.uncacheableBecause;
    // It may have seen every variable.
    const names = because.length > 0 ? Object.keys(variables).sort() : seen.trace.env;
    const inThisRun = { ...seen.trace, env: names };
    add(inRun, key, inThisRun, inRunState(state, inThisRun, variables), value);
    const packed = pack(value);
    if (packed === undefined || because.length > 0) {
      const why = because.length > 0 ? because : [NOT_PACKED];
      onEvent({ subject, question, result: 'not stored', because: why });
      return value;
    }
    // Later: the process waits for what it is asked next.
    storing.push(
      (async () => {
        await nextTurn();
        const why = keep(key, state, seen, packed, variables);
        if (why !== undefined) onEvent({ subject, question, result: 'not stored', because: [why] });
      })(),
    );
    return value;
  };

  const keyOf = (lookup: Pick<Lookup<unknown>, 'key'>): string => digest([identity(), lookup.key]);

  return {
    async get(lookup) {
      const key = keyOf(lookup);
      const entries = await lookup.tree.entries();
      for (;;) {
        const found = find(key, entries, lookup);
        if (found !== undefined) {
          const { subject, tree } = lookup;
          onEvent({ subject, question: `evaluation of ${tree.name}`, result: 'hit' });
          return found.value;
        }
        const other = pending.get(key);
        if (other === undefined) break;
        // It may give the answer to this one too, and there is only one process.
        await other.catch(() => undefined);
      }
      const working = work(key, entries, lookup).finally(() => pending.delete(key));
      pending.set(key, working);
      return working;
    },
    has: async (lookup) => find(keyOf(lookup), await lookup.tree.entries(), lookup) !== undefined,
    async close() {
      await Promise.all(storing);
    },
  };
}

/** The state of what decided an answer, as far as it can change within a run. */
function inRunState(
  tree: string,
  { env }: SeenInRun,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  return digest([tree, env.map((name) => [name, variables[name] ?? null])]);
}

const NOT_PACKED = 'it does not load, or a variable is missing or a part of it';

/** An existing answer is not replaced: within a run, the first one counts. */
function add(
  inRun: Map<string, InRun[]>,
  key: string,
  { tree, packages, env }: SeenInRun,
  state: string,
  answer: unknown,
): void {
  const all = inRun.get(key) ?? [];
  inRun.set(key, all);
  const same = all.find(
    ({ trace }) =>
      trace.packages === packages &&
      trace.tree.length === tree.length &&
      trace.tree.every((path, at) => path === tree[at]) &&
      trace.env.join('\0') === env.join('\0'),
  );
  if (same === undefined)
    all.push({ trace: { tree, packages, env }, answers: new Map([[state, answer]]) });
  else if (!same.answers.has(state)) same.answers.set(state, answer);
}
