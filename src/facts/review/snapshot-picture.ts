import { isDeepStrictEqual } from 'node:util';
import { withTables } from '../../schema/diff/rows.ts';
import {
  isJson,
  listField,
  recordField,
  recordsIn,
  textField,
  type Json,
} from '../../schema/diff/snapshot-json.ts';
import {
  homeOf,
  qualified,
  type Column,
  type ForeignKey,
  type Picture,
  type Table,
  type Unique,
} from './picture.ts';

/** A picture, and what each of its tables was read from. */
interface Read {
  readonly picture: Picture;
  readonly tables: ReadonlyMap<string, Json>;
}

/** A snapshot is what one migration ends with, and what the next one begins with. */
const known = new WeakMap<Json, Read>();

/**
 * Reads a snapshot of drizzle-kit 0.30 and 0.31 (PostgreSQL 7, MySQL 5, SQLite 6, SingleStore 1;
 * `src/serializer/*Schema.ts`), or a state of 1.x. What it lacks counts as empty.
 * @param before the snapshot that it follows: tables that are the same are not read again
 */
export function pictureOf(json: Json, before?: Json): Picture {
  return readOnce(json, before).picture;
}

function readOnce(json: Json, before?: Json): Read {
  const found = known.get(json) ?? read(json, before);
  known.set(json, found);
  return found;
}

function read(json: Json, before: Json | undefined): Read {
  const snapshot = withTables(json);
  const home = homeOf(json['dialect']);
  const isOfDialect = before !== undefined && before['dialect'] === json['dialect'];
  const earlier = isOfDialect ? readOnce(before) : undefined;
  const from = new Map(named(snapshot, 'tables', home));
  const tables = [...from].map(([name, table]) => {
    const isSame = isDeepStrictEqual(earlier?.tables.get(name), table);
    const same = isSame ? earlier?.picture.tables.get(name) : undefined;
    return [name, same ?? tableOf(name, table, home)] as const;
  });
  const enums = named(snapshot, 'enums', home).map(
    ([name, one]) => [name, listField(one, 'values').map(String)] as const,
  );
  const picture = {
    tables: new Map(tables),
    enums: new Map(enums),
    schemas: new Set(
      Object.entries(recordField(snapshot, 'schemas', true)).map(([key, one]) =>
        isJson(one) ? textField(one, 'name') : key,
      ),
    ),
    views: new Map(
      named(snapshot, 'views', home).map(([name, one]) => [
        name,
        { materialized: one['materialized'] === true, definition: textField(one, 'definition') },
      ]),
    ),
  };
  return { picture, tables: from };
}

function named(snapshot: Json, field: string, home: string): readonly (readonly [string, Json])[] {
  return Object.values(recordField(snapshot, field)).flatMap((one) => {
    const json: Json = isJson(one) ? one : {};
    const name = textField(json, 'name');
    return name === '' ? [] : [[qualified(textField(json, 'schema'), name, home), json] as const];
  });
}

function tableOf(name: string, table: Json, home: string): Table {
  const columns = [...recordsIn(table, 'columns')];
  const composite = [...recordsIn(table, 'compositePrimaryKeys').values()][0];
  const single = columns.filter(([, column]) => column['primaryKey'] === true);
  const isColumn = (part: string): boolean => columns.some(([key]) => key === part);
  const isFull = (part: string): boolean =>
    columns.some(([key, { notNull }]) => key === part && notNull === true);
  const indexes = [...recordsIn(table, 'indexes')].map(([key, one]) => indexOf(key, one, isColumn));
  const constraints = [...recordsIn(table, 'uniqueConstraints')].map(([key, one]) => {
    const own = indexOf(key, one, isColumn);
    const nullsEqual = one['nullsNotDistinct'] === true && !own.columns.every(isFull);
    return { ...own, unique: true, constraint: true, ...(nullsEqual ? { nullsEqual } : {}) };
  });
  const uniques = [...indexes, ...constraints].filter(({ unique }) => unique);
  const checks = [...recordsIn(table, 'checkConstraints'), ...recordsIn(table, 'checkConstraint')];
  return {
    name,
    columns: new Map(columns.map(([key, column]) => [key, columnOf(key, column, home)])),
    primaryKey:
      composite === undefined
        ? single.map(([key]) => key)
        : listField(composite, 'columns').map(String),
    uniques: byName(uniques),
    indexes: byName(indexes.filter(({ unique }) => !unique)),
    foreignKeys: byName(
      [...recordsIn(table, 'foreignKeys')].map(([key, one]) => foreignKeyOf(key, one, home)),
    ),
    checks: new Map(checks.map(([key, check]) => [key, textField(check, 'value')])),
    policies: new Map(
      [...recordsIn(table, 'policies')].map(([key, policy]) => [key, JSON.stringify(policy)]),
    ),
    rowSecurity: table['isRLSEnabled'] === true,
  };
}

function byName<T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  return new Map(all.map((one) => [one.name, one]));
}

function columnOf(name: string, column: Json, home: string): Column {
  const { default: value, generated } = column;
  const { dimensions } = column;
  // A custom type has its collation in its text, and a default of `sql` its ON UPDATE.
  const [, written = '', inType] = COLLATED.exec(textField(column, 'type')) ?? [];
  const [, given, updated] = UPDATED.exec(String(value)) ?? [];
  const type = written + (typeof dimensions === 'number' ? '[]'.repeat(dimensions) : '');
  const schema = textField(column, 'typeSchema');
  const said = (word: string, field: string): string => {
    const own = textField(column, field);
    return own === '' ? '' : `${word} ${own}`;
  };
  const collations = [inType, said('CHARACTER SET', 'charSet'), said('COLLATE', 'collation')];
  const collation = collations.filter(Boolean).join(' ');
  // And what it is computed from.
  const isComputed = (generated !== undefined && generated !== null) || COMPUTED.test(type);
  const kept = textField(generated, 'type') === 'virtual' ? 'virtual' : 'stored';
  return {
    name,
    type: qualified(schema, type, home),
    notNull: column['notNull'] === true,
    // A default of NULL is none.
    ...(value === undefined || /^null$/i.test(String(value))
      ? {}
      : { default: given ?? String(value) }),
    ...(isComputed ? { generated: kept } : {}),
    counts:
      column['autoincrement'] === true ||
      (column['identity'] !== undefined && column['identity'] !== null) ||
      /^(?:small|big)?serial$/.test(type),
    ...(column['onUpdate'] === true || column['onUpdateNow'] === true || updated !== undefined
      ? { onUpdate: true as const }
      : {}),
    ...(collation === '' ? {} : { collation }),
  };
}

const COLLATED = /^(.*?)(?:\s+((?:CHARACTER SET|CHARSET|COLLATE)\s.*))?$/is;
const COMPUTED = /\sgenerated\s+always\s+as\s*\(/i;
const UPDATED = /^([^'"]*?)\s+(ON UPDATE)\s/i;

function indexOf(
  name: string,
  index: Json,
  isColumn: (part: string) => boolean,
): Unique & { readonly unique: boolean } {
  const columns = listField(index, 'columns').map((part) =>
    typeof part === 'string' ? part : textField(part, 'expression'),
  );
  const where = textField(index, 'where');
  return {
    name,
    columns,
    ...(where === '' ? {} : { where }),
    concurrently: index['concurrently'] === true,
    unique: index['isUnique'] === true,
    constraint: false,
    expression: !columns.every(isColumn),
  };
}

function foreignKeyOf(name: string, key: Json, home: string): ForeignKey {
  const action = (field: string): string => textField(key, field).toLowerCase() || 'no action';
  return {
    name,
    columns: listField(key, 'columnsFrom').map(String),
    target: qualified(textField(key, 'schemaTo'), textField(key, 'tableTo'), home),
    targetColumns: listField(key, 'columnsTo').map(String),
    onDelete: action('onDelete'),
    onUpdate: action('onUpdate'),
  };
}
