import { mentions } from '../../facts/review/find.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import { listed } from '../../model/words.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf } from '../text/safe-sql.ts';

export const rule = {
  id: 'drop-cascades',
  severity: 'warning',
  title: 'something that columns may rest on is dropped with CASCADE',
  why: 'PostgreSQL drops the columns of a type, and what else rests on it, without naming them.',
  details:
    'DROP TYPE, DOMAIN, EXTENSION, SEQUENCE, FUNCTION and OPERATOR CLASS with CASCADE, and DROP OWNED. ' +
    'Exempt is a function that the same migration makes again. Tables, schemas and policies have ' +
    'rules of their own.',
  fix: 'Drop what rests on it by name first, and leave CASCADE out.',
  examples: {
    refused: 'DROP EXTENSION "citext" CASCADE;',
    passes: 'ALTER TABLE "users" ALTER COLUMN "email" TYPE text; DROP EXTENSION "citext";',
  },
  judges: 'migration',
  point: 'drops',
  *check(review) {
    if (engineOf(review) !== 'postgresql') return;
    for (const at of review.statements) {
      const what = droppedIn(at);
      if (what === undefined || isMadeAgain(review, at, what)) continue;
      const columns = [...review.before.tables.values()].flatMap((table) =>
        [...table.columns.values()].flatMap(({ name, type }) =>
          what.names.includes(type.replace(/(?:\(.*\))?(?:\[\d*\])*$/, ''))
            ? [`${table.name}.${name}`]
            : [],
        ),
      );
      const with_ = columns.length === 0 ? 'whatever rests on it' : listed(columns);
      yield {
        about: `${what.kind} ${what.names.join(' ')}`,
        at,
        message: `the ${what.kind} ${listed(what.names)} is dropped, and CASCADE drops ${with_} with it`,
        safe: [
          {
            text: 'Leave CASCADE out: PostgreSQL then refuses, and lists what rests on it. Drop that by name.',
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

interface Dropped {
  readonly kind: string;
  readonly names: readonly string[];
}

const KINDS = /^(?:type|domain|extension|sequence|function|procedure|routine|aggregate|operator)$/i;

function droppedIn({ tokens }: ReadStatement): Dropped | undefined {
  const [drop, what, ...rest] = tokens;
  if (!/^drop$/i.test(drop?.text ?? '') || drop?.kind !== 'word') return undefined;
  const isOwned = /^owned$/i.test(what?.text ?? '');
  if (!isOwned && !KINDS.test(what?.text ?? '')) return undefined;
  if (!isOwned && !/^cascade$/i.test(rest.at(-1)?.text ?? '')) return undefined;
  const open = rest.findIndex(({ text }) => text === '(');
  const names = rest
    .slice(0, open === -1 ? undefined : open)
    .filter(({ kind, text }) => kind === 'quoted-name' || (kind === 'word' && !WORDS.test(text)))
    .map(({ kind, text }) => (kind === 'quoted-name' ? text.slice(1, -1) : text.toLowerCase()))
    .filter((name) => name !== 'public');
  return { kind: isOwned ? 'property of the role' : (what?.text.toLowerCase() ?? ''), names };
}

const WORDS = /^(?:if|exists|cascade|by|class|family|using)$/i;

function isMadeAgain({ statements }: Review, at: ReadStatement, { kind, names }: Dropped): boolean {
  return (
    kind !== 'extension' &&
    statements
      .slice(statements.indexOf(at) + 1)
      .some(
        (one) =>
          /^create$/i.test(one.tokens[0]?.text ?? '') &&
          one.tokens.slice(1, 5).some(({ text }) => text.toLowerCase() === kind) &&
          kind === 'function' &&
          names.every((name) => mentions(one, name)),
      )
  );
}
