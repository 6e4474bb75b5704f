import type { Dialect } from '../../../src/model/dialect.ts';

export type GeneratedDialect = Exclude<Dialect, 'gel'>;

/** One change, of a table that has its name. */
interface Change {
  readonly name: string;
  /** Columns and, behind a `|`, what comes in the list of extras; undefined: no table. */
  readonly before: string;
  readonly after: string | undefined;
  /** Ids of rules that speak of it, and their notes; '' is silence. */
  readonly says: string;
  readonly except?: Readonly<Partial<Record<GeneratedDialect, string>>>;
  readonly only?: readonly GeneratedDialect[];
}

const KEY = 'id: int("id").primaryKey()';
const EVERY_BUT_SINGLESTORE = [
  'postgresql',
  'mysql',
  'sqlite',
  'turso',
  'mssql',
  'cockroach',
] as const;
const SAME: Pick<Change, 'before'> = { before: `${KEY}, a: text("a", 20)` };
const NUMBER: Pick<Change, 'before'> = { before: `${KEY}, a: int("a")` };
/** SQLite has no types that would hold, and of SQL Server's nothing is said. */
const TYPE = { sqlite: '', turso: '', mssql: '' };

/**
 * What a table goes through, and what the review says of the SQL that drizzle-kit writes for it. Half
 * of them are harmless.
 */
export const CHANGES: readonly Change[] = [
  { name: 'drop_column', ...SAME, after: KEY, says: 'drop-column' },
  { name: 'whole_table', before: KEY, after: undefined, says: 'drop-table' },
  { name: 'add_nullable', before: KEY, after: SAME.before, says: '' },
  { name: 'add_default', before: KEY, after: `${SAME.before}.notNull().default("x")`, says: '' },
  {
    name: 'add_not_null',
    before: KEY,
    after: `${SAME.before}.notNull()`,
    says: 'not-null-without-default',
    except: { mysql: 'mysql-not-null-becomes-zero', singlestore: '' },
  },
  { name: 'set_not_null', ...SAME, after: `${SAME.before}.notNull()`, says: 'set-not-null' },
  { name: 'drop_not_null', before: `${SAME.before}.notNull()`, after: SAME.before, says: '' },
  { name: 'set_default', ...SAME, after: `${SAME.before}.default("x")`, says: '' },
  { name: 'drop_default', before: `${SAME.before}.default("x")`, after: SAME.before, says: '' },
  { name: 'type_grows', ...SAME, after: `${KEY}, a: text("a", 200)`, says: '' },
  {
    name: 'type_shrinks',
    before: `${KEY}, a: text("a", 200)`,
    after: SAME.before,
    says: 'type-change-may-fail',
    except: TYPE,
  },
  {
    name: 'text_to_number',
    ...SAME,
    after: NUMBER.before,
    says: 'type-change-may-fail',
    except: TYPE,
  },
  {
    name: 'number_to_text',
    ...NUMBER,
    after: SAME.before,
    says: 'type-change-rewrites',
    except: { ...TYPE, cockroach: '' },
  },
  {
    name: 'add_index',
    ...SAME,
    after: `${SAME.before} | index("ix_add").on(t.a)`,
    says: '',
    except: { postgresql: 'index-blocks-writes' },
  },
  {
    name: 'drop_index',
    before: `${SAME.before} | index("ix_drop").on(t.a)`,
    after: SAME.before,
    says: 'drop-index',
  },
  {
    name: 'drop_key',
    before:
      'a: int("a").notNull(), b: int("b").notNull() | primaryKey({ name: "k", columns: [t.a, t.b] })',
    after: 'a: int("a").notNull(), b: int("b").notNull()',
    says: 'primary-key-changed',
    only: EVERY_BUT_SINGLESTORE,
  },
  {
    // The numbers begin with 1 whatever is there.
    name: 'counted',
    before: KEY,
    after: `${KEY}.generatedAlwaysAsIdentity()`,
    says: 'counter-set-back',
    only: ['postgresql', 'cockroach'],
  },
  {
    name: 'add_unique',
    ...SAME,
    after: `${SAME.before}.unique()`,
    says: 'unique-on-existing-rows',
    except: { postgresql: 'index-blocks-writes, unique-on-existing-rows' },
    only: EVERY_BUT_SINGLESTORE,
  },
  {
    name: 'drop_unique',
    before: `${SAME.before}.unique()`,
    after: SAME.before,
    says: 'guarantee-dropped',
    only: EVERY_BUT_SINGLESTORE,
  },
  {
    name: 'add_check',
    ...NUMBER,
    after: `${NUMBER.before} | check("ck_add", sql\`a > 0\`)`,
    says: 'check-on-existing-rows',
    only: EVERY_BUT_SINGLESTORE,
  },
  {
    name: 'drop_check',
    before: `${NUMBER.before} | check("ck_drop", sql\`a > 0\`)`,
    after: NUMBER.before,
    says: 'guarantee-dropped',
    only: EVERY_BUT_SINGLESTORE,
  },
  {
    name: 'add_reference',
    ...NUMBER,
    after: `${NUMBER.before}.references(() => parent.id)`,
    says: 'foreign-key-on-existing-rows',
    only: EVERY_BUT_SINGLESTORE,
  },
  {
    name: 'add_column_with_reference',
    before: KEY,
    after: `${NUMBER.before}.references(() => parent.id)`,
    says: '',
    only: EVERY_BUT_SINGLESTORE,
  },
  {
    name: 'drop_reference',
    before: `${NUMBER.before}.references(() => parent.id)`,
    after: NUMBER.before,
    says: 'guarantee-dropped',
    only: EVERY_BUT_SINGLESTORE,
  },
  {
    // SQLite copies it, and its children go with the old one; libSQL's migrator turns keys off.
    name: 'parent',
    ...NUMBER,
    after: `${NUMBER.before}.notNull()`,
    says: 'set-not-null',
    except: { sqlite: 'set-not-null, sqlite-rebuild-wipes-children' },
    only: EVERY_BUT_SINGLESTORE,
  },
  {
    name: 'child',
    before: `${KEY}, p: int("p").references(() => parent.id, { onDelete: "cascade" })`,
    after: `${KEY}, p: int("p").references(() => parent.id, { onDelete: "cascade" })`,
    says: '',
    only: EVERY_BUT_SINGLESTORE,
  },
];

const CORES: Readonly<Record<GeneratedDialect, readonly [core: string, int: string]>> = {
  postgresql: ['pg', 'integer'],
  mysql: ['mysql', 'int'],
  sqlite: ['sqlite', 'integer'],
  turso: ['sqlite', 'integer'],
  singlestore: ['singlestore', 'int'],
  mssql: ['mssql', 'int'],
  cockroach: ['cockroach', 'int4'],
};

export function changesOf(dialect: GeneratedDialect): readonly Change[] {
  return CHANGES.filter(({ only }) => only === undefined || only.includes(dialect));
}

/** All tables in one schema, before or after what they go through. */
export function schemaOf(dialect: GeneratedDialect, at: 'before' | 'after'): string {
  const [core, int] = CORES[dialect];
  const isLite = core === 'sqlite';
  const tables = changesOf(dialect).flatMap(({ name, ...states }) => {
    const [columns, extra] = (states[at] ?? '').split(' | ');
    if (columns === undefined || columns === '') return [];
    return `export const ${name} = ${core}Table('${name}', { ${columns} }${extra === undefined ? '' : `, (t) => [${extra}]`});\n`;
  });
  const more = core === 'singlestore' ? '' : ', check';
  return (
    `import { ${core}Table, index, primaryKey, ${int} as int, ${isLite ? 'text as short' : 'varchar'}${more} } from 'drizzle-orm/${core}-core';\n` +
    "import { sql } from 'drizzle-orm';\n" +
    `const text = (name, length) => ${isLite ? 'short(name)' : 'varchar(name, { length })'};\n` +
    tables.join('')
  );
}
