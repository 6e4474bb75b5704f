import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, inCustom, madeName, quoting } from '../text/safe-sql.ts';
import { changedTypes } from '../text/type-changes.ts';

export const rule = {
  id: 'type-change-may-fail',
  severity: 'warning',
  title: 'a column gets a type that its values may not fit',
  why: 'One value that does not fit makes it fail or is cut; the table is locked and rewritten.',
  details:
    'For PostgreSQL and MySQL. Silent are changes that cost nothing, as varchar to text or a longer ' +
    'varchar, unless USING does not read the column; those that always fit and rewrite the ' +
    'table are a note of their own.',
  fix: 'Add a column of the new type, copy, switch, and drop the old one.',
  examples: {
    refused:
      'ALTER TABLE "orders" ALTER COLUMN "total" SET DATA TYPE integer USING "total"::integer;',
    passes: 'ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE text; which was varchar(255)',
  },
  judges: 'migration',
  point: 'data',
  *check(review, state) {
    const q = quoting(review.dialect);
    for (const { table, name, from, to, isMadeUp } of changedTypes(review, 'may fail')) {
      const [, room] = /^(?:var)?char(?:acter)?(?: varying)?\s*\((\d+)\)$/i.exec(to) ?? [];
      const next = madeName(name, 'new');
      // A cast to varchar(9) cuts without a word; what is assigned to it is refused.
      const isCast = engineOf(review) === 'postgresql' && room === undefined;
      const cast = isCast ? `${q(name)}::${to}` : q(name);
      yield {
        about: `${table}.${name}`,
        at: statementOn(review, ['change type'], table, [name]),
        message: isMadeUp
          ? `${table}.${name} goes from ${from} to ${to} USING what does not read it: its values are gone`
          : `${table}.${name} goes from ${from} to ${to}, which fails or cuts where a value ` +
            'does not fit',
        safe: [
          ...(room === undefined
            ? []
            : [
                {
                  text: 'Look for values that are too long; there must be none:',
                  sql:
                    `SELECT ${q(name)} FROM ${q(table)} WHERE char_length(${q(name)}) > ` +
                    `${room};`,
                },
              ]),
          inCustom(
            `Add a column ${next} of the new type, write both, and copy in batches; read ` +
              'the new one in the next release, and drop the old one after that:',
            state,
            [`UPDATE ${q(table)} SET ${q(next)} = ${cast} WHERE ${q(next)} IS NULL;`],
          ),
        ],
      };
    }
  },
} as const satisfies ReviewRule;
