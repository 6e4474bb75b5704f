/**
 * What a snapshot says of a database, in one form for every dialect and kit. Plain data: a literal
 * in a test. Names are as the database has them; a table of another schema than the default one is
 * "schema.name".
 */
export interface Picture {
  readonly tables: ReadonlyMap<string, Table>;
  /** Labels in their order. PostgreSQL; in MySQL they are in the type of the column. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly schemas: ReadonlySet<string>;
  readonly views: ReadonlyMap<string, View>;
}

export interface View {
  readonly materialized: boolean;
  /** Its query; '' where it is not known. */
  readonly definition: string;
}

export interface Table {
  readonly name: string;
  readonly columns: ReadonlyMap<string, Column>;
  /** Columns of the primary key; none where there is no key. */
  readonly primaryKey: readonly string[];
  /** Unique constraints and unique indexes. */
  readonly uniques: ReadonlyMap<string, Unique>;
  /** The other indexes. */
  readonly indexes: ReadonlyMap<string, Index>;
  readonly foreignKeys: ReadonlyMap<string, ForeignKey>;
  /** The condition of each check. */
  readonly checks: ReadonlyMap<string, string>;
  /** Each policy as text, to compare it. */
  readonly policies: ReadonlyMap<string, string>;
  readonly rowSecurity: boolean;
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** As SQL; undefined where there is none. */
  readonly default?: string;
  readonly generated?: 'stored' | 'virtual';
  /** The database counts by itself: identity, autoincrement, serial. */
  readonly counts: boolean;
  /** MySQL: each UPDATE of the row sets it to the time. */
  readonly onUpdate?: true;
  /** Its own CHARACTER SET and COLLATE, as SQL. */
  readonly collation?: string;
}

export interface Index {
  readonly name: string;
  /** Names of columns, and expressions. */
  readonly columns: readonly string[];
  /** The condition of a partial index. */
  readonly where?: string;
  readonly concurrently: boolean;
}

export interface Unique extends Index {
  /** A constraint, and not only an index. */
  readonly constraint: boolean;
  /** One of its parts is an expression. */
  readonly expression: boolean;
  /** PostgreSQL: NULLS NOT DISTINCT, where a column may be NULL: two rows with NULL are the same. */
  readonly nullsEqual?: true;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** The table that it points to. */
  readonly target: string;
  readonly targetColumns: readonly string[];
  /** In lower case: "cascade", "set null", "no action". */
  readonly onDelete: string;
  readonly onUpdate: string;
}

/** The schema in which things are that are named without one; snapshots of SQL Server say it. */
export function homeOf(dialect: unknown): string {
  return dialect === 'mssql' ? 'dbo' : 'public';
}

/** A name as the pictures have it: the default schema is left out. @param home see `homeOf` */
export function qualified(schema: string | undefined, name: string, home: string): string {
  return schema === undefined || schema === '' || schema === home ? name : `${schema}.${name}`;
}
