import type { Dialect } from '../../../model/dialect.ts';
import { isRecord, kindOf } from '../../../model/unknown.ts';
import type { FileProblem } from '../../../history/history.ts';
import { parseJson } from '../../../history/json-text.ts';
import type { FolderProblem, FolderSnapshot } from '../../folders.ts';
import { method, property } from '../foreign-module.ts';
import type { Functions } from './regions.ts';
import { folderDialect, FOLDER, sourceOf } from './sources.ts';
import { validatorOf } from './state.ts';

type Raw = Readonly<Record<string, unknown>>;

/** As drizzle-kit reads it: in the order of the files' paths. */
export interface Stored {
  readonly folder: string;
  readonly path: string;
  readonly raw: unknown;
}

/** `prepareOutFolder` sorts whole paths, in which a slash follows the folder's name. */
export function inOrder(snapshots: readonly FolderSnapshot[]): readonly Stored[] {
  return snapshots
    .map(({ folder, json }) => ({ folder, path: `${folder}/snapshot.json`, raw: json }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export interface ReadFile {
  readonly path: string;
  readonly snapshot: Raw;
}

/** As `readSnapshots` of `check.ts`: every file, or the first problem. */
export function readAll(
  kit: Functions,
  dialect: Dialect,
  files: readonly Stored[],
): ReadFile[] | FolderProblem {
  try {
    if (isV9(kit, dialect)) {
      kit.get(FOLDER, 'assertHistory')(files);
      return kit.get(FOLDER, 'validFiles')(files) as ReadFile[];
    }
    for (const { folder, path, raw } of files) {
      const status = statusOf(kit, dialect, raw);
      if (status === 'valid') continue;
      const kind = status === 'nonLatest' ? 'non_latest' : status;
      return { folder, kind, message: `${path} is ${kind}` };
    }
    return files.map(({ path, raw }) => ({ path, snapshot: raw as Raw }));
  } catch (error) {
    return problemOf(error);
  }
}

/**
 * A refusal of drizzle-kit's (`CheckCliError`); with `folder`, any error about its snapshot.
 * @throws any other error
 */
export function problemOf(error: unknown, folder?: string): FolderProblem {
  const meta = property(error, 'meta');
  const [kind, snapshot] = [property(meta, 'kind'), property(meta, 'snapshot')];
  const message = String(property(error, 'message'));
  if (typeof kind === 'string' && typeof snapshot === 'string')
    return { folder: snapshot.split('/')[0] ?? '', kind, message };
  if (folder === undefined) throw error;
  return { folder, kind: 'malformed', message };
}

/** Where a folder's snapshots are one base and differences. */
export function isV9(kit: Functions, dialect: Dialect): boolean {
  return dialect === 'postgresql' && kit.value(FOLDER, 'combinedState') !== undefined;
}

export function problemsIn(
  kit: Functions,
  dialect: Dialect,
  bytes: Uint8Array,
): readonly FileProblem[] {
  const parsed = parseJson(bytes);
  if (parsed.status === 'invalid') return parsed.problems;
  const json = parsed.value;
  if (!isRecord(json)) return [{ message: `is ${kindOf(json)}, not an object`, line: 1 }];
  if (json['dialect'] !== folderDialect(dialect).written) return [];
  if (statusOf(kit, dialect, json) !== 'malformed') return [];
  const row = rowsOf(json).find((one) => !isRow(kit, dialect, one));
  const what = row === undefined ? '' : ` (${JSON.stringify(row)?.slice(0, 200) ?? 'a row'})`;
  return [{ message: `is not as drizzle-kit wants it${what}` }];
}

/** What drizzle-kit says of a snapshot: `valid`, `malformed`, `unsupported`, `nonLatest`. */
function statusOf(kit: Functions, dialect: Dialect, snapshot: unknown): string {
  return isRecord(snapshot) ? validatorOf(kit, dialect)(snapshot) : 'malformed';
}

function isRow(kit: Functions, dialect: Dialect, row: unknown): boolean {
  const ddl = kit.get(sourceOf(folderDialect(dialect).ddl, 'ddl'), 'createDDL')();
  return method(property(ddl, 'entities'), 'validate')(row) === true;
}

export function idOf(snapshot: unknown): string {
  return String(property(snapshot, 'id'));
}

export function parentsOf(snapshot: unknown): readonly string[] {
  const parents = property(snapshot, 'prevIds');
  return Array.isArray(parents) ? parents.map(String) : [];
}

export function rowsOf(snapshot: unknown): readonly unknown[] {
  const rows = property(snapshot, 'ddl');
  return Array.isArray(rows) ? rows : [];
}
