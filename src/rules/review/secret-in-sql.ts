import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';
import { isPassword, secretIn } from '../text/secrets.ts';

export const rule = {
  id: 'secret-in-sql',
  severity: 'warning',
  title: 'a migration has a key or a password in its SQL',
  why: 'Everybody who reads the repository has it, in every clone and for good.',
  details:
    'Keys of well-known services by their form, URLs with a password, and the literal behind ' +
    'PASSWORD or IDENTIFIED BY. Hashes and words that stand for a password are no secrets. The ' +
    'report has dots in its place.',
  fix: 'Take it out, make the key or password invalid, and set the new one outside of migrations.',
  examples: {
    refused: "CREATE ROLE app LOGIN PASSWORD 'hG7-tzq2-Lm';",
    passes: 'CREATE ROLE app LOGIN;',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    for (const at of review.statements) {
      const found = secretsOf(at);
      if (found.length === 0) continue;
      const [[, what] = ['', '']] = found;
      yield {
        about: what,
        at,
        message: `the statement has ${what} in it`,
        shown: found.reduce((text, [literal]) => text.replaceAll(literal, "'...'"), at.source),
        safe: [
          {
            text:
              'Make it invalid where it was issued: it has been in a file. If nobody has the ' +
              'commit yet, take it out; else it stays in the history.',
          },
          {
            text:
              'Set the new one outside of migrations: by hand, or from the environment of the ' +
              'program that needs it.',
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

/** The literals of a statement that are secrets, each with what it is. */
function secretsOf({
  tokens,
}: ReadStatement): readonly (readonly [literal: string, what: string])[] {
  // What is inside of a DO block is a statement of its own.
  if (tokens[0]?.text.toUpperCase() === 'DO') return [];
  return tokens.flatMap(({ kind, text }, at) => {
    if (kind !== 'string') return [];
    const before = tokens[at - 1]?.text.toUpperCase();
    const isNamed =
      before === 'PASSWORD' ||
      (before === 'BY' && tokens[at - 2]?.text.toUpperCase() === 'IDENTIFIED');
    const inner = text.replace(/^[^'"$]*['"]|['"]$/g, '');
    const what = isNamed && isPassword(inner) ? 'a password' : secretIn(text);
    return what === undefined ? [] : [[text, what] as const];
  });
}
