import { Cursor } from '../../facts/review/cursor.ts';
import { homeOf } from '../../facts/review/picture.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { Dialect } from '../../model/dialect.ts';

/** A counter that is given a number which stands in the SQL. */
export interface Restart {
  /** Where it is named; else it is that of a column, or of the one that the table has. */
  readonly sequence?: string;
  readonly table?: string;
  readonly column?: string;
  /** The number that comes next, or the one before it. */
  readonly from: number;
  /** A column takes the numbers of a sequence from then on. */
  readonly isDefault: boolean;
}

/** The counters of PostgreSQL and SQL Server that a statement sets, or begins. */
export function restartsIn({ tokens }: ReadStatement, dialect: Dialect): readonly Restart[] {
  const at = new Cursor(tokens, dialect);
  if (at.takes('ALTER SEQUENCE')) {
    const sequence = at.afterExists();
    at.skipTo(/^RESTART$/i);
    return at.isAtEnd ? [] : [{ sequence, from: numberBehind(at, 'RESTART'), isDefault: false }];
  }
  if (at.takes('ALTER TABLE')) return ofColumns(at);
  if (dialect === 'mssql') return at.takes('DBCC CHECKIDENT') ? reseeded(at) : [];
  return tokens.flatMap(({ text }, index) =>
    /^setval$/i.test(text) && tokens[index + 1]?.text === '('
      ? set(new Cursor(tokens.slice(index + 1), dialect), dialect)
      : [],
  );
}

/** The sequences that such statements make. */
export function sequencesMadeIn(
  statements: readonly ReadStatement[],
  dialect: Dialect,
): readonly string[] {
  return statements.flatMap(({ tokens }) => {
    const at = new Cursor(tokens, dialect);
    if (!at.takes('CREATE')) return [];
    at.skipWords(/^(?:TEMP|TEMPORARY|UNLOGGED)$/i);
    return at.takes('SEQUENCE') ? [at.afterExists()] : [];
  });
}

function ofColumns(at: Cursor): readonly Restart[] {
  at.takes('IF EXISTS');
  at.takes('ONLY');
  const table = at.name();
  const found: Restart[] = [];
  do {
    if (!at.takes('ALTER')) continue;
    at.takes('COLUMN');
    const own = { table, column: at.name() };
    if (at.takes('SET DEFAULT NEXTVAL (')) {
      const sequence = plain(at.text() ?? '', 'public');
      found.push({ ...own, sequence, from: 1, isDefault: true });
    } else if (at.takes('ADD GENERATED')) {
      at.skipTo(/^[(,]$/);
      const options = at.over(at.takeInside() ?? []);
      options.skipTo(/^START$/i);
      found.push({ ...own, from: numberBehind(options, 'START'), isDefault: false });
    } else if (at.aheadInAction('RESTART')) {
      at.skipTo(/^RESTART$/i);
      found.push({ ...own, from: numberBehind(at, 'RESTART'), isDefault: false });
    }
  } while ((at.skipToComma(), at.takes(',')));
  return found;
}

/** `('users', RESEED, 0)` */
function reseeded(at: Cursor): readonly Restart[] {
  const inside = at.over(at.takeInside() ?? []);
  const table = plain(inside.name(), 'dbo');
  if (!inside.takes(',') || !inside.takes('RESEED') || !inside.takes(',')) return [];
  return [{ table, from: literal(inside) ?? 1, isDefault: false }];
}

/** `('users_id_seq', 1, false)`, and `(pg_get_serial_sequence('users', 'id'), 1)`. */
function set(at: Cursor, dialect: Dialect): readonly Restart[] {
  const inside = at.over(at.takeInside() ?? []);
  const owner = inside.takes('PG_GET_SERIAL_SEQUENCE')
    ? inside.over(inside.takeInside() ?? [])
    : undefined;
  const home = homeOf(dialect);
  const name = plain((owner ?? inside).text() ?? '', home);
  const column = owner?.takes(',') === true ? owner.text() : undefined;
  inside.skipToComma();
  const from = inside.takes(',') ? literal(inside) : undefined;
  if (name === '' || from === undefined) return [];
  return owner === undefined
    ? [{ sequence: name, from, isDefault: false }]
    : [{ table: name, ...(column === undefined ? {} : { column }), from, isDefault: false }];
}

/** The number behind `RESTART WITH`; 1 where none is given. */
function numberBehind(at: Cursor, word: string): number {
  at.takes(word);
  at.takes('WITH');
  return at.number() ?? 1;
}

/** A number, and nothing else up to the comma. */
function literal(at: Cursor): number | undefined {
  const number = at.number();
  return at.takeTo(/^,$/).length === 0 ? number : undefined;
}

/** `"public"."users_id_seq"` */
function plain(text: string, home: string): string {
  const parts = text.replaceAll(/["[\]]/g, '').split('.');
  return (parts[0] === home ? parts.slice(1) : parts).join('.');
}
