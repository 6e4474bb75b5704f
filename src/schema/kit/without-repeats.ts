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
  const start = opens + OPENS.length;
  const end = bytes.indexOf(CLOSES, start - 1);
  if (opens === -1 || end === -1) return undefined;
  const [head, tail] = [bytes.subarray(0, start), bytes.subarray(end)];
  const rest = parsed(Buffer.concat([head, NO_TABLES, tail]));
  if (!isRecord(rest) || Number(rest['version']) !== version) return undefined;
  // Where the brace is in a string or below another key, the mark is elsewhere.
  if (!isRecord(rest['tables']) || Object.keys(rest['tables']).join() !== MARK) return undefined;
  const members = membersOf(bytes, start, end);
  const fresh = freshIn(members, known);
  // Each is a whole member of an object, so that it is one in any file.
  if (!fresh.every((table) => isRecord(parsed(`{${table.toString()}}`)))) return undefined;
  for (const table of fresh) known.texts.add(table.toString('latin1'));
  known.before = members;
  return Buffer.concat([
    head,
    ...fresh.flatMap((table, at) => (at === 0 ? [table] : [SEPARATOR, table])),
    tail,
  ]);
}

/** Compared with those at the same place first: to make texts of 30 MB takes longer than git. */
function freshIn(members: readonly Buffer[], { texts, before }: Known): readonly Buffer[] {
  let at = 0;
  return members.filter((member) => {
    const same = [at, at + 1, at - 1].find((near) => before[near]?.equals(member) === true);
    at = (same ?? at) + 1;
    return same === undefined && !texts.has(member.toString('latin1'));
  });
}

/** Parts, which share the memory of the whole. */
function membersOf(bytes: Buffer, start: number, end: number): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = start; at < end;) {
    const next = bytes.indexOf(NEXT, at);
    const to = next === -1 || next >= end ? end : next + NEXT.length - SEPARATOR.length;
    found.push(bytes.subarray(at, to));
    at = to + SEPARATOR.length;
  }
  return found;
}

function parsed(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString()) as unknown;
  } catch {
    return undefined;
  }
}
