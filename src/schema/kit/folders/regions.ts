import { method, property, type Call } from '../foreign-module.ts';

/** Source files of drizzle-kit, with the functions that are wanted of each. */
export type Wanted = Readonly<Record<string, readonly string[]>>;

/** Where the trailer leaves what it found. */
const FOUND = '__drizzleGuard';

interface Part {
  /** The source file; missing for what stands between regions: what requires modules. */
  readonly source?: string;
  readonly text: string;
}

/**
 * A part of drizzle-kit's `cli.js` (rolldown, CommonJS) such that running it gives access to
 * functions that the whole does not export. Each source file is a region
 * (`//#region src/dialects/mysql/diff.ts`), in which a name keeps its beginning, while the number
 * behind it (`ddlDiff$5`) moves from version to version. What a region declares is there once its
 * `init_*()` ran, which first runs that of each file that it imports: so all that a region needs are
 * the regions whose init or require functions it names, and those that have none. This is a fifth of
 * the file, and compiles in a fifth of the time.
 */
export function withAccess(text: string, wanted: Wanted): string {
  const parts = split(text);
  const kept = closure(parts, wanted);
  const isUsed = usedIn(parts.flatMap((part) => (kept.has(part) ? [part.text] : [])).join(''));
  const body = parts.flatMap((part) => {
    if (part.source === undefined) return part.text.split('\n').filter(isUsed);
    return kept.has(part) ? [part.text] : [];
  });
  const getters = Object.entries(wanted).map(([source, names]) => {
    const region = parts.find((one) => one.source === source)?.text ?? '';
    const inits = initsIn(region).map((init) => `${init}(); `);
    const values = names.flatMap((name) => {
      const local = localName(region, name);
      return local === undefined ? [] : [`${name}: ${local}`];
    });
    return `${JSON.stringify(source)}: () => { ${inits.join('')}return { ${values.join(', ')} }; }`;
  });
  const trailer = `module.exports.${FOUND} = {\n${getters.join(',\n')}\n};\n`;
  return [...body, trailer].join('\n');
}

const START = '//#region ';
const END = '//#endregion\n';

/** In order, without the end, which starts the program. */
function split(text: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf(START, at);
    const line = text.indexOf('\n', start);
    const end = text.indexOf(END, line);
    if (start < 0 || end < 0) return parts;
    if (start > at) parts.push({ text: text.slice(at, start) });
    const source = text.slice(start + START.length, line);
    parts.push({ source, text: text.slice(line + 1, end) });
    at = end + END.length;
  }
}

/** The module that drizzle-kit's own loader of schemas uses, which the guard never calls. */
const LOADER = /\/jiti\//;

function closure(parts: readonly Part[], wanted: Wanted): ReadonlySet<Part> {
  const owners = new Map<string, Part>();
  const kept = new Set<Part>();
  for (const part of parts) {
    if (part.source === undefined) continue;
    const names = [...initsIn(part.text), ...namesBehind('var require_', part.text)];
    for (const name of names) owners.set(name, part);
    if (names.length === 0 || part.source in wanted) kept.add(part);
  }
  // A set visits what is added on the way.
  for (const { text } of kept)
    for (const [name] of text.matchAll(/\b(?:init|require)_[\w$]+/g)) {
      const owner = owners.get(name);
      if (owner !== undefined && !LOADER.test(owner.source ?? '')) kept.add(owner);
    }
  return kept;
}

function initsIn(region: string): readonly string[] {
  return namesBehind('var init_', region);
}

/** Names that are declared at the beginning of a line; a search for a text is quicker than a pattern. */
function namesBehind(words: string, text: string): readonly string[] {
  const names: string[] = [];
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (at > 0 && text[at - 1] !== '\n') continue;
    const start = at + 'var '.length;
    names.push(text.slice(start, text.indexOf(' ', start)));
  }
  return names;
}

/** Whether code needs a line such as `let fs = require("fs");` or `fs = __toESM(fs);`. */
function usedIn(code: string): (line: string) => boolean {
  const known = new Map<string, boolean>();
  return (line) => {
    const name = /^(?:let )?([\w$]+) = (?:require|__toESM(?:\$\d+)?)\(/.exec(line)?.[1];
    if (name === undefined) return true;
    const isNamed = known.get(name) ?? code.includes(name);
    known.set(name, isNamed);
    return isNamed;
  };
}

function localName(region: string, name: string): string | undefined {
  const declared = new RegExp(
    `^(?:\\t|(?:async )?function )(${name}(?:\\$\\d+)?)(?: = |\\()`,
    'm',
  ).exec(region);
  return declared?.[1];
}

/** What decides which part is taken: another guard may take another. */
export const HOW = [withAccess, split, closure, namesBehind, usedIn, localName].map(String).join();

/** The functions of a running drizzle-kit, by their source file. */
export interface Functions {
  /** @throws TypeError where this drizzle-kit does not have it. */
  get(source: string, name: string): Call;
  /** Undefined where it does not have it. */
  value(source: string, name: string): unknown;
  /** Runs a source file for what it does to others. */
  run(source: string): void;
}

/** @param exported what the text of `withAccess` exported */
export function functionsIn(exported: unknown): Functions {
  const regions = property(exported, FOUND);
  const read = new Map<string, unknown>();
  const region = (source: string): unknown => {
    if (!read.has(source)) read.set(source, method(regions, source)());
    return read.get(source);
  };
  return {
    get: (source, name) => method(region(source), name),
    value: (source, name) => property(region(source), name),
    run: (source) => void region(source),
  };
}
