import { isAscii } from 'node:buffer';
import { withLargeFile, type LargeFile, type Line } from './large-file.ts';
import { method, property, type Call } from '../foreign-module.ts';

/** Source files of drizzle-kit, with the functions that are wanted of each. */
export type Wanted = Readonly<Record<string, readonly string[]>>;

/** Where the trailer leaves what it found. */
const FOUND = '__drizzleGuard';

interface Part {
  /** The source file; missing for what stands between regions: what requires modules. */
  readonly source?: string;
  /** Where it is in the file. */
  readonly start: number;
  readonly end: number;
  /** Read, and decoded, where they are asked for: that of the whole file takes longer than all else. */
  readonly bytes: Buffer;
  /** A character for each byte, which is all that names in ASCII need. */
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
 * @param path absolute, of a file in UTF-8
 * @returns UTF-8
 */
export function withAccess(path: string, wanted: Wanted): Buffer {
  return withLargeFile(path, (file) => cutOut(file, wanted));
}

function cutOut(file: LargeFile, wanted: Wanted): Buffer {
  const lines = file.linesWith([START, END, ...DECLARES]);
  const parts = split(file, lines);
  const declared = lines
    .filter(({ word }) => DECLARES.includes(word))
    .map(({ at, word, rest }) => ({ at, name: word.slice('var '.length) + rest.split(' ', 1)[0] }));
  const { kept, leftOut } = closure(parts, declared, wanted);
  const isUsed = usedIn([...kept]);
  const body = parts.flatMap((part) => {
    if (part.source === undefined) return [Buffer.from(linesOf(part, isUsed), 'latin1')];
    return kept.has(part) ? [inAscii(part)] : [];
  });
  const getters = Object.entries(wanted).map(([source, names]) => {
    const region = parts.find((one) => one.source === source);
    const inits = declared
      .filter((one) => one.name.startsWith('init_') && isIn(region, one))
      .map((init) => `${init.name}(); `);
    const values = names.flatMap((name) => {
      const local = localName(region?.text ?? '', name);
      return local === undefined ? [] : [`${name}: ${local}`];
    });
    return `${JSON.stringify(source)}: () => { ${inits.join('')}return { ${values.join(', ')} }; }`;
  });
  const nothing = [...leftOut].map((name) => `var ${name} = () => ({});\n`).join('');
  const trailer = `${nothing}module.exports.${FOUND} = {\n${getters.join(',\n')}\n};\n`;
  return Buffer.concat([...body, Buffer.from(trailer)].flatMap((part) => [part, LINE_END]));
}

/** With escapes in strings: a single other character doubles the memory of the whole text in V8. */
function inAscii({ bytes }: Part): Buffer {
  if (isAscii(bytes)) return bytes;
  return Buffer.from(
    bytes.toString('utf8').replaceAll(/[^\0-\x7F]/g, (character) => {
      const code = character.charCodeAt(0).toString(16).padStart(4, '0');
      return `\\u${code}`;
    }),
  );
}

const LINE_END = Buffer.from('\n');

const START = '//#region ';
const END = '//#endregion';
const DECLARES: readonly string[] = ['var init_', 'var require_'];

/** In order, without the end, which starts the program. */
function split(file: LargeFile, lines: readonly Line[]): readonly Part[] {
  const partOf = (start: number, end: number): Part => {
    let bytes: Buffer | undefined;
    let text: string | undefined;
    return {
      start,
      end,
      get bytes() {
        return (bytes ??= file.read(start, end));
      },
      get text() {
        return (text ??= this.bytes.toString('latin1'));
      },
    };
  };
  const parts: Part[] = [];
  let behind = 0;
  let begun: Line | undefined;
  for (const line of lines) {
    if (line.word === START) begun ??= line;
    if (line.word !== END || begun === undefined) continue;
    if (begun.at > behind) parts.push(partOf(behind, begun.at));
    parts.push(Object.assign(partOf(begun.end, line.at), { source: begun.rest }));
    behind = line.end;
    begun = undefined;
  }
  return parts;
}

/**
 * Packages that find files, load them, and compare versions of packages. No function that the guard
 * calls needs them, and to make them ready takes as long as all else.
 */
const NOT_CALLED = /\/node_modules\/(?:get-tsconfig|glob|jiti|semver)\//;

function closure(
  parts: readonly Part[],
  declared: readonly Declared[],
  wanted: Wanted,
): { readonly kept: ReadonlySet<Part>; readonly leftOut: ReadonlySet<string> } {
  const owners = new Map<string, Part>();
  const regions = parts.filter(({ source }) => source !== undefined);
  let behind = 0;
  for (const one of declared) {
    while (one.at >= (regions[behind]?.end ?? Infinity)) behind += 1;
    const region = regions[behind];
    if (region !== undefined && isIn(region, one)) owners.set(one.name, region);
  }
  const withNames = new Set(owners.values());
  const kept = new Set(
    regions.filter((one) => !withNames.has(one) || (one.source ?? '') in wanted),
  );
  const leftOut = new Set<string>();
  // A set visits what is added on the way.
  for (const { text } of kept)
    for (const [name] of text.matchAll(/\b(?:init|require)_[\w$]+/g)) {
      const owner = owners.get(name);
      if (owner === undefined) continue;
      if (NOT_CALLED.test(owner.source ?? '')) leftOut.add(name);
      else kept.add(owner);
    }
  return { kept, leftOut };
}

function isIn(region: Part | undefined, { at }: Declared): boolean {
  return region !== undefined && at >= region.start && at < region.end;
}

interface Declared {
  readonly name: string;
  readonly at: number;
}

function linesOf({ text }: Part, isUsed: (line: string) => boolean): string {
  return text.split('\n').filter(isUsed).join('\n');
}

/** Whether code needs a line such as `let fs = require("fs");` or `fs = __toESM(fs);`. */
function usedIn(code: readonly Part[]): (line: string) => boolean {
  const known = new Map<string, boolean>();
  return (line) => {
    const name = /^(?:let )?([\w$]+) = (?:require|__toESM(?:\$\d+)?)\(/.exec(line)?.[1];
    if (name === undefined) return true;
    const isNamed = known.get(name) ?? code.some(({ text }) => text.includes(name));
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
export const HOW = [NOT_CALLED, cutOut, inAscii, split, closure, isIn, linesOf, usedIn, localName]
  .map(String)
  .join();

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
