import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/model/dialect.ts';
import { parseRows } from '../../src/status/parse-rows.ts';

const HASH = 'a'.repeat(64);
const ROW = { id: '1', hash: HASH, createdAt: '1700000000000' };

function rows(text: string, dialect: Dialect = 'postgresql'): unknown {
  return parseRows(Buffer.from(text), dialect, []).rows;
}

function refused(text: string, dialect?: Dialect): string {
  try {
    rows(text, dialect);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  throw new Error('it was taken');
}

describe('what the shells of databases print', () => {
  it.each<readonly [string, string]>([
    ['psql --csv', `id,hash,created_at\n1,${HASH},1700000000000\n`],
    ['with CRLF', `id,hash,created_at\r\n1,${HASH},1700000000000\r\n`],
    ['with a byte order mark', `\uFEFFid,hash,created_at\n1,${HASH},1700000000000`],
    ['columns in another order, and more', `x,created_at,id,hash\n",",1700000000000,1,${HASH}\n`],
    ['all in quotes', `"id","hash","created_at"\n"1","${HASH}","1700000000000"\n`],
    [
      'quotes with line breaks in them',
      `note,id,hash,created_at\n"a\n""b"",",1,${HASH},1700000000000\n`,
    ],
    ['mysql --batch', `id\thash\tcreated_at\n1\t${HASH}\t1700000000000\n`],
    ['sqlite3 -header', `id|hash|created_at\n1|${HASH}|1700000000000\n`],
    ['psql -A', `id|hash|created_at\n1|${HASH}|1700000000000\n(1 row)\n`],
    ['sqlcmd -W -s ,', `id,hash,created_at\n--,----,----------\n1,${HASH},1700000000000\n`],
    ['a spreadsheet', `ID;HASH;CREATED_AT\n1;${HASH};1700000000000\n`],
    ['a float', `id,hash,created_at\n1,${HASH},1700000000000.0\n`],
    ['an exponent', `id,hash,created_at\n1,${HASH},1.7e+12\n`],
    ['JSON', JSON.stringify([{ id: 1, hash: HASH, created_at: 1_700_000_000_000 }])],
    ['numbers as text', JSON.stringify([{ id: '1', hash: HASH, created_at: '1700000000000' }])],
    ['a line each', `${JSON.stringify({ id: 1, hash: HASH, created_at: 1_700_000_000_000 })}\n`],
    [
      'wrangler d1 execute --json',
      JSON.stringify([
        {
          results: [{ id: 1, hash: HASH, created_at: 1_700_000_000_000 }],
          success: true,
          meta: {},
        },
      ]),
    ],
    [
      'Turso by HTTP',
      JSON.stringify({
        results: [
          {
            type: 'ok',
            response: {
              type: 'execute',
              result: {
                cols: [{ name: 'id' }, { name: 'hash' }, { name: 'created_at' }],
                rows: [
                  [
                    { type: 'integer', value: '1' },
                    { type: 'text', value: HASH },
                    { type: 'integer', value: '1700000000000' },
                  ],
                ],
              },
            },
          },
          { type: 'ok', response: { type: 'close' } },
        ],
      }),
    ],
    [
      'columns and lists',
      JSON.stringify({
        columns: ['id', 'hash', 'created_at'],
        rows: [[1, HASH, 1_700_000_000_000]],
      }),
    ],
    [
      "a driver's answer",
      JSON.stringify({ rowCount: 1, rows: [{ id: 1, hash: HASH, created_at: '1700000000000' }] }),
    ],
  ])('%s', (_, text) => {
    expect(rows(text)).toEqual([ROW]);
  });

  it('UTF-16, as PowerShell redirects', () => {
    const text = `\uFEFFid,hash,created_at\r\n1,${HASH},1700000000000\r\n`;
    expect(parseRows(Buffer.from(text, 'utf16le'), 'postgresql', []).rows).toEqual([ROW]);
  });

  it('NULL, in every way that it is written', () => {
    const none = { id: null, hash: HASH, createdAt: null };
    expect(rows(`id,hash,created_at\n,${HASH},\n`)).toEqual([none]);
    expect(rows(`id\thash\tcreated_at\nNULL\t${HASH}\tNULL\n`)).toEqual([none]);
    expect(rows(JSON.stringify([{ id: null, hash: HASH, created_at: null }]))).toEqual([none]);
  });

  it('a column `name`, with and without a value', () => {
    expect(
      rows(`id,hash,created_at,name,applied_at\n1,${HASH},1700000000000,20231114_a,x\n2,b,1,,\n`),
    ).toEqual([
      { ...ROW, name: '20231114_a' },
      { id: '2', hash: 'b', createdAt: '1', name: null },
    ]);
  });

  it('no rows', () => {
    expect(rows('[]')).toEqual([]);
    expect(rows('id,hash,created_at\n')).toEqual([]);
    expect(rows('[{"results":[],"success":true}]')).toEqual([]);
  });
});

describe('what is no table of migrations', () => {
  it.each<readonly [string, string, string]>([
    ['nothing', ' \n', 'there are no rows: the input is empty'],
    ['no header', `1,${HASH},1700000000000\n`, 'there is no header'],
    ['a message of psql', 'psql: error: connection refused', 'is no header'],
    [
      'a table for people',
      '+----+------+\n| id | hash |\n+----+------+\n',
      'a table drawn for people',
    ],
    ['another table', 'id,hash,email\n1,x,a@b.c\n', 'no column created_at'],
    ['a table of wrangler', '[{"id":1,"name":"0000_a.sql","applied_at":"2024"}]', 'd1_migrations'],
    ['a date', `id,hash,created_at\n1,${HASH},2024-01-01\n`, 'line 2: created_at is "2024-01-01"'],
    ['a cell too few', `id,hash,created_at\n1,${HASH}\n`, 'line 2 has 2 cells'],
    ['a cell too many', `id,hash,created_at\n1,${HASH},1,2\n`, 'line 2 has 4 cells'],
    ['a quote without an end', `id,hash,created_at\n1,"${HASH},1\n`, 'a quote that does not end'],
    ['text behind a quote', `id,hash,created_at\n1,"a"b,1\n`, 'behind the end of a quote'],
    ['one column twice', 'hash,hash,created_at\na,b,1\n', 'there are two columns hash'],
    ['JSON that is cut off', '[{"hash":"a"', 'the JSON cannot be read'],
    ['JSON without rows', '{"ok":true}', 'there are no rows in this JSON'],
    ['an error as JSON', '{"success":false,"result":[]}', 'there are no rows in this JSON'],
    [
      'two tables',
      JSON.stringify([
        { results: [{ hash: 'a', created_at: 1 }] },
        { results: [{ hash: 'b', created_at: 1 }] },
      ]),
      'more than one table',
    ],
    [
      'a row without a time',
      '[{"hash":"a","created_at":1},{"hash":"b"}]',
      'row 2 has no created_at',
    ],
  ])('%s', (_, text, message) => {
    expect(refused(text)).toContain(message);
  });

  it('but SQLite takes any text for a time', () => {
    expect(rows('hash,created_at\na,2024-01-01\n', 'sqlite')).toEqual([
      { id: null, hash: 'a', createdAt: '2024-01-01' },
    ]);
  });

  it('20,000 rows are read', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `${at},${HASH},${at}`);
    expect(
      parseRows(Buffer.from(`id,hash,created_at\n${many.join('\n')}`), 'mysql', []).rows.length,
    ).toBe(20_000);
  });
});
