import { isRecord } from '../../model/unknown.ts';

/** How drizzle-kit writes a snapshot: `JSON.stringify(snapshot, null, 2)`. No string has a line break. */
const [OPENS, CLOSES, NEXT, SEPARATOR] = ['\n  "tables": {\n', '\n  }', '\n    },\n', ',\n'].map(
  (text) => Buffer.from(text),
) as [Buffer, Buffer, Buffer, Buffer];
const MARK = ' ';
const NO_TABLES = Buffer.from(`"${MARK}": 0`);

/** The members of `tables` that earlier snapshots have: each is a whole member of an object. */
interface Known {
  readonly texts: Set<string>;
  /** Those of the snapshot before, in order: nearly all are the next one's too. */
  before: readonly Buffer[];
}

/**
 * The snapshots of a history in its order, each without the tables that are byte for byte in one
 * before: drizzle-kit takes every table by itself. If it takes all that is left, it takes the whole
 * files; if not, it has to see these.
 * @param version of snapshots whose tables can be left out; all others stay as they are
 */
export function withoutRepeats(
  files: readonly Uint8Array[],
  version: number,
): readonly Uint8Array[] {
  const known: Known = { texts: new Set(), before: [] };
  return files.map((bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return shortened(buffer, version, known) ?? bytes;
  });
}

/** @returns undefined for any other bytes than those of a snapshot as drizzle-kit writes it. */
function shortened(bytes: Buffer, version: number, known: Known): Buffer | undefined {
  const opens = bytes.indexOf(OPENS);
  if (opens === -1) return undefined;
  const start = opens + OPENS.length;
  const members = membersOf(bytes, start, known);
  if (members === undefined) return undefined;
  const [head, tail] = [bytes.subarray(0, start), bytes.subarray(members.end)];
  const rest = parsed(Buffer.concat([head, NO_TABLES, tail]));
  if (!isRecord(rest) || Number(rest['version']) !== version) return undefined;
  // Where the brace is in a string or below another key, the mark is elsewhere.
  if (!isRecord(rest['tables']) || Object.keys(rest['tables']).join() !== MARK) return undefined;
  const { fresh } = members;
  // Each is a whole member of an object, so that it is one in any file.
  if (!fresh.every((table) => isRecord(parsed(`{${table.toString()}}`)))) return undefined;
  for (const table of fresh) known.texts.add(table.toString('latin1'));
  known.before = members.all;
  return Buffer.concat([
    head,
    ...fresh.flatMap((table, at) => (at === 0 ? [table] : [SEPARATOR, table])),
    tail,
  ]);
}

interface Members {
  readonly all: readonly Buffer[];
  /** Those of which no snapshot before is known. */
  readonly fresh: readonly Buffer[];
  /** Where the last one ends. */
  readonly end: number;
}

/**
 * Parts, which share the memory of the whole. Those of the snapshot before are looked for at their
 * places first: to search 30 MB for the ends of tables, or to make texts of them, takes longer.
 * @returns undefined where nothing closes
 */
function membersOf(bytes: Buffer, start: number, { texts, before }: Known): Members | undefined {
  const [all, fresh]: [Buffer[], Buffer[]] = [[], []];
  let closes: number | undefined;
  const endOf = (at: number): number => {
    closes ??= bytes.indexOf(CLOSES, at - 1);
    const next = bytes.indexOf(NEXT, at);
    return next === -1 || next >= closes ? closes : next + NEXT.length - SEPARATOR.length;
  };
  let [at, place] = [start, 0];
  for (;;) {
    const from = at;
    const same = [place, place + 1, place - 1].find((near) => isMember(bytes, from, before[near]));
    const end = same === undefined ? endOf(at) : at + (before[same]?.length ?? 0);
    if (end <= at) return undefined;
    const member = bytes.subarray(at, end);
    all.push(member);
    if (same === undefined && !texts.has(member.toString('latin1'))) fresh.push(member);
    if (startsAt(bytes, end, CLOSES)) return { all, fresh, end };
    place = (same ?? place) + 1;
    at = end + SEPARATOR.length;
  }
}

/** Whether a known member is at a place, and whole. */
function isMember(bytes: Buffer, at: number, known: Buffer | undefined): boolean {
  if (known === undefined || !startsAt(bytes, at, known)) return false;
  return [SEPARATOR, CLOSES].some((end) => startsAt(bytes, at + known.length, end));
}

function startsAt(bytes: Buffer, at: number, text: Buffer): boolean {
  return bytes.subarray(at, at + text.length).equals(text);
}

function parsed(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString()) as unknown;
  } catch {
    return undefined;
  }
}
