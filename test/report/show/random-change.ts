import * as fc from 'fast-check';
import type { How, ShownChange, ShownTable } from '../../../src/facts/show/shown.ts';

/** Names as people write them, and as nobody should. */
export const NAMES = fc.oneof(
  fc.stringMatching(/^[a-z][a-z_0-9]{0,30}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.constantFrom(
    '</script><script>alert(1)</script>',
    `a"b'c\`d`,
    'a|b\n\tc\r\nd',
    'x'.repeat(200),
    'مستخدمون \u202Eabc',
    '👩‍👩‍👧‍👦 family',
    '用户_表',
    'class',
    't0',
    'pk',
    '--> statement-breakpoint',
    ']]>',
    '"];',
    '%%{init: {}}%%',
  ),
);
const HOWS = fc.constantFrom<How>('added', 'dropped', 'changed', 'renamed', 'same');

function tables(names: readonly string[]): fc.Arbitrary<readonly ShownTable[]> {
  return fc.tuple(
    ...names.map((name) =>
      fc.record({
        name: fc.constant(name),
        how: fc.constantFrom<How>('added', 'dropped', 'changed', 'renamed'),
        columns: fc.array(
          fc.record({
            name: NAMES,
            how: HOWS,
            type: NAMES,
            more: fc.constantFrom(
              '',
              'not null',
              "not null, default 'a long text that goes on and on'",
            ),
            isKey: fc.boolean(),
            refers: fc.boolean(),
          }),
          { maxLength: 12 },
        ),
        parts: fc.array(
          fc.record({ kind: fc.constant('index'), name: NAMES, how: HOWS, text: NAMES }),
          { maxLength: 5 },
        ),
      }),
    ),
  );
}

/** Any change: cycles, tables that refer to themselves, and names of all sorts. */
export const CHANGES: fc.Arbitrary<ShownChange> = fc
  .record({
    changed: fc.uniqueArray(NAMES, { minLength: 1, maxLength: 12 }),
    near: fc.uniqueArray(NAMES, { maxLength: 8 }),
    pairs: fc.array(fc.tuple(fc.nat(30), fc.nat(30), HOWS), { maxLength: 24 }),
  })
  .chain(({ changed, near, pairs }) => {
    const all = [...new Set([...changed, ...near])];
    const edges = pairs
      .map(([from, to, how], at) => ({
        from: all[from % all.length] ?? '',
        to: all[to % all.length] ?? '',
        name: `fk${at}`,
        columns: ['a'],
        how,
        optional: at % 2 === 0,
      }))
      .filter(({ from, to }) => [from, to].some((name) => changed.includes(name)));
    const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
    return tables(changed).map((made) => ({
      tables: made.map((table) => ({
        ...table,
        parts: [
          ...table.parts,
          ...edges
            .filter(({ from }) => from === table.name)
            .map(({ name, how }) => ({
              kind: 'foreign key',
              name,
              how,
              text: '(a) references b (c)',
            })),
        ],
      })),
      edges,
      neighbours: all.filter((name) => !changed.includes(name) && ends.has(name)),
      things: [],
    }));
  });
