import { alike, isJson, listField, textField, type Json } from './snapshot-json.ts';

/** Where the rows of a table are in a snapshot of 0.31. */
export const PARTS: Readonly<Record<string, string>> = {
  columns: 'columns',
  indexes: 'indexes',
  fks: 'foreignKeys',
  pks: 'compositePrimaryKeys',
  uniques: 'uniqueConstraints',
  checks: 'checkConstraints',
  policies: 'policies',
};

/** What is in no table. */
const TOP: ReadonlySet<string> = new Set([
  'schemas',
  'enums',
  'sequences',
  'views',
  'roles',
  'privileges',
]);

/**
 * A state of drizzle-kit 1.x, which is a list of rows (`createDDL` in `src/dialects/<dialect>/ddl.ts`), in the form of
 * a snapshot of 0.31; any other snapshot as it is. Whether a name was chosen by a person is left out: it makes no
 * difference to a database.
 */
export function withTables(snapshot: Json): Json {
  if (!Array.isArray(snapshot['ddl'])) return snapshot;
  const rows = listField(snapshot, 'ddl').filter(isJson);
  const tables = new Map<string, Record<string, unknown>>();
  const top: Record<string, Record<string, unknown>> = {};
  for (const row of rows)
    if (row['entityType'] === 'tables') tables.set(placeOf(row, 'name'), tableOf(row));
  for (const row of rows) {
    const { type, place, own, name, inTable } = placed(row);
    if (TOP.has(type)) (top[type] ??= {})[place] = own;
    const part = PARTS[type];
    const table = tables.get(place);
    if (part === undefined || table === undefined) continue;
    ((table[part] ??= {}) as Record<string, unknown>)[name] = inTable;
  }
  // Of SQL Server, where a default has a name.
  for (const row of rows) {
    if (row['entityType'] !== 'defaults') continue;
    const columns = tables.get(placeOf(row, 'table'))?.['columns'];
    const name = textField(row, 'column');
    const column = isJson(columns) ? columns[name] : undefined;
    if (isJson(column))
      Object.assign(columns as object, { [name]: { ...column, default: row['default'] } });
  }
  return { ...snapshot, ddl: undefined, ...top, tables: Object.fromEntries(tables) };
}

interface Placed {
  readonly type: string;
  /** Its own place, or that of its table. */
  readonly place: string;
  readonly name: string;
  readonly own: Json;
  /** What its table has of it. */
  readonly inTable: Json;
}

/** Most rows are in all states of a history. */
const known = new WeakMap<Json, Placed>();

function placed(row: Json): Placed {
  const found = known.get(row);
  if (found !== undefined) return found;
  const type = textField(row, 'entityType');
  const { entityType: _, nameExplicit: __, ...own } = withoutNulls(row);
  const { schema: _schema, table: _table, ...inTable } = own;
  const made = {
    type,
    place: placeOf(row, TOP.has(type) ? 'name' : 'table'),
    name: textField(row, 'name'),
    own,
    inTable: partOf(type, inTable),
  };
  known.set(row, made);
  return made;
}

function withoutNulls(row: Json): Json {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function tableOf({ name, schema, isRlsEnabled }: Json): Record<string, unknown> {
  return { name, schema: schema ?? '', isRLSEnabled: isRlsEnabled ?? false };
}

function partOf(type: string, part: Json): Json {
  if (type === 'columns') {
    const { autoIncrement, ...column } = part;
    return autoIncrement === undefined ? column : { ...column, autoincrement: autoIncrement };
  }
  if (type === 'fks') {
    const { columns, ...key } = part;
    return { ...key, columnsFrom: columns };
  }
  if (type !== 'indexes') return part;
  const columns = listField(part, 'columns').map((column) =>
    isJson(column) ? { ...column, value: undefined, expression: column['value'] } : column,
  );
  return { ...part, columns };
}

/** Its own name, or its table's, with the schema. */
function placeOf(row: Json, name: 'name' | 'table'): string {
  return JSON.stringify([textField(row, 'schema'), textField(row, name)]);
}

/** The names of these are often made by drizzle-kit. */
const NAMED: ReadonlySet<string> = new Set(['uniques', 'fks', 'pks', 'indexes']);

/**
 * The later of two states with the names that drizzle-kit keeps: where it made one, and there is one
 * thing alike in the earlier state, that name stays (`preserveEntityNames` in `src/dialects/utils.ts`).
 */
export function withKeptNames(before: Json | undefined, after: Json): Json {
  const rows = listField(after, 'ddl');
  if (before === undefined || rows.length === 0) return after;
  const made = listField(before, 'ddl').filter(isMade);
  const kept = rows.map((row) => {
    if (!isMade(row)) return row;
    const [same, ...others] = rows.filter((one) => isMade(one) && isSameBut(one, row));
    const olds = made.filter((one) => isSameBut(one, row));
    const [old] = olds;
    return same === row && others.length === 0 && olds.length === 1 && old !== undefined
      ? { ...row, name: old['name'] }
      : row;
  });
  return { ...after, ddl: kept };
}

function isMade(row: unknown): row is Json {
  return isJson(row) && NAMED.has(textField(row, 'entityType')) && row['nameExplicit'] === false;
}

/** But for the name. */
function isSameBut(one: Json, other: Json): boolean {
  return (
    one['entityType'] === other['entityType'] &&
    one['table'] === other['table'] &&
    alike({ ...one, name: '' }, { ...other, name: '' })
  );
}
