import type { Dialect } from '../../model/dialect.ts';
import type { FolderQuestion } from '../folders.ts';
import type { TableRef } from '../kit/recorded-renames.ts';

/** The messages between the guard and the process that runs users' code: cloneable data only. */

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Values of variables, the longest first, and the names of these. */
export type Secrets = readonly (readonly [value: string, name: string])[];

/** A file as node runs it. */
export type Compiled =
  /** CommonJS. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'json'; readonly text: string }
  /** An addon, which node loads from the disk. */
  | { readonly kind: 'native' }
  /** It cannot be compiled. */
  | { readonly kind: 'broken'; /** One line. */ readonly message: string };

/** Where a request leads. */
export type Found =
  | { /** Absolute. */ readonly path: string }
  | { readonly builtin: string }
  | { /** Node's: why it leads nowhere. */ readonly code: string };

/** What the process loads; it asks for what is missing here. */
export interface Code {
  /** What drizzle-kit requires, in order; before that, promises to wait for: absolute paths. */
  readonly files: readonly string[];
  readonly first: readonly string[];
  /** By absolute path. */
  readonly modules: ReadonlyMap<string, Compiled>;
  /** By `foundKey`. */
  readonly found: ReadonlyMap<string, Found>;
}

/** `from`: absolute path of the file that requires. */
export function foundKey(from: string, request: string): string {
  return `${from}\0${request}`;
}

/** What code sees around it. */
export interface Surroundings {
  /** Absolute real path of the repository: reads below it are answered from the tree. */
  readonly top: string;
  /** Absolute; what `process.cwd()` returns. */
  readonly cwd: string;
  readonly env: Environment;
  /** What `process.argv` has behind node itself. */
  readonly argv: readonly string[];
  /** Absolute path of the main module: drizzle-kit's. */
  readonly main: string;
  /** Whether it waits for the exports of the files that it loads, and for a config: 1.x does. */
  readonly awaits: boolean;
  /** Variables that a script sets to what is not known here; `*`: it may set any. */
  readonly unknown?: readonly string[];
  /** For the placeholders of variables that are not set. */
  readonly dialect: Dialect | undefined;
}

/** What the judged tree has at a path that running code reads. */
export type FileInTree =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'folder';
      readonly names: readonly (readonly [name: string, kind: 'file' | 'folder' | 'link'])[];
    }
  | { readonly kind: 'absent' }
  /** The disk answers: git ignores the path. */
  | { readonly kind: 'disk' }
  | { readonly kind: 'unknown'; /** One line. */ readonly message: string };

/** What the process may ask while it runs code. */
export type Asked =
  /** Absolute, below the top of the repository. */
  | { readonly ask: 'file'; readonly path: string }
  /** Where a request of a file (absolute path) leads. */
  | { readonly ask: 'find'; readonly request: string; readonly from: string }
  /** A file (absolute path) as node runs it. */
  | { readonly ask: 'load'; readonly path: string };

/**
 * Which drizzle-kit to load: absolute path of its CommonJS `api.js`, or of 1.x's `cli.js`, and
 * another folder to resolve `drizzle-orm` from.
 */
export interface KitLocation {
  readonly api: string;
  readonly base: string;
}

export type Request =
  | { readonly kind: 'preload'; readonly kit: KitLocation }
  | ({
      readonly kind: 'schema';
      readonly code: Code;
      readonly kit: KitLocation;
      readonly casing: 'snake_case' | 'camelCase' | undefined;
      readonly dialect: Dialect;
    } & Surroundings)
  | ({
      readonly kind: 'config';
      readonly code: Code;
      /** Those of its keys that count; all by default. */
      readonly keys?: readonly string[];
    } & Surroundings)
  | {
      readonly kind: 'generate';
      readonly kit: KitLocation;
      readonly dialect: Dialect;
      readonly prev: unknown;
      readonly cur: unknown;
      readonly renames: Renames;
    }
  | {
      readonly kind: 'snapshots';
      readonly kit: KitLocation;
      readonly dialect: Dialect;
      /** The version that this drizzle-kit writes. */
      readonly version: number;
      readonly files: readonly Uint8Array[];
    }
  | {
      readonly kind: 'folders';
      readonly kit: KitLocation;
      readonly dialect: Dialect;
      readonly question: FolderQuestion;
    };

/** How drizzle-kit's questions about renames are answered. */
export type Renames =
  | { readonly answer: 'created' }
  | { readonly answer: 'renamed' }
  /** As a migration records them: in its snapshot (`_meta`; 1.x: `renames`) and its SQL. */
  | { readonly answer: 'recorded'; readonly meta: unknown; readonly sql: string }
  /** These are renamed, all else is created. */
  | { readonly answer: 'given'; readonly renames: readonly Rename[] };

/** A rename in the words of drizzle-kit's question: names with their schema, unless it is public. */
export interface Rename {
  /**
   * "table", "column", "enum", "schema", "view", "sequence", "role", "policy"; 1.x also "unique",
   * "index", "check", "primary_key", "foreign key", "default", "privilege".
   */
  readonly kind: string;
  /** The table of what is in one, under its name after. */
  readonly table?: TableRef;
  readonly from: string;
  readonly to: string;
}

/** A question that drizzle-kit asked, and the answer that it was given. */
export interface RenameQuestion {
  readonly kind: string;
  /** For columns, the policies of a table, and in 1.x all else that is in one. */
  readonly table?: TableRef;
  readonly name: string;
  /**
   * Names that the new thing may have had, in the order offered; the first choice of all is
   * "created".
   */
  readonly from: readonly string[];
  /** The old name that was chosen; missing for "created". */
  readonly answer?: string;
}

export type Reply =
  | {
      readonly status: 'done';
      readonly value: unknown;
      /** Variables that are not set, without which the code fails, and which decide the value. */
      readonly unset: readonly string[];
      /** Variables that are not set here, may be set there, and make it another value. */
      readonly open: readonly string[];
      /** Those of which something is in the value. */
      readonly secrets: Secrets;
      readonly output: string;
      /** drizzle-kit's, in the order asked. */
      readonly questions: readonly RenameQuestion[];
      readonly accesses: Accesses;
    }
  | ({
      readonly status: 'failed';
      readonly output: string;
      /** Missing where the process itself ended. */
      readonly accesses?: Accesses;
    } & Failure);

/** What the code that ran for a request used besides the files that were compiled for it. */
export interface Accesses {
  /** Names of environment variables, set or not. */
  readonly env: readonly string[];
  /**
   * Absolute paths of the modules that were loaded from disk, drizzle-kit's and drizzle-orm's
   * included.
   */
  readonly loaded: readonly string[];
  /** It may end in another way on another machine, or with other variables. */
  readonly ofMachine: boolean;
  /** Why running it again may give another result although nothing above changed. */
  readonly uncacheableBecause: readonly string[];
}

export interface Failure {
  /**
   * `threw`: the user's code did; `exited`: it called process.exit; `unserved`: it read a file in a
   * way that the tree cannot answer, or exports no config; `refused`: drizzle-kit did not take what
   * it was given; `kit`:
   * drizzle-kit itself could not be loaded or is not as the adapter knows it.
   */
  readonly why: 'threw' | 'exited' | 'unserved' | 'refused' | 'kit';
  /** One line. */
  readonly message: string;
  readonly stack?: string;
  /** An error's `code`, as node's own have one. */
  readonly code?: string;
  /** For what was not found: absolute path of the file that required it. */
  readonly requiredFrom?: string;
  /** For what was not found. */
  readonly specifier?: string;
  /** Absolute path of a file that cannot be compiled. */
  readonly broken?: string;
  /** The stack outside `node_modules`, the innermost frame first. */
  readonly frames?: readonly Frame[];
}

/** A position in compiled text. */
export interface Frame {
  /** Absolute. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}
