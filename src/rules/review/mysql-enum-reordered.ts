import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { enumValues, literal } from '../text/enum-values.ts';

export const rule = {
  id: 'mysql-enum-reordered',
  severity: 'warning',
  title: 'the values of an enum column of MySQL change their places',
  why: 'MySQL copies the whole table under a lock; what is sorted or counted by the value changes.',
  details:
    'MySQL stores an enum as the number of its place. New values at the end cost nothing; one in ' +
    'between, or another order, rewrites each row. Values that are removed are a rule of ' +
    'their own.',
  fix: 'Put new values at the end.',
  examples: {
    refused: "mysqlEnum('size', ['s', 'm', 'l']), which was ['s', 'l']",
    passes: "mysqlEnum('size', ['s', 'l', 'm'])",
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    for (const { table, name, before, after } of review.changes.columns) {
      const [then, now] = [enumValues(before?.type), enumValues(after?.type)];
      if (then === undefined || now === undefined) continue;
      const kept = then.filter((value) => now.includes(value));
      if (kept.length < then.length || kept.every((value, at) => now[at] === value)) continue;
      const added = now.filter((value) => !then.includes(value));
      yield {
        about: `${table}.${name}`,
        at: statementOn(review, ['change type'], table, [name, before?.name ?? name]),
        message: `the values of ${table}.${name} change their places, so that MySQL copies the table`,
        safe: [
          {
            text:
              'Keep the order that was there, with new values at the end: ' +
              `[${[...then, ...added].map(literal).join(', ')}].`,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;
