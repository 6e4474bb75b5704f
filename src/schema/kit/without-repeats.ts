import { isRecord } from '../../model/unknown.ts';
import { utf8 } from '../../model/utf8.ts';

/** How drizzle-kit writes a snapshot: `JSON.stringify(snapshot, null, 2)`. No string has a line break. */
const OPENS = '\n  "tables": {\n';
const CLOSES = '\n  }';
const TABLE_ENDS = '\n    }';
const NEXT = `${TABLE_ENDS},\n`;
const MARK = ' ';

/**
 * The snapshots of a history in its order, each without the tables that are word for word in one
 * before: drizzle-kit takes every table by itself. If it takes all that is left, it takes the whole
 * files; if not, it has to see these.
 * @param version of snapshots whose tables can be left out; all others stay as they are
 */
export function withoutRepeats(
  files: readonly Uint8Array[],
  version: number,
): readonly Uint8Array[] {
  const known = new Set<string>();
  return files.map((bytes) => {
    const text = shortened(utf8(bytes), version, known);
    return text === undefined ? bytes : Buffer.from(text);
  });
}

/** @returns undefined for any other text than that of a snapshot as drizzle-kit writes it. */
function shortened(text: string, version: number, known: Set<string>): string | undefined {
  const opens = text.indexOf(OPENS);
  const start = opens + OPENS.length;
  const end = text.indexOf(CLOSES, start - 1);
  if (opens === -1 || end === -1) return undefined;
  const [head, tail] = [text.slice(0, start), text.slice(end)];
  const rest = parsed(`${head}"${MARK}": 0${tail}`);
  if (!isRecord(rest) || Number(rest['version']) !== version) return undefined;
  // Where the brace is in a string or below another key, the mark is elsewhere.
  if (!isRecord(rest['tables']) || Object.keys(rest['tables']).join() !== MARK) return undefined;
  const fresh = membersOf(text, start, end).filter((table) => !known.has(table));
  // Each is a whole member of an object, so that it is one in any file.
  if (!fresh.every((table) => isRecord(parsed(`{${table}}`)))) return undefined;
  for (const table of fresh) known.add(table);
  return `${head}${fresh.join(',\n')}${tail}`;
}

/** Slices, which share the memory of the text. */
function membersOf(text: string, start: number, end: number): readonly string[] {
  const found: string[] = [];
  for (let at = start; at < end;) {
    const next = text.indexOf(NEXT, at);
    const to = next === -1 || next >= end ? end : next + TABLE_ENDS.length;
    found.push(text.slice(at, to));
    at = to + ',\n'.length;
  }
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
