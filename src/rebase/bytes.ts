import { createHash } from 'node:crypto';
import type { JournalEntry } from '../history/history.ts';

/** How a JSON file is written. */
interface Style {
  readonly indent: string | number;
  readonly crlf: boolean;
  /** Behind the last bracket. */
  readonly end: string;
}

/** drizzle-kit's own: `JSON.stringify(value, null, 2)`. */
const KIT: Style = { indent: 2, crlf: false, end: '' };

function styleOf(bytes: Uint8Array | undefined): Style {
  if (bytes === undefined) return KIT;
  const text = new TextDecoder().decode(bytes);
  const [, indent = ''] = /^[[{]\r?\n([ \t]+)/.exec(text) ?? [];
  const end = text.slice(text.trimEnd().length);
  return { indent, crlf: text.includes('\r\n'), end };
}

/** A JSON file in the style of another. */
export function jsonBytes(value: unknown, like: Uint8Array | undefined): Uint8Array {
  const { indent, crlf, end } = styleOf(like);
  const text = JSON.stringify(value, null, indent);
  return new TextEncoder().encode(`${crlf ? text.replaceAll('\n', '\r\n') : text}${end}`);
}

/**
 * The base's journal (undefined: there is none) with entries behind its own. Its text stays as it
 * is; the new ones are put before the bracket that ends the list.
 */
export function journalBytes(
  base: Uint8Array | undefined,
  entries: readonly JournalEntry[],
  dialect: string,
): Uint8Array {
  if (base === undefined) return jsonBytes({ version: '7', dialect, entries }, undefined);
  if (entries.length === 0) return base;
  const text = new TextDecoder().decode(base);
  const json = JSON.parse(text) as { readonly entries: readonly unknown[] };
  const whole = { ...json, entries: [...json.entries, ...entries] };
  const { indent, crlf } = styleOf(base);
  const unit = typeof indent === 'number' ? ' '.repeat(indent) : indent;
  const newline = crlf ? '\r\n' : '\n';
  const close = text.lastIndexOf(']');
  const before = text.slice(0, close).trimEnd();
  const added = entries.map((entry) =>
    JSON.stringify(entry, null, indent).replaceAll('\n', `${newline}${unit}${unit}`),
  );
  const inserted =
    unit === ''
      ? `${before}${json.entries.length > 0 ? ',' : ''}${added.join(',')}`
      : `${before}${json.entries.length > 0 ? ',' : ''}${newline}${unit}${unit}${added.join(`,${newline}${unit}${unit}`)}${newline}${unit}`;
  const result = `${inserted}${text.slice(close)}`;
  return isSameJson(result, whole) ? new TextEncoder().encode(result) : jsonBytes(whole, base);
}

function isSameJson(text: string, value: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return false;
  }
}

/** The same two ids give the same uuid, so that the same plan is the same bytes. */
export function idFrom(old: string, parent: string): string {
  const hash = createHash('sha256').update(`${old} ${parent}`).digest('hex');
  const variant = '89ab'[Number.parseInt(hash[16] ?? '0', 16) % 4] ?? '8';
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

/** SQL with the line ends of the file that it replaces. */
export function sqlBytes(sql: string, like: string): Uint8Array {
  const crlf = like.includes('\r\n') && !/(?:^|[^\r])\n/.test(like);
  const end = /\n\s*$/.test(like) ? '\n' : '';
  const text = `${crlf ? sql.replaceAll('\r\n', '\n') : sql}${end}`;
  return new TextEncoder().encode(crlf ? text.replaceAll('\n', '\r\n') : text);
}
