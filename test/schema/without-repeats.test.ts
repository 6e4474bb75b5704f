import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutRepeats } from '../../src/schema/kit/without-repeats.ts';

const snapshot = (tables: Record<string, unknown>, id = 'a', version = '7'): string =>
  JSON.stringify({ id, version, tables, enums: {} }, null, 2);
const column = (name: string): unknown => ({ name, columns: { id: { type: 'text' } }, notes: [] });
const shortened = (...files: readonly string[]): readonly string[] =>
  withoutRepeats(
    files.map((text) => Buffer.from(text)),
    7,
  ).map((bytes) => Buffer.from(bytes).toString());

const [USERS, POSTS, ÄMTER] = [column('users'), column('posts'), column('ämter')];

describe('snapshots without the tables that are in one before', () => {
  it('keeps what is new, and all around the tables', () => {
    const [first, second, third] = shortened(
      snapshot({ USERS }),
      snapshot({ POSTS, USERS, ÄMTER }, 'b'),
      snapshot({ POSTS, ÄMTER }, 'c'),
    ).map((text) => JSON.parse(text) as unknown);
    expect(first).toEqual({ id: 'a', version: '7', tables: { USERS }, enums: {} });
    expect(second).toEqual({ id: 'b', version: '7', tables: { POSTS, ÄMTER }, enums: {} });
    expect(third).toEqual({ id: 'c', version: '7', tables: {}, enums: {} });
  });

  it.each([
    ['of another version', snapshot({ USERS }, 'b', '6')],
    ['in one line', JSON.stringify(JSON.parse(snapshot({ USERS })))],
    ['with the line ends of Windows', snapshot({ USERS }).replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${snapshot({ USERS })}`],
    ['with conflict markers', snapshot({ USERS }).replace('  "enums"', '<<<<<<< ours\n  "enums"')],
    ['with tables below another key', snapshot({ USERS }).replace('"id"', '"old": {\n  "id"')],
    ['with a comma behind the last table', snapshot({ USERS }).replace('\n  }', ',\n  }')],
    ['cut off', snapshot({ USERS }).slice(0, -2)],
    ['with a second key of that name', snapshot({ USERS }).replace('"enums"', '"tables"')],
  ])('leaves a file whole that is %s', (_, text) => {
    expect(shortened(snapshot({ USERS }), text)[1]).toBe(text);
  });

  it('takes two halves that fit for no tables', () => {
    const torn = snapshot({ USERS, POSTS }).replace('"id": {', '"id": {\n    },\n    "more": {');
    const half = torn.replace(/ {4}"more": \{[^]*\n {4}\}/, '    "more": 1');
    expect(JSON.parse(torn)).toBeTypeOf('object');
    expect(shortened(torn, half)).toEqual([torn, half]);
  });

  it('hides neither what is no JSON nor a table, whatever is done to the lines', () => {
    const files = [{ USERS }, { USERS, POSTS }, { POSTS, ÄMTER, USERS }, { ÄMTER }].map((tables) =>
      snapshot(tables),
    );
    const edit = fc.tuple(
      fc.nat(3),
      fc.nat(60),
      fc.constantFrom('drop', 'twice', 'brace', 'comma', 'indent'),
    );
    const edited = (line: string, how: string): readonly string[] =>
      how === 'drop'
        ? []
        : how === 'twice'
          ? [line, line]
          : [how === 'indent' ? line.replace(/^ {2}/, '') : line + (how === 'brace' ? '}' : ',')];
    let whole = 0;
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), (edits) => {
        const texts = files.map((text, file) =>
          text
            .split('\n')
            .flatMap((line, at) =>
              edits
                .filter((one) => one[0] === file && one[1] === at)
                .reduce((lines, [, , how]) => lines.flatMap((one) => edited(one, how)), [line]),
            )
            .join('\n'),
        );
        const left = shortened(...texts).map(parsed);
        if (left.includes(undefined)) return;
        whole += 1;
        const seen = new Set<string>();
        for (const [at, text] of texts.entries()) {
          const { tables: of = {}, ...rest } = parsed(text) ?? expect.fail(text);
          const { tables = {}, ...others } = left[at] ?? {};
          expect(others).toEqual(rest);
          for (const one of Object.values(tables)) seen.add(JSON.stringify(one));
          for (const one of Object.values(of)) expect(seen).toContain(JSON.stringify(one));
        }
      }),
      { numRuns: 500 },
    );
    expect(whole).toBeGreaterThan(20);
  });
});

function parsed(text: string): { tables?: object } | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
