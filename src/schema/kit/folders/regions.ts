import type { Call } from '../foreign-module.ts';
import { method, property } from '../foreign-module.ts';

/** Source files of drizzle-kit, with the functions that are wanted of each. */
export type Wanted = Readonly<Record<string, readonly string[]>>;

/** Where the trailer leaves what it found. */
const FOUND = '__drizzleGuard';

/**
 * The text of drizzle-kit's `cli.js` (rolldown, CommonJS) such that running it gives access to
 * functions that it does not export. Each of its source files is a region
 * (`//#region src/dialects/mysql/diff.ts`), in which a name keeps its beginning, while the number
 * behind it (`ddlDiff$5`) moves from version to version. What a region declares is there once its
 * `init_*()` ran. The end of the file, which would start the whole command line, is left out.
 */
export function withAccess(text: string, wanted: Wanted): string {
  const body = text.slice(0, text.lastIndexOf('//#endregion'));
  const getters = Object.entries(wanted).map(([source, names]) => {
    const region = regionOf(text, source);
    const inits = Array.from(
      region.matchAll(/\b(init_[\w$]+) = __esmMin/g),
      ([, init]) => `${init}(); `,
    );
    const values = names.flatMap((name) => {
      const local = localName(region, name);
      return local === undefined ? [] : [`${name}: ${local}`];
    });
    return `${JSON.stringify(source)}: () => { ${inits.join('')}return { ${values.join(', ')} }; }`;
  });
  return `${body}\nmodule.exports.${FOUND} = {\n${getters.join(',\n')}\n};\n`;
}

/** '' where this drizzle-kit has no such source file. */
function regionOf(text: string, source: string): string {
  const start = text.indexOf(`//#region ${source}\n`);
  return start < 0 ? '' : text.slice(start, text.indexOf('//#endregion', start));
}

function localName(region: string, name: string): string | undefined {
  const declared = new RegExp(
    `^(?:\\t|(?:async )?function )(${name}(?:\\$\\d+)?)(?: = |\\()`,
    'm',
  ).exec(region);
  return declared?.[1];
}

/** The functions of a running drizzle-kit, by their source file. */
export interface Functions {
  /** @throws TypeError where this drizzle-kit does not have it. */
  get(source: string, name: string): Call;
  /** Undefined where it does not have it. */
  value(source: string, name: string): unknown;
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
  };
}
