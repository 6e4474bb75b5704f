import { assert, constantFrom, integer, nat, property, array } from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_COLUMNS, wrap } from '../../src/report/wrap.ts';

it('breaks at spaces, and indents what follows', () => {
  expect(
    wrap('Applying the committed migrations gives another database.', {
      columns: 40,
      indent: 4,
      taken: 10,
    }),
  ).toEqual(['Applying the committed', '    migrations gives another database.']);
});

it('keeps a path whole, however long', () => {
  const path = `apps/${'x'.repeat(60)}/drizzle.config.ts`;
  expect(wrap(`see ${path} again`, { columns: 50, indent: 0 })).toEqual(['see', path, 'again']);
});

it('keeps a command in backticks whole, and takes a single backtick for a character', () => {
  expect(wrap('At a conflict, run `git rebase --continue`.', { columns: 40, indent: 2 })).toEqual([
    'At a conflict, run',
    '  `git rebase --continue`.',
  ]);
  expect(wrap('no ` ends  in this sentence of words', { columns: 40, indent: 10 })).toEqual([
    'no ` ends  in this sentence of',
    '          words',
  ]);
});

it('fits the width, loses nothing, and has a width where no terminal gives one', () => {
  assert(
    property(
      array(constantFrom('a', 'to', 'the', 'schema', 'migration'), { minLength: 1 }),
      integer({ min: 40, max: 200 }),
      nat(12),
      (words, columns, indent) => {
        const lines = wrap(words.join(' '), { columns, indent });
        for (const [at, line] of lines.entries())
          expect(line.length + (at === 0 ? indent : 0)).toBeLessThanOrEqual(columns);
        expect(lines.map((line) => line.trim()).join(' ')).toBe(words.join(' '));
      },
    ),
  );
  const [first = ''] = wrap('a '.repeat(300).trim(), { columns: undefined, indent: 0 });
  expect(first.length).toBe(DEFAULT_COLUMNS - 1);
});
