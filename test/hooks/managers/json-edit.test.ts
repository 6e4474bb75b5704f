import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt, withoutProperty, withProperty } from '../../../src/hooks/edit/json.ts';

describe('a property', () => {
  it.each([
    ['{}', '{"a": {"b":1}}'],
    ['{"x":1}', '{"x":1,"a": {"b":1}}'],
    ['{\n\t"x": 1\n}\n', '{\n\t"x": 1,\n\t"a": {\n\t\t"b": 1\n\t}\n}\n'],
    [
      '{\r\n    "x": {\r\n        "y": 1\r\n    }\r\n}',
      '{\r\n    "x": {\r\n        "y": 1\r\n    },\r\n    "a": {\r\n        "b": 1\r\n    }\r\n}',
    ],
    [
      '{\n  // why\n  "x": 1, // because\n}',
      '{\n  // why\n  "x": 1,\n  "a": {\n    "b": 1\n  }, // because\n}',
    ],
  ])('joins %j in its own style, and leaves no trace', (before, after) => {
    expect(withProperty(before, ['a', 'b'], 1)).toBe(after);
    expect(valueAt(after, ['a', 'b'])).toBe(1);
    expect(withoutProperty(after, ['a', 'b'])).toBe(before);
  });

  it('takes the object along that is empty without it, and keeps one that is not', () => {
    expect(withoutProperty('{\n  "x": 1,\n  "a": {\n    "b": 1\n  }\n}', ['a', 'b'])).toBe(
      '{\n  "x": 1\n}',
    );
    expect(withoutProperty('{\n  "a": {\n    "b": 1,\n    "c": 2\n  }\n}', ['a', 'b'])).toBe(
      '{\n  "a": {\n    "c": 2\n  }\n}',
    );
  });

  it('is not set where something else stands, or the text is not JSON', () => {
    expect([
      withProperty('{"a":1}', ['a', 'b'], 1),
      withProperty('[]', ['a'], 1),
      withProperty('{"a":', ['a'], 1),
      withProperty('', ['a'], 1),
    ]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('goes alone where a person wrote before and behind it', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('  ', '\t', ''),
        fc.integer({ min: 0, max: 2 }),
        (value, indent, at) => {
          const others = Object.fromEntries(['x', 'y', 'z'].map((key) => [key, value]));
          const entries = Object.entries(others);
          const text = JSON.stringify(
            {
              n: Object.fromEntries([...entries.slice(0, at), ['ours', 'o'], ...entries.slice(at)]),
            },
            null,
            indent,
          );
          expect(JSON.stringify(JSON.parse(withoutProperty(text, ['n', 'ours'])))).toBe(
            JSON.stringify({ n: others }),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});

it('a string is replaced as JSON writes it, and nothing else changes', () => {
  expect(withProperty('{"a": "x",   "b": [1,2]}', ['a'], 'x && "y"\n')).toBe(
    String.raw`{"a": "x && \"y\"\n",   "b": [1,2]}`,
  );
});
