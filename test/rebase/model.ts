import type { Rename } from '../../src/schema/worker/protocol.ts';
import type { Dialect1 } from '../support/kit1.ts';

interface Column {
  readonly name: string;
  readonly type: number;
  readonly required: boolean;
  readonly indexed: boolean;
}

interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, Column>>;
}

/** A schema whose things are known by ids that a rename does not change. */
export interface Model {
  readonly dialect: Dialect1;
  readonly tables: Readonly<Record<string, Table>>;
  readonly values: readonly string[];
}

/** One edit, in words that are the same on both branches: `side` makes new names of its own. */
export interface Edit {
  readonly kind: (typeof KINDS)[number];
  readonly which: number;
  readonly other: number;
}

export const KINDS = [
  'add-column',
  'add-column',
  'drop-column',
  'rename-column',
  'rename-column',
  'change-type',
  'require',
  'index',
  'add-table',
  'rename-table',
  'drop-table',
  'add-value',
] as const;

export function firstModel(dialect: Dialect1): Model {
  const column = (name: string): Column => ({ name, type: 0, required: false, indexed: false });
  const table = (name: string, ...names: readonly string[]): Table => ({
    name,
    columns: Object.fromEntries(names.map((one) => [one, column(one)])),
  });
  return {
    dialect,
    tables: {
      teams: table('teams', 'name', 'motto', 'city'),
      members: table('members', 'email', 'phone'),
      notes: table('notes', 'body', 'state'),
    },
    values: ['new', 'done'],
  };
}

/** An edit as a change of any model that has the thing, and what it touches. */
export interface Change {
  readonly touches: readonly string[];
  readonly renames: (before: Model, after: Model) => readonly Rename[];
  readonly apply: (model: Model) => Model;
}

/** What an edit does on a branch; undefined where it finds nothing to do. `fresh`: a name of its own. */
export function changeOf(
  model: Model,
  { kind, which, other }: Edit,
  fresh: string,
): Change | undefined {
  const tables = Object.keys(model.tables);
  const id = tables[which % Math.max(tables.length, 1)];
  const table = id === undefined ? undefined : model.tables[id];
  if (id === undefined || table === undefined) return undefined;
  const columns = Object.keys(table.columns);
  const at = columns[other % Math.max(columns.length, 1)];
  const old = at === undefined ? undefined : table.columns[at];
  const inTable =
    (change: (table: Table) => Table) =>
    (now: Model): Model => {
      const found = now.tables[id];
      return found === undefined ? now : { ...now, tables: { ...now.tables, [id]: change(found) } };
    };
  const none = (): readonly Rename[] => [];
  // There a column that one branch adds has the values of its time, and the merged schema more.
  const inColumns = model.dialect === 'mysql' || model.dialect === 'singlestore';
  const inColumn = (touched: string, change: (column: Column) => Column): Change | undefined =>
    at === undefined || old === undefined
      ? undefined
      : {
          touches: [`${id} in`, `${id}.${at} in`, `${id}.${at}.${touched}`],
          renames: none,
          apply: inTable((found) => {
            const column = found.columns[at];
            return column === undefined
              ? found
              : { ...found, columns: { ...found.columns, [at]: change(column) } };
          }),
        };
  switch (kind) {
    case 'add-column':
      return {
        touches: [`${id} in`, ...(inColumns && other % 3 === 2 ? [`values in.${fresh}`] : [])],
        renames: none,
        apply: inTable((found) => ({
          ...found,
          columns: {
            ...found.columns,
            [fresh]: { name: fresh, type: other % 3, required: false, indexed: other % 4 === 0 },
          },
        })),
      };
    case 'drop-column':
      return at === undefined
        ? undefined
        : {
            touches: [`${id} in`, `${id}.${at}`],
            renames: none,
            apply: inTable((found) => ({ ...found, columns: without(found.columns, at) })),
          };
    case 'rename-column': {
      const change = inColumn('name', (column) => ({ ...column, name: fresh }));
      return change === undefined
        ? undefined
        : {
            ...change,
            renames: (before, after) => {
              const [then, now] = [before.tables[id], after.tables[id]];
              const [from, to] = [then?.columns[at ?? '']?.name, now?.columns[at ?? '']?.name];
              if (now === undefined || from === undefined || to === undefined) return [];
              return [{ kind: 'column', table: { schema: '', table: now.name }, from, to }];
            },
          };
    }
    case 'change-type':
      return inColumn('type', (column) => ({ ...column, type: (column.type + 1) % 2 }));
    case 'require':
      return inColumn('required', (column) => ({ ...column, required: !column.required }));
    case 'index':
      return inColumn('indexed', (column) => ({ ...column, indexed: !column.indexed }));
    case 'add-table':
      return {
        touches: [],
        renames: none,
        apply: (now) => ({
          ...now,
          tables: {
            ...now.tables,
            [fresh]: {
              name: fresh,
              columns: { label: { name: 'label', type: 0, required: false, indexed: false } },
            },
          },
        }),
      };
    case 'rename-table':
      return {
        touches: [`${id} in`, `${id}.name`],
        renames: (before, after) => {
          const [from, to] = [before.tables[id]?.name, after.tables[id]?.name];
          return from === undefined || to === undefined ? [] : [{ kind: 'table', from, to }];
        },
        apply: inTable((found) => ({ ...found, name: fresh })),
      };
    case 'drop-table':
      return tables.length < 2
        ? undefined
        : {
            touches: [id],
            renames: none,
            apply: (now) => ({ ...now, tables: without(now.tables, id) }),
          };
    case 'add-value':
      return {
        touches: inColumns ? ['values in'] : [],
        renames: none,
        apply: (now) => ({ ...now, values: [...now.values, fresh] }),
      };
  }
}

/** Whether two branches may both make these changes, and the order does not matter. */
export function commute(one: readonly string[], other: readonly string[]): boolean {
  const clash = (a: string, b: string): boolean =>
    a.endsWith(' in') && b.endsWith(' in')
      ? false
      : a === b || a.replace(/ in$/, '') === b || b.replace(/ in$/, '') === a;
  const within = (a: string, b: string): boolean => a.startsWith(`${b}.`) || a === `${b} in`;
  return !one.some((a) => other.some((b) => clash(a, b) || within(a, b) || within(b, a)));
}

function without<T>(all: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([one]) => one !== key));
}

/** The package of a dialect, and how its functions begin. */
const CORES: Readonly<Record<Dialect1, string>> = {
  postgresql: 'pg',
  mysql: 'mysql',
  singlestore: 'singlestore',
  sqlite: 'sqlite',
  turso: 'sqlite',
  mssql: 'mssql',
  cockroach: 'cockroach',
};

/** What a column's `type` stands for, by the package. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  pg: ['text()', 'varchar({ length: 80 })', 'status()'],
  mysql: ['varchar({ length: 200 })', 'varchar({ length: 80 })', 'status'],
  singlestore: ['varchar({ length: 200 })', 'varchar({ length: 80 })', 'status'],
  sqlite: ['text()', 'integer()', 'real()'],
  mssql: ['varchar({ length: 200 })', 'varchar({ length: 80 })', 'int()'],
  cockroach: ['varchar({ length: 200 })', 'varchar({ length: 80 })', 'status()'],
};
const IMPORTS: Readonly<Record<string, string>> = {
  pg: 'index, integer, pgEnum, pgTable, text, varchar',
  mysql: 'index, int, mysqlEnum, mysqlTable, varchar',
  singlestore: 'index, int, singlestoreEnum, singlestoreTable, varchar',
  sqlite: 'index, integer, real, sqliteTable, text',
  mssql: 'index, int, mssqlTable, varchar',
  cockroach: 'cockroachEnum, cockroachTable, index, int4, varchar',
};

const INTEGERS: Readonly<Record<string, string>> = {
  pg: 'integer',
  sqlite: 'integer',
  cockroach: 'int4',
};

/** The schema file. */
export function schemaText({ dialect, tables, values }: Model): string {
  const core = CORES[dialect];
  const int = INTEGERS[core] ?? 'int';
  const status = `${core}Enum([${values.map((value) => `'${value}'`).join(', ')}])`;
  const texts = Object.values(tables).map(({ name, columns }) => {
    const all = Object.values(columns);
    const lines = all.map(
      (one) =>
        `  ${one.name}: ${(TYPES[core]?.[one.type] ?? '').replace(/^status$/, status)}${one.required ? '.notNull()' : ''},\n`,
    );
    const indexes = all
      .filter(({ indexed }) => indexed)
      .map((one) => `index('${name}_${one.name}_idx').on(t.${one.name})`);
    return `export const ${name} = ${core}Table('${name}', {\n  id: ${int}().primaryKey(),\n${lines.join('')}}, (t) => [${indexes.join(', ')}]);\n`;
  });
  const type =
    core === 'pg' || core === 'cockroach'
      ? `export const status = ${status.replace('(', "('status', ")};\n`
      : '';
  return `import { ${IMPORTS[core]} } from 'drizzle-orm/${core}-core';\n${type}${texts.join('')}`;
}
