import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';

export const rule = {
  id: 'squawk-cli',
  severity: 'warning',
  title: 'squawk-cli, which the project has, says something of a migration of PostgreSQL',
  why: 'It reads the SQL alone, and knows some statements that the guard does not look at.',
  details:
    'Only with `"squawk": true` in the configuration. Left out is what it says of nearly every ' +
    'file (timeouts, its preferences of types, long names), and what rules of the guard say with ' +
    "the two snapshots in hand. squawk's own configuration and comments count.",
  fix: 'See what squawk says of that rule.',
  examples: {
    refused: 'ALTER TABLE "users" ALTER COLUMN "email" DROP NOT NULL;',
    passes: '-- squawk-ignore ban-drop-not-null, above it',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    const { squawk = [], statements } = review;
    if (typeof squawk === 'string') {
      const why = squawk === 'missing' ? 'is not installed' : 'did not answer';
      yield {
        about: 'squawk-cli',
        at: statements[0],
        message: `squawk-cli ${why}: its findings are not in this review`,
        safe: [
          {
            text: 'Install it, or take "squawk" out of the configuration of the guard:',
            run: 'npm install --save-dev squawk-cli@2',
          },
        ],
      };
      return;
    }
    for (const { rule: name, line, message, help } of squawk) {
      if (LEFT_OUT.test(name)) continue;
      yield {
        about: `squawk/${name} ${message}`,
        at: statementAt(review, line),
        message: `squawk/${name}: ${oneLine(message).replace(/\.$/, '')}`,
        safe: [
          {
            text: sentence(help ?? `See squawkhq.com/docs/${name} for the safe way`),
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** What it says of nearly every file, and what rules of ours say. */
const LEFT_OUT = new RegExp(
  `^(?:${[
    'require-(?:lock|statement)-timeout',
    'prefer-.*',
    'require-enum-value-ordering',
    'identifier-too-long',
    'ban-drop-(?:column|table)',
    'ban-truncate-cascade',
    'renaming-(?:column|table)',
    'require-concurrent-index-(?:creation|deletion)',
    'ban-concurrent-index-creation-in-transaction',
    'constraint-missing-not-valid',
    'adding-(?:foreign-key-constraint|not-nullable-field|required-field|field-with-default)',
    'adding-serial-primary-key-field',
    'disallowed-unique-constraint',
    'changing-column-type',
    'transaction-nesting',
  ].join('|')})$`,
);

/** The last one that begins at a line or before it. */
function statementAt({ statements }: Review, line: number): ReadStatement | undefined {
  return statements.findLast((one) => one.line <= line) ?? statements[0];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function sentence(text: string): string {
  return `${oneLine(text).replace(/[.:]$/, '')}.`;
}
