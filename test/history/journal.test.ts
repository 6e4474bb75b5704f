import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Journal } from '../../src/history/history.ts';
import { parseJournal } from '../../src/history/journal.ts';

const entry = {
  idx: 0,
  version: '7',
  when: 1_700_000_000_000,
  tag: '0000_first',
  breakpoints: true,
};
const journal = { version: '7', dialect: 'postgresql', entries: [entry] };

function parse(value: unknown): Journal {
  return parseJournal(
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
  );
}

function problems(value: unknown) {
  const parsed = parse(value);
  return parsed.status === 'invalid' ? parsed.problems : [];
}

describe('a journal as drizzle-kit wrote it is read', () => {
  test.each(['5', '6', '7'])('of version %s', (version) => {
    expect(parse({ ...journal, version })).toMatchObject({
      status: 'ok',
      version,
      entries: [entry],
    });
  });

  test.each(['postgresql', 'pg', 'mysql', 'sqlite', 'singlestore'])(
    'of dialect %s: whether it fits is a rule',
    (dialect) => {
      expect(parse({ ...journal, dialect })).toMatchObject({ status: 'ok', dialect });
    },
  );

  test('empty, as before the first migration', () => {
    expect(parse({ ...journal, entries: [] })).toMatchObject({ status: 'ok', entries: [] });
  });

  test('with a hand-made entry that lacks what nothing reads', () => {
    const { idx, when, tag } = entry;
    expect(parse({ ...journal, entries: [{ idx, when, tag }] })).toMatchObject({
      status: 'ok',
      entries: [entry],
    });
  });

  test('with CRLF and members that nobody knows', () => {
    expect(
      parse(JSON.stringify({ ...journal, $schema: 'x' }, null, 2).replaceAll('\n', '\r\n')),
    ).toMatchObject({ status: 'ok' });
  });
});

describe('a journal that is not JSON says what and where', () => {
  test('conflict markers, at the first', () => {
    const text =
      '{\n  "version": "7",\n  "entries": [\n<<<<<<< HEAD\n    {}\n=======\n    {}\n>>>>>>> main\n  ]\n}\n';
    expect(problems(text)).toEqual([
      { message: 'holds conflict markers', conflict: true, line: 4 },
    ]);
    expect(problems(text.replaceAll('\n', '\r\n'))).toEqual([
      { message: 'holds conflict markers', conflict: true, line: 4 },
    ]);
  });

  test('a conflict of which only the middle was left', () => {
    expect(problems('{\n=======\n}\n')).toEqual([
      { message: 'holds conflict markers', conflict: true, line: 2 },
    ]);
  });

  test.each([
    ['{\n  "a": 1,\n}\n', 'a name', 3],
    ['{\n  "a": 1\n  "b": 2\n}', 'a comma or the closing bracket', 3],
    ['[1, 2', 'too early', 1],
    ['{"a": [1,\n2}\n', 'a comma or the closing bracket', 2],
    ['{"a": tru}', 'a value', 1],
    ['{"a": "x\ny"}', 'a value', 1],
    ["{'a': 1}", 'a name or }', 1],
    ['{} {}', 'the end', 1],
    ['// comment\n{}', 'a value', 1],
    ['{"a": 01}', 'a value', 1],
  ])('%j', (text, message, line) => {
    expect(problems(text)).toEqual([{ message: expect.stringContaining(message), line }]);
  });

  test('a byte order mark, which JSON.parse refuses and so does drizzle-kit', () => {
    expect(() => JSON.parse('\uFEFF{}')).toThrow(SyntaxError);
    expect(problems(`\uFEFF${JSON.stringify(journal)}`)).toEqual([
      { message: expect.stringContaining('byte order mark'), line: 1 },
    ]);
  });

  test('nothing at all, and UTF-16', () => {
    expect(problems('')).toEqual([{ message: 'is empty', line: 1 }]);
    expect(
      parseJournal(
        Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(JSON.stringify(journal), 'utf16le')]),
      ),
    ).toMatchObject({
      status: 'invalid',
      problems: [{ message: 'is UTF-16, not UTF-8' }],
    });
  });
});

describe('a wrong shape', () => {
  test.each([
    ['null', null],
    ['an array', []],
    ['a string', '"x"'],
  ])('%s instead of an object', (kind, value) => {
    expect(problems(value)).toEqual([{ message: `is ${kind}, not an object`, line: 1 }]);
  });

  test('every problem is collected, each with its entry', () => {
    const messages = problems({
      dialect: 7,
      entries: [
        entry,
        { ...entry, idx: '1', when: 1.5 },
        null,
        { ...entry, tag: '', breakpoints: 'yes', version: 7 },
      ],
    }).map(({ message }) => message);
    expect(messages).toEqual([
      'has no `version`',
      'has a wrong shape: `dialect` is the number 7, not a string',
      'has a wrong shape: `idx` of entries[1] (0000_first) is a string, not a whole number',
      'has a wrong shape: `when` of entries[1] (0000_first) is the number 1.5, not a whole number of milliseconds',
      'has a wrong shape: entries[2] is null, not an object',
      'has a wrong shape: `tag` of entries[3] () is an empty string, not a name',
      'has a wrong shape: `version` of entries[3] () is the number 7, not a string',
      'has a wrong shape: `breakpoints` of entries[3] () is a string, not true or false',
    ]);
  });

  test('a problem of an entry has its line', () => {
    expect(
      problems({ ...journal, entries: [entry, { ...entry, tag: '0001_second', when: null }] }),
    ).toEqual([
      { message: expect.stringContaining('entries[1] (0001_second)'), line: expect.any(Number) },
    ]);
  });

  test('entries that are no list, and a version from the future', () => {
    expect(problems({ ...journal, entries: {} })).toEqual([
      { message: 'has a wrong shape: `entries` is an object, not an array' },
    ]);
    expect(problems({ ...journal, version: '8' })).toEqual([
      { message: expect.stringContaining('unknown version "8"') },
    ]);
  });
});

test('any text gives an answer: JSON.parse and the guard agree on what is JSON', () => {
  const mutated = fc
    .tuple(
      fc.nat(200),
      fc.constantFrom('', '"', ',', '}', '{', ']', '\n', '<<<<<<< x\n', '\\', '0'),
    )
    .map(([at, inserted]) => {
      const text = JSON.stringify(journal, null, 1);
      return text.slice(0, at % text.length) + inserted + text.slice((at % text.length) + 1);
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.string(), fc.json()), (text) => {
      const parsed = parseJournal(Buffer.from(text));
      let isJson = true;
      try {
        JSON.parse(Buffer.from(text).toString());
      } catch {
        isJson = false;
      }
      if (isJson) expect(JSON.stringify(parsed)).not.toMatch(/is not JSON|conflict|is empty/);
      else
        expect(parsed).toMatchObject({
          status: 'invalid',
          problems: [{ line: expect.any(Number) }],
        });
    }),
    { numRuns: 500 },
  );
});
