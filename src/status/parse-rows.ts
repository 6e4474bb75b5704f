import { GuardError } from '../model/errors.ts';
import type { Dialect } from '../model/dialect.ts';
import { fromDelimited } from './delimited.ts';
import { fromJson } from './json-rows.ts';
import type { AppliedRow, AppliedRows } from './rows.ts';
import type { TextTable } from './text-table.ts';

/**
 * Reads what a database's own shell prints of the migrations table: CSV, text separated by tabs,
 * semicolons or bars, or JSON in the shapes of wrangler, Turso, psql and drivers. UTF-8, or UTF-16
 * with its mark, as PowerShell redirects.
 * @param help how to get the rows, a line each
 * @throws GuardError `rows-invalid`: of a text in which something is not as a migrator writes it,
 * nothing is taken.
 */
export function parseRows(
  bytes: Uint8Array,
  dialect: Dialect,
  help: readonly string[],
): AppliedRows {
  const invalid = (message: string): GuardError =>
    new GuardError('rows-invalid', message, { help });
  const text = decoded(bytes).trim();
  if (text === '')
    throw new GuardError('rows-invalid', 'there are no rows: the input is empty', {
      help: [
        'The query failed, or the table has no row: sqlite3 and mysql then print nothing at all.',
        'If nothing was applied: echo "[]" | npx drizzle-guard status --rows -',
        ...help,
      ],
    });
  return rowsOfTable(
    /^[[{]/.test(text) ? fromJson(text, invalid) : fromDelimited(text, invalid),
    dialect,
    invalid,
  );
}

/**
 * The migrations table as rows, held to what a migrator writes.
 * @param invalid makes the error of a message, which is thrown
 */
export function rowsOfTable(
  table: TextTable,
  dialect: Dialect,
  invalid: (message: string) => GuardError,
): AppliedRows {
  return { named: table.columns.includes('name'), rows: rowsOf(table, dialect, invalid) };
}

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isUtf16 = first === 0xff && second === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

function rowsOf(
  { columns, rows }: TextTable,
  dialect: Dialect,
  invalid: (message: string) => GuardError,
): readonly AppliedRow[] {
  // No rows, and no columns: `[]`.
  if (rows.length === 0 && columns.length === 0) return [];
  const lacking = ['hash', 'created_at'].filter((name) => !columns.includes(name));
  if (columns.includes('name') && columns.includes('applied_at') && lacking.length === 2)
    throw invalid(
      'this looks like `d1_migrations`, in which wrangler keeps what it applied itself; ' +
        'drizzle-orm does not read it',
    );
  if (lacking.length > 0)
    throw invalid(
      `this is not the migrations table: it has no column ${lacking.join(', ')} ` +
        `(its columns: ${columns.join(', ').slice(0, 200)})`,
    );
  return rows.map(({ at, cells }) => {
    const cell = (name: string): string | null => {
      const value = cells[name];
      if (value === undefined) throw invalid(`${at} has no ${name}`);
      return value;
    };
    const createdAt = emptyAsNull(cell('created_at'));
    if (createdAt !== null && !isTime(createdAt, dialect))
      throw invalid(
        `${at}: created_at is ${JSON.stringify(createdAt)}, not milliseconds since 1970`,
      );
    return {
      id: columns.includes('id') ? emptyAsNull(cell('id')) : null,
      hash: cell('hash') ?? '',
      createdAt: createdAt === null ? null : wholeNumber(createdAt),
      ...(columns.includes('name') ? { name: emptyAsNull(cell('name')) } : {}),
    };
  });
}

/** SQLite keeps any text in the column, which then counts as newer than all numbers. */
function isTime(text: string, dialect: Dialect): boolean {
  return (
    /^-?\d+(?:\.0*)?(?:e\+?\d+)?$/i.test(text) ||
    /^\d(?:\.\d+)?e\+?\d+$/i.test(text) ||
    dialect === 'sqlite' ||
    dialect === 'turso'
  );
}

/** Some shells print `1.7e+12` or `1700000000000.0`. */
function wholeNumber(text: string): string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? String(number) : text;
}

/** CSV has no NULL: it is an empty cell. */
function emptyAsNull(text: string | null): string | null {
  return text === '' ? null : text;
}
