import type { Dialect } from '../../../model/dialect.ts';
import { isRecord } from '../../../model/unknown.ts';
import { method, property } from '../foreign-module.ts';
import type { Functions } from './regions.ts';
import { folderDialect, sourceOf, UTILS, type FolderDialect } from './sources.ts';

/** A schema as rows: what drizzle-kit 1.x compares. */
export type SchemaState = {
  /** As snapshots have it. */
  readonly version: string;
  readonly dialect: string;
  readonly ddl: readonly unknown[];
  /** Which views a view reads, from evaluated schemas: it decides the order of new views. */
  readonly metadata?: unknown;
  /** Of a migration: `from->to`, as snapshots have them. */
  readonly renames?: readonly string[];
};

/** drizzle-kit's own collection of a state's rows; empty for undefined. */
export function ddlOf(kit: Functions, { ddl }: FolderDialect, state: unknown): unknown {
  const made = kit.get(sourceOf(ddl, 'ddl'), 'createDDL')();
  const push = method(property(made, 'entities'), 'push');
  const rows = isRecord(state) ? state['ddl'] : undefined;
  // A copy, as two states may have a row in common.
  for (const row of Array.isArray(rows) ? (rows as readonly object[]) : []) push({ ...row });
  return made;
}

/** The rows of drizzle-kit's collection, as plain data. */
export function listOf(ddl: unknown, known = new Map<string, unknown>()): readonly unknown[] {
  return shared(method(property(ddl, 'entities'), 'list')() as readonly unknown[], known);
}

/**
 * Rows as plain data.
 * @param known rows by their text: what several states have in common is made, and sent, once
 */
export function shared(rows: readonly unknown[], known: Map<string, unknown>): readonly unknown[] {
  return rows.map((row) => {
    const text = JSON.stringify(row);
    const made = known.get(text) ?? (JSON.parse(text) as unknown);
    known.set(text, made);
    return made;
  });
}

/** As JSON has it. */
export function plain<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** A state with these rows, as this drizzle-kit would write it. */
export function stateWith(
  kit: Functions,
  dialect: Dialect,
  ddl: readonly unknown[],
  renames: readonly string[] = [],
): SchemaState {
  return {
    version: String(versionOf(kit, dialect)),
    dialect: folderDialect(dialect).written,
    ddl,
    ...(renames.length > 0 && { renames }),
  };
}

/** More than any dialect has had. */
const MOST_VERSIONS = 99;

/**
 * The version of snapshots that this drizzle-kit writes: the first that its validator does not find
 * old (`assertVersion` in `src/utils/utils-node.ts`).
 */
export function versionOf(kit: Functions, dialect: Dialect): number {
  const validate = validatorOf(kit, dialect);
  for (let version = 1; version <= MOST_VERSIONS; version += 1)
    if (validate({ version: String(version) }) !== 'nonLatest') return version;
  throw new TypeError('this drizzle-kit takes no version of snapshots');
}

/** What drizzle-kit says of a snapshot: `valid`, `malformed`, `unsupported`, `nonLatest`. */
export function validatorOf(kit: Functions, dialect: Dialect): (snapshot: unknown) => string {
  const validate = kit.get(UTILS, 'validatorForDialect')(dialect);
  return (snapshot) => String(property(method({ validate }, 'validate')(snapshot), 'status'));
}
