import { createHash } from 'node:crypto';
import { version } from '../../model/version.ts';

/** The form of the store's files: a head line with this, the guard's version, the entry's name and a checksum; JSON; a newline. */
const FORM = 'drizzle-guard-cache 1';

/** The text of an entry. `value`: plain JSON. */
export function formatEntry(name: string, value: unknown): string {
  const text = JSON.stringify(value);
  return `${headOf(name, text)}\n${text}\n`;
}

/** @returns the value; undefined for anything that `formatEntry` of this version did not write under this name, to the last byte. */
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
  return `${FORM} ${version} ${name} ${createHash('sha256').update(text).digest('hex')}`;
}
