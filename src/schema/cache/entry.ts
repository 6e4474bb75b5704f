import { version } from '../../model/version.ts';

/**
 * A file of the store: a line with this, the guard's version, the entry's name and a checksum; a
 * line of JSON.
 */
const FORMAT = 'drizzle-guard-cache 2';

/** The text of an entry. `value`: plain JSON. */
export function formatEntry(name: string, value: unknown): string {
  const text = JSON.stringify(value);
  return `${headOf(name, text)}\n${text}\n`;
}

/**
 * @returns the value; undefined for anything that `formatEntry` of this version did not write under
 * this name, to the last byte.
 */
export function parseEntry(name: string, file: string): unknown {
  const end = file.indexOf('\n');
  const text = file.slice(end + 1, -1);
  if (end === -1 || !file.endsWith('\n') || file.slice(0, end) !== headOf(name, text))
    return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function headOf(name: string, text: string): string {
  return `${FORMAT} ${version} ${name} ${checksum(text)}`;
}

/**
 * FNV-1a twice, 64 bits in hex: against damage, not against malice. Loading node:crypto would cost
 * more than everything else that a hook does for a commit that affects no project.
 */
function checksum(text: string): string {
  // As 32-bit integers from the start: V8 would make each step of them a number on the heap.
  let one = 0x811c9dc5 | 0;
  let other = 0x41c6ce57 | 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x5bd1e995);
  }
  return [one, other].map((sum) => (sum >>> 0).toString(16).padStart(8, '0')).join('');
}
