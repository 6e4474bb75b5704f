import { sameName } from '../../facts/review/names.ts';
import type { ReviewRule } from '../rule.ts';
import { allowed, engineOf } from '../text/safe-sql.ts';

export const rule = {
  id: 'sqlite-added-reference-loses-action',
  severity: 'warning',
  title: 'drizzle-kit leaves ON DELETE and ON UPDATE out of a column that it adds to SQLite',
  why: 'The schema says cascade, the database does nothing: deleting the parent fails.',
  details:
    'drizzle-kit 0.31 writes REFERENCES without the actions into ALTER TABLE ... ADD. Its snapshot ' +
    'has them, so that it never generates the difference. In the copy of a rebuilt table they are ' +
    'written.',
  fix: 'Add the action by hand, with the reason in a comment.',
  examples: {
    refused:
      'ALTER TABLE `posts` ADD `author` integer REFERENCES users(id); for a schema with ' +
      'onDelete: "cascade"',
    passes: 'ALTER TABLE `posts` ADD `author` integer REFERENCES users(id) ON DELETE cascade;',
  },
  judges: 'migration',
  point: 'keys',
  *check(review) {
    if (engineOf(review) !== 'sqlite') return;
    for (const at of review.statements)
      for (const action of at.actions) {
        if (action.kind !== 'add column' || action.onDelete !== 'not said') continue;
        const { table, column } = action;
        const key = [...(review.after.tables.get(table)?.foreignKeys.values() ?? [])].find(
          ({ columns: [own = '', ...more] }) => more.length === 0 && sameName(own, column),
        );
        const says = (word: string): boolean =>
          at.tokens.some(({ text }) => text.toUpperCase() === word);
        const isLater = review.statements
          .slice(review.statements.indexOf(at) + 1)
          .some(
            ({ source }) =>
              source.includes(column) && /REFERENCES[^]*\bON (?:DELETE|UPDATE)\b/i.test(source),
          );
        const actions = [
          ...(key === undefined || key.onDelete === 'no action'
            ? []
            : [`ON DELETE ${key.onDelete}`]),
          ...(key === undefined || key.onUpdate === 'no action' || says('UPDATE')
            ? []
            : [`ON UPDATE ${key.onUpdate}`]),
        ];
        if (actions.length === 0 || isLater || review.rebuilt.has(table)) continue;
        const whole = actions.join(' ');
        yield {
          about: `${table}.${column}`,
          at,
          message:
            `${table}.${column} references ${key?.target} without ${whole}, which the schema ` +
            'has',
          safe: [
            {
              text: 'Put the action behind the reference, in the place of the statement:',
              sql:
                `${allowed('sql-edited', 'drizzle-kit leaves the action out')}\n${at.source} ` +
                `${whole};`,
            },
          ],
        };
      }
  },
} as const satisfies ReviewRule;
