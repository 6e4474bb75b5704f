import type { Dialect } from '../../model/dialect.ts';
import { flavourOf } from '../../sql/tokens/flavour.ts';
import type { Picture, Table } from './picture.ts';

/** Something that has a name of its own in a database. */
export interface Named {
  readonly kind: 'table' | 'index' | 'foreign key' | 'check';
  readonly name: string;
  /** Its table's. */
  readonly table: string;
}

/**
 * All that has a name, by the place in which each name can be used once: PostgreSQL keeps tables
 * and indexes (of unique constraints too) together in each schema, SQLite in the whole file; MySQL
 * keeps foreign keys together in a database, and checks. Other dialects: nothing is known.
 */
export function namespacesOf(
  { tables }: Picture,
  dialect: Dialect,
): ReadonlyMap<string, readonly Named[]> {
  const all = new Map<string, Named[]>();
  const flavour = dialect === 'mssql' ? undefined : flavourOf(dialect);
  for (const [table, one] of tables)
    for (const [place, key, named] of namesOf(table, one, flavour)) {
      const at = `${place}\0${key}`;
      all.set(at, [...(all.get(at) ?? []), named]);
    }
  return all;
}

function namesOf(
  table: string,
  { indexes, uniques, foreignKeys, checks }: Table,
  flavour: ReturnType<typeof flavourOf> | undefined,
): readonly (readonly [place: string, key: string, named: Named])[] {
  const dot = table.lastIndexOf('.');
  const hasSchemas = flavour === 'postgresql';
  const place = hasSchemas ? table.slice(0, Math.max(dot, 0)) : '';
  const key = (name: string): string => (hasSchemas ? cut(name) : name.toLowerCase());
  const each = (
    kind: Named['kind'],
    names: Iterable<string>,
  ): (readonly [string, string, Named])[] =>
    [...names].map((name) => [place, key(name), { kind, name, table }]);
  if (flavour === 'mysql')
    return [
      ...each('foreign key', foreignKeys.keys()),
      ...each('check', checks.keys()).map(([, name, named]) => [named.kind, name, named] as const),
    ];
  if (flavour === undefined) return [];
  return [
    ...each('table', [hasSchemas ? table.slice(dot + 1) : table]),
    ...each('index', [...indexes.keys(), ...uniques.keys()]),
  ];
}

/** PostgreSQL keeps 63 bytes of a name. */
function cut(name: string): string {
  return Buffer.byteLength(name) <= 63 ? name : Buffer.from(name).subarray(0, 63).toString();
}
