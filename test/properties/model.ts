import fc from 'fast-check';
import type { Files } from '../support/drizzle-project.ts';

export type ModelDialect = 'postgresql' | 'sqlite' | 'mysql';

/**
 * What a person does, one step at a time. Numbers choose among what is there when the step is
 * taken.
 */
export type Step =
  | { readonly do: 'edit'; readonly kind: EditKind; readonly which: number; readonly other: number }
  | { readonly do: 'generate' }
  | { readonly do: 'stage'; readonly which: number }
  | { readonly do: 'stage-hunks'; readonly file: number; readonly which: number }
  | { readonly do: 'stage-all' }
  | { readonly do: 'unstage'; readonly which: number }
  | { readonly do: 'commit' };

const EDITS = [
  'add-column',
  'add-column',
  'drop-column',
  'alter-column',
  'add-table',
  'drop-table',
  'add-index',
  'add-enum-value',
  'comment',
  'lose-export',
  'find-export',
] as const;
export type EditKind = (typeof EDITS)[number];

const CHOICE = fc.nat({ max: 255 });

/** A day's work: edits, migrations, and a staging area that holds any part of them. */
export const STEPS: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          do: fc.constant('edit' as const),
          kind: fc.constantFrom(...EDITS),
          which: CHOICE,
          other: CHOICE,
        }),
      },
      { weight: 3, arbitrary: fc.constant({ do: 'generate' as const }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('stage' as const), which: CHOICE }) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('stage-hunks' as const),
          file: CHOICE,
          which: CHOICE,
        }),
      },
      { weight: 3, arbitrary: fc.constant({ do: 'stage-all' as const }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('unstage' as const), which: CHOICE }) },
      { weight: 2, arbitrary: fc.constant({ do: 'commit' as const }) },
    ),
    { minLength: 8, maxLength: 20, size: 'max' },
  )
  .map((steps) => [...steps, { do: 'generate' }, { do: 'stage-all' }]);

interface Table {
  readonly columns: readonly {
    readonly name: string;
    readonly type: number;
    readonly required: boolean;
  }[];
  readonly indexed: boolean;
  readonly exported: boolean;
  readonly comments: number;
}

/** A schema: one file a table, and an index file that exports them. */
export interface Model {
  readonly dialect: ModelDialect;
  readonly tables: Readonly<Record<string, Table>>;
  readonly statuses: number;
  /** Names are never used twice, unless a step says so. */
  readonly made: number;
}

export function firstModel(dialect: ModelDialect): Model {
  const table = (names: readonly string[]): Table => ({
    columns: names.map((name) => ({ name, type: 0, required: false })),
    indexed: false,
    exported: true,
    comments: 0,
  });
  return {
    dialect,
    tables: { teams: table(['name', 'motto']), members: table(['email']) },
    statuses: 2,
    made: 0,
  };
}

/** The schema after one edit; the same where the edit finds nothing to do. */
export function edited(model: Model, kind: EditKind, which: number, other: number): Model {
  const names = Object.keys(model.tables);
  const name = names[which % names.length] ?? 'teams';
  const table = model.tables[name];
  if (table === undefined) return model;
  const made = model.made + 1;
  const withTable = (change: Partial<Table>): Model => ({
    ...model,
    made,
    tables: { ...model.tables, [name]: { ...table, ...change } },
  });
  const column = other % Math.max(table.columns.length, 1);
  switch (kind) {
    case 'add-column':
      return withTable({
        columns: [
          ...table.columns,
          { name: `column_${made}`, type: other % 3, required: other % 2 === 1 },
        ],
      });
    case 'drop-column':
      return withTable({ columns: table.columns.filter((_, at) => at !== column) });
    case 'alter-column':
      return withTable({
        columns: table.columns.map((one, at) =>
          at === column
            ? {
                ...one,
                ...(other % 2 === 0 ? { required: !one.required } : { type: (one.type + 1) % 3 }),
              }
            : one,
        ),
      });
    case 'add-table':
      return {
        ...model,
        made,
        tables: {
          ...model.tables,
          [`table_${made}`]: {
            columns: [{ name: 'label', type: 0, required: false }],
            indexed: false,
            exported: true,
            comments: 0,
          },
        },
      };
    case 'drop-table':
      return names.length < 2
        ? model
        : {
            ...model,
            tables: Object.fromEntries(
              Object.entries(model.tables).filter(([one]) => one !== name),
            ),
          };
    case 'add-index':
      return withTable({ indexed: !table.indexed });
    case 'add-enum-value':
      return model.dialect === 'sqlite' ? model : { ...model, statuses: model.statuses + 1 };
    case 'comment':
      return withTable({ comments: table.comments + 1 });
    case 'lose-export':
      return withTable({ exported: false });
    case 'find-export':
      return withTable({ exported: true });
  }
}

/** The schema's files. */
export function filesOf(model: Model): Files {
  const { dialect, tables } = model;
  const exported = Object.entries(tables).filter(([, table]) => table.exported);
  const index = [
    ...(dialect === 'postgresql' ? ['statuses'] : []),
    ...exported.map(([name]) => name),
  ]
    .map((name) => `export * from './${name}';\n`)
    .join('');
  return {
    'src/db/schema/index.ts': index,
    ...(dialect === 'postgresql'
      ? {
          'src/db/schema/statuses.ts': `import { pgEnum } from 'drizzle-orm/pg-core';\n\nexport const status = pgEnum('status', [${valuesOf(model)}]);\n`,
        }
      : {}),
    ...Object.fromEntries(
      Object.entries(tables).map(([name, table]) => [
        `src/db/schema/${name}.ts`,
        tableFile(model, name, table),
      ]),
    ),
  };
}

function valuesOf({ statuses }: Model): string {
  return Array.from({ length: statuses }, (_, at) => `'status_${at}'`).join(', ');
}

const CORES = { postgresql: 'pg', mysql: 'mysql', sqlite: 'sqlite' } as const;
const TYPES: Readonly<Record<ModelDialect, readonly ((name: string) => string)[]>> = {
  postgresql: [
    (name) => `text('${name}')`,
    (name) => `varchar('${name}', { length: 80 })`,
    (name) => `integer('${name}')`,
  ],
  mysql: [
    (name) => `varchar('${name}', { length: 200 })`,
    (name) => `varchar('${name}', { length: 80 })`,
    (name) => `int('${name}')`,
  ],
  sqlite: [
    (name) => `text('${name}')`,
    (name) => `real('${name}')`,
    (name) => `integer('${name}')`,
  ],
};
const IMPORTS: Readonly<Record<ModelDialect, string>> = {
  postgresql: 'index, integer, pgTable, text, uuid, varchar',
  mysql: 'index, int, mysqlEnum, mysqlTable, varchar',
  sqlite: 'index, integer, real, sqliteTable, text',
};
const IDS: Readonly<Record<ModelDialect, string>> = {
  postgresql: "uuid('id').primaryKey()",
  mysql: "varchar('id', { length: 36 }).primaryKey()",
  sqlite: "text('id').primaryKey()",
};

/** Blank lines between the columns keep the hunks of a diff apart. */
function tableFile(model: Model, name: string, { columns, indexed, comments }: Table): string {
  const { dialect } = model;
  const core = CORES[dialect];
  const status =
    name !== 'teams' || dialect === 'sqlite'
      ? ''
      : `  status: ${dialect === 'mysql' ? `mysqlEnum('status', [${valuesOf(model)}])` : "status('status')"},\n\n`;
  const lines = columns
    .map(
      ({ name: column, type, required }) =>
        `  ${column}: ${TYPES[dialect][type]?.(column)}${required ? '.notNull()' : ''},\n\n`,
    )
    .join('');
  const remarks = Array.from({ length: comments }, (_, at) => `// Remark ${at}.\n`).join('');
  const extra = indexed ? `, (table) => [index('${name}_id_idx').on(table.id)]` : '';
  const from =
    name === 'teams' && dialect === 'postgresql' ? "import { status } from './statuses';\n" : '';
  return `import { ${IMPORTS[dialect]} } from 'drizzle-orm/${core}-core';\n${from}\n${remarks}export const ${name} = ${core}Table('${name}', {\n  id: ${IDS[dialect]},\n\n${status}${lines}}${extra});\n`;
}
