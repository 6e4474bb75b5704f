import type { SchemaText } from '../../corpus/schema-text.ts';
import { fork, type Fork } from './fork.ts';

/**
 * Forks of every dialect, as bodies of schema files; `things` has an `id`.
 * @param number the dialect's integer
 */
export function forksEverywhere({ things, table }: SchemaText, number: string): readonly Fork[] {
  const one = table('one', 'a: text(), b: text()');
  const two = table('two', 'a: text()');
  const refers = table('two', `a: text(), one: ${number}().references(() => one.id)`);
  const plain = table('two', `a: text(), one: ${number}()`);
  const columns = (
    name: string,
    before: string,
    ours: string | readonly [string, string],
    theirs: string | readonly [string, string],
  ): Fork => {
    const of = (what: string | readonly [string, string]): string =>
      typeof what === 'string' ? things(what) : things(...what);
    return fork(name, of(before), of(ours), of(theirs));
  };
  const rename = { after: things('b: text()'), renames: [{ from: 'a', to: 'b' }] };
  return [
    columns(
      'other columns of one table',
      'a: text()',
      'a: text(), b: text()',
      'a: text(), c: text()',
    ),
    fork('other tables', one, one + two, one + table('three')),
    fork('a column / a table', one, table('one', 'a: text(), b: text(), c: text()'), one + two),
    columns(
      'drop one column / add another',
      'a: text(), b: text()',
      'a: text()',
      'a: text(), b: text(), c: text()',
    ),
    fork(
      'rename a column / add another',
      things('a: text()'),
      rename,
      things('a: text(), c: text()'),
    ),
    columns(
      'the same column on both, equal',
      'a: text()',
      'a: text(), b: text()',
      'a: text(), b: text()',
    ),
    columns(
      'the same column on both, of other types',
      'a: text()',
      'a: text(), b: text()',
      `a: text(), b: ${number}()`,
    ),
    fork('the same table on both', one, one + two, one + two),
    columns(
      'alter / drop of one column',
      `a: ${number}(), b: text()`,
      `a: ${number}().default(1), b: text()`,
      'b: text()',
    ),
    columns('drop of one column on both', 'a: text(), b: text()', 'a: text()', 'a: text()'),
    fork(
      'rename a table / add a column to it',
      one,
      { after: table('two', 'a: text(), b: text()'), renames: [{ from: 'one', to: 'two' }] },
      table('one', 'a: text(), b: text(), c: text()'),
    ),
    fork(
      'drop a table / add a column to it',
      one + two,
      two,
      table('one', 'a: text(), b: text(), c: text()') + two,
    ),
    fork('rename a column on both', things('a: text()'), rename, {
      after: things('c: text()'),
      renames: [{ from: 'a', to: 'c' }],
    }),
    columns('SET NOT NULL on both', 'a: text()', 'a: text().notNull()', 'a: text().notNull()'),
    columns(
      'NOT NULL / DEFAULT on one column',
      `a: ${number}()`,
      `a: ${number}().notNull()`,
      `a: ${number}().default(1)`,
    ),
    fork('drop a table / a foreign key to it', one + plain, plain, one + refers),
    columns('drop a column / an index on it', `a: ${number}(), b: text()`, 'b: text()', [
      `a: ${number}(), b: text()`,
      'index("by_a").on(t.a)',
    ]),
    columns('drop a column / a unique constraint on it', `a: ${number}(), b: text()`, 'b: text()', [
      `a: ${number}(), b: text()`,
      'unique("once").on(t.a)',
    ]),
    fork(
      'rename a column / an index on it',
      things(`a: ${number}()`),
      { after: things(`b: ${number}()`), renames: [{ from: 'a', to: 'b' }] },
      things(`a: ${number}()`, 'index("by_a").on(t.a)'),
    ),
    fork(
      'rename a table / a foreign key to it',
      one + plain,
      {
        after: table('three', 'a: text(), b: text()') + plain,
        renames: [{ from: 'one', to: 'three' }],
      },
      one + refers,
    ),
    columns(
      'a default / another default',
      `a: ${number}()`,
      `a: ${number}().default(1)`,
      `a: ${number}().default(2)`,
    ),
    columns('another type / a default', `a: ${number}()`, 'a: text()', `a: ${number}().default(1)`),
    columns(
      'add a column / another one that is unique',
      'a: text()',
      'a: text(), b: text()',
      `a: text(), c: ${number}().unique()`,
    ),
    columns(
      'an index of one name on both',
      `a: ${number}(), b: ${number}()`,
      [`a: ${number}(), b: ${number}()`, 'index("i").on(t.a)'],
      [`a: ${number}(), b: ${number}()`, 'index("i").on(t.b)'],
    ),
    columns(
      'NOT NULL on one column / NOT NULL on another',
      'a: text(), b: text()',
      'a: text().notNull(), b: text()',
      'a: text(), b: text().notNull()',
    ),
    columns(
      'NOT NULL on one column / another column',
      'a: text()',
      'a: text().notNull()',
      'a: text(), b: text()',
    ),
    columns(
      'NOT NULL on one column / drop another',
      'a: text(), b: text()',
      'a: text().notNull(), b: text()',
      'a: text()',
    ),
    columns(
      'NOT NULL on one column / an index on another',
      `a: text(), b: ${number}()`,
      `a: text().notNull(), b: ${number}()`,
      [`a: text(), b: ${number}()`, 'index("by_b").on(t.b)'],
    ),
    columns(
      'a check on a column / drop that column',
      `a: ${number}(), b: text()`,
      [`a: ${number}(), b: text()`, 'check("c", sql`a > 0`)'],
      'b: text()',
    ),
  ];
}
