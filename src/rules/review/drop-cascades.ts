import { Cursor } from '../../facts/review/cursor.ts';
import { mentions } from '../../facts/review/find.ts';
import type { Column } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import { listed, several } from '../../model/words.ts';
import type { Fix } from '../../model/finding.ts';
import type { ReviewRule } from '../rule.ts';
import { engineOf, quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'drop-cascades',
  severity: 'warning',
  title: 'something that columns may rest on is dropped with CASCADE',
  why: 'PostgreSQL drops the columns of a type, and what else rests on it, without naming them.',
  details:
    'DROP TYPE, DOMAIN, EXTENSION, SEQUENCE, FUNCTION, LANGUAGE, SERVER and OPERATOR CLASS with ' +
    'CASCADE, and DROP OWNED, which needs no CASCADE to drop tables. ' +
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
      const what = droppedIn(review, at);
      if (what === undefined || isMadeAgain(review, at, what)) continue;
      const { kind, names } = what;
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
      const rests =
        columns.length === 0 ? 'whatever rests on it' : several(columns.map(({ label }) => label));
      yield {
        about: `${kind} ${names.join(' ')}`,
        at,
        message: `the ${kind} ${listed(names)} is dropped, and CASCADE drops ${rests} with it`,
        safe: [
          ...keeping(review, columns),
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
  'type,domain,extension,sequence,function,procedure,routine,aggregate,operator ' +
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

interface Resting {
  readonly label: string;
  readonly table: string;
  readonly column: Column;
  /** `[]` where it is an array. */
  readonly list: string;
}

/** The columns of these types. */
function columnsOf({ before }: Review, names: readonly string[]): readonly Resting[] {
  return [...before.tables.values()].flatMap(({ name: table, columns }) =>
    [...columns.values()].flatMap((column) => {
      const [, type = '', list = ''] = /^(.*?)(?:\(.*\))?((?:\[\d*\])*)$/.exec(column.type) ?? [];
      return names.includes(type)
        ? [{ label: `${table}.${column.name}`, table, column, list }]
        : [];
    }),
  );
}

function keeping({ dialect }: Review, columns: readonly Resting[]): readonly Fix[] {
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

function isMadeAgain({ statements }: Review, at: ReadStatement, { kind, names }: Dropped): boolean {
  return (
    kind === 'function' &&
    statements
      .slice(statements.indexOf(at) + 1)
      .some(
        (one) =>
          /^create$/i.test(one.tokens[0]?.text ?? '') &&
          one.tokens.slice(1, 5).some(({ text }) => text.toLowerCase() === kind) &&
          names.every((name) => mentions(one, name.slice(name.lastIndexOf('.') + 1))),
      )
  );
}
