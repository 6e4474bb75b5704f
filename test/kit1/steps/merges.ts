import type { SchemaText } from '../../corpus/schema-text.ts';
import type { Step } from './step.ts';

/**
 * Migrations on top of what branches made: the same for every dialect. Every text is the body of a
 * schema file.
 */
const MERGES = ({ things, table }: Pick<SchemaText, 'things' | 'table'>): readonly Step[] => {
  const one = table('one', 'a: text()');
  const two = table('two', 'a: text()');
  const three = table('three', 'a: text()');
  const renamed = [{ from: 'a', to: 'b' }];
  return [
    {
      name: 'branches that add a column each, and one more',
      before: things('a: text()'),
      branches: [
        { after: things('a: text(), b: text()') },
        { after: things('a: text(), c: text()') },
      ],
      after: things('a: text(), b: text(), c: text(), d: text()'),
    },
    {
      name: 'branches that add a column each, and nothing more',
      before: things('a: text()'),
      branches: [
        { after: things('a: text(), b: text()') },
        { after: things('a: text(), c: text()') },
      ],
      after: things('a: text(), b: text(), c: text()'),
    },
    {
      name: 'branches that add a table each, and one less',
      before: one,
      branches: [{ after: one + two }, { after: one + three }],
      after: two + three,
    },
    {
      name: 'three branches',
      before: one,
      branches: [
        { after: one + two },
        { after: one + three },
        { after: table('one', 'a: text(), b: text()') },
      ],
      after: table('one', 'a: text(), b: text().notNull()') + two + three,
    },
    {
      name: 'one branch renames a column, another adds one',
      before: things('a: text()'),
      branches: [
        { after: things('b: text()'), renames: renamed },
        { after: things('a: text(), c: text()') },
      ],
      after: things('b: text(), c: text(), d: text()'),
    },
    {
      name: 'one branch drops a table, another adds one, and a rename',
      before: one + two,
      branches: [{ after: one }, { after: one + two + three }],
      after: one + table('four', 'a: text()'),
      renames: [{ from: 'three', to: 'four' }],
    },
    {
      name: 'one branch drops a column, another its index, and one more column',
      before: things('a: text(), b: text()'),
      branches: [
        { after: things('a: text()') },
        { after: things('a: text(), b: text(), c: text()') },
      ],
      after: things('a: text(), c: text(), d: text()'),
    },
    {
      name: 'branches that add the same column',
      before: things('a: text()'),
      branches: [
        { after: things('a: text(), b: text()') },
        { after: things('a: text(), b: text()') },
      ],
      after: things('a: text(), b: text(), c: text()'),
    },
    {
      name: 'branches of which one drops what the other changes',
      before: things('a: text(), b: text()'),
      branches: [
        { after: things('a: text()') },
        { after: things('a: text(), b: text().notNull()') },
      ],
      after: things('a: text(), c: text()'),
    },
    {
      name: 'branches of which one renames the table of the other',
      before: one,
      branches: [
        { after: two, renames: [{ from: 'one', to: 'two' }] },
        { after: table('one', 'a: text(), b: text()') },
      ],
      after: table('two', 'a: text(), b: text(), c: text()'),
    },
  ];
};

/** The merges, as files of a dialect. */
export function mergeSteps(text: SchemaText): readonly Step[] {
  return MERGES(text).map((step) => ({
    ...step,
    before: step.before === undefined ? undefined : text.file(step.before),
    branches: (step.branches ?? []).map((branch) => ({
      ...branch,
      after: text.file(branch.after),
    })),
    after: text.file(step.after),
  }));
}
