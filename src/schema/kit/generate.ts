import { isDeepStrictEqual } from 'node:util';
import { GuardError } from '../../model/errors.ts';
import type { Dialect } from '../../model/dialect.ts';
import { isRecord, isStringArray } from '../../model/unknown.ts';
import type { SnapshotJson, Written } from './adapter.ts';
import { assertGenerates, type Kit } from './find-kit.ts';
import type { Rename, RenameQuestion, Renames } from '../worker/protocol.ts';
import type { Generated } from '../schema.ts';
import { SnapshotRefused } from './snapshot-refused.ts';
import { DEFAULT_TIME_LIMIT, type EvaluationWorker } from '../worker/host.ts';

export interface GenerateSession {
  readonly kit: Kit;
  readonly worker: EvaluationWorker;
  readonly dialect: Dialect;
  /** Milliseconds that one answer may take. */
  readonly timeLimit?: number;
}

/** For what drizzle-kit did not do in time. `what`: "did not answer". */
export function tooSlow(what: string, timeLimit = DEFAULT_TIME_LIMIT): GuardError {
  return new GuardError('kit-failed', `drizzle-kit ${what} within ${timeLimit / 1000} seconds.`, {
    help: ['Where it needs longer, set "timeoutSeconds" in guard.config.json.'],
  });
}

/**
 * What is known about renames: what a migration records besides the `_meta` of its snapshot, its
 * SQL; or all of them.
 */
export type RecordedRenames = { readonly sql: string } | { readonly renames: readonly Rename[] };

/**
 * Asks drizzle-kit for its statements from one snapshot to another; `prev` undefined: from nothing.
 * Where drizzle-kit asks about renames, the answers come from `recorded` and `cur._meta`; without
 * `recorded` both results are returned: everything as new, and with the first rename that is
 * offered each time.
 * @throws SnapshotRefused when drizzle-kit's validator refuses `prev`; GuardError `kit-failed` when
 * drizzle-kit fails otherwise, `dialect-unsupported`.
 */
export async function generate(
  session: GenerateSession,
  prev: SnapshotJson | undefined,
  cur: SnapshotJson,
  recorded?: RecordedRenames,
): Promise<Generated> {
  if (recorded !== undefined) {
    const { questions, ...written } = await ask(
      session,
      prev,
      cur,
      'sql' in recorded
        ? { answer: 'recorded', meta: cur['renames'] ?? cur['_meta'], sql: recorded.sql }
        : { answer: 'given', renames: recorded.renames },
    );
    return { status: 'answered', ...written, ...(questions.length > 0 ? { questions } : {}) };
  }
  // drizzle-kit compares nothing else.
  if (prev !== undefined && sameButForIds(prev, cur)) return { status: 'answered', statements: [] };
  const created = await ask(session, prev, cur, { answer: 'created' });
  const { questions, ...written } = created;
  if (questions.length === 0) return { status: 'answered', ...written };
  const renamed = await ask(session, prev, cur, { answer: 'renamed' });
  return { status: 'ambiguous', asCreated: created.statements, asRenamed: renamed.statements };
}

/**
 * Whether two snapshots are equal in everything that drizzle-kit compares: then it generates
 * nothing.
 */
export function sameButForIds(prev: SnapshotJson, cur: SnapshotJson): boolean {
  return isDeepStrictEqual(whatIsCompared(prev), whatIsCompared(cur));
}

/** 1.x: `renames` are of a migration, and `metadata` decides only the order of what is generated. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['id', 'prevId', '_meta', 'renames', 'metadata']);

/** 1.x finds rows by their names; a column that was added by a delta is the last of all rows. */
function whatIsCompared(snapshot: SnapshotJson): SnapshotJson {
  const compared = Object.entries(snapshot).filter(([key]) => !NOT_COMPARED.has(key));
  return Object.fromEntries(
    compared.map(([key, value]) => [
      key,
      key === 'ddl' && Array.isArray(value) ? byName(value as readonly unknown[]) : value,
    ]),
  );
}

function byName(rows: readonly unknown[]): readonly unknown[] {
  const named = rows.map((row) => {
    const { entityType, schema, table, name } = isRecord(row) ? row : {};
    return [[entityType, schema, table, name].join('\0'), row] as const;
  });
  return named.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

async function ask(
  { kit, worker, dialect, timeLimit }: GenerateSession,
  prev: SnapshotJson | undefined,
  cur: SnapshotJson,
  renames: Renames,
): Promise<Written & { readonly questions: readonly RenameQuestion[] }> {
  assertGenerates(kit, dialect);
  const { api, base } = kit;
  const reply = await worker.ask(
    { kind: 'generate', kit: { api, base }, dialect, prev, cur, renames },
    timeLimit,
  );
  if (reply === 'timeout') throw tooSlow('did not answer', timeLimit);
  if (reply.status === 'failed') {
    // It must be `prev`: drizzle-kit itself has just made the newer one.
    if (reply.message.startsWith('ZodError: '))
      throw new SnapshotRefused(reply.message.slice('ZodError: '.length));
    const printed = reply.output.trim();
    throw new GuardError(
      'kit-failed',
      `drizzle-kit cannot compare two snapshots: ${reply.message}`,
      { help: printed === '' ? [] : printed.split('\n').slice(0, 20) },
    );
  }
  if (!isRecord(reply.value) || !isStringArray(reply.value['statements']))
    throw new GuardError('kit-failed', 'drizzle-kit did not answer with statements.');
  const { statements, fails, snapshot } = reply.value;
  return {
    statements,
    questions: reply.questions,
    ...(isStringArray(fails) && fails.length > 0 && { fails }),
    ...(isRecord(snapshot) && { snapshot }),
  };
}
