import type { Dialect } from '../../../model/dialect.ts';
import type { Wanted } from './regions.ts';

/** The dialects of drizzle-kit 1.x, by the folder of its sources. */
export type Family = 'postgres' | 'mysql' | 'sqlite' | 'singlestore' | 'mssql' | 'cockroach';

/** How drizzle-kit 1.x handles a dialect (`src/dialects` and `src/cli/commands/generate-*.ts`). */
export interface FolderDialect {
  readonly family: Family;
  /** Where `ddl.ts` is: singlestore shares mysql's. */
  readonly ddl: Exclude<Family, 'singlestore'>;
  /** What of the exports `fromDrizzleSchema` takes: all of it and a filter, or these lists. */
  readonly takes: 'all' | readonly ('tables' | 'views')[];
  /** It reads the exports of one file with this function. */
  readonly reads: 'fromExports' | 'prepareFromExports';
  /** A table that is exported twice is one table. */
  readonly dropsRepeats: boolean;
  /** What describes an error of the schema; `generate` ignores them where there is none. */
  readonly describes?: string;
  /** The schema that names have without one. */
  readonly defaultSchema: string;
  /** `dialect` in snapshots. */
  readonly written: string;
}

const SQLITE: FolderDialect = {
  family: 'sqlite',
  ddl: 'sqlite',
  takes: ['tables', 'views'],
  reads: 'fromExports',
  dropsRepeats: true,
  describes: 'sqliteSchemaError',
  defaultSchema: '',
  written: 'sqlite',
};

const FOLDER_DIALECTS: Readonly<Partial<Record<Dialect, FolderDialect>>> = {
  postgresql: {
    family: 'postgres',
    ddl: 'postgres',
    takes: 'all',
    reads: 'fromExports',
    dropsRepeats: false,
    describes: 'postgresSchemaError',
    defaultSchema: 'public',
    written: 'postgres',
  },
  mysql: {
    family: 'mysql',
    ddl: 'mysql',
    takes: ['tables', 'views'],
    reads: 'prepareFromExports',
    dropsRepeats: true,
    describes: 'mysqlSchemaError',
    defaultSchema: '',
    written: 'mysql',
  },
  sqlite: SQLITE,
  // `generate-libsql.ts` is `generate-sqlite.ts`.
  turso: SQLITE,
  singlestore: {
    family: 'singlestore',
    ddl: 'mysql',
    takes: ['tables'],
    reads: 'prepareFromExports',
    dropsRepeats: true,
    defaultSchema: '',
    written: 'singlestore',
  },
  mssql: {
    family: 'mssql',
    ddl: 'mssql',
    takes: 'all',
    reads: 'fromExports',
    dropsRepeats: false,
    describes: 'mssqlSchemaError',
    defaultSchema: 'dbo',
    written: 'mssql',
  },
  cockroach: {
    family: 'cockroach',
    ddl: 'cockroach',
    takes: 'all',
    reads: 'fromExports',
    dropsRepeats: false,
    describes: 'cockroachSchemaError',
    defaultSchema: 'public',
    written: 'cockroach',
  },
};

/** @throws TypeError for a dialect that drizzle-kit 1.x does not have. */
export function folderDialect(dialect: Dialect): FolderDialect {
  const found = FOLDER_DIALECTS[dialect];
  if (found === undefined) throw new TypeError(`drizzle-kit 1.x has no dialect ${dialect}`);
  return found;
}

export const CHECK = 'src/cli/commands/check.ts';
export const COMMUTATIVITY = 'src/commutativity/index.ts';
export const VIEWS = 'src/cli/views.ts';
export const DIALECT = 'src/dialects/dialect.ts';
/** Methods that drizzle-kit gives to all strings, wherever it needs them. */
export const STRINGS = 'src/@types/utils.ts';
export const UTILS = 'src/utils/utils-node.ts';
export const MYSQL = 'src/cli/commands/generate-mysql.ts';
/** Only where snapshots are v9. */
export const FOLDER = 'src/dialects/postgres/folder.ts';
export const FOOTPRINTS = 'src/dialects/postgres/commutativity.ts';
export const RECONSTRUCT = 'src/dialects/postgres/reconstruct.ts';
export const V9 = 'src/dialects/postgres/versions-v9.ts';

/** What lifts snapshots to today's version. */
export const V8 = 'src/dialects/postgres/versions.ts';
export const UPS = {
  mysql: 'src/cli/commands/up-mysql.ts',
  sqlite: 'src/cli/commands/up-sqlite.ts',
  singlestore: 'src/cli/commands/up-singlestore.ts',
  mssql: 'src/dialects/mssql/versions.ts',
} as const;

/** A source file of a dialect. */
export function sourceOf(family: Family, file: string): string {
  return `src/dialects/${family}/${file}.ts`;
}

const FAMILIES: readonly Family[] = [
  'postgres',
  'mysql',
  'sqlite',
  'singlestore',
  'mssql',
  'cockroach',
];

/** What else is needed of a family's `ddl.ts`. */
const MORE: Readonly<Partial<Record<Family, readonly string[]>>> = {
  postgres: ['fromEntities', 'stateDifference'],
  sqlite: ['sqliteSchemaV6'],
};

/** All that the adapter calls, of every dialect. */
export const WANTED: Wanted = {
  [CHECK]: ['selectOpenCommutativeBranch'],
  [COMMUTATIVITY]: ['getCommutativityDialect'],
  [UTILS]: ['validatorForDialect'],
  [VIEWS]: FAMILIES.map((family) => `${family}SchemaError`),
  [MYSQL]: ['suggestions'],
  [FOLDER]: ['assertHistory', 'validFiles', 'loadFolder', 'combinedState', 'stateOf', 'sortsAfter'],
  [RECONSTRUCT]: ['startingState', 'applyDeltas', 'reconstruct'],
  [V9]: ['upToV9', 'withStateKeyNames'],
  [V8]: ['upToV8', 'isSnapshotV8'],
  [UPS.mysql]: ['upToV6'],
  [UPS.sqlite]: ['updateToV7', 'updateUpToV6'],
  [UPS.singlestore]: ['upToV2'],
  [UPS.mssql]: ['upToV2'],
  [DIALECT]: ['findRow'],
  [STRINGS]: [],
  [FOOTPRINTS]: ['footprintsOf'],
  ...Object.fromEntries(
    FAMILIES.flatMap((family) => [
      [sourceOf(family, 'drizzle'), ['fromExports', 'prepareFromExports', 'fromDrizzleSchema']],
      [sourceOf(family, 'ddl'), ['createDDL', 'interimToDDL', ...(MORE[family] ?? [])]],
      [sourceOf(family, 'diff'), ['ddlDiff']],
      [sourceOf(family, 'serializer'), ['generateLatestSnapshot']],
    ]),
  ),
};
