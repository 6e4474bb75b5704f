import { isJson, recordField, type Json } from '../../schema/diff/snapshot-json.ts';
import type { Action } from './action.ts';
import { homeOf, qualified } from './picture.ts';
import type { Rename } from './renamed.ts';

/**
 * What a migration renames: its SQL says it, and drizzle-kit's `_meta` of the new snapshot as far
 * as the SQL does not.
 */
export function renamesOf(actions: readonly Action[], after: Json | undefined): readonly Rename[] {
  const inSql = actions.filter(
    (action): action is Rename => action.kind === 'rename column' || action.kind === 'rename table',
  );
  const known = new Set(inSql.map((one) => one.to));
  return [...inSql, ...inMeta(after).filter(({ to }) => !known.has(to))];
}

/** `{ tables: { "users": "people" }, columns: { "\"people\".\"name\"": "\"people\".\"title\"" } }` */
function inMeta(after: Json | undefined): readonly Rename[] {
  const meta = after === undefined ? {} : recordField(after, '_meta', true);
  const home = homeOf(after?.['dialect']);
  const pairs = (name: string): readonly (readonly [string[], string[]])[] =>
    Object.entries(isJson(meta[name]) ? meta[name] : {}).map(([from, to]) => [
      partsOf(from),
      partsOf(String(to)),
    ]);
  return [
    ...pairs('tables').map(([from, to]): Rename => ({
      kind: 'rename table',
      table: tableOf(from, home),
      to: tableOf(to, home),
    })),
    ...pairs('columns').map(([from, to]): Rename => ({
      kind: 'rename column',
      table: tableOf(to.slice(0, -1), home),
      column: from.at(-1) ?? '',
      to: to.at(-1) ?? '',
    })),
  ];
}

/** `"public"."users"`, `users`: its parts without quotes. */
function partsOf(name: string): string[] {
  return [...name.matchAll(/"((?:[^"]|"")*)"|`([^`]*)`|([^."`]+)/g)].map(
    ([, quoted, ticked, bare]) => quoted ?? ticked ?? bare ?? '',
  );
}

function tableOf(parts: readonly string[], home: string): string {
  return qualified(parts.at(-2), parts.at(-1) ?? '', home);
}
