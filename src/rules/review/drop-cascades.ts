import { Cursor } from '../../facts/review/cursor.ts';
import { mentions } from '../../facts/review/find.ts';
import type { Column } from '../../facts/review/picture.ts';
import { restingOn, type Resting } from '../../facts/review/resting.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import { listed, several } from '../../model/words.ts';
import type { Fix } from '../../model/finding.ts';
import type { ReviewRule } from '../rule.ts';
import { bareName, engineOf, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'drop-cascades',
  severity: 'warning',
  title: 'something that columns may rest on is dropped with CASCADE',
  why: 'PostgreSQL drops the columns of a type, and what else rests on it, without naming them.',
  details:
    'DROP TYPE, DOMAIN, EXTENSION, SEQUENCE, FUNCTION, VIEW, LANGUAGE, SERVER and OPERATOR CLASS ' +
    'with CASCADE, and DROP OWNED, which needs no CASCADE to drop tables. Exempt is a function or ' +
    'view that the same migration makes again, together with what the schema has on it: views, ' +
    'policies, checks and defaults. Tables, schemas and policies have rules of their own.',
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
      const what = droppedIn(review, at);
      if (what === undefined) continue;
      const { kind, names } = what;
      const resting = otherResting(review, at, what);
      const isAgain = isMadeAgain(review, at, what);
      if (isAgain && resting.length === 0) continue;
      if (kind === 'owned') {
        yield {
          about: `property of the role ${names.join(' ')}`,
          at,
          message: `everything that ${listed(names)} owns here is dropped, tables with their rows too`,
          safe: [
            names.some((name) => /^(?:current|session)_/.test(name))
              ? { text: 'Drop what has to go by its name instead.' }
              : {
                  text: 'Hand over what has to stay, above the statement:',
                  sql:
                    `REASSIGN OWNED BY ${names.map(quoting(review.dialect)).join(', ')} ` +
                    `TO CURRENT_USER;\n--> statement-breakpoint`,
                },
          ],
        };
        continue;
      }
      const columns = columnsOf(review, names);
      const known = [...columns, ...resting].map(({ label }) => label);
      const rests = known.length === 0 ? 'whatever rests on it' : several(known);
      yield {
        about: `${kind} ${names.join(' ')}`,
        at,
        message: `the ${kind} ${listed(names)} is dropped, and CASCADE drops ${rests} with it`,
        safe: [
          ...keeping(review, columns),
          ...(isAgain ? makingAgain(review, resting) : []),
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

const KINDS = (
  'type,domain,extension,sequence,view,materialized view,function,procedure,routine,aggregate,operator ' +
  'class,operator family,operator,collation,language,server,foreign data wrapper'
).split(',');

function droppedIn({ dialect }: Review, { tokens }: ReadStatement): Dropped | undefined {
  const at = new Cursor(tokens, dialect);
  if (!at.takes('DROP')) return undefined;
  if (at.takes('OWNED BY')) return { kind: 'owned', names: at.names() };
  const kind = KINDS.find((one) => at.takes(one.toUpperCase()));
  if (kind === undefined || !/^cascade$/i.test(tokens.at(-1)?.text ?? '')) return undefined;
  at.takes('IF EXISTS');
  const names: string[] = [];
  do {
    names.push(at.name());
    at.takeInside();
  } while (at.takes(','));
  return { kind, names: names.filter((name) => name !== '') };
}

interface OfType extends Resting {
  readonly table: string;
  readonly column: Column;
  /** `[]` where it is an array. */
  readonly list: string;
}

/** The columns of these types. */
function columnsOf({ before }: Review, names: readonly string[]): readonly OfType[] {
  return [...before.tables.values()].flatMap(({ name: table, columns }) =>
    [...columns.values()].flatMap((column) => {
      const [, type = '', list = ''] = /^(.*?)(?:\(.*\))?((?:\[\d*\])*)$/.exec(column.type) ?? [];
      return names.includes(type)
        ? [{ label: `${table}.${column.name}`, table, column, list }]
        : [];
    }),
  );
}

function keeping({ dialect }: Review, columns: readonly OfType[]): readonly Fix[] {
  const q = quoting(dialect);
  const sql = columns.map(({ table, column, list }) => {
    const name = q(column.name);
    const bare = column.default === undefined ? '' : ` ALTER COLUMN ${name} DROP DEFAULT,`;
    return `ALTER TABLE ${q(table)}${bare} ALTER COLUMN ${name} SET DATA TYPE text${list} USING ${name}::text${list};`;
  });
  return sql.length === 0
    ? []
    : [
        {
          text: 'To keep the values, make the columns text first:',
          sql: `${sql.join('\n--> statement-breakpoint\n')}\n--> statement-breakpoint`,
        },
      ];
}

function otherResting(
  review: Review,
  at: ReadStatement,
  { kind, names }: Dropped,
): readonly Resting[] {
  const of = USED_AS[kind];
  return of === undefined ? [] : restingOn(review, of, names, at);
}

const USED_AS: Readonly<Record<string, 'function' | 'sequence' | 'view'>> = {
  function: 'function',
  procedure: 'function',
  routine: 'function',
  aggregate: 'function',
  sequence: 'sequence',
  view: 'view',
  'materialized view': 'view',
};

/** What is made again takes nothing back that went with it. */
function makingAgain({ before, dialect }: Review, resting: readonly Resting[]): readonly Fix[] {
  const sql = resting.flatMap(({ view }) => {
    const own = view === undefined ? undefined : before.views.get(view);
    return own === undefined || own.definition === '' || view === undefined
      ? []
      : [
          `CREATE ${own.materialized ? 'MATERIALIZED ' : ''}VIEW ${quoting(dialect)(view)} AS ` +
            `${own.definition.replace(/;?\s*$/, '')};`,
        ];
  });
  return sql.length === 0
    ? []
    : [
        {
          text: 'Make what went with it again, at the end of the migration:',
          sql: `--> statement-breakpoint\n${sql.join('\n--> statement-breakpoint\n')}`,
        },
      ];
}

/** Whether the migration makes such a function or view again. */
function isMadeAgain({ statements }: Review, at: ReadStatement, { kind, names }: Dropped): boolean {
  const word = kind.split(' ').at(-1) ?? '';
  return (
    ['function', 'view'].includes(word) &&
    statements
      .slice(statements.indexOf(at) + 1)
      .some(
        (one) =>
          /^create$/i.test(one.tokens[0]?.text ?? '') &&
          one.tokens.slice(1, 5).some(({ text }) => text.toLowerCase() === word) &&
          names.every((name) => mentions(one, bareName(name))),
      )
  );
}
