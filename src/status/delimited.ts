import type { TextTable } from './text-table.ts';

/** What separates cells: CSV, `mysql --batch`, a spreadsheet's CSV, `psql -A` and `sqlite3 -header`. */
const SEPARATORS = [',', '\t', ';', '|'] as const;
type Separator = (typeof SEPARATORS)[number];

/**
 * A text with a header line and a line for each row.
 * @param invalid makes the error of a message
 */
export function fromDelimited(text: string, invalid: (message: string) => Error): TextTable {
  const [first = ''] = text.split(/\r\n|\n|\r/, 1);
  const separator = SEPARATORS.find((one) =>
    first.split(one).some((name) => columnName(name) === 'hash'),
  );
  if (separator === undefined) throw invalid(`${whatIsFirst(first)}: ${HEADER}`);
  const [header, ...records] = recordsOf(text, separator, invalid);
  const columns = (header?.cells ?? []).map(({ text: name }) => columnName(name));
  const twice = columns.find((name, at) => name !== '' && columns.indexOf(name) !== at);
  if (twice !== undefined) throw invalid(`there are two columns ${twice}`);
  const rows = records
    // sqlcmd has a line of dashes below the header, psql the number of rows at the end.
    .filter(({ cells }) => !cells.every(({ text: cell }) => /^-+$/.test(cell)))
    .filter(({ cells }, at, { length }) => !(at === length - 1 && isFooter(cells)));
  return {
    columns,
    rows: rows.map(({ line, cells }) => {
      if (cells.length !== columns.length)
        throw invalid(
          `line ${line} has ${cells.length} cells, and the header has ${columns.length}`,
        );
      const values = cells.map((cell) => valueOf(cell, separator));
      return {
        at: `line ${line}`,
        cells: Object.fromEntries(columns.map((name, at) => [name, values[at] ?? null])),
      };
    }),
  };
}

const HEADER = 'the first line has to name the columns, `hash` and `created_at` among them';

function whatIsFirst(line: string): string {
  if (/^[+┌╭]/.test(line)) return 'this is a table drawn for people';
  return /[0-9a-f]{64}/.test(line) ? 'there is no header' : `"${line.slice(0, 80)}" is no header`;
}

function columnName(text: string): string {
  return text.replaceAll(/^\s*["'`[]?|["'`\]]?\s*$/g, '').toLowerCase();
}

function isFooter(cells: readonly Cell[]): boolean {
  return cells.length === 1 && /^\(\d+ rows?(?: affected)?\)$/.test(cells[0]?.text ?? '');
}

interface Cell {
  readonly text: string;
  readonly quoted: boolean;
}

interface TextRecord {
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** NULL of mysql, and what psql and people make of it, where it is not in quotes. */
function valueOf({ text, quoted }: Cell, separator: Separator): string | null {
  if (!quoted && /^(?:null|\\n)$/i.test(text)) return null;
  return separator === '\t'
    ? text.replaceAll(/\\([tn\\])/g, (_, one: string) => ESCAPES[one] ?? one)
    : text;
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', '\\': '\\' };

/** RFC 4180: a cell in double quotes may have separators, line breaks and doubled quotes. */
function recordsOf(
  text: string,
  separator: Separator,
  invalid: (message: string) => Error,
): readonly TextRecord[] {
  const records: TextRecord[] = [];
  let [line, start] = [1, 1];
  let cells: Cell[] = [];
  let at = 0;
  while (at <= text.length) {
    let cell: Cell;
    if (text[at] === '"') {
      const end = endOfQuoted(text, at);
      if (end === -1) throw invalid(`line ${line} has a quote that does not end`);
      const quoted = text.slice(at + 1, end);
      line += quoted.split('\n').length - 1;
      cell = { text: quoted.replaceAll('""', '"'), quoted: true };
      at = end + 1;
      if (at < text.length && text[at] !== separator && !/[\r\n]/.test(text[at] ?? ''))
        throw invalid(`line ${line} goes on behind the end of a quote`);
    } else {
      const end = endOfPlain(text, at, separator);
      cell = { text: text.slice(at, end).trim(), quoted: false };
      at = end;
    }
    cells.push(cell);
    if (text[at] === separator) {
      at += 1;
      continue;
    }
    if (cells.length > 1 || cell.text !== '') records.push({ line: start, cells });
    cells = [];
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line += 1;
    start = line;
  }
  return records;
}

/** The position of the closing quote; -1 where there is none. */
function endOfQuoted(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at;
  return -1;
}

function endOfPlain(text: string, start: number, separator: Separator): number {
  let at = start;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r')
    at += 1;
  return at;
}
