import { goesThroughModules } from '../../model/repo-path.ts';
import { cyclesOf } from './cycles.ts';
import { foundKey, type Code, type Compiled, type Found } from '../worker/protocol.ts';

/** `require("x")` and `require.resolve("x")` in compiled text. */
const REQUIRED = /(?<![.\w$])require(?:\.resolve)?\(\s*(?:"([^"\\\n]+)"|'([^'\\\n]+)')\s*\)/g;
/** What comes before it where it is an `import()`. */
const LATER = /\.then\(\(\)=>(?:__toESM\()?$/;
/** A whole `import()`, in compiled text. */
const IMPORT = /\.then\(\(\)=>((?:__toESM\()?require\("([^"\\\n]+)"\)\)?)\)/g;

interface Loading {
  find(request: string, from: string): Promise<Found>;
  load(path: string): Promise<Compiled>;
  /** Files that await at their top, as they are waited for. */
  readonly awaiting: ReadonlyMap<string, Compiled>;
  /** Makes one that does not await such a file too, if that is possible. */
  makeAwaiting(path: string): Promise<unknown>;
}

/**
 * Everything that is loaded from files (absolute paths), as far as their text names it. Where some
 * of it awaits at its top, all that comes before it is loaded first, one after the other: at the
 * start what import statements lead to, and at an `import()` what is behind that one.
 */
export async function gather(
  paths: readonly string[],
  { find, load, awaiting, makeAwaiting }: Loading,
): Promise<Omit<Code, 'files'>> {
  const modules = new Map<string, Compiled>();
  const found = new Map<string, Found>();
  const seen = new Set<string>();
  const codeOf = (path: string): Compiled | undefined => awaiting.get(path) ?? modules.get(path);
  const follow = async (path: string): Promise<void> => {
    if (seen.has(path) || goesThroughModules(path)) return;
    seen.add(path);
    const compiled = await load(path);
    modules.set(path, compiled);
    await Promise.all(
      requestsOf(awaiting.get(path) ?? compiled).map(async ({ request }) => {
        const there = await find(request, path);
        found.set(foundKey(path, request), there);
        if ('path' in there) await follow(there.path);
      }),
    );
  };
  await Promise.all(paths.map(follow));
  if (awaiting.size === 0) return { modules, found, first: [] };

  const pathOf = (path: string, request: string): string | undefined => {
    const there = found.get(foundKey(path, request));
    return there !== undefined && 'path' in there ? there.path : undefined;
  };
  const importsOf = (path: string): readonly string[] =>
    requestsOf(codeOf(path)).flatMap(({ request, isLater }) =>
      isLater ? [] : (pathOf(path, request) ?? []),
    );
  const cycles = cyclesOf(modules.keys(), importsOf);
  // In a cycle none may run before what it imports has ended, as if it did not await.
  for (const cycle of new Set(cycles.values()))
    if ([...cycle].some((path) => awaiting.has(path)))
      for (const path of cycle) if (!awaiting.has(path)) await makeAwaiting(path);
  /**
   * What is loaded with these files, in order, up to the last that awaits. A cycle in which none
   * does is loaded by the one that comes first.
   */
  const before = (files: readonly string[]): readonly string[] => {
    const order: string[] = [];
    const passed = new Set<string>();
    const entered = new Set<ReadonlySet<string>>();
    const pass = (path: string): void => {
      if (passed.has(path)) return;
      passed.add(path);
      const cycle = cycles.get(path);
      const isEntered = cycle !== undefined && entered.has(cycle);
      if (cycle !== undefined) entered.add(cycle);
      importsOf(path).forEach(pass);
      if (!isEntered || awaiting.has(path)) order.push(path);
    };
    files.forEach(pass);
    return order.slice(0, order.findLastIndex((path) => awaiting.has(path)) + 1);
  };
  const waits = (compiled: Compiled | undefined, path: string): Compiled | undefined => {
    if (compiled?.kind !== 'code') return compiled;
    const text = compiled.text.replace(IMPORT, (whole, made: string, request: string) => {
      const there = pathOf(path, request);
      const first = there === undefined ? [] : before([there]);
      return first.length === 0
        ? whole
        : `.then(async()=>{for(const path of ${JSON.stringify(first)})await require(path);return ${made}})`;
    });
    return { ...compiled, text };
  };

  const known = before(paths);
  const all = new Set([...modules.keys(), ...awaiting.keys()]);
  for (const path of all) {
    const compiled = waits(codeOf(path), path);
    if (compiled !== undefined) modules.set(path, compiled);
  }
  // Of an installed one that another installed one imports, it is not known when.
  const inside = [...awaiting.keys()].filter(
    (path) =>
      goesThroughModules(path) &&
      ![...found.values()].some((one) => 'path' in one && one.path === path),
  );
  return { modules, found, first: [...inside.toReversed(), ...known] };
}

/** What compiled text requires; `isLater`: by an `import()`. */
export function requestsOf(
  compiled: Compiled | undefined,
): readonly { readonly request: string; readonly isLater: boolean }[] {
  if (compiled?.kind !== 'code') return [];
  const { text } = compiled;
  return Array.from(text.matchAll(REQUIRED), ({ 1: double, 2: single, index }) => ({
    request: double ?? single ?? '',
    isLater: LATER.test(text.slice(Math.max(0, index - 30), index)),
  }));
}
