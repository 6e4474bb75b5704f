import { isRecord } from '../model/unknown.ts';
import type { TextTable } from './text-table.ts';

/**
 * A table as JSON: a list of objects; the same inside of `results`, `rows` or `result`, as wrangler,
 * drivers and HTTP interfaces have it; columns and lists of values, as Turso has it; or an object a
 * line.
 * @param invalid makes the error of a message
 */
export function fromJson(text: string, invalid: (message: string) => Error): TextTable {
  const value = parsed(text, invalid);
  const found = tablesIn(value);
  if (found.length > 1) throw invalid('there is more than one table in it');
  const [table] = found;
  if (table === undefined) throw invalid('there are no rows in this JSON');
  return table;
}

function parsed(text: string, invalid: (message: string) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
    try {
      return lines.map((line): unknown => JSON.parse(line));
    } catch {
      throw invalid(`the JSON cannot be read: ${cause instanceof Error ? cause.message : ''}`);
    }
  }
}

/** Wrangler has several results, one for each statement; only those with rows are tables. */
function tablesIn(value: unknown): readonly TextTable[] {
  // A single line of those with an object each.
  const table = tableOf(isRow(value) && 'hash' in value ? [value] : value);
  if (table !== undefined) return [table];
  if (Array.isArray(value)) {
    const inside = value.flatMap(tablesIn);
    const full = inside.filter(({ rows }) => rows.length > 0);
    return full.length > 0 ? full : inside.slice(0, 1);
  }
  if (!isRecord(value) || value['success'] === false) return [];
  const { results, result, rows, response, data } = value;
  for (const one of [results, result, rows, response, data]) {
    const inside = one === undefined ? [] : tablesIn(one);
    if (inside.length > 0) return inside;
  }
  return [];
}

function tableOf(value: unknown): TextTable | undefined {
  if (Array.isArray(value)) {
    const rows = value.filter(isRow);
    if (rows.length < value.length || (value.length > 0 && rows.length === 0)) return undefined;
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return {
      columns: columns.map(lower),
      rows: rows.map((row, at) => rowOf(Object.entries(row), at)),
    };
  }
  if (!isRecord(value) || !Array.isArray(value['rows'])) return undefined;
  const names: unknown = value['columns'] ?? value['cols'];
  if (!Array.isArray(names)) return undefined;
  const columns = names.map((name: unknown) => String(isRecord(name) ? name['name'] : name));
  const lists = value['rows'].filter((row) => Array.isArray(row));
  if (lists.length < value['rows'].length) return undefined;
  return {
    columns: columns.map(lower),
    rows: lists.map((list: readonly unknown[], at) =>
      rowOf(
        columns.map((name, index) => [name, list[index]] as const),
        at,
      ),
    ),
  };
}

/** An object whose values are cells. */
function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    isRecord(value) &&
    Object.values(value).every((cell) => cell === null || typeof cell !== 'object' || isCell(cell))
  );
}

/** Turso's `{ type: 'integer', value: '1' }`. */
function isCell(value: unknown): value is Readonly<Record<'value' | 'type', unknown>> {
  return (
    isRecord(value) &&
    typeof value['type'] === 'string' &&
    (value['type'] === 'null' || ['string', 'number'].includes(typeof value['value']))
  );
}

function rowOf(
  entries: readonly (readonly [string, unknown])[],
  at: number,
): TextTable['rows'][number] {
  return {
    at: `row ${at + 1}`,
    cells: Object.fromEntries(entries.map(([name, value]) => [lower(name), textOf(value)])),
  };
}

function textOf(value: unknown): string | null {
  const plain = isCell(value) ? value.value : value;
  return plain === null || plain === undefined ? null : String(plain);
}

function lower(name: string): string {
  return name.toLowerCase();
}
