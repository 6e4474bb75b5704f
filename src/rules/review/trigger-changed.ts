import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';

export const rule = {
  id: 'trigger-changed',
  severity: 'off',
  title: 'a trigger, or a rule of PostgreSQL, is made, changed, switched or dropped',
  why: 'What runs at each change of a row is in no schema file, and nobody sees it there.',
  details:
    'CREATE, ALTER and DROP TRIGGER, and ALTER TABLE with ENABLE or DISABLE TRIGGER; likewise RULE, ' +
    'which also can do something else INSTEAD, or NOTHING.',
  fix: 'Say in a comment what it is for.',
  examples: {
    refused: 'ALTER TABLE "orders" DISABLE TRIGGER "audit";',
    passes: 'COMMENT ON TABLE "orders" IS \'audited by a trigger\';',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    for (const at of review.statements) {
      const [kind, what, name] = triggerIn(at) ?? [];
      if (kind === undefined) continue;
      yield {
        about: `${what} ${name}`,
        at,
        message: `the ${kind} ${name} is ${what}`,
        safe: [
          {
            text:
              kind === 'trigger'
                ? 'Read its function: it runs in the transaction of everyone who changes such a ' +
                  'row, for each row.'
                : 'Read it: it changes what statements on the table do, without an error.',
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

const WORDS = { CREATE: 'made', ALTER: 'changed', DROP: 'dropped' } as const;
const SWITCHES = { ENABLE: 'switched on', DISABLE: 'switched off' } as const;
const BEFORE_RULE = /^(?:CREATE|REPLACE|ALTER|DROP|ENABLE|DISABLE|ALWAYS|REPLICA)$/;

/** What is done to it, and its name. */
function triggerIn({
  tokens,
}: ReadStatement): readonly [kind: 'trigger' | 'rule', what: string, name: string] | undefined {
  const words = tokens
    .slice(0, 16)
    .map(({ kind, text }) => (kind === 'word' ? text.toUpperCase() : ''));
  const at = words.findIndex(
    (word, index) =>
      word === 'TRIGGER' || (word === 'RULE' && BEFORE_RULE.test(words[index - 1] ?? '')),
  );
  const kind = words[at] === 'RULE' ? 'rule' : 'trigger';
  const [first = '', second] = words;
  if (
    at === -1 ||
    words.slice(0, at).some((word) => /^(?:TABLE|FUNCTION|ON|AS)$/.test(word) && second !== 'TABLE')
  )
    return undefined;
  const name =
    tokens[at + 1 + (/^IF$/i.test(tokens[at + 1]?.text ?? '') ? (first === 'DROP' ? 2 : 3) : 0)];
  const bare = name?.text.replaceAll(/^["`[]|["`\]]$/g, '') ?? '';
  const switched = words.slice(2, at).find((word) => word in SWITCHES);
  if (first === 'ALTER' && second === 'TABLE')
    return switched === undefined
      ? undefined
      : [kind, SWITCHES[switched as keyof typeof SWITCHES], bare];
  return first in WORDS ? [kind, WORDS[first as keyof typeof WORDS], bare] : undefined;
}
