import type { FileProblem, Snapshot } from './history.ts';
import { parseJson } from './json-text.ts';
import { isRecord, kindOf } from '../model/unknown.ts';

/** The root of every chain (drizzle-kit: `originUUID` in src/global.ts). */
export const ORIGIN_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Whether an id of `prevIds` is none: '' is that of a history that began with `drizzle-kit pull` of
 * 0.31 and went through `up`. The root id itself is a parent where a snapshot has it: `pull` of
 * SQLite in 1.x gives it that, as 0.31 did everywhere.
 */
export function isNoParent(id: string): boolean {
  return id === '' || id === ORIGIN_ID;
}

/** Whether a snapshot is the one that `drizzle-kit pull` writes (`introspect*` in src/cli/commands). */
export function isPulled({
  id,
  prevId,
}: {
  readonly id: string;
  readonly prevId: string;
}): boolean {
  return id === ORIGIN_ID && prevId === '';
}

/** The size of all bytes whose snapshots are kept: what is parsed takes several times as much. */
const MOST_KEPT = 4 * 1024 * 1024;

/**
 * Remembers what was parsed by the bytes that a blob is read to: a snapshot is the same in the trees
 * before and after, and in those of both sides of a merge. Kept are those that a history in use has,
 * and the last ones.
 */
function remembering(parse: (bytes: Uint8Array) => Snapshot): typeof parse {
  const inUse = new WeakMap<Uint8Array, WeakRef<Snapshot>>();
  const recent = new Map<Uint8Array, Snapshot>();
  let kept = 0;
  return (bytes) => {
    const known = inUse.get(bytes)?.deref();
    if (known !== undefined) return known;
    const snapshot = parse(bytes);
    inUse.set(bytes, new WeakRef(snapshot));
    recent.set(bytes, snapshot);
    kept += bytes.length;
    for (const oldest of recent.keys()) {
      if (kept <= MOST_KEPT) break;
      recent.delete(oldest);
      kept -= oldest.length;
    }
    return snapshot;
  };
}

/**
 * Reads a snapshot from unknown bytes: what all dialects and versions have in common (drizzle-kit:
 * `schemaHash`, and `version`, `dialect` and `tables` of every schema in src/serializer). The rest
 * is for drizzle-kit's own validator. Nobody writes to the bytes, nor to what is parsed.
 */
export const parseSnapshot = remembering((bytes) =>
  // drizzle-kit takes any string for a prevId; a rule checks whether it fits.
  read(bytes, ['id', 'prevId', 'version', 'dialect'], ({ prevId, tables }) => ({
    prevIds: typeof prevId === 'string' ? [prevId] : [],
    problems: isRecord(tables) ? [] : [{ message: wrong('tables', tables, 'an object') }],
  })),
);

/**
 * The same for a snapshot of drizzle-kit 1.x, which has any number of parents (`id`, `prevIds`,
 * `version` and `dialect` of every schema in src/dialects and of snapshot version 9).
 */
export const parseFolderSnapshot = remembering((bytes) =>
  read(bytes, ['id', 'version', 'dialect'], ({ prevIds }) =>
    isNames(prevIds)
      ? { prevIds, problems: [] }
      : { prevIds: [], problems: [{ message: wrong('prevIds', prevIds, 'a list of ids') }] },
  ),
);

/**
 * @param texts the fields that are strings, none of them empty but `prevId`
 * @param restOf the parents, and what is wrong with the other fields
 */
function read(
  bytes: Uint8Array,
  texts: readonly string[],
  restOf: (json: Readonly<Record<string, unknown>>) => {
    readonly prevIds: readonly string[];
    readonly problems: readonly FileProblem[];
  },
): Snapshot {
  const parsed = parseJson(bytes);
  if (parsed.status === 'invalid') return parsed;
  const json = parsed.value;
  if (!isRecord(json))
    return {
      status: 'invalid',
      problems: [{ message: `is ${kindOf(json)}, not an object`, line: 1 }],
    };
  const { id, version, dialect } = json;
  const problems: FileProblem[] = texts
    .filter((name) => typeof json[name] !== 'string' || (json[name] === '' && name !== 'prevId'))
    .map((name) => ({ message: wrong(name, json[name], 'a string') }));
  if (typeof version === 'string' && version !== '' && !/^\d+$/.test(version))
    problems.push({ message: `has the unknown version ${JSON.stringify(version)}` });
  const { prevIds, problems: others } = restOf(json);
  problems.push(...others);
  if (
    problems.length > 0 ||
    typeof id !== 'string' ||
    typeof version !== 'string' ||
    typeof dialect !== 'string'
  )
    return { status: 'invalid', problems };
  return { status: 'ok', id, prevId: prevIds[0] ?? '', prevIds, version, dialect, json };
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function wrong(name: string, value: unknown, wanted: string): string {
  if (value === undefined) return `has no \`${name}\``;
  return `has a wrong shape: \`${name}\` is ${value === '' ? 'an empty string' : kindOf(value)}, not ${wanted}`;
}
