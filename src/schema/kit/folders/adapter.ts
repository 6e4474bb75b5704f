import Module, { createRequire } from 'node:module';
import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Dialect } from '../../../model/dialect.ts';
import type { KitLocation } from '../../worker/protocol.ts';
import type { FolderAdapter, Generation, Written } from '../adapter.ts';
import { compileLarge, lazily, madeOf, property } from '../foreign-module.ts';
import { compare, type Comparison } from './compare.ts';
import { functionsIn, HOW, withAccess, type Functions } from './regions.ts';
import {
  folderDialect,
  FOOTPRINTS,
  MYSQL,
  sourceOf,
  STRINGS,
  UTILS,
  VIEWS,
  WANTED,
  type FolderDialect,
} from './sources.ts';
import { folderHistory } from './graph.ts';
import { listOf, plain, stateWith, versionOf } from './state.ts';

/**
 * drizzle-kit 1.x since rc.4, which writes a folder for each migration. Its command line is a
 * CommonJS file that exports little; the adapter calls the functions in it that `generate` calls.
 */
export const FOLDERS: Generation = { fits: ({ api }) => basename(api) === 'cli.js', open };

function open({ api, base }: KitLocation): FolderAdapter {
  const kit = functionsIn(load({ api, base }));
  kit.run(STRINGS);
  // Every check asks for these; they take a third of the loading, and git answers meanwhile.
  withoutCalendars(() => kit.run(UTILS));
  return {
    layout: 'folders',
    serialize: async (dialect, exported) => serialize(kit, dialect, exported),
    generate: (dialect, prev, cur, answer) => generate(kit, dialect, { prev, cur, answer }),
    history: folderHistory(kit),
  };
}

/**
 * To find out about a fault of V8 of 2020, `@js-temporal/polyfill` formats a date of the Indian calendar
 * (`vulnerableToBceBug`), for which V8 loads the calendars of all countries: a tenth of drizzle-kit's
 * start. drizzle-kit uses the ISO calendar alone.
 */
function withoutCalendars(run: () => void): void {
  const dates: Date = Date.prototype;
  const { toLocaleDateString } = dates;
  dates.toLocaleDateString = () => '';
  try {
    run();
  } finally {
    dates.toLocaleDateString = toLocaleDateString;
  }
}

/** drizzle-orm is looked for where drizzle-kit is, and then where it is run from. */
function load({ api, base }: KitLocation): unknown {
  const required = createRequire(api);
  const fallback = createRequire(`${base}/package.json`);
  const find = (id: string): unknown => {
    const whole = (): unknown => {
      try {
        return required(id) as unknown;
      } catch (error) {
        if (id.startsWith('drizzle-orm')) return fallback(id) as unknown;
        throw error;
      }
    };
    // Every dialect's part of drizzle-orm is named at the top of the file; one is ever used.
    return /^drizzle-orm\/(?:\w+-core|_relations)$/.test(id) ? lazily(whole) : whole();
  };
  const module = new Module(api);
  module.filename = api;
  module.require = Object.assign(find, required);
  const part = madeOf(api, HOW + JSON.stringify(WANTED), () => withAccess(api, WANTED));
  compileLarge(module, part, api);
  return module.exports as unknown;
}

/** As `prepareFromSchemaFiles` and `prepareSnapshot` of each dialect. */
function serialize(kit: Functions, name: Dialect, exported: readonly unknown[]): unknown {
  const dialect = folderDialect(name);
  const source = sourceOf(dialect.family, 'drizzle');
  const read = kit.get(source, dialect.reads);
  const found: Record<string, unknown[]> = {};
  for (const file of exported) {
    const isModule = (typeof file === 'object' && file !== null) || typeof file === 'function';
    for (const [kind, values] of Object.entries(read(isModule ? file : {}) as object))
      (found[kind] ??= []).push(...(values as unknown[]));
  }
  if (dialect.dropsRepeats) found['tables'] = [...new Set(found['tables'])];
  const made = kit.get(
    source,
    'fromDrizzleSchema',
  )(...(dialect.takes === 'all' ? [found, () => true] : dialect.takes.map((kind) => found[kind])));
  refuse(kit, dialect, property(made, 'errors'));
  const { ddl, errors } = kit.get(
    sourceOf(dialect.ddl, 'ddl'),
    'interimToDDL',
  )(property(made, 'schema') ?? made) as { readonly ddl: unknown; readonly errors: unknown };
  refuse(kit, dialect, errors);
  const views = property(property(made, 'metadata'), 'viewDependencies');
  return plain({
    ...stateWith(kit, name, listOf(ddl)),
    ...(views instanceof Map && views.size > 0 ? { metadata: [...views] } : {}),
  });
}

/** @throws an error with what drizzle-kit prints before it exits. */
function refuse(kit: Functions, { describes }: FolderDialect, errors: unknown): void {
  if (describes === undefined || !Array.isArray(errors) || errors.length === 0) return;
  const describe = kit.get(VIEWS, describes);
  const texts = errors.map((error) => stripVTControlCharacters(String(describe(error))));
  throw new Error(
    texts
      .map((text) => text.trim().replace(/^(?:Warning|Error)\s+/, ''))
      .join('; ')
      .replaceAll(/\s+/g, ' '),
  );
}

/** As `handle` of `src/cli/commands/generate-*.ts`, from the comparison on. */
async function generate(
  kit: Functions,
  name: Dialect,
  { prev, cur, answer }: Comparison,
): Promise<Written> {
  const dialect = folderDialect(name);
  const { to, result } = await compare(kit, dialect, { prev, cur, answer });
  const { sqlStatements, statements, groupedStatements, renames, deltas } = result;
  if (!Array.isArray(sqlStatements) || !sqlStatements.every((one) => typeof one === 'string'))
    throw new TypeError('drizzle-kit did not answer with statements');
  const fails =
    dialect.family === 'mysql'
      ? property(kit.get(MYSQL, 'suggestions')(statements, to), 'errors')
      : [];
  return {
    statements: sqlStatements,
    fails: Array.isArray(fails) ? fails.map((text) => stripVTControlCharacters(String(text))) : [],
    snapshot: plain({
      ...(Array.isArray(deltas) && { type: prev === undefined ? 'base' : 'diff' }),
      version: String(versionOf(kit, name)),
      dialect: dialect.written,
      ...(Array.isArray(deltas)
        ? {
            footprints: kit.get(FOOTPRINTS, 'footprintsOf')(groupedStatements),
            ...(prev === undefined ? { ddl: listOf(to) } : { deltas }),
          }
        : { ddl: listOf(to), renames: dialect.ddl === 'mysql' ? [] : renames }),
    }),
  };
}
